Feature: One odd row keeps nobody from the others
  Other programs write into the same tables, and not always what we would.

  Scenario Outline: On any database, a session with <what>
    Given these sessions
      | name   | id     | idle | messages | size |
      | spring | spring | 40d  | 1        | 10   |
      | winter | winter | 50d  | 1        | 10   |
    And another program has given "spring" <what>
    When I run "agents session list"
    Then it exits with 0
    And it says "winter"
    And nothing that a terminal obeys was written
    When I run "agents session list --format json"
    Then it exits with 0
    And stdout is one strict json document
    When I run "agents session show spring --format json"
    Then it exits with 0
    And stdout is one strict json document
    When I run "agents cleanup explain spring"
    Then it exits with 0
    When I run "agents cleanup --dry-run --format json"
    Then it exits with 0
    And stdout is one strict json document
    When I run "agents session list --expiring-within 60d"
    Then it exits with 0
    When I run "agents cleanup --dry-run --stale-after auto"
    Then it exits with 0
    And nothing has changed
    When I run "agents cleanup"
    Then it exits with 0
    And no session is named "winter"

    Examples:
      | what                                          |
      | an empty name                                 |
      | an actor that is no actor name                |
      | a source that is no source                    |
      | a last access before the year 1               |
      | a creation before the year 1                  |
      | a creation after the year 9999                |
      | a lease for ever                              |
      | metadata that are a list                      |
      | metadata that are null                        |
      | metadata that hold a number beyond all floats |
      | the largest size there is                     |
      | no time of its first message                  |
      | a parent that could not be                    |

    @sqlite_only
    Examples: What only a file takes
      | what                                |
      | a name that is not UTF-8            |
      | an actor that is not UTF-8          |
      | metadata that are no JSON           |
      | metadata that are no text           |
      | metadata that hold NaN              |
      | metadata that hold half a character |
      | metadata nested very deep           |

    @postgresql_only
    Examples: What only a server takes
      | what                            |
      | a last access at minus infinity |

  Scenario: Sizes that add up to more than a number holds
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | winter | 50d  | 1        |
    And another program has given "spring" the largest size there is
    And another program has given "winter" the largest size there is
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    When I run "agents cleanup"
    Then it exits with 0
    And no session remains

  Scenario Outline: A session with <what> is protected by it
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 50d  |
    And another program has given "spring" <what>
    When I run "agents cleanup --format json"
    Then it exits with 0
    And only "spring" remains

    Examples:
      | what                           |
      | a lease for ever               |
      | a creation after the year 9999 |

  @sqlite_only
  Scenario Outline: Messages that another program moved away from their session: <how>
    Only a file leaves it to each program whether foreign keys are enforced.
    Given these sessions
      | name   | idle | messages | size |
      | spring | 2d   | 3        | 10   |
    And another program has given <how>
    When I run "agents cleanup --dry-run --format json"
    Then the report counts
      | scanned | candidates | dangling messages | bytes |
      | 1       | 0          | 3                 | 30    |
    When I run "agents cleanup"
    Then it exits with 0
    And 0 messages are left

    Examples:
      | how                                 |
      | the messages of "spring" another id |
      | the session "spring" another id     |
