Feature: How sweeps stand, for people and for monitoring
  Sweeps that nobody watches must be seen to work: what is in force, what happened last, what comes next,
  what is left to do; and a probe must be able to tell when they no longer do.

  Background:
    Given these sessions
      | name   | idle | messages | size |
      | spring | 60d  | 3        | 100  |
      | memoir | 50d  | 2        | 100  |
      | talk   | 1d   | 2        | 5    |

  Scenario: Before the first sweep
    When I run "agents cleanup status --format json"
    Then it exits with 0
    And the status says
      | what           | value  |
      | healthy        | False  |
      | enabled        | True   |
      | mode           | report |
      | every          | 24h    |
      | at             | None   |
      | max_age        | 36h    |
      | paused         | None   |
      | stop_file      | None   |
      | lease          | None   |
      | last_success   | None   |
      | last_failure   | None   |
      | backlog        | 2      |
      | archives.count | 0      |
      | next_at        | now    |
    And one of its problems says "No sweep has succeeded yet"
    And the status tells the true size of the database
    And the policy in force is told as a dry run tells it

  Scenario: After a sweep
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 3h go by
    And I run "agents cleanup status --mode purge --format json"
    Then the status says
      | what                    | value        |
      | healthy                 | True         |
      | mode                    | purge        |
      | last_success.outcome    | purged       |
      | last_success.scanned    | 3            |
      | last_success.candidates | 2            |
      | last_success.sessions   | 2            |
      | last_success.messages   | 5            |
      | last_success.started_at | 3h ago       |
      | last_success.backlog    | 0            |
      | last_failure            | None         |
      | failures_since          | 0            |
      | backlog                 | 0            |
      | backlog_growing         | False        |
      | archives.count          | 1            |
      | next_at                 | 21h from now |
    And the status tells the true size of the archives
    And the status tells the true size of the database

  Scenario: By a time of day
    Given the clocks are those of "UTC"
    And host A sweeps with "--at 04:00 --jitter 0s --mode purge"
    When host A looks
    And I run "agents cleanup status --at 04:00 --format json"
    Then the status says
      | what    | value        |
      | every   | 24h          |
      | at      | 04:00        |
      | next_at | 16h from now |

  Scenario: After failures
    Given host A sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    When host A runs for 2m
    And I run "agents cleanup status --format json"
    Then the status says
      | what                    | value       |
      | healthy                 | False       |
      | last_success            | None        |
      | last_failure.outcome    | failed      |
      | last_failure.code       | too_many    |
      | last_failure.started_at | 1m ago      |
      | failures_since          | 2           |
      | next_at                 | 1m from now |
    When I run "agents cleanup status"
    Then the answer says "2 failures since the last success"
    And the answer says "at most 1 may go in one purge"

  Scenario: While a host sweeps
    Given somebody will run "agents cleanup status --format json" once the archive is written
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then the status somebody saw names the holder of the lease, which is this process
    When I run "agents cleanup status --format json"
    Then the status says
      | what  | value |
      | lease | None  |

  Scenario: While sweeps are paused
    When I run "agents cleanup pause --why 'moving the server'"
    And 2h go by
    And I run "agents cleanup status --format json"
    Then the status says
      | what             | value             |
      | paused.why       | moving the server |
      | paused.paused_at | 2h ago            |
      | next_at          | None              |
    When I run "agents cleanup status"
    Then the answer says "never, as things are"
    And the error says "paused sweeps 2h ago: moving the server"

  Scenario: While a stop file is there
    Given there is a file "stop"
    When I run, with the stop file "stop", "agents cleanup status"
    Then the answer says "never, as things are"
    And the error says "keeps sweeps from beginning"

  Scenario: The figures for people are those for machines
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 3h go by
    And I run "agents cleanup status --mode purge"
    Then the status shows these facts
      | fact         | says                                                      |
      | Policy       | stale after 30d, empty after 30m, orphaned after 24h      |
      | Mode         | purge                                                     |
      | Schedule     | every 24h                                                 |
      | Last success | 2026-06-15 12:00 UTC (3h ago)                             |
      | Last failure | never                                                     |
      | Next         | 2026-06-16 12:00 UTC (in 21h)                             |
      | Lease        | nobody sweeps now                                         |
      | Backlog      | 0 sessions eligible now                                   |
      | Archives     | 1 (                                                       |
    And it says "purged"

  # --- the probe --------------------------------------------------------------------------------

  Scenario Outline: A probe <after> after the last success with "<words>"
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And <after> go by
    And I run "agents cleanup status --check <words>"
    Then it exits with <code>

    Examples:
      | after    | words           | code |
      | 1h       |                 | 0    |
      | 36h      |                 | 0    |
      | 36h +1us |                 | 6    |
      | 47h      | --max-age 2d    | 0    |
      | 49h      | --max-age 2d    | 6    |
      | 2h       | --max-age 1h    | 6    |
      | 80h      | --every 2d      | 6    |
      | 71h      | --every 2d      | 0    |
      | 49h      | --max-age 2d -q | 6    |

  Scenario: A probe says what is wrong, on stderr and as JSON
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 72h go by
    And I run "agents cleanup status --check"
    Then the error says "began 3d ago; 36h are allowed"
    When I run "agents cleanup status --check --format json"
    Then it exits with 6
    And stdout is one json document
    And its envelope has
      | what      | value |
      | status    | error |
      | exit_code | 6     |

  Scenario: A probe finds that no sweep ever succeeded, though some failed
    When I run "agents cleanup status --check"
    Then it exits with 6
    Given host A sweeps with "--jitter 0s --mode purge --max-purge 1"
    When host A looks
    And I run "agents cleanup status --check"
    Then it exits with 6

  Scenario: A single failure after a success is no alarm yet
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And host B sweeps with "--every 1h --jitter 0s --mode purge --max-purge 1"
    When host A looks
    And these sessions are added
      | name   | idle |
      | autumn | 60d  |
      | winter | 60d  |
    And 2h go by
    And host B looks
    Then the sweep of host B failed with "too_many"
    When I run "agents cleanup status --check"
    Then it exits with 0

  Scenario: A success that seems to lie ahead is no reason to trust the clocks
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And -72h go by
    And I run "agents cleanup status --check"
    Then it exits with 6

  Scenario: A backlog that grows from sweep to sweep
    Given host A sweeps with "--every 24h --jitter 0s --mode report"
    When host A looks
    And I run "agents cleanup status --check"
    Then it exits with 0
    When 24h go by
    And these sessions are added
      | name   | idle |
      | autumn | 60d  |
    And host A looks
    And I run "agents cleanup status --check"
    Then it exits with 0
    When 1h goes by
    And these sessions are added
      | name   | idle |
      | winter | 60d  |
    And I run "agents cleanup status --check --format json"
    Then it exits with 6
    And one of its problems says "2, 3, 4"
    And the backlogs were 2, 3, 4
    When I run "agents cleanup status"
    Then it exits with 0
    And the answer says "after the last sweeps 2, 3, growing"

  Scenario: A backlog that is large but shrinks
    Given host A sweeps with "--every 24h --jitter 0s --mode report"
    When host A looks
    And 24h go by
    And I run "agents session pin spring"
    And host A looks
    And I run "agents cleanup status --check --format json"
    Then it exits with 0
    And the backlogs were 2, 1, 1

  # --- what is remembered -----------------------------------------------------------------------

  Scenario: Old sweeps are forgotten after 400 days, but never the last success and the last failure
    Given host A sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    And host B sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 1h goes by
    And host A looks
    And 1h goes by
    And host B looks
    Then the database remembers these sweeps
      | outcome |
      | failed  |
      | failed  |
      | purged  |
    When 401d go by
    And host B looks
    Then the database remembers these sweeps
      | outcome |
      | failed  |
      | purged  |
