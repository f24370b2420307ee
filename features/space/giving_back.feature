Feature: A purge gives the space that it frees back to the disk
  It does so after the commit, in steps so small that nobody who writes meanwhile notices. What it cannot give
  back it leaves for the next purge; no purge fails for it.

  @sqlite_only
  Scenario: The file on the disk becomes smaller
    Given 60 stale sessions with 10 messages of 5000 bytes
    And I remember how large the database is
    When I run "agents cleanup --format json"
    Then it exits with 0
    And it gave back 2 MB or more, and 0 MB or less are left
    And the database is smaller by what it says it gave back
    And nothing in the file is free

  @sqlite_only
  Scenario: What earlier purges left is given back too, even by one that finds nothing to delete
    Given 60 stale sessions with 10 messages of 5000 bytes
    And I run "agents cleanup --no-give-back"
    And I remember how large the database is
    When I run "agents cleanup --format json"
    Then it exits with 0
    And the database is smaller by what it says it gave back
    And nothing in the file is free

  @sqlite_only
  Scenario: People read what was freed and what was given back
    Given 60 stale sessions with 10 messages of 5000 bytes
    When I run "agents cleanup --no-give-back"
    Then the answer says "Reusable           10."
    And the answer says "Given back         0 B"
    When I run "agents cleanup"
    Then the answer says "Reusable           0 B"
    And the answer says "Given back         10."

  @sqlite_only
  Scenario Outline: It can be switched off: <given>
    Given 60 stale sessions with 10 messages of 5000 bytes
    And <given>
    And I remember how large the database is
    When I run "agents cleanup <options> --format json"
    Then it exits with 0
    And nothing was given back
    And 2 MB or more can be used again
    And the database is as large as it was

    Examples:
      | given                                                      | options        |
      | the clock shows noon                                       | --no-give-back |
      | the project's settings file sets give_back to false        |                |
      | the variable CLEVERAGENTS_CLEANUP_GIVE_BACK is "false"     |                |

  @sqlite_only
  Scenario Outline: Only a purge gives space back: <options>
    Given 60 stale sessions with 10 messages of 5000 bytes
    And I run "agents cleanup --no-give-back"
    And 5 stale sessions with 1 messages of 10 bytes
    And I remember how large the database is
    When I run "agents cleanup <options>"
    Then it exits with 0
    And the database is as large as it was

    Examples:
      | options       |
      | --dry-run     |
      | --rehearse    |
      | --mode report |

  @sqlite_only @processes
  Scenario: Those who write meanwhile get in
    Given 1 stale sessions with 2 messages of 100 bytes
    And 150 MB of the file are free
    When somebody writes all the time while I run "agents cleanup --yes --format json"
    Then it exits with 0
    And it gave back 100 MB or more, and 50 MB or less are left
    And no step of it held the lock for more than 250 ms
    And nobody who wrote meanwhile waited for more than 700 ms

  @sqlite_only
  Scenario: It takes some seconds at most, and leaves the rest
    Given 80 MB of the file are free
    When a program gives space back, and lets nobody wait for more than 1 µs
    Then it ends after 10 to 15 seconds with much left for the next time

  @sqlite_only
  Scenario: Who meets a locked database stops giving back, and the purge stands
    Given 60 stale sessions with 10 messages of 5000 bytes
    And somebody will hold the lock right after the commit
    When I run "agents cleanup --format json"
    Then it exits with 0
    And nothing was given back
    And stdout is one json document
    And one of its messages says "left for the next purge to give back: another process held the lock."
    And status, exit code and messages agree
    When the other process is done
    Then no session remains
    When I run "agents cleanup --format json"
    Then it gave back 2 MB or more, and 0 MB or less are left

  @sqlite_only
  Scenario: While somebody reads, the file waits with becoming smaller
    Given 60 stale sessions with 10 messages of 5000 bytes
    And somebody will begin to read right after the commit
    When I run "agents cleanup --format json"
    Then it exits with 0
    And nothing was given back
    And stdout is one json document
    And one of its messages says "somebody reads it"
    When the other process is done
    And I run "agents cleanup --format json"
    Then it gave back 2 MB or more, and 0 MB or less are left

  @sqlite_only @processes
  Scenario: Ctrl-C ends the giving back and nothing else
    Given 1 stale sessions with 2 messages of 100 bytes
    And 150 MB of the file are free
    When I press Ctrl-C while "agents cleanup --yes --format json" gives space back
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "left for the next purge to give back: it was interrupted."
    And no session remains
    And status, exit code and messages agree

  @sqlite_only
  Scenario: A file that was not made for it keeps its size, and the command that makes it smaller is named
    Given 60 stale sessions with 10 messages of 5000 bytes
    And the file was not made to give space back
    And I remember how large the database is
    When I run "agents cleanup --format json"
    Then it exits with 0
    And nothing was given back
    And 2 MB or more can be used again
    And stdout is one json document
    And one of its messages says "agents db vacuum would give back 10."
    And the database is as large as it was

  @postgresql_only
  Scenario: After a big purge the server's tables are vacuumed
    Given 100 stale sessions with 100 messages of 200 bytes
    And I remember how large the database is
    When I run "agents cleanup --format json"
    Then it exits with 0
    And it gave back 2 MB or more, and 0 MB or less are left
    And the database is smaller by what it says it gave back

  @postgresql_only
  Scenario: After a small purge the server is left to vacuum in its own time
    Given 99 stale sessions with 100 messages of 20 bytes
    When I run "agents cleanup --format json"
    Then it exits with 0
    And nothing was given back

  @postgresql_only
  Scenario: Who owns no table cannot vacuum it, and the purge stands
    Given 100 stale sessions with 100 messages of 20 bytes
    And I am a user who owns no table
    When I run "agents cleanup --format json"
    Then it exits with 0
    And nothing was given back
    And stdout is one json document
    And one of its messages says "could not be given back: permission denied to vacuum"
    And status, exit code and messages agree

  @postgresql_only
  Scenario: Who meets a lock does not wait for it, and the purge stands
    Given 100 stale sessions with 100 messages of 20 bytes
    And somebody will hold the lock right after the commit
    When I run "agents cleanup --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "not all given back: another process held the lock."
    And no session remains
