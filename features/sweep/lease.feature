Feature: One of many hosts sweeps, and only while its lease lasts
  The lease stands in the database, with a token that grows each time it is given. Whoever was held up
  past it can no longer commit, even if nobody has taken it over yet.

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 60d  | 3        |
      | memoir | 50d  | 2        |
      | talk   | 1d   | 2        |

  # --- one winner -------------------------------------------------------------------------------

  Scenario: Many hosts look at the same moment, and one sweeps
    When 6 hosts with "--every 24h --jitter 0s --mode purge" look at the same moment
    Then exactly one of them swept, and the others saw why not
    And only "talk" remains
    And the ledger knows 1 runs
    And the database remembers these sweeps
      | outcome | sessions | messages |
      | purged  | 2        | 5        |

  Scenario: Who is overtaken between looking and beginning does not sweep again
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And host B sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks, and host B sweeps before host A gets the lease
    Then host B swept, and purged 2 sessions
    And host A did not sweep: not due
    And the ledger knows 1 runs

  Scenario: Who sweeps keeps everybody else from it, the command among them
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And another host holds the lease for 60000 ms
    When host A looks
    Then host A did not sweep: another process sweeps
    And host A looks again in 60s
    When I run "agents cleanup watch --once --mode purge"
    Then it exits with 7
    And the error says "Another process sweeps this database (elsewhere"
    And only "spring", "memoir" and "talk" remain

  Scenario: What keeps sweeps apart keeps no command from working
    Given another host holds the lease for 60000 ms
    When I run "agents cleanup"
    Then it exits with 0
    And only "talk" remains

  Scenario: Somebody emptied the table that leases stand in
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And somebody has emptied the table of the lease
    When I run "agents cleanup pause"
    Then it exits with 0
    When I run "agents cleanup watch --once --mode purge"
    Then it exits with 7
    Given somebody has emptied the table of the lease
    When host A looks
    Then host A swept, and purged 2 sessions

  Scenario: The token grows with each lease, and a lease that was handed back is free at once
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And host B sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 24h go by
    And host B looks
    And 24h go by
    And host A looks
    Then the database remembers these sweeps
      | outcome | token |
      | purged  | 1     |
      | purged  | 2     |
      | purged  | 3     |
    And nobody holds the lease

  Scenario: Nobody waits for a host that holds the lease and is gone
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And another host holds the lease for 1500 ms
    When host A looks
    Then host A did not sweep: another process sweeps
    When 1600 ms pass on the computer
    And host A looks
    Then host A swept, and purged 2 sessions
    And the database remembers these sweeps
      | outcome | token |
      | purged  | 2     |

  # --- the lease is renewed, and lost -----------------------------------------------------------

  Scenario: A sweep that takes longer than its lease renews it
    Given 8 stale sessions with 1 messages of 5 bytes
    And host A sweeps with "--jitter 0s --mode purge --chunk 1 --pause 500ms" and leases of 3000 ms
    And host B sweeps with "--jitter 0s --mode purge"
    When host A looks, and host B looks 3600 ms later
    Then host A swept, and purged 10 sessions
    And host B did not sweep: another process sweeps

  Scenario Outline: A host whose lease <what> before the commit cannot commit
    Given the lease <what> once the archive is written
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then the sweep of host A failed with "lease_lost"
    And only "spring", "memoir" and "talk" remain
    And 7 messages are left
    And the ledger knows no run
    And there is no archive
    And the archive folder holds nothing at all
    And the newest attempt that came to nothing was failed because of "lease_lost"
    And no attempt stands as one that is still at work
    And <who> holds the lease

    Examples:
      | what                         | who          |
      | expires                      | nobody       |
      | is taken over by another host | another host |

  Scenario: What a lost lease rolled back is purged by whoever sweeps next
    Given the lease expires once the archive is written
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And nothing happens to leases any more
    And host B sweeps with "--every 24h --jitter 0s --mode purge"
    And 1m goes by
    And host B looks
    Then host B swept, and purged 2 sessions
    And the database remembers these sweeps
      | outcome | sessions | code       |
      | failed  | 0        | lease_lost |
      | purged  | 2        |            |
    And the ledger knows 1 runs
    And there is 1 archive

  Scenario: In chunks, those that were committed before the lease was lost stay, and each session goes once
    Given 8 stale sessions with 1 messages of 5 bytes
    And the lease is lost while chunk 3 is archived
    And host A sweeps with "--every 24h --jitter 0s --mode purge --chunk 3"
    When host A looks
    Then the sweep of host A failed with "lease_lost"
    And the chunks purged 3, 3 sessions
    When host B sweeps with "--every 24h --jitter 0s --mode purge --chunk 3"
    And 1m goes by
    And host B looks
    Then host B swept, and purged 4 sessions
    And only "talk" remains
    And the database remembers these sweeps
      | outcome | sessions | code       |
      | failed  | 6        | lease_lost |
      | purged  | 4        |            |
    And the ledger counts each of 10 sessions once

  # --- whose process died -----------------------------------------------------------------------

  Scenario: A host that died before it committed anything: its sweep is told as interrupted, and done
    Given a sweep of another host began, and its process is gone
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A swept, and purged 2 sessions
    And the database remembers these sweeps
      | outcome     | sessions | code        |
      | interrupted | 0        | interrupted |
      | purged      | 2        |             |

  Scenario: What could not be written down after the commit is found out from the ledger
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And right after the commit another program keeps everybody from writing about sweeps
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    And host B sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then the database remembers these sweeps
      | outcome |
      | begun   |
    When the other program gives the write lock back
    And host B looks
    Then host B did not sweep: another process sweeps
    When the lease expires
    And host B looks
    Then host B did not sweep: not due
    And the database remembers these sweeps
      | outcome | sessions | messages |
      | purged  | 2        | 5        |
    And the ledger knows 1 runs

  Scenario: A host that woke up too late does not tell a live sweep as interrupted
    Given a sweep of another host is at work
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A did not sweep: another process sweeps
    And the database remembers these sweeps
      | outcome |
      | begun   |
    When host A settles what died, as if it still held an older lease
    Then the database remembers these sweeps
      | outcome |
      | begun   |

  Scenario: A lease that was taken by a clock years ahead, and never handed back, holds nobody up
    Given another host holds the lease for 315360000000 ms
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then the sweep of host A was purged
