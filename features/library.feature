Feature: A program that embeds cleanup and runs for months
  A daemon opens the database once; meanwhile people replace files, restart servers and upgrade.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 1d   |
    And a program that has already scanned the database

  Scenario: It purges again and again
    When the program purges
    Then the program has purged 1 session
    When 60d go by
    And the program purges
    Then the program has purged 1 session
    And no session remains

  Scenario: Another host upgrades the database: what an old program does not know it cannot protect
    Given the database was migrated by a newer version
    When the program purges
    Then the program is told "which this version does not know"
    And nothing has changed

  Scenario: Another host upgrades the database after the program has scanned for its purge
    When the program purges, and the database is migrated by a newer version before it deletes
    Then the program is told "which this version does not know"
    And the program's error has the code "schema_too_new"
    And nothing has changed

  Scenario: The connection was ended between two scans
    Given the server has ended every connection
    When the program scans
    Then the program has scanned 2 sessions
    When the program purges
    Then the program has purged 1 session

  @sqlite_only
  Scenario: The file is deleted and made again
    Only a file can be replaced by another of its name.
    Given somebody has replaced the database by a new one
    When the program creates a session "late"
    And the program scans
    Then the program has scanned 1 session
    And only "late" remains

  @sqlite_only
  Scenario: The file is deleted, and the program makes the next one
    Only a file can be replaced by another of its name.
    Given no database
    When the program scans
    Then the program has scanned 0 sessions
    And no file of the database is there
    When the program creates a session "late"
    And the program scans
    Then the program has scanned 1 session
    And only "late" remains

  @sqlite_only
  Scenario: A purge does not touch a file that took the other's place
    Only a file can be replaced by another of its name.
    Given somebody has replaced the database by a new one
    When the program purges
    Then the program has purged 0 sessions
    And no session remains

  @sqlite_only
  Scenario: Somebody else has begun to make the database when the program first looks
    A server's database is made before anybody is told its URL.
    Given the database is an empty file
    And another process has begun to make the database, and made no table yet
    And a program that has already scanned the database
    When the program scans
    Then the program has scanned 0 sessions
    When the program scans in another thread
    Then the program has scanned 0 sessions
    When the program creates a session "late"
    And the program scans in another thread
    Then the program has scanned 1 session

  @postgresql_only
  Scenario: More threads than connections
    SQLite has no connections to run out of.
    Given the program uses all its connections and waits for no other
    When the program scans
    Then the program is told "Every connection of this process to the database is in use"

  Scenario: A server forks its workers after the first use
    When a program scans, forks, and both processes create 10 sessions
    Then it exits with 0
    And 20 sessions are named "forked"
