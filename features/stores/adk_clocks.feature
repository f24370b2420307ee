Feature: The times of Google ADK's databases are read as what they are
  It has written them without a zone: in UTC on SQLite, and on PostgreSQL, until 2.6, in the server's zone
  or the writer's. Where nobody knows which, a session counts as used as late as it can have been.

  @sqlite_only
  Scenario Outline: On SQLite they are UTC, with <store>
    Given the store "<store>", as its library made it
    And its session "zzz-fresh" was last used <ago> ago by a clock of <zone>
    When on the store I run "agents cleanup explain zzz-fresh"
    Then the answer says "zzz-fresh <fate>"

    Examples:
      | store                             | ago                          | zone | fate            |
      | adk-1.18.0-DatabaseSessionService | 30 days                      | UTC  | is kept         |
      | adk-1.18.0-DatabaseSessionService | 30 days and 1 microsecond    | UTC  | would be purged |
      | adk-2.13.0-DatabaseSessionService | 30 days                      | UTC  | is kept         |
      | adk-2.13.0-DatabaseSessionService | 30 days and 1 microsecond    | UTC  | would be purged |
      | adk-2.13.0-SqliteSessionService   | 30 days                      | UTC  | is kept         |
      | adk-2.13.0-SqliteSessionService   | 30 days and 1 second         | UTC  | would be purged |

  @postgresql_only
  Scenario Outline: On PostgreSQL nobody knows, so a session used <ago> ago by a clock of <zone> <fate>
    Given the store "adk-1.22.0-DatabaseSessionService", as its library made it
    And its session "zzz-fresh" was last used <ago> ago by a clock of <zone>
    When on the store I run "agents cleanup explain zzz-fresh"
    Then the answer says "zzz-fresh <fate>"

    Examples:
      | ago                 | zone               | fate            |
      | 30 days             | Etc/GMT+12         | is kept         |
      | 30 days             | Pacific/Kiritimati | is kept         |
      | 30 days             | UTC                | is kept         |
      | 31 days and 3 hours | Etc/GMT+12         | would be purged |
      | 31 days and 3 hours | Pacific/Kiritimati | would be purged |
      | 31 days and 3 hours | UTC                | would be purged |
      | 1 second            | Etc/GMT+12         | is kept         |
      | 1 second            | Pacific/Kiritimati | is kept         |

  @postgresql_only
  Scenario Outline: Who says the zone gets exact ages: <ago> ago in <zone> <fate>
    Given the store "adk-1.22.0-DatabaseSessionService", as its library made it
    And its session "zzz-fresh" was last used <ago> ago by a clock of <zone>
    When on the store with "clock=<zone>" I run "agents cleanup explain zzz-fresh"
    Then the answer says "zzz-fresh <fate>"

    Examples:
      | ago                       | zone             | fate            |
      | 30 days                   | UTC              | is kept         |
      | 30 days and 1 microsecond | UTC              | would be purged |
      | 30 days                   | America/New_York | is kept         |
      | 30 days and 1 microsecond | America/New_York | would be purged |
      | 30 days                   | Asia/Tokyo       | is kept         |
      | 30 days and 1 microsecond | Asia/Tokyo       | would be purged |

  @postgresql_only
  Scenario: A session that is used right now is not dated in the future
    Given the store "adk-1.22.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --dry-run --format json"
    Then the answer counts no session as dated in the future

  @postgresql_only
  Scenario: A time that lies ahead in every zone is protected
    Given the store "adk-1.22.0-DatabaseSessionService", as its library made it
    And its session "zzz-fresh" was last used -2 days ago by a clock of UTC
    When on the store I run "agents cleanup explain zzz-fresh"
    Then the answer says "zzz-fresh is kept"
    And the answer says "future"

  @sqlite_only
  Scenario Outline: What is no time keeps its session, with <store>
    Given the store "<store>", as its library made it
    And somebody ran "UPDATE sessions SET update_time = <value> WHERE id = 'stale-0'" on the store
    When on the store I run "agents cleanup --yes --all --format json"
    Then it exits with 0
    And the session "stale-0" is still in the store

    Examples:
      | store                             | value        |
      | adk-2.13.0-DatabaseSessionService | 'yesterday'  |
      | adk-2.13.0-DatabaseSessionService | ''           |
      | adk-2.13.0-DatabaseSessionService | 17           |
      | adk-2.13.0-DatabaseSessionService | x'00'        |
      | adk-2.13.0-DatabaseSessionService | '0001-01-01T00:00:00+14:00' |
      | adk-2.13.0-SqliteSessionService   | 'yesterday'  |
      | adk-2.13.0-SqliteSessionService   | 9e99         |
      | adk-2.13.0-SqliteSessionService   | -9e99        |

  Scenario: A zone that there is not
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When on the store with "clock=Mars/Olympus" I run "agents cleanup --yes"
    Then it exits with 2
    And the error says "clock=Mars/Olympus names no time zone."
    And nothing in the store has changed
