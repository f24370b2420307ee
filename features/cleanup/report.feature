Feature: The report says what was found and what was done, and its figures reconcile

  Background:
    Given these sessions
      | id          | name    | idle | messages | size | parent | pinned | leased | actor   | source |
      | spring-0001 | spring  | 40d  | 3        | 10   |        |        |        | local/a | cli    |
      | summer-0001 | summer  | 45d  | 2        | 100  | gone   |        |        | local/b | cron   |
      | blank-00001 | blank   | 2h   | 0        |      |        |        |        |         | api    |
      | pinned-0001 | pinned  | 99d  | 1        | 1    |        | yes    |        | local/a | cli    |
      | leased-0001 | leased  | 99d  | 1        | 1    |        |        | 5m     | local/a | cli    |
      | recent-0001 | recent  | 1d   | 4        | 7    |        |        |        | local/a | cli    |

  Scenario: A dry run
    When I run "agents cleanup --dry-run --format json"
    Then the report counts
      | scanned | candidates | purged | stale | empty | orphaned | protected | pinned | leased | recent | messages | bytes |
      | 6       | 3          | 0      | 2     | 1     | 1        | 2         | 1      | 1      | 1      | 5        | 230   |
    And the figures reconcile
    And 11 messages are left

  Scenario: A purge
    When I run "agents cleanup --format json"
    Then the report counts
      | scanned | candidates | purged | skipped | stale | empty | orphaned | protected | pinned | leased | recent | messages | bytes |
      | 6       | 3          | 3      | 0       | 2     | 1     | 1        | 2         | 1      | 1      | 1      | 5        | 230   |
    And the figures reconcile
    And 6 messages are left
    And only "pinned", "leased" and "recent" remain

  Scenario: A second purge finds nothing left to do
    When I run "agents cleanup"
    And I run "agents cleanup --format json"
    Then it exits with 0
    And the report counts
      | scanned | candidates | purged | messages | bytes |
      | 3       | 0          | 0      | 0        | 0     |
    And the figures reconcile

  Scenario: What a person sees of each candidate
    When I run "agents cleanup --dry-run"
    Then the answer lists
      | NAME   | SESSION  | ACTOR   | SOURCE | AGE   | MESSAGES | SIZE  | WHY             |
      | summer | summer-0 | local/b | cron   | 45d   | 2        | 200 B | stale, orphaned |
      | spring | spring-0 | local/a | cli    | 40d   | 3        | 30 B  | stale           |
      | blank  | blank-00 | -       | api    | 2h    | 0        | 0 B   | empty           |
    And the answer does not say "spring-0001"

  Scenario: What a person reads below
    When I run "agents cleanup"
    Then the answer says "Purged 3 sessions of 6 with 5 messages: 230 B of content removed."
    And the answer says "3 (stale 2 · empty 1 · orphaned 1)"
    And the answer says "2 (pinned 1 · leased 1)"
    And the answer says "Duration"

  Scenario: An empty database is counted the same way
    When I run "agents cleanup --stale-after 1s --only stale"
    And I run "agents session unpin pinned-0001"
    And 1d goes by
    And I run "agents cleanup --stale-after 1h"
    And I run "agents cleanup --dry-run --format json"
    Then the report counts
      | scanned | candidates | purged | messages | bytes |
      | 0       | 0          | 0      | 0        | 0     |
