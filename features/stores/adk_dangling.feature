Feature: What Google ADK's own delete left behind
  Before 1.14 it left a session's messages on SQLite, where a session that is begun under the same id finds
  them again: what somebody wanted gone is read by whoever comes next.

  @sqlite_only
  Scenario: Messages without their session are counted, purged and put back
    Given the store "adk-1.0.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --dry-run --format json"
    Then 2 dangling messages are counted
    When on the store I run "agents cleanup --yes --format json"
    Then 2 dangling messages are counted
    When on the store I run "agents cleanup --dry-run --format json"
    Then 0 dangling messages are counted
    When I restore the last run of the store
    Then nothing in the store has changed

  @sqlite_only
  Scenario: Those that dangle since today stay: their session may just be on its way
    Given the store "adk-1.0.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --yes --format json"
    Then 2 dangling messages are counted
    And the store still has 3 messages of "fresh"
    When 2d go by
    And on the store I run "agents cleanup --yes --format json"
    Then 3 dangling messages are counted
    And the store still has 0 messages of "fresh"

  @sqlite_only
  Scenario Outline: Their times are local to whoever wrote them, so <ago> ago they <fate>
    Given the store "adk-1.0.0-DatabaseSessionService", as its library made it
    And somebody ran "UPDATE events SET timestamp = '<timestamp>' WHERE session_id = 'fresh'" on the store
    When on the store I run "agents cleanup --yes"
    Then the store still has <left> messages of "fresh"

    Examples:
      | ago      | timestamp                  | fate | left |
      | 36 hours | 2026-06-14 00:00:00.000000 | stay | 3    |
      | 37 hours | 2026-06-13 23:00:00.000000 | go   | 0    |
      | 1 year   | 2025-06-13 23:00:00        | go   | 0    |
      | no time  | yesterday                  | stay | 3    |
      | nothing  |                            | stay | 3    |

  @sqlite_only
  Scenario: A session begun anew under the same id keeps what it found
    Given the store "adk-1.0.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --yes"
    And somebody begins a session "stale-1" of "bo" in the store
    And I restore the last run of the store
    Then it exits with 6
    And the store still has 0 messages of "stale-1"

  @sqlite_only
  Scenario: Those of the file of an agent, which are dated in seconds
    Given the store "adk-2.13.0-SqliteSessionService", as its library made it
    And somebody ran "DELETE FROM sessions WHERE id IN ('stale-0', 'fresh')" on the store
    When on the store I run "agents cleanup --yes --format json"
    Then 2 dangling messages are counted

  @postgresql_only
  Scenario: PostgreSQL leaves none, unless somebody switched its keys off
    Given the store "adk-1.0.0-DatabaseSessionService", as its library made it
    When on the store I run "agents cleanup --dry-run --format json"
    Then 0 dangling messages are counted
    Given somebody deleted "stale-0" from the store without its messages
    When on the store I run "agents cleanup --yes --format json"
    Then 2 dangling messages are counted
    When I restore the last run of the store
    Then it exits with 6
    And the error says "2 dangling messages left out: without their session this database does not take them."
    And the session "old-state" is still in the store
