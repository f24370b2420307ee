Feature: A sweep whose process is held up
  A host that slept, or was paused, wakes up in the middle of what is no longer its turn.

  Background:
    Given the clock shows the real time
    And these sessions
      | name   | idle | messages |
      | spring | 60d  | 3        |
      | memoir | 50d  | 2        |
      | talk   | 1d   | 2        |

  Scenario: A process that is held up past its lease cannot commit
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And the deletion of each session like "memoir" takes 1000 ms
    When a process sweeps with leases of 2500 ms
    And it is stopped in the middle of its purge, past its lease
    And host B sweeps with "--every 24h --jitter 0s --mode purge --max-lock 30s"
    And host B looks
    Then host B found the database locked
    When it is woken up, and its sweep ends as failed
    Then only "spring", "memoir" and "talk" remain
    And 7 messages are left
    And the ledger knows no run
    And the archive folder holds nothing at all
    When host B looks until it has had its turn
    Then host B swept, and purged 2 sessions
    And one of the sweeps that failed failed with "lease_lost"
    And the ledger counts each of 2 sessions once
    When it is told to end
    Then it exits with 0
    And it says "lease_lost"
