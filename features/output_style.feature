@any_database
Feature: An answer in the shape that was asked for
  Rich on a terminal, plain in a pipe, and never colours where none are wanted.

  Background:
    Given a session "spring" last accessed 40d ago with 2 messages

  Scenario Outline: Plain is lines of text and nothing else: <command>
    When I run "agents <command> --format plain"
    Then it exits with 0
    And stdout holds no box drawing and nothing that a terminal obeys

    Examples:
      | command                  |
      | session list             |
      | session show spring    |
      | cleanup --dry-run        |
      | cleanup                  |
      | cleanup explain spring |
      | db check                 |
      | db current               |
      | demo --sessions 20       |

  Scenario Outline: The format comes from <winner>
    Given the user's settings file sets format to <user file>
    And the project's settings file sets format to <project file>
    And the variable CLEVERAGENTS_FORMAT sets it to <environment>
    When I run "agents session list <flag>"
    Then it exits with 0
    And the answer is in <winner>

    Examples:
      | user file | project file | environment | flag           | winner |
      | not set   | not set      | not set     |                | plain  |
      | yaml      | not set      | not set     |                | yaml   |
      | yaml      | json         | not set     |                | json   |
      | plain     | json         | yaml        |                | yaml   |
      | plain     | plain        | yaml        | --format json  | json   |
      | json      | json         | json        | --format plain | plain  |

  Scenario Outline: A failure comes in the same format, from wherever it was chosen: <place>
    Given <place> sets format to json
    When I run "agents session show nobody"
    Then stdout is one json document
    And its error has the code "session_not_found", a message, a detail and suggestions

    Examples:
      | place                       |
      | the user's settings file    |
      | the project's settings file |

  Scenario: On a terminal the answer is rich
    When I run on a real terminal: agents session list
    Then it exits with 0
    And the terminal was sent bold type

  Scenario: A demo on a terminal is in colour, unless NO_COLOR is set
    When I run on a real terminal: agents demo --sessions 20 && echo spring
    Then the terminal was sent colours
    Given the variable NO_COLOR is "1"
    When I run on a real terminal: agents demo --sessions 20 && echo spring
    Then the terminal was not sent colours

  Scenario: A terminal that can do nothing gets nothing to obey
    Given the variable TERM is "dumb"
    When I run on a real terminal: agents session list
    Then it exits with 0
    And the terminal was not sent bold type

  Scenario: Rich is also to be had where there is no terminal
    When I run "agents session list --format rich"
    Then it exits with 0
    And the answer says "spring"

  Scenario: Help is for people, and names the environment's variables
    When I run "agents cleanup --help"
    Then it exits with 0
    And it says "--dry-run"
    And it says "CLEVERAGENTS_DATABASE_URL"

  Scenario: The version
    When I run "agents --version"
    Then it exits with 0
    And it says "agents 0.1.0"

  Scenario: Without a word there is help, and it counts as a usage error
    When I run "agents"
    Then it exits with 2
    And it says "cleanup"
    And it says "session"
