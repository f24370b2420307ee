Feature: The ledger knows each run that changed something, and shows when somebody edited it

  Background:
    Given these sessions
      | name   | idle | messages | parent |
      | spring | 40d  | 3        |        |
      | summer | 50d  | 2        | gone   |
      | blank  | 2h   | 0        |        |
      | winter | 1h   | 4        |        |

  Scenario: What it knows of a purge
    When I run "agents cleanup --format json"
    Then the report and the newest run tell the same
    And the newest run has
      | what               | value        |
      | outcome            | purged       |
      | started from       | command line |
      | scanned            | 4            |
      | candidates         | 3            |
      | sessions           | 3            |
      | stale              | 2            |
      | empty              | 1            |
      | orphaned           | 1            |
      | messages           | 5            |
      | skipped            | 0            |
      | content bytes      | 25           |
      | plan digest        | none         |
      | position           | 1            |
    And the newest run says who and where: this user on this host, with this version

  Scenario: How long it took leaves out how long a person thought
    When on a terminal I run "agents cleanup" and, before I answer "yes", 2h go by
    Then the newest run has
      | what         | value                     |
      | started at   | 2026-06-15T12:00:00Z      |
      | finished at  | 2026-06-15T14:00:00Z      |
      | duration ms  | 0                         |

  Scenario: What people see of it
    Given I run "agents cleanup"
    And I run "agents cleanup --stale-after 1s --max-purge 1%"
    When I run "agents cleanup log"
    Then it exits with 0
    And the answer says "command line"
    And the answer says "Came to nothing"
    And the answer says "1 run in the ledger."

  Scenario: A purge by a program that embeds the service
    When a program purges with the library
    Then the newest run has
      | what         | value |
      | started from | API   |
      | sessions     | 3     |

  Scenario: A purge without an archive
    When I run "agents cleanup --no-archive"
    Then the newest run has
      | what         | value |
      | sessions     | 3     |
      | archive      | none  |
      | archive hash | none  |

  Scenario: Skipped sessions are counted, and why is in the report
    Given somebody will touch "spring" once the archive is written
    When I run "agents cleanup --format json"
    Then the report and the newest run tell the same
    And the newest run has
      | what     | value |
      | sessions | 2     |
      | skipped  | 1     |

  Scenario: A purge that found nothing is a run as well
    When I run "agents cleanup --stale-after 90d --only stale"
    Then the newest run has
      | what     | value |
      | sessions | 0     |
      | archive  | none  |

  Scenario: Each run is chained to the one before it
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup --only orphaned"
    And I undo the last purge
    When I run "agents cleanup"
    Then each run has the hash of the run before it
    And the ledger knows 4 runs

  Scenario: A purge that fails is no run, but an attempt
    Given a program that keeps no counters has taken a message from "spring"
    When I run "agents cleanup"
    Then it exits with 1
    And the ledger knows no run
    And the attempts that came to nothing are, newest first
      | outcome | code           |
      | failed  | purge_mismatch |

  Scenario: A commit that the database refuses leaves no run
    Given another program keeps notes on "spring", and has its references checked at the commit
    When I run "agents cleanup"
    Then it exits with 1
    And the ledger knows no run
    And only "spring", "summer", "blank" and "winter" remain
    And there is no archive

  Scenario: A purge whose archive cannot be written is an attempt
    Given the variable CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER is "/dev/null/archives"
    When I run "agents cleanup"
    Then the newest attempt that came to nothing was failed because of "archive_unwritable"

  Scenario Outline: What neither deletes nor tries to is in no record: <what>
    When <what>
    Then the ledger knows no run
    And no attempt is remembered

    Examples:
      | what                                                    |
      | I run "agents cleanup --dry-run"                        |
      | I run "agents cleanup --rehearse"                       |
      | I run "agents cleanup --plan-out plan.json"             |
      | I run "agents cleanup --mode report"                    |
      | I run "agents cleanup --stale-after 0"                  |
      | on a terminal I run "agents cleanup" and answer "no"    |

  Scenario: Attempts and runs are told apart
    Given I run "agents cleanup --max-purge 1"
    And I run "agents cleanup --only empty"
    And I run "agents cleanup --max-purge 1"
    When I run "agents cleanup log --format json"
    Then the runs are, newest first
      | outcome | sessions |
      | purged  | 1        |
    And the attempts that came to nothing are, newest first
      | outcome | code     |
      | refused | too_many |
      | refused | too_many |

  Scenario: Only the newest are shown unless all are asked for
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup"
    When I run "agents cleanup log --limit 1"
    Then the answer says "2 runs in the ledger."
    And the log shows 1 run
    When I run "agents cleanup log --all"
    Then the log shows 2 runs

  Scenario: An untouched ledger is verified
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup"
    And I undo the last purge
    When I run "agents cleanup log --verify --format json"
    Then it exits with 0
    And 3 runs and 2 archives are verified

  Scenario Outline: Somebody <forgery> the ledger
    Given I run "agents cleanup --only empty"
    And I run "agents cleanup --only orphaned"
    And I run "agents cleanup"
    And somebody <forgery> the ledger
    When I run "agents cleanup log --verify"
    Then it exits with 1
    And the error says "The ledger is not as it was written."

    Examples:
      | forgery                                        |
      | lowers the count of sessions of the last run in |
      | edits who ran the first run in                 |
      | edits the host of the first run in             |
      | edits the policy of the first run in           |
      | edits the version of the last run in           |
      | edits the duration of the last run in          |
      | edits the hash of the last run in              |
      | edits the archive of the first run in          |
      | removes the first run from                     |
      | removes the last run from                      |
      | removes every run from                         |
      | edits the count of runs of                     |
      | edits the end of                               |
      | edits the hash of an archive in                |
      | removes the archives from                      |
      | declares the archives expired in               |

  Scenario Outline: An archive that is <damage> is detected
    Given I run "agents cleanup"
    And the archive is <damage>
    When I run "agents cleanup log --verify --format json"
    Then it exits with 1
    And the answer is one json document
    And status, exit code and messages agree

    Examples:
      | damage                     |
      | changed by one bit         |
      | rewritten with other texts |
      | cut short                  |
      | emptied                    |

  Scenario: An archive that is not here is told, and nothing is said of what is in it
    Given I run "agents cleanup"
    And the archive file is gone
    When I run "agents cleanup log --verify --format json"
    Then 1 run and 0 archives are verified
    And stdout is one json document
    And one of its messages says "1 archive not on this host"
    And status, exit code and messages agree

  Scenario: Expired archives are no tampering
    Given I run "agents cleanup"
    And 31d go by
    And I run "agents session touch winter"
    And I run "agents cleanup --archive-retention 30d"
    When I run "agents cleanup log --verify --format json"
    Then it exits with 0
    And 2 runs and 0 archives are verified

  Scenario: An empty ledger
    When I run "agents cleanup log --verify"
    Then it exits with 0
    And the answer says "0 runs in the ledger."

  @sqlite_only
  Scenario Outline: Where there is no database, "<words>" makes none
    Only an embedded database is made by the program itself; a server's is there or is an error.
    Given no database
    When I run "<words> --format json"
    Then it exits with <code>
    And status, exit code and messages agree
    And there is still no database

    Examples:
      | words                              | code |
      | agents cleanup log                 | 0    |
      | agents cleanup log --verify        | 0    |
      | agents cleanup archives            | 0    |
      | agents cleanup restore 01          | 3    |
      | agents cleanup --rehearse          | 0    |
      | agents cleanup --mode report       | 0    |
      | agents cleanup --plan-out plan.json | 0   |
