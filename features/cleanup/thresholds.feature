Feature: The three classes and their thresholds
  A session is a candidate one microsecond past a threshold. Exactly at it, it is kept.

  Scenario: Stale after 30 days
    Given these sessions
      | name   | idle      |
      | spring | 30d -1us  |
      | edge   | 30d       |
      | past   | 30d +1us  |
      | winter | 200d      |
    When I run "agents cleanup"
    Then it exits with 0
    And only "spring" and "edge" remain

  Scenario: Empty after 30 minutes
    Given these sessions
      | name  | idle      | messages |
      | fresh | 30m -1us  | 0        |
      | edge  | 30m       | 0        |
      | past  | 30m +1us  | 0        |
      | used  | 30m +1us  | 1        |
    When I run "agents cleanup"
    Then only "fresh", "edge" and "used" remain

  Scenario: Orphaned after 24 hours
    Given these sessions
      | name   | idle      | parent |
      | fresh  | 24h -1us  | gone   |
      | edge   | 24h       | gone   |
      | past   | 24h +1us  | gone   |
      | parent | 24h +1us  |        |
      | child  | 24h +1us  | parent |
    When I run "agents cleanup"
    Then only "fresh", "edge", "parent" and "child" remain

  Scenario: A session that names itself as its parent is no orphan
    Given these sessions
      | name  | idle | parent |
      | ouros | 29d  | ouros  |
    When I run "agents cleanup"
    Then only "ouros" remains

  Scenario Outline: <option> moves the threshold, to the microsecond
    Given these sessions
      | name  | idle      | messages   | parent   |
      | edge  | <at>      | <messages> | <parent> |
      | past  | <at> +1us | <messages> | <parent> |
    When I run "agents cleanup <option>"
    Then it exits with 0
    And only "edge" remains

    Examples:
      | option               | at   | messages | parent |
      | --stale-after 90s    | 90s  | 1        |        |
      | --stale-after 2w     | 2w   | 1        |        |
      | --stale-after 30m    | 30m  | 1        |        |
      | --empty-after 24h    | 24h  | 0        |        |
      | --orphaned-after 10d | 10d  | 1        | gone   |

  Scenario: A longer threshold keeps what the usual one would select
    Given these sessions
      | name   | idle | messages | parent |
      | spring | 40d  | 1        |        |
      | blank  | 2h   | 0        |        |
      | orphan | 2d   | 1        | gone   |
    When I run "agents cleanup --stale-after 60d --empty-after 3h --orphaned-after 1w"
    Then only "spring", "blank" and "orphan" remain

  Scenario: A session's own stale_after wins over the policy's, in both directions
    Given these sessions
      | name  | idle     | stale_after |
      | brief | 1h +1us  | 1h          |
      | edge  | 1h       | 1h          |
      | long  | 89d      | 90d         |
      | over  | 90d +1us | 90d         |
    When I run "agents cleanup"
    Then only "edge" and "long" remain

  Scenario: A session's own stale_after wins over the option too
    Given these sessions
      | name  | idle | stale_after |
      | long  | 89d  | 90d         |
      | plain | 89d  |             |
    When I run "agents cleanup --stale-after 1d"
    Then only "long" remains

  Scenario: A session's own stale_after is not about being empty or orphaned
    Given these sessions
      | name   | idle | messages | parent | stale_after |
      | blank  | 2h   | 0        |        | 90d         |
      | orphan | 2d   | 1        | gone   | 90d         |
    When I run "agents cleanup"
    Then no session remains

  Scenario: Several reasons at once are all listed, and the session counts once
    Given these sessions
      | name   | idle | messages | parent |
      | all    | 40d  | 0        | gone   |
      | two    | 2d   | 0        | gone   |
      | one    | 35d  | 1        |        |
      | recent | 1m   | 0        | gone   |
    When I run "agents cleanup --dry-run --format json"
    Then the candidates are
      | name | reasons                |
      | all  | stale, empty, orphaned |
      | one  | stale                  |
      | two  | empty, orphaned        |
    And the report counts
      | scanned | candidates | stale | empty | orphaned | recent |
      | 4       | 3          | 2     | 2     | 2        | 1      |

  Scenario: Any use resets the clock
    Given these sessions
      | name   | idle |
      | spring | 29d  |
      | winter | 29d  |
    When I run "agents session touch spring"
    And 2d go by
    And I run "agents cleanup"
    Then only "spring" remains

  Scenario: Appending resets the clock
    Given these sessions
      | name   | idle | messages |
      | spring | 29m  | 0        |
      | winter | 29d  | 1        |
    When I run "agents session append winter --role user hello"
    And 2d go by
    And I run "agents cleanup"
    Then only "winter" remains

  Scenario: Reading a session does not reset its clock
    Given these sessions
      | name   | idle |
      | spring | 29d  |
    When I run "agents session show spring"
    And 2d go by
    And I run "agents cleanup"
    Then no session remains
