Feature: Room between the chunks

  Background:
    Given 10 stale sessions with 1 messages of 10 bytes
    And the waits are written down and not waited

  Scenario Outline: <options> waits <waits>
    When I run "agents cleanup <options>"
    Then it exits with 0
    And no session remains
    And the waits were <waits>

    Examples:
      | options                           | waits                      |
      | --chunk 5 --pause 200ms           | 0.2s                       |
      | --chunk 4 --pause 3s              | 3s, 3s                     |
      | --chunk 10 --pause 3s             | nothing                    |
      | --chunk 4 --pause 1m              | 60s, 60s                   |
      | --chunk 5 --rate 10/s             | 0.5s                       |
      | --chunk 4 --rate 2/s              | 2s, 2s                     |
      | --chunk 3 --rate 60/m             | 3s, 3s, 3s                 |
      | --chunk 5 --rate 3600/h           | 5s                         |
      | --chunk 4 --rate 2/s --pause 3s   | 3s, 3s                     |
      | --chunk 4 --rate 2/s --pause 1s   | 2s, 2s                     |

  Scenario: Without either there is just enough room for those who wait for the lock
    When I run "agents cleanup --chunk 3"
    Then it exits with 0
    And the waits were 0.025s, 0.025s, 0.025s

  Scenario Outline: What a chunk takes counts for the rate: <rate>
    Given each chunk takes 1s
    When I run "agents cleanup --chunk 4 --rate <rate>"
    Then it exits with 0
    And the waits were <waits>

    Examples:
      | rate  | waits          |
      | 2/s   | 1s, 1s         |
      | 4/s   | 0.025s, 0.025s |
      | 100/s | 0.025s, 0.025s |

  Scenario: A pause comes after each chunk, however long that took
    Given each chunk takes 5s
    When I run "agents cleanup --chunk 4 --pause 2s"
    Then the waits were 2s, 2s

  Scenario: Waiting is no part of how long it took
    When I run "agents cleanup --chunk 5 --pause 1h"
    Then the answer says "Duration           0.00 s"

  Scenario Outline: Refused: <options>
    Given I remember what is there
    When I run "agents cleanup --yes <options>"
    Then it is refused as a usage error that says "<says>"
    And nothing has changed
    And the ledger knows no run

    Examples:
      | options                      | says                              |
      | --chunk 0                    | chunk                             |
      | --chunk -1                   | chunk                             |
      | --chunk 1.5                  | chunk                             |
      | --chunk many                 | chunk                             |
      | --chunk 10%                  | chunk                             |
      | --chunk 9223372036854775808  | chunk                             |
      | --pause 1s                   | no room for a pause               |
      | --rate 5/s                   | no room for a rate                |
      | --chunk 5 --pause 0s         | zero                              |
      | --chunk 5 --pause 5          | no unit                           |
      | --chunk 5 --pause -1s        | pause                             |
      | --chunk 5 --pause 1.5s       | pause                             |
      | --chunk 5 --pause soon       | pause                             |
      | --chunk 5 --pause 101y       | pause                             |
      | --chunk 5 --rate 5           | not a rate                        |
      | --chunk 5 --rate 0/s         | it is zero                        |
      | --chunk 5 --rate 5/d         | not a rate                        |
      | --chunk 5 --rate 5/ms        | not a rate                        |
      | --chunk 5 --rate -5/s        | not a rate                        |
      | --chunk 5 --rate 1.5/s       | not a rate                        |
      | --chunk 5 --rate five/s      | not a rate                        |
      | --chunk 5 --rate 9999999999999999999/s | more than can be        |
      | --max-lock 0ms               | zero                              |
      | --max-lock 5                 | no unit                           |
      | --max-lock soon              | max-lock                          |
      | --max-lock -1s               | max-lock                          |
      | --max-lock 1us               | units                             |
      | --max-lock 200y              | units                             |

  Scenario Outline: Refused in the settings: <key> = <value>
    Given I remember what is there
    And the project's settings file reads
      """
      [cleanup]
      <key> = <value>
      """
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "line 2"
    And it says "<says>"
    And nothing has changed

    Examples:
      | key      | value    | says            |
      | chunk    | 0        | greater than    |
      | chunk    | "many"   | chunk           |
      | chunk    | 1.5      | chunk           |
      | chunk    | true     | chunk           |
      | pause    | 5        | as text         |
      | pause    | "0s"     | zero            |
      | pause    | "5"      | no unit         |
      | rate     | 500      | as text         |
      | rate     | "500"    | not a rate      |
      | rate     | "0/s"    | zero            |
      | max_lock | 2        | as text         |
      | max_lock | "0ms"    | zero            |
      | max_lock | "2 days" | max_lock        |

  Scenario Outline: Refused in the environment: <variable>=<value>
    Given I remember what is there
    And the variable <variable> is "<value>"
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "<variable>"
    And nothing has changed

    Examples:
      | variable                      | value |
      | CLEVERAGENTS_CLEANUP_CHUNK    | 0     |
      | CLEVERAGENTS_CLEANUP_CHUNK    | x     |
      | CLEVERAGENTS_CLEANUP_PAUSE    | 5     |
      | CLEVERAGENTS_CLEANUP_RATE     | 5     |
      | CLEVERAGENTS_CLEANUP_MAX_LOCK | 5     |

  Scenario: A pause in the settings without chunks is told where it stands
    Given the variable CLEVERAGENTS_CLEANUP_PAUSE is "1s"
    And I remember what is there
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "no room for a pause"
    And it says "--chunk 5000"
    And nothing has changed

  Scenario: The flag wins over the environment, and that over the file
    Given the project's settings file reads
      """
      [cleanup]
      chunk = 2
      pause = "3s"
      rate = "1/h"
      """
    And the variable CLEVERAGENTS_CLEANUP_CHUNK is "3"
    And the variable CLEVERAGENTS_CLEANUP_RATE is "100/s"
    When I run "agents cleanup --chunk 4 --rate 1000/s"
    Then it exits with 0
    And the waits were 3s, 3s
    And the chunks purged 4, 4, 2 sessions

  Scenario: From the environment and the file alone
    Given the project's settings file reads
      """
      [cleanup]
      chunk = 2
      pause = "3s"
      """
    And the variable CLEVERAGENTS_CLEANUP_CHUNK is "5"
    When I run "agents cleanup"
    Then it exits with 0
    And the waits were 3s
    And the chunks purged 5, 5 sessions

  Scenario Outline: Settings for every run do not stop <command>
    Given the project's settings file reads
      """
      [cleanup]
      chunk = 2
      pause = "3s"
      max_lock = "1h"
      """
    When I run "agents <command>"
    Then it exits with 0

    Examples:
      | command             |
      | cleanup --dry-run   |
      | cleanup --rehearse  |
      | cleanup policy      |
      | cleanup forecast    |
      | cleanup log         |
      | session list        |
      | demo                |

  Scenario: What an interrupted run has left behind does not stand in the way of the next
    Given a file of a run whose process died stands beside the database
    When I run "agents cleanup --chunk 5"
    Then it exits with 0
    And no session remains
    And no file of a run at work is left
