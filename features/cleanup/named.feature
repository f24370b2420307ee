Feature: A program purges only sessions that it names
  A server knows which sessions it made. It need not look at all the others to purge a few.

  Background:
    Given these sessions
      | name   | idle | messages | parent | actor   | source | pinned | leased |
      | spring | 40d  | 1        |        | local/a | cli    |        |        |
      | summer | 40d  | 1        |        | local/a | api    |        |        |
      | blank  | 2h   | 0        |        | local/a | api    |        |        |
      | kept   | 40d  | 1        |        | local/b | api    | yes    |        |
      | busy   | 40d  | 1        |        | local/b | api    |        | 1h     |
      | mother | 40d  | 1        |        |         | api    |        |        |
      | child  | 40d  | 1        | mother |         | api    |        |        |
      | recent | 1h   | 1        |        | local/a | api    |        |        |

  Scenario: What the policy selects and the program names goes, whatever else there is
    When a program purges only "spring", "blank", "recent", "kept", "busy", "nobody" and "spring"
    Then only "summer", "kept", "busy", "mother", "child", "recent" remain
    And the report counts
      | scanned | candidates | purged | stale | empty | protected | recent | filtered |
      | 5       | 2          | 2      | 1     | 1     | 2         | 1      | 0        |
    And the figures reconcile
    And the ledger knows 1 runs
    When a program undoes that
    Then there are 8 sessions in all

  Scenario: A scan of named sessions changes nothing
    Given I remember what is there
    When a program scans only "spring", "blank" and "recent"
    Then the candidates are, oldest first, "spring" and "blank"
    And the figures reconcile
    And nothing has changed

  Scenario Outline: Naming <what> purges nothing and leaves no trace
    Given I remember what is there
    When a program purges only <names>
    Then the report counts
      | scanned   | candidates | purged |
      | <scanned> | 0          | 0      |
    And the ledger knows no run
    And no attempt is remembered
    And nothing has changed

    Examples:
      | what                     | names               | scanned |
      | nobody                   | no session          | 0       |
      | only unknown ids         | "none" and "nobody" | 0       |
      | only what cannot be ids  | "%00" and "%ud800"  | 0       |
      | only what the rules keep | "kept" and "recent" | 2       |

  Scenario: Nobody becomes an orphan, and kin that is named goes together
    When a program purges only "mother"
    Then the report counts
      | scanned | candidates | ancestor |
      | 1       | 0          | 1        |
    When a program purges only "mother" and "child"
    Then the report counts
      | scanned | candidates | purged |
      | 2       | 2          | 2      |

  Scenario: Filters and the newest of an actor narrow it further
    When a program purges only "spring", "summer", "blank" and "kept" of the source "api", but the newest 2 of each actor
    Then only "spring", "blank", "kept", "busy", "mother", "child", "recent" remain
    And the report counts
      | scanned | candidates | filtered | newest |
      | 4       | 1          | 1        | 2      |
    And the figures reconcile

  @sqlite_only
  Scenario: Dangling messages are left alone
    Only SQLite leaves foreign keys to each program; there a trigger records what is left behind.
    Given a program that enforces no foreign keys has deleted "summer"
    And 2d go by
    When a program purges only "spring" and "summer"
    Then the report counts
      | scanned | purged | dangling messages |
      | 1       | 1      | 0                 |
    And 1 dangling message is still there to be found

  Scenario: What was used after the scan is skipped
    When a program purges only "spring" and "blank", and another user touches "blank" after the scan
    Then "blank" is skipped because it is "used"
    And the figures reconcile
    And only "summer", "blank", "kept", "busy", "mother", "child", "recent" remain

  Scenario: The run has the id that the program gave it
    When a program purges only "spring" as the run "01JD0000000000000000000000"
    Then the newest run has
      | what     | value                      |
      | run_id   | 01JD0000000000000000000000 |
      | sessions | 1                          |

  Scenario: They go in one transaction also where other purges go in chunks
    Given the variable CLEVERAGENTS_CLEANUP_CHUNK is "1"
    And the variable CLEVERAGENTS_CLEANUP_MAX_LOCK is "1m"
    When a program purges only "spring", "summer" and "blank"
    Then the report counts
      | purged |
      | 3      |
    And the ledger knows 1 runs

  Scenario Outline: Where <what>, it only reports
    Given the variable <name> is "<value>"
    And I remember what is there
    When a program purges only "spring" and "recent"
    Then the report counts
      | scanned | candidates | purged |
      | 2       | 1          | 0      |
    And nothing has changed

    Examples:
      | what                | name                      | value  |
      | the mode is report  | CLEVERAGENTS_CLEANUP_MODE | report |
      | cleanup is disabled | SESSION_CLEANUP_ENABLED   | false  |

  Scenario: All of a few may go, but not more than a thousand at once
    Given 1100 sessions last accessed between 90d and 41d ago
    And I remember what is there
    When a program purges only 1001 of them
    Then the program that named them is told "This would delete 1,001 of the sessions that were named; at most 1,000 may go in one purge."
    And nothing has changed
    When a program purges only 1000 of them
    Then there are 108 sessions in all

  Scenario Outline: A limit of <limit>
    Given the variable CLEVERAGENTS_CLEANUP_MAX_PURGE is "<limit>"
    When a program purges only "spring", "summer" and "blank"
    Then there are <left> sessions in all

    Examples:
      | limit | left |
      | 2     | 8    |
      | 3     | 5    |
      | 10%   | 5    |
