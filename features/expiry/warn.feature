Feature: Somebody is told before sessions expire
  A program that embeds cleanup hands over a hook. It is called with the sessions that become eligible
  soon, each once for each reset of its clock.

  Background:
    Given these sessions
      | name   | idle | messages |
      | gone   | 31d  | 1        |
      | spring | 29d  | 1        |
      | summer | 24d  | 1        |
      | autumn | 22d  | 1        |
      | winter | 1d   | 1        |

  Scenario: Each session once, with its moment, the soonest first
    When a program warns
    Then the hook was told of these
      | name   | in      |
      | spring | 1d +1us |
      | summer | 6d +1us |
    When a program warns
    Then the hook was told of nothing
    When 2d go by
    And a program warns
    Then the hook was told of these
      | name   | in      |
      | autumn | 6d +1us |

  Scenario: As long before as the program says
    When a program warns 30d before
    Then the hook was told of "spring", "summer", "autumn" and "winter"
    When a program warns 0s before
    Then the program is refused with "a time to come"

  Scenario: What is used after the warning is warned of again when it is due again
    When a program warns
    Then the hook was told of "spring" and "summer"
    Given another user touches "spring"
    When 23d +1us go by
    And a program warns
    Then the hook was told of "winter" and "spring"

  Scenario: In batches of up to a hundred
    Given 250 sessions last accessed between 29d and 25d ago
    When a program warns 6d before
    Then the hook was called with 100, 100 and 51 sessions
    And nobody was warned of twice

  Scenario: What a hook fails at comes again, and nothing else
    Given 250 sessions last accessed between 29d and 25d ago
    When a program warns 6d before, with a hook that fails in its second call
    Then the program is told that 100 sessions were warned of and 100 come again
    When a program warns 6d before
    Then the hook was called with 100 and 51 sessions
    And nobody was warned of twice

  Scenario: Ctrl-C in a hook takes nothing as told
    When a program warns, and is interrupted in the hook
    Then the program was interrupted
    When a program warns
    Then the hook was told of "spring" and "summer"

  Scenario: Another host warns while a hook is at work
    When a program warns, and while its hook works another one does
    Then the hook was told of "spring" and "summer"
    And the other program's hook was told of nothing

  Scenario: Many hosts warn at once
    Given 250 sessions last accessed between 29d and 25d ago
    When 4 programs warn 6d before at once
    Then together they warned of 251 sessions, each once

  @processes
  Scenario: A host dies in its hook, and another one takes over when its claim has run out
    Given the clock shows the real time
    And these sessions
      | name  | idle | messages |
      | early | 29d  | 1        |
    When a program of its own warns and dies in the hook
    And a program warns 6d before
    Then the hook was told of nothing
    When 11m go by
    And a program warns 6d before
    Then the hook was told of "early"
    When 11m go by
    And a program warns 6d before
    Then the hook was told of nothing

  @sqlite_only
  Scenario: A claim that cannot be given back ends by itself
    Only a file has one lock for all tables, so only there can it be kept from being written.
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    When a program warns, and its hook fails while another program holds the write lock
    Then the program is told that 0 sessions were warned of and 2 come again
    When a program warns
    Then the hook was told of nothing
    When 11m go by
    And a program warns
    Then the hook was told of "spring" and "summer"

  Scenario Outline: Nobody is warned of a session that another user <deeds> meanwhile
    Given 100 sessions last accessed between 29d +1h and 29d +1m ago
    When a program warns, and in the first call of its hook another user <deeds> "spring"
    Then the hook was called with 100 and 1 sessions
    And nobody was warned of "spring"

    Examples:
      | deeds   |
      | touches |
      | pins    |
      | deletes |

  Scenario: Warnings of sessions that are gone are forgotten
    When a program warns
    Then 2 warnings are remembered
    When 10d go by
    And I run "agents cleanup --yes"
    And a program warns
    Then the hook was told of nothing
    And no warning is remembered

  @sqlite_only
  Scenario: Where there is no database there is nobody to warn of, and none is made
    Only an embedded database is made by the program itself.
    Given no database
    When a program warns
    Then the hook was told of nothing
    And there is still no database
