Feature: What changes between the scan and the purge is skipped, and said

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | winter | 50d  |

  Scenario Outline: Another user <deed> a session while the question stands
    When on a terminal I run "agents cleanup --format json" and, before I answer "yes", another user <deed> "spring"
    Then it exits with 6
    And only <rest> remain
    And "spring" is skipped because it is "<reason>"
    And the report counts
      | candidates | purged | skipped | messages | bytes |
      | 2          | 1      | 1       | 2        | 10    |
    And the figures reconcile

    Examples:
      | deed              | rest                 | reason   |
      | touches           | "spring"             | used     |
      | appends to        | "spring"             | used     |
      | pins              | "spring"             | pinned   |
      | leases            | "spring"             | used     |
      | creates a child of | "spring" and "newborn" | ancestor |

  Scenario: Another user deletes a session while the question stands
    When on a terminal I run "agents cleanup --format json" and, before I answer "yes", another user deletes "spring"
    Then it exits with 6
    And no session remains
    And "spring" is skipped because it is "removed"
    And the figures reconcile

  Scenario Outline: A program that embeds the service gets the same protection: another user <deed> a session
    When a program purges with the library and another user <deed> "spring" after the scan
    Then "spring" is skipped because it is "<reason>"
    And the report counts
      | candidates | purged | skipped |
      | 2          | 1      | 1       |
    And the figures reconcile

    Examples:
      | deed               | reason   |
      | touches            | used     |
      | pins               | pinned   |
      | deletes            | removed  |
      | creates a child of | ancestor |

  Scenario: People are told too
    When on a terminal I run "agents cleanup" and, before I answer "yes", another user touches "spring"
    Then it exits with 6
    And the answer says "1 (used 1)"
    And the error says "1 session changed after the scan and was skipped"

  Scenario: A session that becomes stale while the question stands was not shown, and is not purged
    Given these sessions
      | name | idle |
      | edge | 30d  |
    When on a terminal I run "agents cleanup" and, before I answer "yes", 1d go by
    Then it exits with 0
    And only "edge" remains

  Scenario: What is skipped keeps its ancestors
    Given these sessions
      | name     | idle | parent |
      | mother   | 60d  |        |
      | daughter | 50d  | mother |
    When on a terminal I run "agents cleanup --format json" and, before I answer "yes", another user touches "daughter"
    Then it exits with 6
    And only "mother" and "daughter" remain
    And "daughter" is skipped because it is "used"
    And "mother" is skipped because it is "ancestor"
    And the figures reconcile

  Scenario: Used is used, even where it is past a threshold again by the time of the purge
    Given these sessions
      | name  | idle | messages |
      | blank | 2h   | 0        |
    When on a terminal I run "agents cleanup --empty-after 1s --format json" and, before I agree, another user touches "blank" and 5s go by
    Then it exits with 6
    And only "blank" remains
    And "blank" is skipped because it is "used"

  Scenario: Two purges at once delete nothing twice
    When on a terminal I run "agents cleanup --format json" and, before I answer "yes", cron runs "agents cleanup --format json"
    Then cron had purged 2 sessions
    And no session remains
    And it exits with 6
    And the report counts
      | candidates | purged | skipped | messages | bytes |
      | 2          | 0      | 2       | 0        | 0     |
    And "winter" is skipped because it is "removed"

  Scenario: Three purges in three processes
    Given the clock shows the real time
    And 300 sessions last accessed between 90d and 40d ago
    When 3 processes run "agents cleanup --name 'session *' --format json" at once
    Then together they purged 300 sessions, each once
    And only "spring" and "winter" remain

  @postgresql_only
  Scenario: A session whose row another user holds is left to that user
    Only a server locks single rows; SQLite's lock is about the whole file.
    Given another user holds "spring" locked
    When I run "agents cleanup --format json"
    Then it exits with 6
    And only "spring" remains
    And "spring" is skipped because it is "locked"
    And the figures reconcile

  @postgresql_only
  Scenario: A session whose row another user holds keeps its ancestors
    Only a server locks single rows; SQLite's lock is about the whole file.
    Given these sessions
      | name     | idle | parent |
      | mother   | 60d  |        |
      | daughter | 50d  | mother |
    And another user holds "daughter" locked
    When I run "agents cleanup --format json"
    Then only "mother" and "daughter" remain
    And "daughter" is skipped because it is "locked"
    And "mother" is skipped because it is "ancestor"

  @sqlite_only
  Scenario: Another program holds the write lock
    Only SQLite's lock is about the whole file; a server locks single rows.
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And another program holds the write lock
    When I run "agents cleanup"
    Then it exits with 7
    And the error says "gave up after 1s"
    And only "spring" and "winter" remain

  @sqlite_only
  Scenario: A dry run does not wait for a writer
    A reader of SQLite's write-ahead log sees the state from before the write; a server's table lock is another matter.
    Given another program holds the write lock
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And the answer says "2 sessions of 2 would be purged"
