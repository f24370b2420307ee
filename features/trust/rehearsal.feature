Feature: A rehearsal does all of a purge, tells what came of it, and leaves everything as it was

  Background:
    Given these sessions
      | name   | idle | messages | size  | parent | pinned |
      | spring | 40d  | 3        | 100   |        |        |
      | summer | 50d  | 2        | 10000 | gone   |        |
      | blank  | 2h   | 0        |       |        |        |
      | winter | 60d  | 4        |       |        | yes    |

  Scenario: Nothing at all is different afterwards
    Given I look closely at all that is there
    When I run "agents cleanup --rehearse"
    Then it exits with 0
    And nothing at all is different
    And the answer says "it was done and rolled back"

  Scenario: Its counts are those of the purge that follows
    When I run "agents cleanup --rehearse --format json"
    Then I remember the rehearsal
    When I run "agents cleanup --format json"
    Then the report counts as the rehearsal did
    And only "winter" remains

  Scenario: Its counts are those of the purge, with filters, too
    When I run "agents cleanup --rehearse --only stale --stale-after 45d --format json"
    Then I remember the rehearsal
    When I run "agents cleanup --only stale --stale-after 45d --format json"
    Then the report counts as the rehearsal did
    And only "spring", "blank" and "winter" remain

  Scenario: It tells how long writers had to wait, and what would be freed
    When I run "agents cleanup --rehearse"
    Then the answer says "Lock held"
    And the answer says "Would free"
    And the answer says "Duration"

  Scenario: What would be freed is about what was stored
    Given 400 stale sessions with 8000 characters of noise in each
    When I run "agents cleanup --rehearse --format json"
    Then between 3 MB and 8 MB would be freed

  @sqlite_only
  Scenario: Dangling messages are rehearsed as well
    Only SQLite leaves foreign keys to each program; there a trigger records what is left behind.
    Given a program that enforces no foreign keys has deleted "summer"
    When I run "agents cleanup --rehearse --format json"
    Then I remember the rehearsal
    When I run "agents cleanup --format json"
    Then the report counts as the rehearsal did

  Scenario Outline: A reference that would stop the purge is found: it is checked <when>
    Given another program keeps notes on "spring"<how>
    And I look closely at all that is there
    When I run "agents cleanup --rehearse --format json"
    Then it exits with 1
    And the answer is one json document
    And nothing at all is different
    When I run "agents cleanup"
    Then it exits with 1
    And only "spring", "summer", "blank" and "winter" remain

    Examples:
      | when          | how                                               |
      | at once       |                                                   |
      | at the commit | , and has its references checked at the commit    |

  @sqlite_only
  Scenario: A reference that was broken before stops neither
    Only SQLite leaves foreign keys to each program, so only there a reference can be broken.
    Given another program keeps a note on a session that it made up
    When I run "agents cleanup --rehearse --format json"
    Then I remember the rehearsal
    When I run "agents cleanup --format json"
    Then it exits with 0
    And the report counts as the rehearsal did

  Scenario: Wrong counters that would stop the purge are found
    Given a program that keeps no counters has taken a message from "spring"
    And I look closely at all that is there
    When I run "agents cleanup --rehearse"
    Then it exits with 1
    And the error says "everything was rolled back and nothing was deleted"
    And nothing at all is different

  Scenario: A place where no archive can be kept is found
    Given the variable CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER is "/dev/null/archives"
    When I run "agents cleanup --rehearse"
    Then it exits with 1
    And the error says "cannot be written"

  Scenario: A brake is told and stops nothing
    When I run "agents cleanup --rehearse --max-purge 1 --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "A purge would be refused now"
    And status, exit code and messages agree

  Scenario: It never asks, and never is in the ledger
    When on a terminal I run "agents cleanup --rehearse" and end the input
    Then it exits with 0
    And the error does not say "[y/N]"
    And the ledger knows no run
    And no attempt is remembered

  Scenario: Failing, it is not in the ledger either
    Given another program keeps notes on "spring"
    When I run "agents cleanup --rehearse"
    Then it exits with 1
    And the ledger knows no run
    And no attempt is remembered

  Scenario: In report mode it may still rehearse: nothing is deleted
    Given I look closely at all that is there
    When I run "agents cleanup --rehearse --mode report"
    Then nothing at all is different

  Scenario: What changes while it rehearses is skipped as in a purge
    Given somebody will touch "spring" once the archive is written
    When I run "agents cleanup --rehearse --format json"
    Then it exits with 6
    And "spring" is skipped because it is "used"
    And there is no archive

  Scenario Outline: It is more than a look, so both at once are refused
    When I run "agents cleanup --rehearse <other>"
    Then it exits with 2
    And only "spring", "summer", "blank" and "winter" remain

    Examples:
      | other                |
      | --dry-run            |
      | --plan-out plan.json |
