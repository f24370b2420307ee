Feature: Every chunk looks again at its sessions
  Others go on working between two chunks, and what they do counts.

  Background: The chunks would be "autumn" and "blank", then "spring" and "summer", then "winter"
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | summer | 41d  | 2        |
      | autumn | 42d  | 3        |
      | winter | 43d  | 4        |
      | blank  | 44d  | 0        |

  Scenario: The order of the chunks
    When I run "agents cleanup --chunk 2"
    Then chunk 1 was of "autumn" and "blank"
    And chunk 2 was of "spring" and "summer"
    And chunk 3 was of "winter"

  Scenario Outline: In the pause another user <deed> one of the last chunk
    Given in the pause after chunk 1 another user <deed> "winter"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 6
    And "winter" is skipped because it is "<reason>"
    And the report counts
      | scanned | candidates | purged | skipped | messages |
      | 5       | 5          | 4      | 1       | 6        |
    And the figures reconcile
    And the chunks purged 2, 2, 0 sessions
    And the chunks add up
    And there are 2 archives
    And no file of a run at work is left

    Examples:
      | deed               | reason   |
      | touches            | used     |
      | appends to         | used     |
      | pins               | pinned   |
      | leases             | used     |
      | deletes            | removed  |
      | creates a child of | ancestor |

  Scenario Outline: In the pause another program will <deed> one of the next chunk
    Given in the pause after chunk 1 another program will <deed> "summer"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 6
    And "summer" is skipped because it is "changed"
    And the chunks purged 2, 1, 1 sessions
    And the chunks add up
    And there are 1 sessions in all

    Examples:
      | deed                 |
      | rename               |
      | edit the metadata of |
      | count the tokens of  |

  Scenario: A text edited in the pause stands in the archive of its chunk as it was last
    Given in the pause after chunk 1 another program will edit a message of "winter"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And no session remains
    Given I remember the run
    When I undo the run
    And I run "agents session show winter --messages 1"
    Then the answer says "XXXXX"

  Scenario: A session of the next chunk that another user holds is left to that user
    Given in the pause after chunk 1 another user touches "spring"
    And in the pause after chunk 1 another user pins "summer"
    And in the pause after chunk 2 another user deletes "winter"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 6
    And only "spring" and "summer" remain
    And "spring" is skipped because it is "used"
    And "summer" is skipped because it is "pinned"
    And "winter" is skipped because it is "removed"
    And the chunks purged 2, 0, 0 sessions
    And the chunks add up
    And the figures reconcile

  Scenario: What became a candidate after the scan is not purged: nobody has seen it
    Given these sessions
      | name  | idle   |
      | almost | 29d |
    And each chunk takes 2d
    When I run "agents cleanup --chunk 2 --only stale --format json"
    Then it exits with 0
    And only "almost" remains
    And the chunks add up

  Scenario: What was deleted by an earlier chunk and came back is left alone by the later ones
    Given in the pause after chunk 1 somebody runs "agents session create --name autumn"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And only "autumn" remains

  Scenario: Another purge takes the rest in the pause, and nothing is deleted or told twice
    Given in the pause after chunk 1 somebody runs "agents cleanup --format json"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 6
    And somebody's run ended with 0 and said ""purged": 3"
    And no session remains
    And the report counts
      | candidates | purged | skipped | messages |
      | 5          | 2      | 3       | 3        |
    And "winter" is skipped because it is "removed"
    And the ledger knows 4 runs
    When I run "agents cleanup log --verify"
    Then it exits with 0

  Scenario: A second run in chunks has to wait for its turn
    Given in the pause after chunk 1 somebody runs "agents cleanup --chunk 2 --format json"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And somebody's run ended with 7 and said "run_at_work"
    And somebody's run ended with 7 and said "Another run deletes chunk by chunk in this database right now"
    And the chunks purged 2, 2, 1 sessions
    And the chunks add up
    And the ledger knows 3 runs
    And the newest attempt that came to nothing was failed because of "run_at_work"

  @sqlite_only
  Scenario: A second run is told so too where it calls the database by another name
    Given a link "other.db" to the database
    And in the pause after chunk 1 somebody runs "agents cleanup --chunk 2 --database-url sqlite:///other.db --format json"
    When I run "agents cleanup --chunk 2 --format json"
    Then somebody's run ended with 7 and said "run_at_work"
    And it exits with 0
    And the chunks add up

  Scenario: Whoever purges in one transaction need not wait for the run to end
    Given in the pause after chunk 2 somebody runs "agents cleanup --name winter --format json"
    When I run "agents cleanup --chunk 2 --format json"
    Then somebody's run ended with 0 and said ""purged": 1"
    And it exits with 6

  Scenario: A chunk is put back while the run is at work
    Given in the pause after chunk 1 somebody undoes the last purge
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And only "autumn" and "blank" remain
    And the chunks add up

  Scenario: The newest of an actor may change between the chunks
    Given these sessions
      | name   | idle | actor |
      | newest | 50d  | a     |
      | second | 51d  | a     |
      | third  | 52d  | a     |
    And in the pause after chunk 1 another user deletes "newest"
    When I run "agents cleanup --actor a --keep-last 1 --chunk 1 --format json"
    Then it exits with 6
    And "third" is skipped because it is "newest"
    And only "spring", "summer", "autumn", "winter", "blank" and "third" remain

  Scenario: A counter that is wrong stops the run at its chunk, and what is done stays done
    Given a program that keeps no counters has taken a message from "summer"
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 1
    And only "spring", "summer" and "winter" remain
    And it says "1 chunk with 2 sessions of 5 purged. It stopped at the next one"
    And it says "It is about summer."
    And the chunks purged 2 sessions
    And the chunks add up
    And there is 1 archive
    And no file of a run at work is left
    When I run "agents cleanup log --verify"
    Then it exits with 0

  Scenario: The database is locked when the second chunk begins
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And in the pause after chunk 1 another program takes the write lock
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 7
    And it says "1 chunk with 2 sessions of 5 purged. It stopped at the next one"
    And the data says that it stopped because of "database_locked"
    When the other program gives the write lock back
    Then only "spring", "summer" and "winter" remain
    And no file of a run at work is left
    Given I remember the run
    When I run "agents cleanup --chunk 2 --format json"
    Then it exits with 0
    And it went on with the same run
    And the chunks purged 2, 2, 1 sessions
