Feature: The full vacuum writes the database anew, without what is free in it
  It needs the database for itself and free disk space, so it is a person's decision; it says beforehand what it
  would gain.

  Scenario: It gives back what it said, and says how large the database was and is
    Given 200 stale sessions with 40 messages of 300 bytes
    And a session "kept" with 400 messages of 300 bytes
    And I run "agents cleanup --no-give-back"
    And I remember how large the database is
    And I remember what is there
    When I run "agents db vacuum --dry-run --format json"
    Then it exits with 0
    And it would gain 1 MB or more and needs 10 MB or less
    And the database is as large as it was
    When I run "agents db vacuum --format json"
    Then it exits with 0
    And it says before and after, and it is so
    And what it gained is about what it said
    And nothing has changed

  Scenario: People read it
    Given 20 stale sessions with 10 messages of 3000 bytes
    And I run "agents cleanup --no-give-back"
    When I run "agents db vacuum --dry-run"
    Then the answer says "A full vacuum would give back "
    And the answer says "Free space needed"
    When I run "agents db vacuum"
    Then the answer says "The database was written anew: "
    And the answer says "Size after"

  @sqlite_only
  Scenario: A file that was not made to give space back is one that does from then on
    Given 60 stale sessions with 10 messages of 5000 bytes
    And the file was not made to give space back
    And I run "agents cleanup"
    And I remember how large the database is
    When I run "agents db vacuum --dry-run"
    Then the error says "purges could give space back by themselves"
    And purges still give no space back
    When I run "agents db vacuum --format json"
    Then it exits with 0
    And it says before and after, and it is so
    And nothing in the file is free
    And from now on purges give space back
    Given 60 stale sessions with 10 messages of 5000 bytes
    When I run "agents cleanup --format json"
    Then it gave back 2 MB or more, and 0 MB or less are left

  Scenario Outline: On a terminal it says what it would gain, and asks: <answer>
    Given 20 stale sessions with 10 messages of 3000 bytes
    And I run "agents cleanup --no-give-back"
    And I remember how large the database is
    When on a terminal I run "agents db vacuum" and answer "<answer>"
    Then it exits with <code>
    And the answer says "A full vacuum would give back "
    And the error says "Nobody else can write until it is done. [y/N]"
    And the answer says "<told>"

    Examples:
      | answer | code | told                                   |
      | no     | 1    | Nothing was changed: the answer was no. |
      | yes    | 0    | The database was written anew:          |

  Scenario: On a terminal with --yes it does not ask
    When on a terminal I run "agents db vacuum --yes" and answer "no"
    Then it exits with 0
    And the answer says "The database was written anew"

  Scenario Outline: It is refused where the disk has no room for the copy: <words>
    Given a session "kept" with 400 messages of 3000 bytes
    And the disk has 90 KB free
    And I remember how large the database is
    And I remember what is there
    When I run "agents db vacuum <words>"
    Then it exits with 5
    And the error says "A full vacuum writes the database anew beside the old one: it needs "
    And the error says "0.1 MB are free"
    And the database is as large as it was
    And nothing has changed
    And status, exit code and messages agree

    Examples:
      | words |
      |       |
      | --yes |

  Scenario: Who only looks is told that it would be refused
    Given a session "kept" with 400 messages of 3000 bytes
    And the disk has 90 KB free
    When I run "agents db vacuum --dry-run --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "It would be refused now: A full vacuum writes the database anew"
    And status, exit code and messages agree

  @sqlite_only
  Scenario: A disk that is full all the same leaves the file as it was
    Given 40 stale sessions with 10 messages of 3000 bytes
    And a session "kept" with 400 messages of 3000 bytes
    And I run "agents cleanup --no-give-back"
    And I remember how large the database is
    And I remember what is there
    When I run in a shell where a file holds at most 400000 bytes: agents db vacuum
    Then it exits with 1
    And it says "disk is full"
    And the database is as large as it was
    And nothing has changed

  Scenario: A database that others use is not waited for longer than the busy timeout
    Given 20 stale sessions with 10 messages of 3000 bytes
    And I run "agents cleanup --no-give-back"
    And another process holds the database's lock
    And the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    When I run "agents db vacuum --yes"
    Then it exits with 7
    And it says "gave up after 1s"

  @sqlite_only
  Scenario: While somebody reads, the file waits with becoming smaller
    Given 60 stale sessions with 10 messages of 5000 bytes
    And I run "agents cleanup --no-give-back"
    And somebody reads the database
    And I remember how large the database is
    When I run "agents db vacuum --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "it becomes smaller when they are done"
    And the database is as large as it was

  @sqlite_only @processes
  Scenario: Ctrl-C leaves the file as it was
    Given 5 stale sessions with 2 messages of 100 bytes
    And 400 MB of the file are free
    And I remember how large the database is
    When I press Ctrl-C while "agents db vacuum --yes" writes the database anew
    Then it exits with 130
    And it says "Interrupted"
    And there was no traceback
    And the database is as large as it was
    When I run "agents db check"
    Then it exits with 0

  @postgresql_only @processes
  Scenario: Ctrl-C leaves the tables as they were
    Given 5 stale sessions with 2 messages of 100 bytes
    And I remember what is there
    And another process holds the database's lock
    And the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "60s"
    When I press Ctrl-C while "agents db vacuum --yes" writes the database anew
    Then it exits with 130
    And it says "Interrupted"
    And there was no traceback
    When the other process is done
    Then nothing has changed

  @postgresql_only
  Scenario: Who owns no table cannot do it, and is told of what cannot be seen
    Given 5 stale sessions with 2 messages of 100 bytes
    And I am a user who owns no table
    When I run "agents db vacuum --dry-run"
    Then it exits with 0
    And the error says "The server's disk cannot be seen from here"
    When I run "agents db vacuum --yes"
    Then it exits with 1
    And the error says "does not let this user vacuum its tables"

  @sqlite_only
  Scenario: No database
    Given no database
    When I run "agents db vacuum --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "There is no database yet"
    And there is still no database
