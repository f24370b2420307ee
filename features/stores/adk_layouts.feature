Feature: Google ADK's databases of all versions are cleaned
  Its session services have used three layouts, on SQLite and on PostgreSQL, and leave their sessions for good.

  Scenario Outline: What <store> keeps is found, purged and put back as it was
    Given the store "<store>", as its library made it
    When on the store I run "agents cleanup --dry-run --all --format json"
    Then the answer names the sessions that nobody will come back to
    And nothing in the store has changed
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    And nothing was added to the store, or changed in it
    And each table but those of sessions and messages is as it was
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

    Examples:
      | store                              |
      | adk-1.0.0-DatabaseSessionService   |
      | adk-1.18.0-DatabaseSessionService  |
      | adk-1.22.0-DatabaseSessionService  |
      | adk-2.13.0-DatabaseSessionService  |
      | adk-1.22.0-SqliteSessionService    |
      | adk-2.13.0-SqliteSessionService    |

  Scenario Outline: A session with a state and no message is not empty, with <store>
    Given the store "<store>", as its library made it
    When on the store I run "agents cleanup explain <session>"
    Then the answer says "<verdict>"

    Examples:
      | store                             | session        | verdict                                    |
      | adk-1.18.0-DatabaseSessionService | shop/anna/state     | shop/anna/state is kept         |
      | adk-1.18.0-DatabaseSessionService | shop/anna/old-state | shop/anna/old-state would be purged   |
      | adk-1.18.0-DatabaseSessionService | shop/bo/empty       | shop/bo/empty would be purged         |
      | adk-2.13.0-DatabaseSessionService | shop/anna/state     | shop/anna/state is kept         |
      | adk-2.13.0-SqliteSessionService   | shop/anna/state     | shop/anna/state is kept         |

  Scenario: A state takes room, which is told
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --dry-run --all --format json"
    Then the session "old-state" counts 13 bytes and 1 message
    And the session "empty" counts 0 bytes and 0 messages

  Scenario: Sessions of other apps and users stay apart, even where they have one name
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --yes --only stale"
    Then the session "desk%2F%C3%BC/bo/shared" is gone, and "shop/bo/shared" is there with 1 message

  Scenario: Apps are actors, and their users namespaces
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --dry-run --actor shop --all --format json"
    Then each session in the answer is one of "shop/"
    When on the store I run "agents cleanup --dry-run --namespace bo --all --format json"
    Then each session in the answer is one of "shop/bo/" or "desk%2F%C3%BC/bo/"

  Scenario Outline: What is decided how is told of <store>
    Given the store "<store>", as its library made it
    When I ask what the store is
    Then the answer says "<layout>"
    And the answer says "<also>"

    Examples:
      | store                             | layout                                                | also                                                    |
      | adk-1.0.0-DatabaseSessionService  | Google ADK 1.0 to 1.21, DatabaseSessionService (v0)   | No index leads to a session's events                    |
      | adk-1.22.0-DatabaseSessionService | Google ADK 1.22 and newer, DatabaseSessionService (v1) | No index leads to a session's events                    |
      | adk-2.13.0-DatabaseSessionService | Google ADK 1.22 and newer, DatabaseSessionService (v1) | adk_internal_metadata                                   |
      | adk-2.13.0-SqliteSessionService   | Google ADK, SqliteSessionService                      | sessions.update_time, in seconds since 1970             |

  @postgresql_only
  Scenario: Where no zone is known, it is told, and where one is said
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When I ask what the store is
    Then the answer says "in a zone that is not known: sessions are kept up to 26 hours longer"
    When I ask what the store is, with "clock=Asia/Tokyo"
    Then the answer says "sessions.update_time, in Asia/Tokyo"

  @sqlite_only
  Scenario: The file of an agent in this folder needs no name
    Given the store "adk-2.13.0-SqliteSessionService", as its library made it
    And it lies at "assistant/.adk/session.db"
    When I run "agents cleanup --store adk --dry-run --all --format json"
    Then it exits with 0
    And the answer names the sessions that nobody will come back to
    When I run "agents cleanup --store adk:assistant/.adk/session.db --dry-run --all --format json"
    Then the answer names the sessions that nobody will come back to
    When I run "agents cleanup --store adk:sqlite+aiosqlite:///assistant/.adk/session.db --dry-run --all --format json"
    Then the answer names the sessions that nobody will come back to
