Feature: How long a transaction may keep others waiting

  Background:
    Given 60 stale sessions with 2 messages of 10 bytes

  Scenario: A purge that fits is not refused
    When I run "agents cleanup --max-lock 1h --format json"
    Then it exits with 0
    And no session remains
    And the ledger knows 1 runs
    And there is 1 archive
    And how long the lock was held is told

  Scenario: A purge that would take too long is refused, with the command that then works
    Given the deletion of each session takes 15 ms
    When I run "agents cleanup --max-lock 400ms"
    Then it exits with 5
    And the error says "60 sessions in one transaction would hold the database's write lock for about"
    And the error says "at most 400ms is allowed"
    And the error says "Nothing was deleted. How fast this database deletes was measured on a few of them."
    And the error says "To allow it: agents cleanup --max-lock 400ms --chunk"
    And nothing has changed
    And the ledger knows no run
    And there is no archive
    And no file of a run at work is left
    And the newest attempt that came to nothing was refused because of "lock_budget"
    Given I remember the size of the chunks that it says would fit
    When I do what it says, and again where the computer has become slower by then
    Then it exits with 0
    And no session remains
    And the first chunk was as large as it said

  Scenario Outline: The same where so few sessions as were tried take longer than is allowed
    Given the deletion of each session takes <each> ms
    When I run "agents cleanup --max-lock <allowed>"
    Then it exits with 5
    And the error says "To allow it: agents cleanup --max-lock <allowed> --chunk"
    And nothing has changed
    When I do what it says, and again where the computer has become slower by then
    Then it exits with 0
    And no session remains

    Examples:
      | each | allowed |
      | 30   | 400ms   |
      | 50   | 700ms   |

  Scenario: Chunks that are too large are refused with smaller ones
    Given the deletion of each session takes 15 ms
    When I run "agents cleanup --max-lock 300ms --chunk 50 --format json"
    Then it exits with 5
    And it says "To allow it: agents cleanup --max-lock 300ms --format json --chunk"
    And nothing has changed
    When I do what it says, and again where the computer has become slower by then
    Then it exits with 0
    And no session remains

  Scenario: The limit from the settings, with the options as they were given
    Given the deletion of each session takes 15 ms
    And the variable CLEVERAGENTS_CLEANUP_MAX_LOCK is "300ms"
    When I run "agents cleanup --only stale --yes"
    Then it exits with 5
    And the error says "To allow it: agents cleanup --only stale --yes --chunk"
    And nothing has changed

  Scenario: Nobody is asked about what is refused anyway
    Given the deletion of each session takes 15 ms
    When on a terminal I run "agents cleanup --max-lock 300ms" and answer "yes"
    Then it exits with 5
    And nothing was asked
    And nothing has changed

  Scenario: A chunk that takes too long is rolled back and made smaller
    The measure sees the first 500 at most, and the last ones are the slow ones.
    Given 460 stale sessions with 1 messages of 10 bytes whose ids begin with "more"
    And the deletion of each session like "stale-5_" takes 60 ms
    When I run "agents cleanup --max-lock 350ms --chunk 60 --format json"
    Then it exits with 0
    And no session remains
    And the chunks add up
    And a later chunk was smaller than the first
    And no transaction held the lock for longer than 1000 ms
    And no file of a run at work is left

  Scenario: A chunk of one session that takes too long stops the run, and what is done stays done
    Given 460 stale sessions with 1 messages of 10 bytes whose ids begin with "more"
    And the deletion of each session like "stale-59" takes 2500 ms
    When I run "agents cleanup --max-lock 1s --chunk 100 --format json"
    Then it exits with 5
    And the data says that it stopped because of "lock_budget"
    And "stale-59" remains among others, and no more than 10 do
    And the chunks add up
    And it says "the longest that is allowed"
    And no file of a run at work is left

  Scenario: One transaction that takes too long although the measure said otherwise is stopped and rolled back
    Given 460 stale sessions with 1 messages of 10 bytes whose ids begin with "more"
    And the deletion of each session like "stale-59" takes 8000 ms
    And I remember what is there
    When I run "agents cleanup --max-lock 5s"
    Then it exits with 5
    And the error says "It was rolled back"
    And the error says "--chunk"
    And nothing has changed
    And there is no archive
    And the ledger knows no run

  Scenario: No candidate, nothing to measure
    Given the deletion of each session takes 500 ms
    When I run "agents cleanup --stale-after 90d --only stale --max-lock 1ms --format json"
    Then it exits with 0
    And nothing has changed

  Scenario: A dry run is never refused
    Given the deletion of each session takes 15 ms
    When I run "agents cleanup --dry-run --max-lock 1ms"
    Then it exits with 0
    And nothing has changed

  Scenario: A rehearsal is one transaction even of a purge in chunks, and says so where that takes too long
    Given the deletion of each session takes 15 ms
    When I run "agents cleanup --rehearse --max-lock 400ms --chunk 5"
    Then it exits with 5
    And the error says "rehears"
    And the error does not say "To allow it"
    And nothing has changed
    When I run "agents cleanup --rehearse --max-lock 1h --chunk 5"
    Then it exits with 0

  Scenario: Where a single session takes too long no command is given that does not work either
    Given the deletion of each session takes 400 ms
    When I run "agents cleanup --max-lock 100ms --chunk 1"
    Then it exits with 5
    And the error does not say "To allow it"
    And the error says "max_lock"
    And nothing has changed

  Scenario: Measuring leaves nothing behind and counts the rest as before
    When I run "agents cleanup --max-lock 1h --chunk 25 --format json"
    Then it exits with 0
    And the report counts
      | candidates | purged | messages | bytes |
      | 60         | 60     | 120      | 1200  |
    And the chunks purged 25, 25, 10 sessions
    And the chunks add up

  Scenario: A plan that would take too long is refused too
    Given the deletion of each session takes 15 ms
    And I run "agents cleanup --plan-out plan.json"
    When I run "agents cleanup apply plan.json --max-lock 300ms"
    Then it exits with 5
    And the error says "To allow it: agents cleanup apply plan.json --max-lock 300ms --chunk"
    And nothing has changed
    When I do what it says, and again where the computer has become slower by then
    Then it exits with 0
    And no session remains

  Scenario: Wrong counters are told with the sessions, measured or not
    Given a program that keeps no counters has taken a message from "stale-1"
    When I run "agents cleanup --max-lock 1h"
    Then it exits with 1
    And the error says "The sessions to purge count"
    And the error says "It is about stale-1."

  @processes
  Scenario: Ctrl-C is obeyed at once, whatever may be held
    Given the clock shows the real time
    And the deletion of "stale-59" takes very long
    When "agents cleanup --max-lock 1h --chunk 10 --yes" gets Ctrl-C while it deletes after chunk 1
    Then it exits with 130
    And there was no traceback
    And no file of a run at work is left

  Scenario: What is in force is shown, with where it came from
    Given the variable CLEVERAGENTS_CLEANUP_PAUSE is "1500ms"
    And the project's settings file reads
      """
      [cleanup]
      max_lock = "2s"
      chunk = 5000
      rate = "500/s"
      """
    When I run "agents cleanup policy --format json"
    Then it exits with 0
    And these values are in force
      | name     | value  | source                              |
      | max_lock | 2s     | cleveragents.toml, line 2: max_lock |
      | chunk    | 5000   | cleveragents.toml, line 3: chunk    |
      | pause    | 1500ms | CLEVERAGENTS_CLEANUP_PAUSE          |
      | rate     | 500/s  | cleveragents.toml, line 4: rate     |
