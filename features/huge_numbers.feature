Feature: Numbers and years beyond all measure
  A number that no database holds is a usage error, and a far year is a year like any other.

  Background:
    Given a session "spring" last accessed 40d ago with 1 messages

  Scenario Outline: A number that no database holds: agents <command> <number>
    When I run "agents <command> <number>"
    Then it is refused as a usage error that says "<bound>"
    And nothing has changed

    Examples:
      | command                                                 | number               | bound               |
      | cleanup --keep-last                                     | 99999999999999999999 | 9223372036854775807 |
      | cleanup --dry-run --keep-last                           | 99999999999999999999 | 9223372036854775807 |
      | cleanup explain spring --keep-last                      | 99999999999999999999 | 9223372036854775807 |
      | session list --limit                                    | 99999999999999999999 | 9223372036854775807 |
      | session list --limit                                    | 0                    | equal to 1          |
      | session list --offset                                   | 99999999999999999999 | 9223372036854775807 |
      | session list --offset                                   | -1                   | equal to 0          |
      | session show spring --messages                          | 99999999999999999999 | 9223372036854775807 |
      | session append spring --role user hello --input-tokens  | 99999999999999999999 | 9223372036854775807 |
      | session append spring --role user hello --output-tokens | 99999999999999999999 | 9223372036854775807 |

  Scenario Outline: The largest number there is: agents <command>
    When I run "agents <command> 9223372036854775807"
    Then it exits with 0

    Examples:
      | command                           |
      | cleanup --dry-run --keep-last     |
      | cleanup explain spring --keep-last |
      | session list --limit              |
      | session list --offset             |
      | session show spring --messages    |
      | session append spring --role user hello --input-tokens |

  Scenario: Tokens that would add up to more
    Given I have run "agents session append spring --role user hello --input-tokens 9223372036854775807"
    When I run "agents session append spring --role user hello --input-tokens 1"
    Then it is refused as a usage error that says "Tokens"
    And nothing has changed

  Scenario: A session last used in the year 9999
    Given a plain session file "far.json"
      | what          | value                |
      | session_id    | far                  |
      | created_at    | 2026-01-01T00:00:00Z |
      | last_accessed | 9999-12-31T23:59:59Z |
    And its messages
      | role | content |
      | user | hello   |
    And I have run "agents session import far.json"
    When I run "agents cleanup explain far --format json"
    Then it exits with 0
    And no moment is named at which it becomes a candidate
    When I run "agents session list"
    Then it exits with 0
    When I run "agents cleanup"
    Then it exits with 5
    And it says "before the newest activity"
    When I run "agents cleanup --ignore-clock"
    Then it exits with 0
    And no session is named "spring"
    And there are 1 sessions in all

  Scenario Outline: A lease or a threshold that would end after the year 9999: <command>
    When I run "agents <command>"
    Then it is refused as a usage error that says "not a duration"
    And nothing has changed

    Examples:
      | command                                        |
      | session touch spring --lease 99999999d         |
      | session touch spring --lease 99999999999999999999w |
      | session create --name x --stale-after 99999999d |

  Scenario: A message numbered so high that none can follow
    Given another program has numbered the message of "spring" as high as it can
    When I run "agents session append spring --role user hello"
    Then it exits with 1
    And it says "Nothing was changed"
    And there was no traceback
    And nothing has changed
