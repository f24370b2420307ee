Feature: A sweep comes when it is due
  Whoever starts a sweep by a schedule must be able to rely on it: soon after the start, at the time that
  was said, once for all that were missed, and not on all hosts at the same moment.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 60d  |
      | talk   | 1d   |

  Scenario: The first sweep comes soon after the start
    Given host A sweeps with "--every 24h --jitter 10m --mode purge"
    When host A runs for 6s
    Then host A swept 1 time
    And only "talk" remains

  Scenario: A sweep that is not due does not begin
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A swept, and purged 1 session
    When host A looks
    Then host A did not sweep: not due
    When 23h go by
    And host A looks
    Then host A did not sweep: not due
    When 1h goes by
    And host A looks
    Then host A swept, and purged 0 sessions

  Scenario: A host that is started anew does not sweep again before it is due
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 3h go by
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    And host A looks
    Then host A did not sweep: not due

  Scenario: Restarts, however frequent, cannot starve the sweep
    When a host is started every 10s for 1m with "--every 24h --mode purge"
    Then 1 sweep began
    When a host is started every 5m for 6h with "--every 1h --jitter 10m --mode purge"
    Then the sweeps began no sooner than 1h and no later than 66m after one another

  Scenario: Unless told otherwise a sweep comes every day, and has five seconds to come to its end
    Given host A sweeps with "--mode purge"
    Then host A sweeps every 24h, with a jitter of 10m and a grace of 5s

  Scenario: Sweeps that were missed while nothing ran are caught up once
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    And 240h go by
    And host B sweeps with "--every 24h --mode purge"
    And host B looks at most every 10m for 23h
    Then host B swept 1 time

  Scenario: A host that slept catches up once
    Given host A sweeps with "--every 1h --jitter 0s --mode purge"
    When host A looks
    And 10h go by
    And host A runs for 59m
    Then host A swept 2 times

  Scenario: Sweeps by a time of day
    Given the clocks are those of "Europe/Berlin"
    And it is 2026-06-15 08:00 by UTC
    And host A sweeps with "--at 04:00 --jitter 0s --mode purge"
    When host A looks at most every 20m for 60h
    Then host A swept at these times
      | time                  |
      | 2026-06-15 10:00+0200 |
      | 2026-06-16 04:00+0200 |
      | 2026-06-17 04:00+0200 |

  Scenario: The time of day stays when the clocks change
    Given the clocks are those of "Europe/Berlin"
    And it is 2026-10-24 02:00 by UTC
    And host A sweeps with "--at 04:00 --jitter 0s --mode purge"
    When host A looks at most every 20m for 50h
    Then host A swept at these times
      | time                  |
      | 2026-10-24 04:00+0200 |
      | 2026-10-25 04:00+0100 |
      | 2026-10-26 04:00+0100 |

  Scenario Outline: With "<options>" a sweep at <last> is followed by one at <next>
    Given the clocks are those of "<zone>"
    Then with "<options>" a sweep that began at <last> is followed by one at <next>

    Examples: every day is like the others
      | options               | zone             | last                   | next                  |
      | --every 24h           | UTC              | 2026-06-15 12:00+00:00 | 2026-06-16 12:00+0000 |
      | --every 90m           | UTC              | 2026-06-15 23:00+00:00 | 2026-06-16 00:30+0000 |
      | --at 04:00            | UTC              | 2026-06-15 03:59+00:00 | 2026-06-15 04:00+0000 |
      | --at 04:00            | UTC              | 2026-06-15 04:00+00:00 | 2026-06-16 04:00+0000 |
      | --at 00:00            | UTC              | 2026-12-31 23:59+00:00 | 2027-01-01 00:00+0000 |
      | --at 04:00            | Asia/Kolkata     | 2026-06-15 23:00+00:00 | 2026-06-17 04:00+0530 |
      | --at 04:00            | America/New_York | 2026-06-15 07:00+00:00 | 2026-06-15 04:00-0400 |
      | --every 2d --at 04:00 | UTC              | 2026-06-15 04:05+00:00 | 2026-06-17 04:00+0000 |
      | --every 2d --at 04:00 | UTC              | 2026-06-15 03:55+00:00 | 2026-06-16 04:00+0000 |
      | --every 1w --at 04:00 | UTC              | 2026-06-15 04:00+00:00 | 2026-06-22 04:00+0000 |

    Examples: the clocks go forward, and half past two is left out
      | options               | zone          | last                   | next                  |
      | --every 24h           | Europe/Berlin | 2026-03-28 12:00+01:00 | 2026-03-29 13:00+0200 |
      | --at 04:00            | Europe/Berlin | 2026-03-28 04:00+01:00 | 2026-03-29 04:00+0200 |
      | --at 04:00            | Europe/Berlin | 2026-03-29 01:00+01:00 | 2026-03-29 04:00+0200 |
      | --at 02:30            | Europe/Berlin | 2026-03-28 02:30+01:00 | 2026-03-29 03:30+0200 |
      | --at 02:30            | Europe/Berlin | 2026-03-29 03:30+02:00 | 2026-03-30 02:30+0200 |
      | --every 2d --at 02:30 | Europe/Berlin | 2026-03-28 02:30+01:00 | 2026-03-30 02:30+0200 |

    Examples: the clocks go back, and half past two comes twice
      | options    | zone          | last                   | next                  |
      | --at 02:30 | Europe/Berlin | 2026-10-24 02:30+02:00 | 2026-10-25 02:30+0200 |
      | --at 02:30 | Europe/Berlin | 2026-10-25 02:30+02:00 | 2026-10-26 02:30+0100 |
      | --at 02:30 | Europe/Berlin | 2026-10-25 02:10+01:00 | 2026-10-26 02:30+0100 |
      | --at 02:30 | Europe/Berlin | 2026-10-25 02:50+01:00 | 2026-10-26 02:30+0100 |
      | --at 04:00 | Europe/Berlin | 2026-10-25 01:00+02:00 | 2026-10-25 04:00+0100 |

  Scenario: Hosts do not all look at once, and looking again draws no new chance
    Given host A sweeps with "--every 1h --jitter 0s --mode purge"
    When host A looks
    And 1h goes by
    Then of 8 hosts with "--every 1h --jitter 50s" each waits between 0s and 50s, whenever it looks

  Scenario: A chance that is longer than the interval is cut, so that no sweep is left out
    Given host A sweeps with "--every 4s --jitter 0s --mode purge"
    When host A looks
    And 4s go by
    Then of 8 hosts with "--every 4s --jitter 10m" each waits between 0s and 2s, whenever it looks

  # --- clocks that are wrong ----------------------------------------------------------------------

  Scenario: A clock that was ahead for a while keeps nobody from reporting until it is caught up with
    Given host A sweeps with "--every 24h --jitter 0s --mode report"
    When 240h go by
    And host A looks
    And -240h go by
    And host A looks
    Then the sweep of host A was reported
    When host A looks
    Then host A did not sweep: not due
    When 24h go by
    And host A looks
    Then the sweep of host A was reported

  Scenario: Nor does it make purges silently stay away: the brake of the clock tells, with patience
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When 240h go by
    And host A looks
    And -240h go by
    And host A looks
    Then the sweep of host A failed with "clock"
    When host A looks
    Then host A did not sweep: not due
    When I run "agents cleanup status --format json"
    Then the status says
      | what           | value       |
      | failures_since | 1           |
      | next_at        | 1m from now |

  Scenario: A failure by a clock that was ahead is not waited for
    Given host A sweeps with "--every 24h --jitter 0s --mode purge --max-purge 1"
    And these sessions are added
      | name   | idle |
      | autumn | 60d  |
    When 240h go by
    And host A looks
    Then the sweep of host A failed with "too_many"
    When -240h go by
    And host A looks
    Then the sweep of host A failed with "too_many"
    When host A looks
    Then host A did not sweep: not due

  Scenario: What was planned by a clock that was ahead is planned anew
    Given host A sweeps with "--every 24h --jitter 10m --mode purge"
    When 240h go by
    And host A looks
    And -240h go by
    And host A looks
    Then host A swept, and purged 1 session

  Scenario: A clock that is set back while nobody sweeps does not hold up the next look
    Then a timer for every second still calls after the clock was set back by an hour
