Feature: Why one session stays or goes, and when

  Scenario: Each rule with its threshold
    Given these sessions
      | name   | idle | messages | parent |
      | spring | 10d  | 0        | gone   |
    When I run "agents cleanup explain spring --format json"
    Then it exits with 0
    And the rules say
      | rule     | threshold | applies | selects |
      | stale    | 30d       | yes     | no      |
      | empty    | 30m       | yes     | yes     |
      | orphaned | 24h       | yes     | yes     |
    And the verdict is "purge"

  Scenario: A rule that is not about the session
    Given these sessions
      | name   | idle | messages |
      | spring | 10d  | 1        |
    When I run "agents cleanup explain spring --format json"
    Then the rules say
      | rule     | threshold | applies | selects |
      | stale    | 30d       | yes     | no      |
      | empty    | 30m       | no      | no      |
      | orphaned | 24h       | no      | no      |
    And the verdict is "keep"

  Scenario: The session's own threshold, and the options, are those it is told about
    Given these sessions
      | name   | idle | stale_after | messages |
      | spring | 10d  | 20d         | 0        |
    When I run "agents cleanup explain spring --stale-after 1h --empty-after 2w --only stale --format json"
    Then the rules say
      | rule     | threshold | applies | selects |
      | stale    | 20d       | yes     | no      |
      | empty    | 14d       | no      | no      |
      | orphaned | 24h       | no      | no      |
    And the verdict is "keep"

  Scenario: The moment it becomes a candidate is exact
    Given these sessions
      | name   | idle |
      | spring | 10d  |
    When I run "agents cleanup explain spring --format json"
    Then it becomes a candidate in 20d +1us
    When 20d go by
    And I run "agents cleanup"
    Then only "spring" remains
    When 1us goes by
    And I run "agents cleanup"
    Then no session remains

  Scenario Outline: When a session that is <what> becomes a candidate
    Given these sessions
      | name   | idle   | created   | messages   | parent   | stale_after | leased   |
      | spring | <idle> | <created> | <messages> | <parent> | <own>       | <leased> |
    When I run "agents cleanup explain spring --format json"
    Then it becomes a candidate in <wait>

    Examples:
      | what                 | idle | created | messages | parent | own | leased | wait      |
      | stale soon           | 29d  |         | 1        |        |     |        | 1d +1us   |
      | empty                | 10m  |         | 0        |        |     |        | 20m +1us  |
      | orphaned             | 1h   |         | 1        | gone   |     |        | 23h +1us  |
      | empty and orphaned   | 10m  |         | 0        | gone   |     |        | 20m +1us  |
      | brief by itself      | 1h   |         | 1        |        | 2h  |        | 1h +1us   |
      | leased for longer    | 29d  |         | 1        |        |     | 3d     | 3d        |
      | leased for a while   | 20d  |         | 1        |        |     | 3d     | 10d +1us  |
      | stale but leased     | 90d  |         | 1        |        |     | 3d     | 3d        |
      | in the future        | -2d  |         | 1        |        |     |        | 32d +1us  |
      | created tomorrow     | 90d  | -1d     | 1        |        |     |        | 1d        |

  Scenario: A lease that ends makes it a candidate at that very moment
    Given these sessions
      | name   | idle | leased |
      | spring | 40d  | 3d     |
    When 3d go by
    And I run "agents cleanup"
    Then no session remains

  Scenario Outline: A session that is <what> is kept as long as this stays so
    Given these sessions
      | name   | idle | pinned   | actor | parent |
      | spring | 40d  | <pinned> | a     |        |
      | child  | 1h   |          | b     | <of>   |
    When I run "agents cleanup explain spring <options> --format json"
    Then the verdict is "keep"
    And no moment is named at which it becomes a candidate

    Examples:
      | what                | pinned | of     | options       |
      | pinned              | yes    |        |               |
      | a parent            |        | spring |               |
      | the newest          |        |        | --keep-last 1 |
      | outside the filters |        |        | --actor b     |

  Scenario: To a person it says why
    Given these sessions
      | name   | idle | pinned |
      | spring | 40d  | yes    |
    When I run "agents cleanup explain spring"
    Then it exits with 0
    And the answer says "spring is kept."
    And the answer says "It is pinned."
    And the answer lists
      | RULE  | THRESHOLD | AGE | OUTCOME    |
      | stale | 30d       | 40d | selects it |

  Scenario: To a person it says when
    Given these sessions
      | name   | idle |
      | spring | 20d  |
    When I run "agents cleanup explain spring"
    Then the answer says "2026-06-25 12:00:00 UTC (in 10d) if nobody touches it"

  Scenario: A beginning of the id will do
    Given these sessions
      | id          | name   | idle |
      | spring-0001 | spring | 40d  |
      | spring-0002 | summer | 40d  |
      | winter-0001 | winter | 40d  |
    When I run "agents cleanup explain winter"
    Then the answer says "winter would be purged."
    When I run "agents cleanup explain spring"
    Then it exits with 4
    When I run "agents cleanup explain autumn"
    Then it exits with 3
