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
