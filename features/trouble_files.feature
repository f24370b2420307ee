@sqlite_only
Feature: Trouble with the database's file
  Whatever is wrong with the file, the command says what and where, changes nothing, and shows no traceback.

  Scenario Outline: A file that is not a database: <command>
    Given the database file is really a letter
    When I run "agents <command>"
    Then it exits with 1
    And it says "is damaged or is not a SQLite database"
    And the letter is as it was

    Examples:
      | command                      |
      | session list                 |
      | session create --name spring |
      | cleanup                      |
      | cleanup --dry-run            |
      | db check                     |
      | db current                   |
      | db upgrade                   |

  Scenario: A folder where the file should be
    Given the database file is really a folder
    When I run "agents session create --name spring"
    Then it exits with 1
    And it says "cannot be"

  Scenario Outline: A read-only file can be read: <command>
    Given a session "spring" last accessed 40d ago with 1 messages
    And the database file is read-only
    When I run in a shell: agents <command>
    Then it exits with 0
    And it says "spring"
    And nothing has changed

    Examples:
      | command           |
      | session list      |
      | cleanup --dry-run |

  Scenario Outline: A read-only file cannot be written, and the command says so: <command>
    Given a session "spring" last accessed 40d ago with 1 messages
    And the database file is read-only
    When I run in a shell: agents <command>
    Then it exits with 1
    And it says "cannot be written"
    And it says "writable for this user"
    And nothing has changed

    Examples:
      | command                      |
      | cleanup                      |
      | session create --name summer |
      | session delete spring      |

  Scenario Outline: A read-only folder: <command> reads
    Given a session "spring" last accessed 40d ago with 1 messages
    And the database is in a read-only folder
    When I run in a shell: agents <command>
    Then it exits with 0
    And it says "spring"
    And the folder of the database holds nothing else

    Examples:
      | command           |
      | session list      |
      | cleanup --dry-run |

  Scenario: A read-only folder: a cleanup cannot write and says so
    Given a session "spring" last accessed 40d ago with 1 messages
    And the database is in a read-only folder
    When I run in a shell: agents cleanup
    Then it exits with 1
    And it says "writable for this user"
    And nothing has changed

  Scenario: No database can be made in a folder that is read-only
    Given the database is to be made in a read-only folder
    When I run in a shell: agents session create --name spring
    Then it exits with 1
    And it says "cannot be made"

  Scenario: A file that may not be read
    Given a session "spring" last accessed 40d ago with 1 messages
    And the database file may not be read
    When I run in a shell: agents session list
    Then it exits with 1
    And it says "cannot be opened"

  Scenario: A disk that fills up during a purge
    Given 200 stale sessions with 2 messages of 5000 bytes
    When I run in a shell where a file holds at most 40000 bytes: agents cleanup --yes
    Then it exits with 1
    And it says "disk is full"
    And nothing has changed
    When I run "agents cleanup"
    Then it exits with 0
    And no session remains
