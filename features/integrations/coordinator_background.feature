Feature: A coordinator cleans up in the background
  Beside its callers, from threads and from asyncio, without keeping anybody waiting.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | memoir | 2d   |

  Scenario: It cleans up by itself, and a session that is used stays
    Given a coordinator of at most 3 sessions that looks every 20 ms
    And the coordinator has been started
    And the coordinator switches to "spring"
    And the coordinator begins a tool run in "memoir"
    When 61m go by
    Then soon only "memoir" remains
    And soon the session "memoir" is leased for the next 1h
    When the coordinator is stopped
    Then it is stopped within 1 second
    And no session is active
    And the session "memoir" has
      | what             | value |
      | lease_expires_at | none  |

  Scenario: A session that is gone keeps no other from having its lease renewed
    Given a coordinator of at most 3 sessions that looks every 20 ms
    And a tool run in "spring" during which another program deletes it
    And the coordinator begins a tool run in "memoir"
    When 61m go by
    And the coordinator has been started
    Then soon the session "memoir" is leased for the next 1h
    And "memoir" is active

  Scenario: Starting twice is starting once, and what was stopped can be started again
    Given a coordinator of at most 3 sessions that looks every 20 ms
    When the coordinator has been started
    And the coordinator has been started
    Then one background task is at work
    When the coordinator is stopped
    And the coordinator is stopped
    Then no background task is at work
    When the coordinator has been started
    And the coordinator switches to "spring"
    And 61m go by
    Then soon only "memoir" remains

  Scenario: A cleanup that fails is logged and tried again
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And a coordinator of at most 3 sessions that looks every 20 ms
    And the coordinator switches to "spring"
    And another program takes the write lock
    When 61m go by
    And the coordinator has been started
    Then soon the coordinator's log says "Cleaning up inactive sessions failed"
    And "spring" is active
    When the other program gives the write lock back
    Then soon only "memoir" remains

  Scenario: Not even a defect ends the background task
    Given a coordinator of at most 3 sessions that looks every 20 ms
    And the coordinator switches to "spring"
    When 61m go by
    And the clock fails once
    And the coordinator has been started
    Then soon the coordinator's log says "the clock has failed"
    And soon only "memoir" remains

  Scenario: Leases that cannot be released run out by themselves
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And another program takes the write lock
    When the coordinator closes "spring"
    Then soon the coordinator's log says "Leases could not be released"
    And no session is active

  Scenario: Stopping lets a purge at work finish
    Given the deletion of sessions like "spring" takes 1 second
    And a coordinator of at most 3 sessions that looks every 20 ms
    And the coordinator switches to "spring"
    When 61m go by
    And the coordinator has been started
    And its purge is at work
    And the coordinator is stopped with a grace of 20000 ms
    Then the coordinator has ended
    And only "memoir" remains

  Scenario: A purge that goes on beyond the grace is rolled back
    Given the deletion of sessions like "spring" takes 30 seconds
    And a coordinator of at most 3 sessions that looks every 20 ms
    And the coordinator switches to "spring"
    When 61m go by
    And the coordinator has been started
    And its purge is at work
    And the coordinator is stopped with a grace of 300 ms
    Then the coordinator has ended
    And it is stopped within 2 seconds
    And only "spring" and "memoir" remain
    And the session "spring" has
      | what             | value |
      | lease_expires_at | none  |
    When deletions are fast again
    And the coordinator has been started
    And the coordinator switches to "spring"
    And 61m go by
    Then soon only "memoir" remains

  Scenario: From asyncio, the event loop goes on while the database keeps everybody waiting
    When a program with an event loop uses 20 sessions while others hold the write lock for 1000 ms at a time
    Then its event loop was never held up for 900 ms
    And every message that the program appended is there, in order
    And no background task is at work

  Scenario: Eight threads at once, and a cleanup every 10 ms
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "30s"
    When 8 threads use sessions of a coordinator of at most 5 for a while
    Then at no moment more than 5 sessions were active
    And every message that the threads appended is there, in order
    And no session was left leased

  Scenario: Memory stays as it is, however many sessions are opened in turn
    When a program of its own opens 2000 sessions in turn, of which at most 20 are active
    Then it exits with 0
    And there are 2003 sessions in all
    And no session was left leased
