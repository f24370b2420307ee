Feature: Text that means harm
  Names and messages come from models and strangers. They are shown as text, whatever they hold.

  Scenario Outline: A name with <what> is shown harmlessly in <format>
    Given a stale session whose name has <what>
    When I run "agents session list --format <format>"
    Then it exits with 0
    And it is shown harmlessly in <format>
    When I run "agents cleanup --dry-run --format <format>"
    Then it exits with 0
    And it is shown harmlessly in <format>
    When I run "agents session show harmful --format <format>"
    Then it exits with 0
    And it is shown harmlessly in <format>

    Examples:
      | what                      | format |
      | Rich markup               | rich   |
      | Rich markup               | plain  |
      | Rich markup               | json   |
      | Rich markup               | yaml   |
      | a colour code             | rich   |
      | a colour code             | plain  |
      | a colour code             | json   |
      | a colour code             | yaml   |
      | a line break              | rich   |
      | a line break              | plain  |
      | a line break              | json   |
      | a line break              | yaml   |
      | a right-to-left override  | rich   |
      | a right-to-left override  | plain  |
      | a right-to-left override  | json   |
      | a right-to-left override  | yaml   |
      | an eight-bit control code | rich   |
      | an eight-bit control code | plain  |
      | an eight-bit control code | json   |
      | an eight-bit control code | yaml   |
      | emoji                     | rich   |
      | emoji                     | plain  |
      | emoji                     | json   |
      | emoji                     | yaml   |
      | emoji codes               | rich   |
      | emoji codes               | plain  |
      | Arabic words              | rich   |
      | Arabic words              | json   |

  Scenario Outline: A message with <what> is shown harmlessly in <format>
    Given a session "spring" with a message that has <what>
    When I run "agents session show spring --format <format>"
    Then it exits with 0
    And it is shown harmlessly in <format>

    Examples:
      | what                     | format |
      | Rich markup              | rich   |
      | a colour code            | plain  |
      | a right-to-left override | rich   |
      | a right-to-left override | yaml   |
      | an eight-bit control code | json  |

  Scenario: A harmful name is asked about harmlessly
    Given a stale session whose name has a colour code
    When on a terminal I run "agents session delete harmful --format plain" and answer "n"
    Then it exits with 1
    And it is shown harmlessly in plain
    And nothing has changed

  Scenario: Harmful words on the command line are told harmlessly
    When I show a session whose id has a colour code
    Then it exits with 3
    And nothing that a terminal obeys was written

  Scenario Outline: Harmful text comes out of an export as it went in: <what>
    Given a session "spring" with a message that has <what>
    And I have exported "spring" to "spring.json"
    And I have deleted "spring"
    When I run "agents session import spring.json"
    Then "spring" is again what it was, field by field

    Examples:
      | what                      |
      | Rich markup               |
      | a colour code             |
      | a line break              |
      | a right-to-left override  |
      | an eight-bit control code |
      | emoji                     |

  Scenario: A message of a million characters
    Given a session "spring"
    When I pipe a million characters, half of them "ü", into "agents session append spring --role user -"
    Then it exits with 0
    And the session "spring" has
      | what          | value   |
      | message_count | 1       |
      | content_bytes | 1500000 |
    And people are shown how the million characters of "spring" begin, and machines all of them
    And "spring" survives an export and an import

  Scenario Outline: <what> on stdin is refused as a message
    Given a session "spring" last accessed 3h ago
    When I pipe <what> into "agents session append spring --role user -"
    Then it is refused as a usage error that says "<complaint>"
    And nothing has changed

    Examples:
      | what                     | complaint |
      | bytes that are not UTF-8 | UTF-8     |
      | a NUL character          | NUL       |

  Scenario Outline: Words on the command line that are not text are refused
    Given a session "spring" last accessed 3h ago
    When I run in a shell: agents <command>
    Then it is refused as a usage error that says "not Unicode text"
    And nothing has changed

    Examples:
      | command                                            |
      | session append spring --role user $'caf\xe9'     |
      | session create --name $'caf\xe9'                   |
      | session create --metadata note=$'caf\xe9'          |
      | session show $'caf\xe9'                            |

  @sqlite_only
  Scenario: Metadata that is not JSON, left by another program
    Given a session "spring" last accessed 40d ago with 1 messages
    And another program has written "not json" where the metadata of "spring" belongs
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And it says "spring"
    When I run "agents session show spring"
    Then it is told plainly that the metadata of "spring" cannot be read
    When I run "agents session list"
    Then it exits with 0
    And it says "spring"
    When I run "agents cleanup"
    Then it exits with 0
    And no session remains

  Scenario: Metadata that is JSON but no table of names and values
    Given a session "spring" last accessed 40d ago with 1 messages
    And another program has written "[1, 2]" where the metadata of "spring" belongs
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    When I run "agents session show spring"
    Then it is told plainly that the metadata of "spring" cannot be read
    When I run "agents cleanup"
    Then it exits with 0
    And no session remains
