Feature: A run in chunks that is stopped, and goes on
  What is done stays done, the ledger says exactly what that is, and the same command goes on.

  Background: The chunks would be "autumn" and "blank", then "spring" and "summer", then "winter"
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | summer | 41d  | 2        |
      | autumn | 42d  | 3        |
      | winter | 43d  | 4        |
      | blank  | 44d  | 0        |
    And I remember what is there

  Scenario Outline: Ctrl-C <phase> chunk <number>
    Given Ctrl-C is pressed <phase> chunk <number>
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 130
    And stdout is one json document
    And the data says that it stopped because of "interrupted"
    And the chunks purged <purged> sessions
    And the chunks add up
    And it says "Run "
    And it says "<done> purged."
    And it says "give the same command again"
    And there are <left> sessions in all
    And no file of a run at work is left
    And no attempt stands as one that is still at work
    And the newest attempt that came to nothing was interrupted because of "interrupted"
    When I run "agents cleanup log --verify"
    Then it exits with 0
    Given I remember the run
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And no session remains
    And it went on with the same run
    And the chunks purged 2, 2, 1 sessions
    And the chunks add up
    And it says "had been interrupted after"
    When I undo the run
    Then it exits with 0
    And nothing has changed

    Examples:
      | phase                  | number | purged | left | done                           |
      | right after committing | 1      | 2      | 3    | 1 chunk with 2 sessions of 5   |
      | right after committing | 2      | 2, 2   | 1    | 2 chunks with 4 sessions of 5  |
      | in the pause after     | 1      | 2      | 3    | 1 chunk with 2 sessions of 5   |
      | in the pause after | 2      | 2, 2   | 1    | 2 chunks with 4 sessions of 5  |
      | while archiving    | 2      | 2      | 3    | 1 chunk with 2 sessions of 5   |
      | while archiving    | 3      | 2, 2   | 1    | 2 chunks with 4 sessions of 5  |
      | while deleting     | 2      | 2      | 3    | 1 chunk with 2 sessions of 5   |
      | while deleting     | 3      | 2, 2   | 1    | 2 chunks with 4 sessions of 5  |
      | while committing   | 1      | 2      | 3    | 1 chunk with 2 sessions of 5   |
      | while committing   | 2      | 2, 2   | 1    | 2 chunks with 4 sessions of 5  |

  Scenario Outline: Ctrl-C <phase> the first chunk: nothing was done
    Given Ctrl-C is pressed <phase> chunk 1
    When I run "agents cleanup --chunk 2"
    Then it exits with 130
    And nothing has changed
    And the ledger knows no run
    And there is no archive
    And no file of a run at work is left
    And the newest attempt that came to nothing was interrupted because of "interrupted"
    And it says "nothing was changed"

    Examples:
      | phase           |
      | while archiving |
      | while deleting  |

  Scenario Outline: Ctrl-C while the last chunk commits comes too late to stop anything: <size> at a time
    Given Ctrl-C is pressed while committing chunk <last>
    When I run "agents cleanup --chunk <size> --format json"
    Then it exits with 0
    And no session remains
    And the data says that nothing stopped it
    And it says "Stopped: nothing is left."
    And the chunks add up

    Examples:
      | size | last |
      | 2    | 3    |
      | 9    | 1    |

  Scenario: Ctrl-C in the pause is not told as a chunk that was rolled back
    Given Ctrl-C is pressed in the pause after chunk 1
    When I run "agents cleanup --chunk 2"
    Then it exits with 130
    And it says "Interrupted"
    And it does not say "rolled back"
    And it does not say "nothing was changed"

  Scenario: Ctrl-C while a chunk commits is not told as a chunk that was rolled back
    Given Ctrl-C is pressed while committing chunk 1
    When I run "agents cleanup --chunk 2"
    Then it exits with 130
    And it does not say "rolled back"
    And it does not say "nothing was changed"

  Scenario: Ctrl-C while a chunk deletes says what was rolled back, and not that nothing changed
    Given Ctrl-C is pressed while deleting chunk 2
    When I run "agents cleanup --chunk 2"
    Then it exits with 130
    And it says "rolled back"
    And it does not say "nothing was changed"

  Scenario: For people: what was done stands in the answer, why it stopped in the error
    Given Ctrl-C is pressed in the pause after chunk 1
    When I run "agents cleanup --chunk 2"
    Then the answer says "Purged 2 sessions of 5 with 3 messages"
    And the answer says "Undo"
    And the error says "1 chunk with 2 sessions of 5 purged"
    And there was no traceback

  Scenario: Why it stopped is told under --quiet
    Given Ctrl-C is pressed in the pause after chunk 1
    When I run "agents cleanup --chunk 2 --quiet"
    Then it exits with 130
    And the error says "1 chunk with 2 sessions of 5 purged"

  Scenario: Stopped twice, and each time it goes on
    Given Ctrl-C is pressed in the pause after chunk 1
    And Ctrl-C is pressed in the pause after chunk 2
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 130
    Given I remember the run
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 130
    And it went on with the same run
    And the chunks purged 1, 1 sessions
    And the chunks add up
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it went on with the same run
    And the chunks purged 1, 1, 2, 1 sessions
    And the chunks add up
    When I undo the run
    Then nothing has changed

  Scenario Outline: It goes on with another pace: <options>
    Given Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup --chunk 2"
    And I remember the run
    When I run "agents cleanup --yes --quiet <options>"
    Then it exits with 0
    And it went on with the same run

    Examples:
      | options                    |
      | --chunk 1                  |
      | --chunk 100                |
      | --chunk 2 --pause 1s       |
      | --chunk 2 --rate 1/s       |
      | --chunk 2 --max-purge 100% |

  Scenario Outline: It does not go on with <what>
    Given Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup --chunk 2"
    And I remember the run
    When I run "agents cleanup --chunk 2 <options> --format json"
    Then it was another run
    And the data says that nothing was done before

    Examples:
      | what                    | options              |
      | another threshold       | --stale-after 31d    |
      | another choice of rules | --only stale         |
      | another filter          | --name '*i*'         |
      | newest ones to be kept  | --keep-last 1        |

  Scenario: A purge in between ends the run
    Given Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup --chunk 2"
    And I remember the run
    And I run "agents cleanup --name winter --stale-after 20d"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it was another run
    And no session remains
    And the chunks purged 2 sessions

  Scenario: A restore in between ends the run
    Given Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup --chunk 2"
    And I remember the run
    And I undo the run
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it was another run
    And the chunks purged 2, 2, 1 sessions
    And no session remains

  Scenario Outline: A <what> in between does not end the run
    Given Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup --chunk 2"
    And I remember the run
    And I run "agents cleanup <options>"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it went on with the same run

    Examples:
      | what      | options                  |
      | dry run   | --dry-run                |
      | rehearsal | --rehearse               |
      | plan      | --plan-out plan.json     |
      | refusal   | --max-purge 1            |
      | look      | log --verify             |

  Scenario: Without --chunk the rest goes in one transaction, as a run of its own
    Given Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup --chunk 2"
    And I remember the run
    When I run "agents cleanup --format json"
    Then it exits with 0
    And it was another run
    And no session remains
    When I run "agents cleanup log --verify"
    Then it exits with 0

  Scenario: A run that came to its end is not gone on with
    Given I run "agents cleanup --chunk 2"
    And I remember the run
    And these sessions
      | name | idle |
      | late | 60d  |
    When I run "agents cleanup --chunk 2 --format json"
    Then it was another run
    And the chunks purged 1 sessions

  Scenario: A run that came to its end with sessions skipped is not gone on with
    Given in the pause after chunk 1 another user touches "winter"
    And I run "agents cleanup --chunk 2"
    And I remember the run
    And these sessions
      | name | idle |
      | late | 60d  |
    When I run "agents cleanup --chunk 2 --format json"
    Then it was another run

  Scenario: A plan is gone on with only by the same plan
    Given I run "agents cleanup --plan-out plan.json"
    And Ctrl-C is pressed in the pause after chunk 1
    When I run "agents cleanup apply plan.json --chunk 2 --format json"
    Then it exits with 130
    And the chunks purged 2 sessions
    Given I remember the run
    When I run "agents cleanup apply plan.json --chunk 2 --format json"
    Then it went on with the same run
    And no session remains
    And the chunks purged 2, 2, 1 sessions

  Scenario: The policy's own command does not go on with a plan
    Given I run "agents cleanup --plan-out plan.json"
    And Ctrl-C is pressed in the pause after chunk 1
    And I run "agents cleanup apply plan.json --chunk 2"
    And I remember the run
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it was another run
    And no session remains

  @sqlite_only
  Scenario: A run of which only dangling messages were left counts as done
    A server enforces foreign keys for every program, so no message can lose its session there.
    Given these sessions
      | name | idle | messages |
      | lost | 3d   | 5        |
    And a program that enforces no foreign keys has deleted "lost"
    And Ctrl-C is pressed in the pause after chunk 3
    And I run "agents cleanup --chunk 2"
    And I remember the run
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it was another run
    And 0 messages are left

  @processes
  Scenario Outline: <how> in the pause of a real process
    Given the clock shows the real time
    When "agents cleanup --chunk 2 --pause 60s --format json" gets <how> in the pause after chunk 1
    Then it exits with <code>
    And it says, unless it was killed, "1 chunk with 2 sessions of 5 purged."
    And there are 3 sessions in all
    Given I remember the run
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it went on with the same run
    And the chunks purged 2, 2, 1 sessions
    And the chunks add up
    And no session remains
    And no file of a run at work is left

    Examples:
      | how     | code |
      | Ctrl-C  | 130  |
      | kill -9 | -9   |

  @processes
  Scenario Outline: <how> while the second chunk is deleted
    Given the clock shows the real time
    And the deletion of "spring" takes very long
    When "agents cleanup --chunk 2 --format json" gets <how> while it deletes after chunk 1
    Then it exits with <code>
    And it says, unless it was killed, "1 chunk with 2 sessions of 5 purged."
    And there are 3 sessions in all
    Given I remember the run
    And nothing takes long any more
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it went on with the same run
    And the chunks purged 2, 2, 1 sessions
    And the chunks add up
    And no session remains
    And no file of a run at work is left
    When I undo the run
    Then nothing has changed

    Examples:
      | how     | code |
      | Ctrl-C  | 130  |
      | kill -9 | -9   |
