Feature: What a purge will take, and when
  The forecast runs the one selection at the moments to come. It is what really would be purged then,
  as long as nobody touches a session.

  Scenario: Each week, and what is eligible now
    Given these sessions
      | name   | idle | messages | size |
      | spring | 40d  | 3        | 10   |
      | summer | 29d  | 1        | 100  |
      | autumn | 20d  | 2        | 7    |
      | winter | 19d  | 0        |      |
    When I run "agents cleanup forecast --days 20 --by week --format json"
    Then it exits with 0
    And eligible now are
      | sessions | messages | bytes | dangling_messages |
      | 2        | 3        | 30    | 0                 |
    And the buckets are
      | from | to  | sessions | messages | bytes | dangling_messages |
      | 0d   | 7d  | 1        | 1        | 100   | 0                 |
      | 7d   | 14d | 1        | 2        | 14    | 0                 |
      | 14d  | 20d | 0        | 0        | 0     | 0                 |

  Scenario: Exactly at the threshold a session is kept, so it comes a day later
    Given these sessions
      | name   | idle     |
      | spring | 29d      |
      | summer | 29d +1us |
    When I run "agents cleanup forecast --days 2 --format json"
    Then the buckets are
      | from | to | sessions |
      | 0d   | 1d | 1        |
      | 1d   | 2d | 1        |

  Scenario Outline: <days> days are shown by <by>
    When I run "agents cleanup forecast <options> --format json"
    Then it forecasts <days> days by <by> in <count> buckets

    Examples:
      | options              | days | by   | count |
      | --days 1             | 1    | day  | 1     |
      | --days 31            | 31   | day  | 31    |
      | --days 32            | 32   | week | 5     |
      |                      | 90   | week | 13    |
      | --days 366 --by day  | 366  | day  | 366   |
      | --days 5 --by week   | 5    | week | 1     |
      | --days 3650          | 3650 | week | 522   |

  Scenario Outline: Nobody can look ahead with "<options>"
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    When I run "agents cleanup forecast <options>"
    Then it exits with 2
    And the error says "<why>"
    And only "spring" remains

    Examples:
      | options              | why                  |
      | --days 0             | from 1 to 3,650 days |
      | --days -1            | from 1 to 3,650 days |
      | --days 3651          | from 1 to 3,650 days |
      | --days 99999999999999999999 | from 1 to 3,650 days |
      | --days many          | --days               |
      | --days 1.5           | --days               |
      | --days 367 --by day  | --by week            |
      | --by month           | --by                 |
      | --stale-after 0d     | zero would mean everything |

  Scenario: The years of the calendar end
    Given the clock stands a week before the last day of the calendar
    When I run "agents cleanup forecast --days 6"
    Then it exits with 0
    When I run "agents cleanup forecast --days 8"
    Then it exits with 2
    And the error says "beyond the year 9999"

  Scenario: Purging then takes what was forecast, whatever protects and selects
    Given these sessions
      | name    | idle | messages | parent | pinned | leased | stale_after | actor   | size |
      | stale   | 40d  | 3        |        |        |        |             |         | 11   |
      | soon    | 28d  | 1        |        |        |        |             |         | 5    |
      | later   | 12d  | 1        |        |        |        |             |         | 7    |
      | blank   | 10m  | 0        |        |        |        |             |         |      |
      | orphan  | 2h   | 2        | gone   |        |        |             |         | 9    |
      | pinned  | 60d  | 1        |        | yes    |        |             |         |      |
      | leased  | 60d  | 4        |        |        | 9d     |             |         | 3    |
      | brief   | 2d   | 1        |        |        |        | 7d          |         |      |
      | patient | 60d  | 1        |        |        |        | 75d         |         |      |
      | mother  | 60d  | 1        |        |        |        |             |         |      |
      | child   | 25d  | 1        | mother |        |        |             |         |      |
      | future  | -5h  | 1        |        |        |        |             |         |      |
      | newest  | 45d  | 1        |        |        |        |             | local/a |      |
      | second  | 46d  | 1        |        |        |        |             | local/a |      |
    Then purging "--keep-last 1" takes, now and at the end of each bucket, what a forecast of 30 days said
    And only "newest", "pinned" and "future" remain

  Scenario: It holds for any sessions and any policy
    Given any sessions, and any policy to look ahead with
    Then purges at the end of each bucket, and under each threshold, take what was forecast

  Scenario: Moments between which nothing changes are not looked at
    Given any figures that only grow
    Then they are measured rightly, and seldom where nothing changes

  Scenario: What other thresholds would free now
    Given these sessions
      | name   | idle | messages | stale_after |
      | spring | 95d  | 1        |             |
      | summer | 65d  | 2        |             |
      | autumn | 35d  | 3        |             |
      | winter | 15d  | 4        |             |
      | own    | 200d | 1        | 300d        |
      | blank  | 1d   | 0        |             |
    When I run "agents cleanup forecast --stale-after 20d --format json"
    Then the thresholds would free
      | stale_after | sessions | messages |
      | 7d          | 5        | 10       |
      | 14d         | 5        | 10       |
      | 20d         | 4        | 6        |
      | 30d         | 4        | 6        |
      | 60d         | 3        | 3        |
      | 90d         | 2        | 1        |
    And each threshold frees what a dry run with it says

  Scenario: Filters and classes narrow it
    Given these sessions
      | name   | idle | messages | source |
      | spring | 29d  | 1        | cron   |
      | summer | 29d  | 1        | cli    |
      | blank  | 1d   | 0        | cron   |
    When I run "agents cleanup forecast --days 2 --source cron --only stale --format json"
    Then eligible now are
      | sessions |
      | 0        |
    And the buckets are
      | from | to | sessions |
      | 0d   | 1d | 0        |
      | 1d   | 2d | 1        |

  Scenario: Without the stale class its threshold makes no difference, and that is said
    Given these sessions
      | name  | idle | messages |
      | blank | 1d   | 0        |
    When I run "agents cleanup forecast --only empty"
    Then it exits with 0
    And the error says "its threshold makes no difference"

  Scenario: Looking ahead changes nothing
    Given 20 sessions last accessed between 60d and 10d ago
    And a copy of the database
    When I run "agents cleanup forecast"
    Then it exits with 0
    And the database equals its copy

  @sqlite_only
  Scenario: Where there is no database, it says so and makes none
    Only an embedded database is made by the program itself; a server's is there or is an error.
    Given no database
    When I run "agents cleanup forecast"
    Then it exits with 0
    And the answer says "0 sessions of 0 are eligible now."
    And the answer says "Nothing more becomes eligible in the next 90 days."
    And the error says "There is no database yet"
    And there is still no database

  Scenario: Plain text draws bars that any program can read
    Given these sessions
      | name   | idle |
      | spring | 29d  |
      | summer | 29d  |
      | autumn | 28d  |
    When I run "agents cleanup forecast --days 4"
    Then the answer says "0 sessions of 3 are eligible now."
    And the answer says "In the next 4 days 3 more sessions become eligible if nobody touches anything, with 6 messages (30 B)."
    And the answer has no colours and no boxes
    And the bars are 0, 30, 15 and 0 characters long

  Scenario: Even one session among thousands can be seen
    Given 200 sessions last accessed between 29d and 28d ago
    And these sessions
      | name   | idle |
      | spring | 27d  |
    When I run "agents cleanup forecast --days 4"
    Then the bars are 0, 30, 0 and 1 characters long

  @sqlite_only
  Scenario: Dangling messages are forecast, too
    A server enforces foreign keys for every program, so no message can lose its session there.
    Given these sessions
      | name   | idle | messages | size |
      | spring | 29d  | 1        | 5    |
      | lost   | 3h   | 4        | 13   |
    And a program that enforces no foreign keys has deleted "lost"
    When I run "agents cleanup forecast --days 2 --orphaned-after 2h --format json"
    Then eligible now are
      | sessions | messages | dangling_messages | bytes |
      | 0        | 0        | 4                 | 52    |
    And purging "--stale-after 30d" takes, now and at the end of each bucket, what a forecast of 4 days said
    And dangling messages were among it

  @sqlite_only
  Scenario: Dangling messages have a column where there are any
    A server enforces foreign keys for every program, so no message can lose its session there.
    Given these sessions
      | name | idle | messages |
      | lost | 3h   | 4        |
    And a program that enforces no foreign keys has deleted "lost"
    When I run "agents cleanup forecast --days 2"
    Then the answer says "0 more sessions become eligible if nobody touches anything, with 0 messages and 4 dangling messages (20 B)."
    And the answer says "DANGLING"
    When I run "agents cleanup forecast --days 2 --format json"
    Then the buckets are
      | from | to | sessions | dangling_messages | bytes |
      | 0d   | 1d | 0        | 4                 | 20    |
      | 1d   | 2d | 0        | 0                 | 0     |

  Scenario Outline: A terminal of <width> columns shows bars that fit it
    Given 40 sessions last accessed between 29d and 1d ago
    And the variable COLUMNS is "<width>"
    When on a terminal I run "agents cleanup forecast --days 10" and end the input
    Then no line is longer than <width> and the longest bar has <bar> blocks

    Examples:
      | width | bar |
      | 60    | 12  |
      | 80    | 32  |
      | 200   | 60  |

  Scenario: A terminal that knows no blocks gets plain ones
    Given the clock shows the real time
    And 40 sessions last accessed between 29d and 1d ago
    When I run in a shell: PYTHONIOENCODING=ascii agents cleanup forecast --days 10 --format rich
    Then the answer says "#####"
    And the answer does not say "u2588"

  Scenario Outline: Machines read it in <format>
    When I run "agents cleanup forecast --format <format>"
    Then the answer is one <format> document

    Examples:
      | format |
      | json   |
      | yaml   |
