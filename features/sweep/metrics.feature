Feature: Metrics tell a monitoring system what sweeps do and how they stand

  Background:
    Given the clock shows the real time
    And these sessions
      | name   | idle | messages | size | parent | pinned |
      | spring | 40d  | 3        | 10   |        |        |
      | summer | 45d  | 2        | 100  | gone   |        |
      | blank  | 2h   | 0        |      |        |        |
      | diary  | 99d  | 1        | 1    |        | yes    |

  Scenario: What a sweep did
    Given files that I make are for me alone
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then it exits with 0
    And the file of metrics says
      | metric                                                     | value |
      | cleveragents_sweeps_total{outcome="purged"}                | 1     |
      | cleveragents_sweeps_total{outcome="failed"}                | 0     |
      | cleveragents_scanned_sessions_total                        | 4     |
      | cleveragents_purged_sessions_total                         | 3     |
      | cleveragents_purged_sessions_by_reason_total{reason="stale"}    | 2 |
      | cleveragents_purged_sessions_by_reason_total{reason="empty"}    | 1 |
      | cleveragents_purged_sessions_by_reason_total{reason="orphaned"} | 1 |
      | cleveragents_purged_messages_total                         | 5     |
      | cleveragents_purged_logical_bytes_total                    | 230   |
      | cleveragents_sweep_failures_total                          | 0     |
      | cleveragents_sweep_duration_seconds_count                  | 1     |
      | cleveragents_sweep_lock_seconds_count                      | 1     |
      | cleveragents_database_reachable                            | 1     |
      | cleveragents_consecutive_failures                          | 0     |
      | cleveragents_backlog_sessions                              | 0     |
      | cleveragents_sessions                                      | 1     |
      | cleveragents_archives                                      | 1     |
      | cleveragents_sweep_interval_seconds                        | 86400 |
    And "cleveragents_database_bytes" and "cleveragents_archives_bytes" are more than 0
    And anybody may read the file of metrics

  Scenario: A sweep that only reports leaves the backlog, and purges nothing
    When I run "agents cleanup watch --once --metrics-file ~/sweeps.prom"
    Then the file of metrics says
      | metric                                        | value |
      | cleveragents_sweeps_total{outcome="reported"} | 1     |
      | cleveragents_scanned_sessions_total           | 4     |
      | cleveragents_purged_sessions_total            | 0     |
      | cleveragents_sweep_lock_seconds_count         | 0     |
      | cleveragents_backlog_sessions                 | 3     |
      | cleveragents_mode{mode="report"}              | 1     |
      | cleveragents_mode{mode="purge"}               | 0     |

  Scenario: Where cleanup is disabled
    Given the variable SESSION_CLEANUP_ENABLED is "false"
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then the file of metrics says
      | metric                                        | value |
      | cleveragents_sweeps_total{outcome="disabled"} | 1     |
      | cleveragents_mode{mode="disabled"}            | 1     |
      | cleveragents_mode{mode="purge"}               | 0     |

  Scenario: Sweeps from cron add up, although each is a process of its own
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    And I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then the file of metrics says
      | metric                                             | value |
      | cleveragents_sweeps_total{outcome="purged"}        | 2     |
      | cleveragents_scanned_sessions_total                | 5     |
      | cleveragents_purged_sessions_total                 | 3     |
      | cleveragents_sweep_duration_seconds_count          | 2     |
      | cleveragents_sweep_duration_seconds_bucket{le="+Inf"} | 2  |
      | cleveragents_sessions                              | 1     |

  Scenario: A sweep of which a session was skipped
    Given somebody will pin "spring" once the archive is written
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then the file of metrics says
      | metric                                                | value |
      | cleveragents_purged_sessions_total                    | 2     |
      | cleveragents_skipped_sessions_total{reason="pinned"}  | 1     |
      | cleveragents_skipped_sessions_total{reason="removed"} | 0     |

  Scenario: A sweep that fails
    When I run "agents cleanup watch --once --mode purge --max-purge 1 --metrics-file ~/sweeps.prom"
    Then it exits with 5
    And the file of metrics says
      | metric                                      | value |
      | cleveragents_sweeps_total{outcome="failed"} | 1     |
      | cleveragents_sweep_failures_total           | 1     |
      | cleveragents_consecutive_failures           | 1     |
      | cleveragents_purged_sessions_total          | 0     |
      | cleveragents_backlog_sessions               | 3     |
    And the metric "cleveragents_last_failure_timestamp_seconds" is now
    And there is no metric "cleveragents_last_success_timestamp_seconds"

  Scenario: The last success is told whichever host had it, also while sweeps are paused
    Given I run "agents cleanup watch --once --mode purge"
    And 3h go by
    And I run "agents cleanup pause"
    When I run "agents cleanup watch --once --metrics-file ~/sweeps.prom"
    Then it exits with 7
    And the metric "cleveragents_last_success_timestamp_seconds" is 3h ago
    And the file of metrics says
      | metric                                      | value |
      | cleveragents_sweeps_paused                  | 1     |
      | cleveragents_sweeps_total{outcome="purged"} | 0     |
      | cleveragents_sweep_failures_total           | 0     |
    And there is no metric "cleveragents_next_sweep_timestamp_seconds"

  Scenario: A database that cannot be reached
    Given the server is down
    When I run "agents cleanup watch --once --metrics-file ~/sweeps.prom"
    Then it exits with 1
    And the file of metrics says
      | metric                            | value |
      | cleveragents_sweep_failures_total | 1     |
      | cleveragents_database_reachable   | 0     |
    And there is no metric "cleveragents_backlog_sessions"

  Scenario: A file that cannot be written stops no sweep
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/nowhere/sweeps.prom"
    Then it exits with 0
    And only "diary" remains
    And the error says "The metrics file could not be written"

  Scenario: A file that cannot be written is counted where the count can be read
    Given an empty folder "sweeps.prom"
    When I look at the metrics of a running "agents cleanup watch --mode purge --jitter 0s --metrics-file ~/sweeps.prom"
    Then the metric "cleveragents_metrics_file_failures_total" is at least 1
    And the metric "cleveragents_sweep_failures_total" is 0

  Scenario Outline: Counters begin anew where the file is not one of metrics: <text>
    Given a file "sweeps.prom" that holds "<text>"
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then it exits with 0
    And the error says "counters begin anew"
    And the file of metrics says
      | metric                                      | value |
      | cleveragents_sweeps_total{outcome="purged"} | 1     |

    Examples:
      | text                   |
      | these are { no metrics |
      | sweeps{, =le} 1        |

  Scenario: There are as many series as before, whatever the sessions are like
    Given I run "agents cleanup watch --once --mode purge --metrics-file ~/before.prom"
    And 40 sessions, each of another actor and source, that nobody used for 50d
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then the file of metrics has the series of "before.prom", and no others

  Scenario: A watch shows its metrics to Prometheus, on this host alone, and those that last outlive it
    When I look at the metrics of a running "agents cleanup watch --mode purge --jitter 0s"
    Then the metric "cleveragents_purged_sessions_total" is 3
    And the metrics are not shown on other addresses of this host
    And the metric "cleveragents_last_success_timestamp_seconds" is that of the last sweep
    When the watch gets SIGTERM
    Then it exits with 0
    When I look at the metrics of a running "agents cleanup watch --mode purge --jitter 0s"
    Then the metric "cleveragents_purged_sessions_total" is 0
    And the metric "cleveragents_last_success_timestamp_seconds" is that of the last sweep

  Scenario: A port that is taken keeps a watch from beginning
    Given a port that another program has
    When I run "agents cleanup watch --mode purge --metrics-port" PORT
    Then it exits with 1
    And the error says "Address already in use. No sweep was begun."
    And only "spring", "summer", "blank" and "diary" remain

  Scenario: An address that is none of this host's
    When I run "agents cleanup watch --metrics-port 9931 --metrics-address 192.0.2.1"
    Then it exits with 1
    And the error says "Metrics cannot be shown at 192.0.2.1:9931"

  Scenario Outline: Mistakes: <words>
    When I run "agents cleanup watch --mode purge <words>"
    Then it exits with 2
    And the error says "<said>"
    And only "spring", "summer", "blank" and "diary" remain

    Examples:
      | words                                       | said                          |
      | --once --metrics-port 9931                  | Use --metrics-file instead.   |
      | --metrics-port 0                            | --metrics-port                |
      | --metrics-port 65536                        | --metrics-port                |
      | --once --metrics-file ~/sweeps.txt          | a name that ends in .prom     |
      | --once --metrics-file sweeps.prom           | write the whole path          |
      | --metrics-port 9931 --metrics-address " "   | one of this host's addresses  |

  Scenario: Without prometheus-client
    Given prometheus-client is not installed
    When I run "agents cleanup watch --once --mode purge --metrics-file ~/sweeps.prom"
    Then it exits with 2
    And the error says "pip install 'cleveragents[metrics]'"
    And only "spring", "summer", "blank" and "diary" remain
    When I run "agents cleanup watch --once --mode purge"
    Then it exits with 0

  Scenario: A process that is stopped while it sweeps leaves no half of a file
    Given the deletion of each session takes 30000 ms
    When "agents cleanup watch --once --mode purge --grace 1s --metrics-file ~/sweeps.prom" gets SIGTERM while it sweeps
    Then no part of a file of metrics is left
    And the file of metrics says
      | metric                                           | value |
      | cleveragents_sweeps_total{outcome="interrupted"} | 1     |
      | cleveragents_sweep_failures_total                | 0     |
      | cleveragents_database_reachable                  | 1     |
      | cleveragents_backlog_sessions                    | 3     |
    And only "spring", "summer", "blank" and "diary" remain

  Scenario: A watch that shows nothing at a port writes the file after each sweep
    Given "agents cleanup watch --mode purge --jitter 0s --metrics-file ~/sweeps.prom" runs until the file tells of a sweep
    When the watch gets SIGTERM
    Then it exits with 0
    And the file of metrics says
      | metric                                      | value |
      | cleveragents_sweeps_total{outcome="purged"} | 1     |
      | cleveragents_purged_sessions_total          | 3     |
      | cleveragents_sessions                       | 1     |

  Scenario: A look that is ended with the runs of its store is no database that cannot be reached
    Given I run "agents cleanup watch --once --metrics-file ~/sweeps.prom"
    When runs are being ended while the metrics of "sweeps.prom" are looked at
    Then the file of metrics says
      | metric                          | value |
      | cleveragents_database_reachable | 1     |
      | cleveragents_backlog_sessions   | 3     |
