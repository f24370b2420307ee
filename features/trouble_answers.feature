Feature: An answer that cannot be written
  When the work is done and only the answer is lost, nobody may read that nothing happened.

  Background:
    Given the clock shows the real time
    And these sessions
      | name | id     | idle | messages |
      | 日本   | japan  | 40d  | 1        |
      | Grüße  | greet  | 50d  | 2        |

  Scenario Outline: Stdout is full: agents cleanup <options>
    When I run in a shell: agents cleanup --yes <options> > /dev/full
    Then it exits with 1
    And it says "its answer could not be written"
    And it says "No space left on device"
    And it says "Purged 2 sessions of 2 with 3 messages"
    And it does not say "Nothing half-done"
    And there was no traceback
    And no session remains

    Examples:
      | options       |
      |               |
      | --format json |
      | --format yaml |
      | --format rich |

  Scenario: Stdout and stderr are full
    When I run in a shell: agents cleanup --yes > /dev/full 2>&1
    Then it exits with 1
    And no session remains

  Scenario Outline: An error that cannot be written: agents <command>
    When I run in a shell: agents <command> > /dev/full
    Then it exits with <exit>
    And it says "<says>"
    And there was no traceback

    Examples:
      | command                             | exit | says               |
      | session show nobody --format json   | 3    | No session has     |
      | session show nobody --format yaml   | 3    | No session has     |
      | cleanup --stale-after 0d --format json | 2 | zero would mean    |

  Scenario: An export that does not fit
    When I run in a shell: agents session export japan > /dev/full
    Then it exits with 1
    And it says "No space left on device"
    And there was no traceback

  Scenario Outline: A terminal that knows few letters: agents cleanup <options>
    When I run in a shell: PYTHONIOENCODING=<encoding> agents cleanup --yes <options> | cat -v
    Then it exits with 0
    And it says "<shown>"
    And there was no traceback
    And no session remains

    Examples:
      | encoding | options       | shown        |
      | latin-1  |               | \u65e5\u672c |
      | ascii    |               | Gr\xfc\xdfe  |
      | latin-1  | --format json | \u65e5\u672c |
      | ascii    | --format yaml | \u65E5\u672C |
      | ascii    | --format rich | Purged 2     |

  Scenario: An error on a terminal that knows few letters
    When I run in a shell: PYTHONIOENCODING=ascii agents session show 日本
    Then it exits with 3
    And it says "\u65e5\u672c"
    And it says "->"
    And there was no traceback

  Scenario Outline: An export shown on a terminal sends nothing that a terminal obeys: <what>
    Given a stale session whose name has <what>
    When I run "agents session export harmful"
    Then it exits with 0
    And it is shown harmlessly in json

    Examples:
      | what                      |
      | a right-to-left override  |
      | a colour code             |
      | an eight-bit control code |

  Scenario: What is shown in an export on a terminal can be imported
    Given a stale session whose name has a right-to-left override
    When I run in a shell: agents session export harmful > harmful.json && agents session delete harmful && agents session import harmful.json
    Then it exits with 0
    When I run "agents session list --format json"
    Then it is shown harmlessly in json
