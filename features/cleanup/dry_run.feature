Feature: A dry run shows everything and changes nothing

  Scenario: The database stays as it is, byte for byte
    Given 20 sessions last accessed between 60d and 40d ago
    And a copy of the database
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And the answer says "20 sessions of 20 would be purged"
    And the database equals its copy

  Scenario: Also while another program has it open and has written to it
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 40d  |
    And another program that stays connected has touched "spring"
    And a copy of the database
    When I run "agents cleanup --dry-run --format json"
    Then the candidates are
      | name   | reasons |
      | winter | stale   |
    And the database equals its copy

  @sqlite_only
  Scenario: Also where a killed program left its log behind
    Only SQLite keeps its log in a file beside the database, to be folded in by the next writer.
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 40d  |
    And a program that was killed after it had touched "spring"
    And a copy of the database
    When I run "agents cleanup --dry-run --format json"
    Then the candidates are
      | name   | reasons |
      | winter | stale   |
    And the database equals its copy

  @sqlite_only
  Scenario Outline: Also through a link, where a killed program left its log behind: agents <command>
    Only SQLite keeps its log in a file beside the database, to be folded in by the next writer.
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 40d  |
    And a program that was killed after it had touched "spring"
    And a copy of the database
    And my URL leads to the database through a link
    When I run "agents <command>"
    Then it exits with 0
    And the answer says "winter"
    And the database equals its copy

    Examples:
      | command                |
      | cleanup --dry-run      |
      | cleanup explain winter |
      | session list           |

  Scenario: Explaining changes nothing either
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    And a copy of the database
    When I run "agents cleanup explain spring"
    Then it exits with 0
    And the database equals its copy

  @sqlite_only
  Scenario Outline: Where there is no database, "<words>" makes none
    Only an embedded database is made by the program itself; a server's is there or is an error.
    Given no database
    When I run "<words> --format json"
    Then it exits with 0
    And the report counts
      | scanned | candidates | purged | messages | bytes |
      | 0       | 0          | 0      | 0        | 0     |
    And there is still no database

    Examples:
      | words                    |
      | agents cleanup --dry-run |
      | agents cleanup           |

  @sqlite_only
  Scenario: It says that there is no database
    Only an embedded database is made by the program itself; a server's is there or is an error.
    Given no database
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And the error says "There is no database yet"

  Scenario: What the dry run lists is what the purge deletes
    Given these sessions
      | name   | idle | messages | parent | pinned | actor   |
      | spring | 40d  | 1        |        |        | local/a |
      | summer | 50d  | 1        |        | yes    | local/a |
      | orphan | 2d   | 1        | gone   |        | local/b |
      | mother | 60d  | 1        |        |        | local/b |
      | child  | 1d   | 1        | mother |        | local/b |
      | blank  | 1h   | 0        |        |        |         |
    When I run "agents cleanup --dry-run --format json"
    Then the candidates are, oldest first, "spring", "orphan" and "blank"
    When I run "agents cleanup --format json"
    Then the candidates are, oldest first, "spring", "orphan" and "blank"
    And only "summer", "mother" and "child" remain

  Scenario: A second look is a new look
    Given these sessions
      | name   | idle |
      | spring | 29d  |
    When I run "agents cleanup --dry-run --format json"
    Then there is no candidate
    When 2d go by
    And I run "agents cleanup --dry-run --format json"
    Then the candidates are
      | name   | reasons |
      | spring | stale   |
