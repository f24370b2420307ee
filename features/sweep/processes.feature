Feature: Sweeps whose process is killed
  Whatever happens to the process that sweeps, nothing is half done, missed, or done twice; the next host
  finds out from the ledger what became of it.

  Background:
    Given the clock shows the real time
    And these sessions
      | name   | idle | messages |
      | spring | 60d  | 3        |
      | memoir | 50d  | 2        |
      | talk   | 1d   | 2        |

  Scenario Outline: A process that is killed <when>
    When a process sweeps with leases of 1000 ms, and dies "<moment>"
    And host B looks until it has had its turn
    Then the database remembers these sweeps, besides where they were
      | <first>  |
      | <second> |
    And only "talk" remains
    And the ledger counts each of 2 sessions once
    And there is 1 archive
    And no file of a run at work is left
    And the ledger is whole

    Examples:
      | when                     | moment        | first           | second   |
      | while it deletes         | deleting      | interrupted 0 0 | purged 2 5 |
      | right before the commit  | before-commit | interrupted 0 0 | purged 2 5 |
      | right after the commit   | after-commit  | purged 2 5      |            |

  Scenario Outline: A process that is killed while it commits, time and again
    When a process sweeps with leases of 1000 ms, and dies "in-commit"
    And host B looks until it has had its turn
    Then only "talk" remains
    And the ledger counts each of 2 sessions once
    And the sweeps that purged counted each of 2 sessions once
    And there is 1 archive
    And the ledger is whole

    Examples:
      | attempt |
      | first   |
      | second  |

  Scenario: A process that is told to end in the pause between two chunks does not wait for it
    When a process sweeps with "--chunk 1 --pause 60s --grace 1s" and is told to end after chunk 1
    Then it exits with 0
    And it says "rolled back"
    And the database remembers these sweeps, besides where they were
      | interrupted 1 2 |
    And nobody holds the lease
    When host B looks until it has had its turn
    Then the database remembers these sweeps, besides where they were
      | interrupted 1 2 |
      | purged 1 3      |
    And the ledger counts each of 2 sessions once

  Scenario: A process that is killed between two chunks
    When a process sweeps with "--chunk 1 --pause 60s" and is killed after chunk 1
    And host B looks until it has had its turn
    Then the database remembers these sweeps, besides where they were
      | interrupted 1 2 |
      | purged 1 3      |
    And only "talk" remains
    And the ledger counts each of 2 sessions once
    And the ledger is whole

  Scenario: A full disk under the log keeps no sweep away
    When a process sweeps, and nobody can write its log
    Then before long only "talk" remains
