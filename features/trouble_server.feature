@postgresql_only
Feature: Trouble with the database server
  A password is never printed, whatever goes wrong.

  Scenario Outline: A server that is down: <command>
    Given the server is down
    When I run "agents <command>"
    Then it exits with 1
    And it says "cannot be reached"
    And it says "Check that the server runs"
    And the password is printed nowhere

    Examples:
      | command                      |
      | session list                 |
      | session create --name spring |
      | cleanup                      |
      | cleanup --dry-run -vv        |
      | db current                   |
      | db upgrade --format json     |

  Scenario Outline: A server that refuses the password: <command>
    Given the server asks for a password, and I have a wrong one
    When I run "agents <command>"
    Then it exits with 1
    And it says "password"
    And the password is printed nowhere

    Examples:
      | command                      |
      | session list                 |
      | cleanup -vv                  |
      | cleanup --format json        |
      | cleanup --format yaml        |
      | db current --log-format json -vv |

  Scenario Outline: A password is not shown where all is well either: <command>
    Given the server asks for a password, and I have the right one
    And I run "agents db upgrade"
    When I run "agents <command>"
    Then it exits with 0
    And the password is printed nowhere

    Examples:
      | command                    |
      | db upgrade                 |
      | db current                 |
      | db check --format json     |
      | cleanup -vv                |

  Scenario Outline: A URL that cannot be used does not give its password away: <what>
    Given <what>
    When I run "agents db current -vv --format json"
    Then it is refused as a usage error that says "database URL"
    And the password is printed nowhere

    Examples:
      | what                                                            |
      | the URL of the database cannot be read, and has a password in it |
      | the port in the URL is a word                                   |

  Scenario: A password in a parameter of the URL is not shown
    Given the server is down, and the password stands in a parameter of the URL
    When I run "agents db current -vv"
    Then it exits with 1
    And the password is printed nowhere

  Scenario: A database that does not exist on the server
    Given the database is one that the server does not have
    When I run "agents session list"
    Then it exits with 1
    And it says "does not exist"

  Scenario: A user who may only read
    Given a session "spring" last accessed 40d ago with 1 messages
    And I am a user who may only read
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And it says "spring"
    When I run "agents cleanup"
    Then it exits with 1
    And it says "does not let this user do that"
    And nothing has changed

  Scenario: A server that takes no writes
    Given a session "spring" last accessed 40d ago with 1 messages
    And the server takes no writes, as a standby does not
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And it says "spring"
    When I run "agents cleanup"
    Then it exits with 1
    And it says "read-only"
    And nothing has changed

  Scenario: A disk that fills up during a purge
    Given a session "spring" last accessed 40d ago with 1 messages
    And the server's disk is full for whoever deletes
    When I run "agents cleanup"
    Then it exits with 1
    And it says "run out of disk"
    And nothing has changed

  Scenario: The server ends a statement that takes too long; nobody pressed Ctrl-C
    Given a session "spring" last accessed 40d ago with 1 messages
    And a purge of this database takes very long
    And the server ends every statement after 300 milliseconds
    When I run "agents cleanup"
    Then it exits with 1
    And it says "statement timeout"
    And it does not say "Interrupted"
    And nothing has changed

  Scenario Outline: What the server says while it deletes is told as what it is: <state>
    Given a session "spring" last accessed 40d ago with 1 messages
    And the server ends whoever deletes with <state>
    When I run "agents cleanup --format json"
    Then it exits with <exit>
    And stdout is one json document
    And its error has the code "<code>", a message, a detail and suggestions
    And it says "as the server says it"
    And nothing has changed

    Examples:
      | state | exit | code                 |
      | 40P01 | 7    | database_busy        |
      | 40001 | 7    | database_busy        |
      | 53200 | 1    | disk_full            |
      | 57014 | 1    | database_error       |
      | 22023 | 1    | database_error       |
      | 53300 | 1    | database_unavailable |

  Scenario Outline: A connection that breaks in the middle of a commit: <command>
    Given a session "spring" last accessed 40d ago with 1 messages
    And the server ends the connection of whoever commits
    When I run "agents <command> --format json"
    Then it exits with 1
    And stdout is one json document
    And its error has the code "outcome_unknown", a message, a detail and suggestions
    And it says "only the database knows"
    And it does not say "Nothing was changed"

    Examples:
      | command                      |
      | cleanup                      |
      | session delete spring        |
      | session create --name summer |
