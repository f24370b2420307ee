Feature: A server that sweeps in its background
  Whoever embeds the cleanup wants no second process, no request that waits, and an end that is one.

  Background:
    Given the clock shows the real time

  Scenario: Beside a server without an event loop
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 1d   |
    When a server sweeps in the mode "purge"
    And the server's sweeper has swept once
    And the server ends
    Then only "winter" remains
    And the ledger knows 1 run from "sweep"
    And the sweeper came to its end by itself

  Scenario: It deletes nothing before somebody said that it may
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    When a server sweeps without saying in which mode
    And the server's sweeper has swept once
    And the server ends
    Then only "spring" remains
    And its last sweep reported 1 eligible session

  Scenario: It can be started again
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    When a server sweeps every "1s" in the mode "purge"
    And the server's sweeper has swept once
    And the server ends
    And these sessions come
      | name   | idle |
      | summer | 40d  |
    And the server begins again
    And no session remains after a while
    And the server ends
    Then the sweeper came to its end by itself

  @processes
  Scenario: The event loop is never blocked while 100,000 sessions are purged
    Given 100000 stale sessions
    When an asyncio server sweeps them all, with a probe on its event loop
    Then it has purged 100000 sessions
    And the event loop was never late by more than 1000 ms
    And 99 of 100 times it was late by less than 250 ms
    And 50 of 100 times it was late by less than 20 ms

  Scenario: A server that ends lets a short sweep come to its end
    Given these sessions
      | name   | idle |
      | slow-1 | 40d  |
      | slow-2 | 40d  |
    And the deletion of each session takes 150 ms
    When a server sweeps with a grace of "30s" in the mode "purge"
    And the server ends while its sweeper deletes
    Then no session remains
    And the sweeper came to its end by itself

  Scenario: What takes longer than the grace is rolled back
    Given these sessions
      | name   | idle |
      | slow-1 | 40d  |
      | slow-2 | 40d  |
      | slow-3 | 40d  |
    And the deletion of each session takes 2000 ms
    When a server sweeps with a grace of "1s" in the mode "purge"
    And the server ends while its sweeper deletes
    Then only "slow-1", "slow-2" and "slow-3" remain
    And the end took less than 3 s
    And its last sweep was interrupted
    And the ledger knows 0 runs from "sweep"

  Scenario: A lifespan of a web framework
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 1d   |
    When an application lives with the sweeper's lifespan until it has swept once
    Then only "winter" remains

  @sqlite_only
  Scenario: A server that ends does not wait for a lock that others hold
    On a server the lock is one of rows, and the wait for it a statement that can be ended.
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    And the database's lock is waited for up to "60s"
    When a server sweeps with a grace of "1s" in the mode "purge", and somebody takes the lock before it deletes
    And the server ends
    Then the end took less than 5 s
    And its last sweep was interrupted
    And only "spring" remains

  Scenario: Each sweep tells a server what expires soon, each session once
    Given these sessions
      | name   | idle |
      | spring | 25d  |
      | summer | 10d  |
      | winter | 40d  |
    When a server that wants to be told 7d before sweeps every "1s" in the mode "purge"
    And the server's sweeper has swept twice
    And the server ends
    Then the server was told once of "spring" and of nothing else
    And only "spring" and "summer" remain

  Scenario: A server that cannot be told does not keep its sweeps from deleting
    Given these sessions
      | name   | idle |
      | spring | 25d  |
      | winter | 40d  |
    When a server that fails when it is told sweeps in the mode "purge"
    And the server's sweeper has swept once
    And the server ends
    Then only "spring" remains
