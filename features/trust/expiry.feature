Feature: Archives end when their time has come, and what interrupted runs left behind is tidied up

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
      | winter | 1h   | 4        |
    And the project's settings file sets archive_retention to 30d

  Scenario: After their retention they expire with the next purge, which says so
    Given I run "agents cleanup"
    And 30d +1us go by
    And I run "agents session touch winter"
    When I run "agents cleanup"
    Then it exits with 0
    And the error says "1 archive past cleanup.archive_retention expired"
    And there is no archive

  Scenario Outline: Not before: <time>
    Given I run "agents cleanup"
    And <time> go by
    And I run "agents session touch winter"
    When I run "agents cleanup <options>"
    Then it exits with 0
    And there is 1 archive

    Examples:
      | time | options                  |
      | 29d  |                          |
      | 30d  |                          |
      | 31d  | --archive-retention 32d  |
      | 31d  | --dry-run                |
      | 31d  | --rehearse               |
      | 31d  | --mode report            |

  Scenario: A retention of one's own
    Given the project's settings file sets archive_retention to 7d
    And I run "agents cleanup"
    And 8d go by
    And I run "agents session touch winter"
    When I run "agents cleanup"
    Then it exits with 0
    And there is no archive

  Scenario: An expired archive cannot be restored, and which run removed it is told
    Given I run "agents cleanup"
    And 31d go by
    And I run "agents session touch winter"
    And I run "agents cleanup"
    When I undo the first purge
    Then it exits with 3
    And the error says "expired; run "
    And only "winter" remains

  Scenario: Expired archives are named to machines
    Given I run "agents cleanup"
    And 31d go by
    And I run "agents session touch winter"
    When I run "agents cleanup --format json"
    Then the archive of the first purge is named as expired
    And stdout is one json document
    And one of its messages says "1 archive past cleanup.archive_retention expired"

  Scenario: Where the clock may have leapt, nothing expires until somebody says that it is right
    Given I run "agents cleanup"
    And 365d go by
    When I run "agents cleanup --stale-after 9999d"
    Then it exits with 0
    And the error says "the clock may have leapt"
    And there is 1 archive
    When I run "agents cleanup --stale-after 9999d"
    Then there is 1 archive
    When I run "agents cleanup --stale-after 9999d --ignore-clock"
    Then there is no archive

  Scenario: Where the ledger shows that the time has passed, it is no leap
    Given I run "agents cleanup"
    And 20d go by
    And I run "agents cleanup --only empty"
    And 20d go by
    When I run "agents cleanup --stale-after 9999d"
    Then there is no archive

  Scenario: A purge that fails removes no archive
    Given I run "agents cleanup"
    And 31d go by
    And these sessions
      | name   | idle | messages |
      | summer | 40d  | 2        |
    And a program that keeps no counters has taken a message from "summer"
    When I run "agents cleanup --stale-after 30d --name summer"
    Then it exits with 1
    And there is 1 archive

  Scenario: An expired archive whose file is gone already is no trouble
    Given I run "agents cleanup"
    And the archive file is gone
    And 31d go by
    And I run "agents session touch winter"
    When I run "agents cleanup"
    Then it exits with 0
    And there is no archive

  Scenario: What an interrupted run left is removed by the next one, which says so
    Given an interrupted run has left an unfinished archive in the archive folder
    When I run "agents cleanup"
    Then it exits with 0
    And the error says "An interrupted run had left 1 file in the archive folder; nothing was lost"
    And what was left there is gone
    And there is 1 archive

  Scenario Outline: Who only looks leaves it: <words>
    Given an interrupted run has left an unfinished archive in the archive folder
    When I run "<words>"
    Then it exits with 0
    And what was left there is still there

    Examples:
      | words                       |
      | agents cleanup --dry-run    |
      | agents cleanup --rehearse   |
      | agents cleanup archives     |
      | agents cleanup --mode report |

  Scenario: Files of strangers are left alone
    Given somebody has left a stranger's file in the archive folder
    When I run "agents cleanup"
    Then it exits with 0
    And what was left there is still there

  Scenario: An archive that the ledger does not know, of sessions that are not there, is left alone and named
    Given I run "agents cleanup"
    And the ledger has forgotten its archives
    When I run "agents cleanup --format json"
    Then it exits with 6
    And stdout is one json document
    And one of its messages says "The ledger does not know these archives"
    And the archive folder holds no other file

  Scenario: The archive of a database is safe from a copy of that database
    Given the variable CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER is "~/archives"
    And another database that began as a copy of this one
    And I run "agents cleanup"
    And I run "agents cleanup" on the copy
    When I undo the last purge
    Then it exits with 0
    And only "spring" and "winter" remain
