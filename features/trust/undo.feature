Feature: A purge can be undone

  Background:
    Given these sessions
      | name   | idle | messages | parent | actor   |
      | spring | 40d  | 3        |        | local/a |
      | summer | 50d  | 2        | gone   |         |
      | blank  | 2h   | 0        |        | local/b |
      | winter | 1h   | 4        |        | local/b |
    And a stale session with an unusual value in every column

  Scenario: Every row comes back as it was
    When I run "agents cleanup"
    Then only "winter" remains
    When I undo the last purge
    Then it exits with 0
    And nothing has changed
    And the answer says "4 sessions with 9 messages put back"

  Scenario: What another program keeps in a column of its own comes back too
    Given another program keeps a rating of "spring" in a column of its own
    When I run "agents cleanup"
    Then only "winter" remains
    When I undo the last purge
    Then it exits with 0
    And nothing has changed

  Scenario: What came back is as old as it was, and the next purge takes it again
    Given I run "agents cleanup"
    And I undo the last purge
    When I run "agents cleanup --format json"
    Then the report counts
      | scanned | candidates | purged | messages |
      | 5       | 4          | 4      | 9        |
    And there are 2 archives

  Scenario: It says that the next purge takes them again
    Given I run "agents cleanup"
    When I undo the last purge
    Then the error says "the next purge takes them again"

  Scenario: Undone once, purged again, undone again
    Given I run "agents cleanup"
    And I undo the last purge
    And I run "agents cleanup"
    When I undo the last purge
    Then it exits with 0
    And nothing has changed

  Scenario: A dry run verifies, counts and puts nothing back
    Given I run "agents cleanup"
    And I remember what is there
    When I undo the last purge with "--dry-run --format json"
    Then it exits with 0
    And it would put back 4 sessions with 9 messages
    And nothing has changed

  Scenario: Only some of the sessions
    Given I run "agents cleanup"
    When I undo the last purge with "--session spring --session blank --format json"
    Then it exits with 0
    And it puts back 2 sessions with 3 messages
    And only "spring", "blank" and "winter" remain

  Scenario: The others can follow later
    Given I run "agents cleanup"
    And I undo the last purge with "--session spring"
    When I undo the last purge with "--format json"
    Then it exits with 6
    And it puts back 3 sessions with 6 messages
    And of the archive these are left out: "spring" because it exists again
    And nothing has changed

  Scenario: A session named twice comes back once
    Given I run "agents cleanup"
    When I undo the last purge with "--session spring --session spring --format json"
    Then it exits with 0
    And it puts back 1 session with 3 messages

  Scenario: A session that is not in the archive
    Given I run "agents cleanup"
    When I undo the last purge with "--session winter"
    Then it exits with 3
    And the error says "No session in the archive of run"
    And only "winter" remains

  Scenario: One session that is in the archive and one that is not
    Given I run "agents cleanup"
    When I undo the last purge with "--session spring --session winter"
    Then it exits with 6
    And the error says "Not in the archive: winter."
    And only "spring" and "winter" remain

  Scenario: Sessions are named in full
    Given I run "agents cleanup"
    When I undo the last purge with "--session spr"
    Then it exits with 3
    And only "winter" remains

  Scenario: Ids that exist again are left as they are, and named
    Given I run "agents cleanup"
    And these sessions
      | name   | idle | messages |
      | spring | 1m   | 1        |
    When I undo the last purge with "--format json"
    Then it exits with 6
    And of the archive these are left out: "spring" because it exists again
    And it puts back 3 sessions with 6 messages
    And there is 1 session named "spring"

  Scenario: People are told which
    Given I run "agents cleanup"
    And these sessions
      | name   |
      | spring |
    When I undo the last purge
    Then it exits with 6
    And the answer says "spring exists"
    And the error says "1 session of the archive left out"

  Scenario: Twice changes nothing the second time, and says so
    Given I run "agents cleanup"
    And I undo the last purge
    When I undo the last purge with "--format json"
    Then it exits with 6
    And it puts back 0 sessions with 0 messages
    And nothing has changed

  Scenario: By the beginning of the run's id
    Given I run "agents cleanup"
    When I undo the last purge by the first 12 characters of its id
    Then it exits with 0
    And nothing has changed

  Scenario: By a beginning that fits two runs
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup"
    When I undo the last purge by the first 4 characters of its id
    Then it exits with 4
    And the error says "the beginning of several run ids"
    And only "winter" remains

  Scenario Outline: A run that is not in the ledger: "<run>"
    When I run "agents cleanup restore '<run>'"
    Then it exits with 3
    And the error says "No purge in the ledger"

    Examples:
      | run                        |
      | 01KV0000000000000000000000 |
      |                            |
      | %                          |
      | _                          |

  Scenario: Earlier purges can be undone too
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup"
    When I undo the first purge
    Then it exits with 0
    And only "blank" and "winter" remain

  Scenario: Sessions that stayed alive are not put back over themselves
    Given somebody will touch "spring" once the archive is written
    And I run "agents cleanup"
    And I run "agents session append spring --role user 'I am still here'"
    When I undo the last purge with "--format json"
    Then it exits with 0
    And it puts back 3 sessions with 6 messages
    And the messages of "spring" are
      | content         |
      | xxxxx           |
      | xxxxx           |
      | xxxxx           |
      | I am still here |

  Scenario: A session that stayed alive is not in the archive, whatever became of it since
    Given somebody will touch "spring" once the archive is written
    And I run "agents cleanup"
    And I run "agents session delete spring --yes"
    When I undo the last purge with "--session spring"
    Then it exits with 3
    And only "winter" remains

  Scenario Outline: An archive that is <damage> is refused
    Given I run "agents cleanup"
    And the archive is <damage>
    And I remember what is there
    When I undo the last purge with "<options>"
    Then it exits with 1
    And the error says "was refused"
    And nothing has changed

    Examples:
      | damage                     | options          |
      | cut short                  | --format plain   |
      | changed by one bit         | --format plain   |
      | rewritten with other texts | --format plain   |
      | emptied                    | --format plain   |
      | longer than it was         | --format plain   |
      | really a letter            | --format plain   |
      | forged with all its sums   | --format plain   |
      | changed by one bit         | --dry-run        |
      | changed by one bit         | --session spring |

  Scenario: The archive of another run is refused
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup"
    And the archives of the two purges have been swapped
    When I undo the last purge
    Then it exits with 1
    And only "winter" remains

  Scenario: An archive whose file is gone
    Given I run "agents cleanup"
    And the archive file is gone
    When I undo the last purge
    Then it exits with 3
    And the error says "is not here"
    And only "winter" remains

  @sqlite_only
  Scenario: A database that is reached by another path is the same database
    Only an embedded database is a file that a link can lead to.
    Given my URL leads to the database through a link
    And I run "agents cleanup"
    When I undo the last purge
    Then it exits with 0
    And nothing has changed

  Scenario Outline: On a terminal: <words>
    Given I run "agents cleanup"
    And I undo the last purge
    When on a terminal I run "<words>" and end the input
    Then it exits with 0
    And the answer says "<said>"

    Examples:
      | words                       | said     |
      | agents cleanup archives     | in 90d   |
      | agents cleanup log          | restored |
      | agents cleanup log --verify | restored |

  Scenario: Undoing is remembered as a run of its own
    Given I run "agents cleanup"
    And I undo the last purge
    When I run "agents cleanup log --format json"
    Then the runs are, newest first
      | outcome  | sessions | messages |
      | restored | 4        | 9        |
      | purged   | 4        | 9        |

  Scenario: A session whose counters are wrong was not purged, so nothing wrong comes back
    Given a program that keeps no counters has taken a message from "spring"
    When I run "agents cleanup"
    Then it exits with 1
    And there is no archive

  Scenario: Children come back to their parents
    Given these sessions
      | name     | idle | parent |
      | mother   | 60d  |        |
      | daughter | 50d  | mother |
    And I remember what is there
    And I run "agents cleanup"
    When I undo the last purge
    Then nothing has changed

  @sqlite_only
  Scenario: Dangling messages come back, and dangle as before
    Only SQLite leaves foreign keys to each program, so only there messages can dangle again.
    Given a program that enforces no foreign keys has deleted "summer"
    And I remember what is there
    When I run "agents cleanup"
    And I undo the last purge
    Then it exits with 0
    And nothing has changed

  @sqlite_only
  Scenario: Dangling messages that came back are found and purged again
    Only SQLite leaves foreign keys to each program, so only there messages can dangle again.
    Given a program that enforces no foreign keys has deleted "summer"
    And I run "agents cleanup"
    And I undo the last purge
    When I run "agents cleanup --only dangling --format json"
    Then the report counts
      | dangling messages | purged |
      | 2                 | 0      |

  @sqlite_only
  Scenario: Text that is not UTF-8 comes back byte for byte
    Only SQLite stores whatever bytes a program calls text.
    Given another program has given "spring" a name that is not UTF-8
    And another program has given "summer" an actor that is not UTF-8
    And another program has written a message with a NUL into "blank" and kept no counters
    And I run "agents db check --mend"
    And I remember what is there
    When I run "agents cleanup --stale-after 1m"
    Then 0 messages are left
    When I undo the last purge
    Then nothing has changed

  @postgresql_only
  Scenario: Dangling messages that this database cannot take back are told
    Only a server enforces foreign keys for all, so what dangled there can dangle no more.
    Given a program that enforces no foreign keys has deleted "summer"
    And I run "agents db check --mend"
    And I run "agents cleanup"
    When I undo the last purge with "--format json"
    Then it exits with 6
    And stdout is one json document
    And one of its messages says "2 dangling messages left out"

  @sqlite_only
  Scenario: A session under whose id somebody's messages were left is not given those
    Only SQLite leaves foreign keys to each program, so only there messages can lie without a session.
    Given I run "agents cleanup"
    And these sessions
      | name   | messages |
      | spring | 2        |
    And a program that enforces no foreign keys has deleted "spring"
    When I undo the last purge with "--format json"
    Then it exits with 6
    And of the archive these are left out: "spring" because it has messages again
