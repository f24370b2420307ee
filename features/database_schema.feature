Feature: The database makes and migrates itself, or says what it needs
  An embedded database is made by the first writing command. A server's database is migrated by its operator.

  @sqlite_only
  Scenario Outline: Reading where there is no database finds nothing and makes nothing: <command>
    Given no database
    When I run "agents <command>"
    Then it exits with <exit code>
    And no file of the database is there

    Examples:
      | command              | exit code |
      | session list         | 0         |
      | session show spring  | 3         |
      | session export spring | 3        |
      | cleanup              | 0         |
      | cleanup --dry-run    | 0         |
      | cleanup explain spring | 3       |
      | db current           | 0         |

  @sqlite_only
  Scenario Outline: The first writing command makes it: <command>
    Given no database
    And a plain session file "spring.json" with nothing wrong
    When I run "agents <command>"
    Then it exits with 0
    And the database is at the newest schema
    And nobody but its owner can read it

    Examples:
      | command                      |
      | session create --name spring |
      | session import spring.json   |
      | db upgrade                   |

  @sqlite_only
  Scenario: A folder that is not there yet is made too, for its owner alone
    Given the database is to be in a folder that is not there
    When I run "agents session create --name spring"
    Then it exits with 0
    And nobody but its owner can enter the folder

  @sqlite_only
  Scenario Outline: An empty file has nothing in it, and stays empty: <command>
    Given the database is an empty file
    When I run "agents <command>"
    Then it exits with 0
    And the database file is still empty

    Examples:
      | command           |
      | session list      |
      | cleanup --dry-run |
      | cleanup           |
      | db current        |

  @sqlite_only
  Scenario: The first writing command makes a database of an empty file
    Given the database is an empty file
    When I run "agents session create --name spring"
    Then it exits with 0
    And the database is at the newest schema

  @sqlite_only
  Scenario: The first writing command brings an older schema up, and nothing is lost
    Given a database of an older schema with a session "spring"
    When I run "agents session create --name summer"
    Then it exits with 0
    And the database is at the newest schema
    And only "spring", "summer" remain

  Scenario Outline: A reading command that meets an older schema says so and leaves it: <command>
    Given a database of an older schema with a session "spring"
    When I run "agents <command>"
    Then it exits with 1
    And it says "older schema"
    And it says "agents db upgrade"
    And the database is still of the older schema

    Examples:
      | command           |
      | session list      |
      | cleanup --dry-run |
      | db check          |

  @postgresql_only
  Scenario Outline: On a server no command migrates but the one that is meant to: <command>
    Given a database of an older schema with a session "spring"
    When I run "agents <command>"
    Then it exits with 1
    And it says "older schema"
    And it says "agents db upgrade"
    And the database is still of the older schema

    Examples:
      | command                      |
      | session create --name summer |
      | cleanup                      |

  @postgresql_only
  Scenario Outline: Before a server's database is set up, "<command>" says how
    Given a server's database with nothing in it
    When I run "agents <command>"
    Then it exits with 1
    And it says "has no tables of cleveragents"
    And it says "agents db upgrade"
    And the database still has nothing in it

    Examples:
      | command                      |
      | session list                 |
      | session create --name spring |
      | cleanup                      |
      | cleanup --dry-run            |
      | db check                     |

  Scenario: The upgrade is done once, and can be asked about before and after
    Given a database of an older schema with a session "spring"
    When I run "agents db current"
    Then it exits with 0
    And it names 5 migrations to come
    When I run "agents db upgrade"
    Then it exits with 0
    And it says "5 migrations run"
    And the database is at the newest schema
    When I run "agents db upgrade"
    Then it says "Nothing to migrate"
    And only "spring" remains

  @processes
  Scenario: Two upgrades at once both succeed
    Given a database of an older schema with a session "spring"
    When 3 upgrades run at once
    Then every one of them succeeded
    And the database is at the newest schema

  Scenario Outline: A newer schema is left alone: <command>
    Given a session "spring" last accessed 40d ago with 1 messages
    And the database was migrated by a newer version
    When I run "agents <command>"
    Then it exits with 1
    And it says "which this version does not know"
    And it says "Upgrade cleveragents"
    And nothing has changed

    Examples:
      | command                      |
      | session list                 |
      | session create --name summer |
      | cleanup                      |
      | cleanup --dry-run            |
      | db check                     |
      | db upgrade                   |

  Scenario: What a newer schema is can be asked
    Given the database was migrated by a newer version
    When I run "agents db current"
    Then it exits with 0
    And it names the newer version's schema

  @sqlite_only
  Scenario Outline: Another program's database is left alone: <command>
    Given the database belongs to another program
    When I run "agents <command>"
    Then it exits with 1
    And it says "<says>"
    And the other program's database is byte for byte as it was

    Examples:
      | command                      | says                       |
      | session create --name spring | belongs to another program |
      | session list                 | has no tables              |
      | cleanup                      | belongs to another program |
      | cleanup --dry-run            | has no tables              |

  Scenario: Sessions can be kept beside another program's tables where somebody asks for it
    Given the database belongs to another program
    When I run "agents db upgrade"
    And I run "agents session create --name spring"
    Then it exits with 0
    And the other program's rows are still there
