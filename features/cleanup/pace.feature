Feature: A purge in chunks
  It deletes what a purge in one transaction deletes, a few sessions at a time.

  Background:
    Given these sessions
      | name   | idle | messages | size | pinned |
      | spring | 40d  | 1        | 10   |        |
      | summer | 41d  | 2        | 20   |        |
      | autumn | 42d  | 3        | 30   |        |
      | winter | 43d  | 4        | 40   |        |
      | blank  | 2h   | 0        |      |        |
      | fresh  | 1h   | 5        | 50   |        |
      | pinned | 90d  | 6        | 60   | yes    |
    And I remember what is there

  Scenario Outline: Chunks of at most <size>
    When I run "agents cleanup --chunk <size> --format json"
    Then it exits with 0
    And only "fresh" and "pinned" remain
    And 11 messages are left
    And the report counts
      | scanned | candidates | purged | skipped | stale | empty | messages | bytes |
      | 7       | 5          | 5      | 0       | 4     | 1     | 10       | 300   |
    And the figures reconcile
    And the chunks purged <chunks> sessions
    And the chunks add up
    And no file of a run at work is left
    When I run "agents cleanup log --verify"
    Then it exits with 0

    Examples:
      | size                | chunks        |
      | 1                   | 1, 1, 1, 1, 1 |
      | 2                   | 2, 2, 1       |
      | 3                   | 3, 2          |
      | 4                   | 4, 1          |
      | 5                   | 5             |
      | 6                   | 5             |
      | 5000                | 5             |
      | 9223372036854775807 | 5             |

  Scenario: Without --chunk it stays one transaction with one entry
    When I run "agents cleanup --format json"
    Then it exits with 0
    And the ledger knows 1 runs
    And it says ""chunks": null"

  Scenario Outline: Every chunk has its archive, and the run is undone as a whole
    When I run "agents cleanup --chunk <size>"
    Then there are <archives> archives
    Given I remember the run
    When I undo the run
    Then it exits with 0
    And nothing has changed
    And the answer says "5 sessions with 10 messages put back"
    When I run "agents cleanup log --verify"
    Then it exits with 0

    Examples:
      | size | archives |
      | 1    | 5        |
      | 2    | 3        |
      | 9    | 1        |

  Scenario: One chunk is undone alone, and then the rest
    Given I run "agents cleanup --chunk 2"
    And I remember the run
    When I undo chunk 2 of the run
    Then it exits with 0
    And there are 4 sessions in all
    When I undo the run with "--format json"
    Then it exits with 6
    And there are 7 sessions in all
    And nothing has changed

  Scenario: One session is undone alone, whichever chunk it was in
    Given I run "agents cleanup --chunk 1"
    And I remember the run
    When I undo the run with "--session winter --session blank --format json"
    Then it exits with 0
    And it puts back 2 sessions with 4 messages
    And only "fresh", "pinned", "winter" and "blank" remain

  Scenario: One that no chunk deleted cannot be undone
    Given I run "agents cleanup --chunk 2"
    And I remember the run
    When I undo the run with "--session nobody"
    Then it exits with 3
    And only "fresh" and "pinned" remain

  Scenario: A dry run of undoing verifies every archive and puts nothing back
    Given I run "agents cleanup --chunk 2"
    And I remember the run
    When I undo the run with "--dry-run --format json"
    Then it exits with 0
    And it would put back 5 sessions with 10 messages
    And only "fresh" and "pinned" remain

  Scenario: Undone twice
    Given I run "agents cleanup --chunk 2"
    And I remember the run
    And I undo the last purge
    When I undo the run with "--format json"
    Then it exits with 6
    When I undo the run with "--format json"
    Then it exits with 6
    And it puts back 0 sessions with 0 messages
    And nothing has changed

  Scenario: Without an archive
    When I run "agents cleanup --chunk 2 --no-archive --format json"
    Then it exits with 0
    And there is no archive
    And the chunks add up
    And only "fresh" and "pinned" remain
    Given I remember the run
    When I undo the run
    Then it exits with 3
    And it says "kept no archive"

  Scenario: It says how many chunks, and how to undo them all
    When I run "agents cleanup --chunk 2"
    Then the answer says "Purged 5 sessions of 7 with 10 messages"
    And the answer says "Chunks             3"
    And the answer says "and 2 more"
    And the error says "3 chunks with 5 sessions of 5 purged. Stopped: nothing is left."
    When I run the command that it gives for undoing
    Then nothing has changed

  Scenario: The line that says why it stopped is told under --quiet
    When I run "agents cleanup --chunk 2 --quiet"
    Then it exits with 0
    And the answer says nothing
    And the error says "3 chunks with 5 sessions of 5 purged. Stopped: nothing is left."

  Scenario: For machines the line is one of the messages, and stderr stays empty
    When I run "agents cleanup --chunk 2 --quiet --format json"
    Then stdout is one json document
    And one of its messages says "Stopped: nothing is left."
    And stderr is empty

  Scenario: Nothing to purge
    When I run "agents cleanup --chunk 2 --stale-after 80d --only stale --format json"
    Then it exits with 0
    And nothing has changed
    And the report counts
      | candidates | purged |
      | 0          | 0      |
    And there is no archive

  Scenario Outline: <command> deletes nothing, in chunks or not
    When I run "agents cleanup <command> --chunk 2 --pause 1s --format json"
    Then it exits with 0
    And nothing has changed
    And the ledger knows no run
    And there is no archive
    And the report counts
      | candidates | purged |
      | 5          | 0      |

    Examples:
      | command              |
      | --dry-run            |
      | --rehearse           |
      | --plan-out plan.json |

  Scenario: A rehearsal of a purge in chunks shows what the purge then does
    When I run "agents cleanup --rehearse --chunk 2 --format json"
    Then I remember the rehearsal
    When I run "agents cleanup --chunk 2 --format json"
    Then the report counts as the rehearsal did

  Scenario: The mode that only reports has no chunks
    Given the variable CLEVERAGENTS_CLEANUP_MODE is "report"
    When I run "agents cleanup --chunk 2 --max-lock 1s --format json"
    Then it exits with 0
    And nothing has changed
    And the ledger knows no run

  Scenario: The brakes look at the whole run
    When I run "agents cleanup --chunk 2 --max-purge 4"
    Then it exits with 5
    And nothing has changed
    And the ledger knows no run

  Scenario: On a terminal it is asked once, for all chunks
    When on a terminal I run "agents cleanup --chunk 2" and answer "no"
    Then it exits with 1
    And nothing has changed
    When on a terminal I run "agents cleanup --chunk 2" and answer "yes"
    Then it exits with 0
    And only "fresh" and "pinned" remain
    And the chunks purged 2, 2, 1 sessions

  Scenario: A plan is applied in chunks
    Given I run "agents cleanup --plan-out plan.json"
    And these sessions
      | name     | idle |
      | late     | 60d  |
    And I run "agents session touch summer"
    When I run "agents cleanup apply plan.json --chunk 2 --format json"
    Then it exits with 6
    And only "fresh", "pinned", "late" and "summer" remain
    And the chunks purged 2, 2 sessions

  @sqlite_only
  Scenario: Dangling messages go last, so many at a time
    A server enforces foreign keys for every program, so no message can lose its session there.
    Given these sessions
      | name | idle | messages |
      | lost | 3d   | 5        |
    And a program that enforces no foreign keys has deleted "lost"
    And I remember what is there
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And the report counts
      | purged | messages | dangling messages |
      | 5      | 10       | 5                 |
    And 11 messages are left
    And the chunks purged 2, 2, 1, 0, 0, 0 sessions
    And the chunks add up
    Given I remember the run
    When I undo the run
    Then nothing has changed

  Scenario: The newest of each actor stay, whatever the size of the chunks
    Given these sessions
      | name  | idle | actor |
      | one   | 50d  | a     |
      | two   | 51d  | a     |
      | three | 52d  | a     |
      | four  | 53d  | b     |
      | five  | 54d  | b     |
    When I run "agents cleanup --actor a --actor b --keep-last 1 --chunk 1 --format json"
    Then it exits with 0
    And the figures reconcile
    And the chunks purged 1, 1, 1 sessions
    And only "spring", "summer", "autumn", "winter", "blank", "fresh", "pinned", "one" and "four" remain
