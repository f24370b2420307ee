Feature: What a purge deletes is archived first

  Background:
    Given these sessions
      | name   | idle | messages | pinned |
      | spring | 40d  | 3        |        |
      | summer | 50d  | 2        |        |
      | blank  | 2h   | 0        |        |
      | winter | 60d  | 4        | yes    |

  Scenario: Unless told otherwise, there is one archive for each purge, and all who count it agree
    When I run "agents cleanup"
    Then it exits with 0
    And only "winter" remains
    And the archive holds 3 sessions and 5 messages, as everybody says who counts
    And the archive folder holds no other file
    And nobody but its owner can read the archive or enter its folder

  Scenario: It says how to undo it
    When I run "agents cleanup"
    Then it says "agents cleanup restore "
    And the answer says ".jsonl.zst"

  Scenario: Who must not keep it says so
    When I run "agents cleanup --no-archive"
    Then it exits with 0
    And only "winter" remains
    And there is no archive
    And it does not say "restore"

  Scenario Outline: The setting archive = false by the <source>
    Given <given>
    When I run "agents cleanup"
    Then only "winter" remains
    And there is no archive

    Examples:
      | source   | given                                                    |
      | project  | the project's settings file sets archive to false        |
      | user     | the user's settings file sets archive to false           |
      | variable | the variable CLEVERAGENTS_CLEANUP_ARCHIVE is "false"     |

  Scenario: The option wins over the setting
    Given the project's settings file sets archive to false
    When I run "agents cleanup --archive"
    Then there is 1 archive

  Scenario: A purge without an archive cannot be undone, and says so
    Given I run "agents cleanup --no-archive"
    When I undo the last purge
    Then it exits with 3
    And the error says "kept no archive, so it cannot be undone"
    And only "winter" remains

  Scenario: Where nothing goes, nothing is archived
    When I run "agents cleanup --stale-after 90d --empty-after 3h"
    Then it exits with 0
    And there is no archive

  Scenario: Where nothing went in the end, no archive is left either
    Given somebody will touch "spring" once the archive is written
    When I run "agents cleanup --only stale --stale-after 30d --name spring"
    Then it exits with 6
    And there is no archive

  Scenario Outline: What deletes nothing leaves no archive: <what>
    When <what>
    Then there is no archive

    Examples:
      | what                                                    |
      | I run "agents cleanup --dry-run"                        |
      | I run "agents cleanup --rehearse"                       |
      | I run "agents cleanup --plan-out plan.json"             |
      | I run "agents cleanup --mode report"                    |
      | I run "agents cleanup --max-purge 1"                    |
      | on a terminal I run "agents cleanup" and answer "no"    |

  Scenario: A purge that fails leaves no archive
    Given a program that keeps no counters has taken a message from "spring"
    When I run "agents cleanup"
    Then it exits with 1
    And there is no archive

  Scenario Outline: Archives are kept in a folder of one's choice: <how>
    Given <given>
    When I run "agents cleanup"
    Then the archive is in the folder "kept/archives"
    And nobody but its owner can read the archive or enter its folder

    Examples:
      | how      | given                                                               |
      | file     | the project's settings file sets archive_folder to ~/kept/archives    |
      | variable | the variable CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER is "~/kept/archives" |

  Scenario: A folder that would be another one for each current folder is refused
    Given the project's settings file sets archive_folder to archives
    When I run "agents cleanup"
    Then it exits with 2
    And 9 messages are left

  Scenario: Without a place for the archive nothing is deleted
    Given the variable CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER is "/dev/null/archives"
    And I remember what is there
    When I run "agents cleanup --format json"
    Then it exits with 1
    And the answer is one json document
    And nothing has changed

  Scenario: They are listed with their size and expiry
    Given I run "agents cleanup --only empty"
    And 2d go by
    And I run "agents cleanup"
    When I run "agents cleanup archives --format json"
    Then the archives are listed with
      | sessions | messages | made | expires in | here |
      | 1        | 0        | 2d   | 88d        | yes  |
      | 2        | 5        | 0d   | 90d        | yes  |

  Scenario: The list for people
    Given I run "agents cleanup"
    When I run "agents cleanup archives"
    Then it exits with 0
    And the answer says "in 90d"
    And the answer says "1 archive, "

  Scenario: An archive whose file is elsewhere is listed as such
    Given I run "agents cleanup"
    And the archive file is gone
    When I run "agents cleanup archives --format json"
    Then the archives are listed with
      | sessions | messages | here |
      | 3        | 5        | no   |

  Scenario Outline: A session that somebody <changed> once the archive was written is not deleted
    Given somebody will <change> "spring" once the archive is written
    When I run "agents cleanup --format json"
    Then it exits with 6
    And "spring" is skipped because it is "<reason>"
    And only <rest> remain
    And "spring" is marked in it as still alive
    And the archive holds 2 sessions and 2 messages, as everybody says who counts

    Examples:
      | changed                 | change               | reason   | rest                            |
      | used                    | touch                | used     | "spring" and "winter"           |
      | appended to             | append to            | used     | "spring" and "winter"           |
      | pinned                  | pin                  | pinned   | "spring" and "winter"           |
      | leased                  | lease                | used     | "spring" and "winter"           |
      | renamed                 | rename               | changed  | "renamed" and "winter"          |
      | edited the metadata of  | edit the metadata of | changed  | "spring" and "winter"           |
      | counted the tokens of   | count the tokens of  | changed  | "spring" and "winter"           |
      | edited a message of     | edit a message of    | changed  | "spring" and "winter"           |
      | made a parent           | create a child of    | ancestor | "spring", "winter" and "newborn" |

  Scenario: A session that somebody deleted once the archive was written was not deleted by this run
    Given somebody will delete "spring" once the archive is written
    When I run "agents cleanup --format json"
    Then it exits with 6
    And "spring" is skipped because it is "removed"
    And "spring" is marked in it as still alive
    And the archive holds 2 sessions and 2 messages, as everybody says who counts

  Scenario Outline: A session that another program changed while the question stood is not deleted
    Given these sessions
      | name | idle | messages |
      | late | 45d  | 1        |
    When on a terminal I run "agents cleanup --format json" and, before I answer "yes", another program will <change> "late"
    Then it exits with 6
    And "late" is skipped because it is "changed"
    And only <rest> remain
    And there is 1 archive

    Examples:
      | change               | rest                   |
      | rename               | "renamed" and "winter" |
      | edit the metadata of | "late" and "winter"    |
