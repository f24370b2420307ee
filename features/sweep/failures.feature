Feature: Sweeping never stops because a sweep failed
  A failed sweep is logged, counted and tried again with more and more patience, for ever.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 60d  |
      | memoir | 50d  |
      | talk   | 1d   |

  Scenario: A sweep that a brake refuses is tried again with more and more patience, at most an hour
    Given host A sweeps with "--every 24h --jitter 10m --mode purge --max-purge 1"
    When host A runs for 3h
    Then every sweep of host A failed with "too_many"
    And host A swept 0, 1, 3, 7, 15, 31, 63, 123 minutes after the first time
    And only "spring", "memoir" and "talk" remain

  Scenario: Patience is never longer than the interval
    Given host A sweeps with "--every 3m --jitter 0s --mode purge --max-purge 1"
    When host A runs for 14m
    Then host A swept 0, 1, 3, 6, 9, 12 minutes after the first time

  Scenario: A host that is started anew is as patient
    Given host A sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    When host A runs for 4m
    And host B sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    And host B runs for 2m
    Then host B swept 0 times

  Scenario: Once the obstacle is gone, the sweep comes by itself, and then as scheduled
    Given host A sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    When host A runs for 2m
    And I run "agents session pin memoir"
    And host A runs for 2m
    Then host A swept 0, 1, 3 minutes after the first time
    And only "memoir" and "talk" remain
    When host A looks at most every 30m for 25h
    Then host A swept 4 times
    And the database remembers these sweeps
      | outcome | sessions | backlog | code     |
      | failed  | 0        | none    | too_many |
      | failed  | 0        | none    | too_many |
      | purged  | 1        | 0       |          |
      | purged  | 0        | 0       |          |

  Scenario: A locked database
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    And another program has taken the write lock
    When host A looks
    Then host A found the database locked
    When the other program gives the write lock back
    And 1m goes by
    And host A looks
    Then host A swept, and purged 2 sessions

  Scenario: Somebody locks the database right after the commit
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And another program takes the write lock right after the commit
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then only "talk" remains once the other program has given the write lock back
    And the ledger counts each of 2 sessions once

  Scenario: What keeps a host from finding out is logged and counted, and it looks again with more patience
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And a daemon sweeps with "--every 24h --jitter 0s --mode purge"
    And nobody may look who sweeps
    When the daemon looks 6 times
    Then it waited 5s, 10s, 20s, 40s, 60s, 60s
    And it has counted 0 sweeps and 6 failures
    And it has logged "Looking for a sweep failed" 6 times at ERROR
    When everybody may look again
    And the daemon looks 1 time
    Then it has counted 1 sweep and 6 failures
    And only "talk" remains
    When nobody may look who sweeps
    And the daemon looks 1 time
    Then the last time it waited 5s

  Scenario: A failed sweep is logged and counted
    Given a daemon sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    When the daemon looks 1 time
    Then it has counted 1 sweep and 1 failure
    And it has logged "Sweep failed" 1 time at ERROR
    And the last time it waited 60s

  Scenario: Not even a defect stops it
    Given a daemon sweeps with "--every 24h --jitter 0s --mode purge"
    And the policy cannot be read because of a defect
    When the daemon looks 2 times
    Then it waited 5s, 10s
    And it has counted 0 sweeps and 2 failures
    And it has logged "A sweep met a defect" 2 times at ERROR
    When the defect is mended
    And the daemon looks 1 time
    Then it has counted 1 sweep and 2 failures
    And only "talk" remains

  @postgresql_only
  Scenario: A server that cannot be reached is looked for again and again, and the end comes when it is asked for
    Given no server answers at the URL
    When a process sweeps until it has logged "Looking for a sweep failed", and is told to end
    Then it exits with 0
    And it says "0 sweeps, 0 sessions purged with 0 messages (0 B), 1 failure."
    And it does not say "Traceback"

  Scenario: However long a look takes, the next begins after it, and none after the end
    When a scheduler calls again and again what takes 150 ms and wants to be called at once
    Then no call began before the last was over
    And no call came after the end

  Scenario: A daemon that was told to stop looks no more
    Given a daemon sweeps with "--every 24h --jitter 0s --mode purge"
    When the daemon is told to stop and a late call comes
    Then it has counted 0 sweeps and 0 failures
    And only "spring", "memoir" and "talk" remain
    When the daemon is started again
    And the daemon looks 1 time
    Then it has counted 1 sweep and 0 failures
