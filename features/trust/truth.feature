Feature: What did not go is said aloud, and every answer says one thing only

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
      | summer | 50d  | 2        |
      | winter | 1h   | 1        |

  Scenario Outline: Something puts a session back <when>
    Given <given>
    When I run "agents cleanup --format json"
    Then it exits with 6
    And "spring" is named as still there
    And the answer is one json document
    And status, exit code and messages agree

    Examples:
      | when                   | given                                              |
      | while it is deleted    | something puts "spring" back while it is deleted   |
      | right after the commit | somebody puts "spring" back right after the commit |

  Scenario: People are told by name
    Given something puts "spring" back while it is deleted
    When I run "agents cleanup"
    Then it exits with 6
    And the error says "Deleted, and yet in the database again: 1 session (spring)"
    And only "spring" and "winter" remain

  Scenario: It is told in silence, too
    Given something puts "spring" back while it is deleted
    When I run "agents cleanup --quiet"
    Then it exits with 6
    And the error says "in the database again: 1 session (spring)"

  Scenario: So is why else a run needs a look
    Given I run "agents cleanup --only empty"
    And somebody will touch "spring" once the archive is written
    When I run "agents cleanup --quiet"
    Then it exits with 6
    And the error says "1 session changed after the scan and was skipped"

  Scenario: A plan that did not go is told as well
    Given I run "agents cleanup --plan-out plan.json"
    And something puts "spring" back while it is deleted
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And "spring" is named as still there
    And status, exit code and messages agree

  Scenario: What went is not named
    When I run "agents cleanup --format json"
    Then it exits with 0
    And nothing is named as still there

  Scenario Outline: Status, exit code and messages agree: <what>, in <format>
    Given <given>
    When I run "<words> --format <format>"
    Then it exits with <code>
    And status, exit code and messages agree

    Examples: in JSON
      | what                        | given                                                          | words                                  | code | format |
      | done                        | the clock shows noon                                           | agents cleanup                         | 0    | json   |
      | nothing to do               | the clock shows noon                                           | agents cleanup --stale-after 99d       | 0    | json   |
      | a dry run                   | the clock shows noon                                           | agents cleanup --dry-run               | 0    | json   |
      | a rehearsal                 | the clock shows noon                                           | agents cleanup --rehearse              | 0    | json   |
      | a plan saved                | the clock shows noon                                           | agents cleanup --plan-out plan.json    | 0    | json   |
      | a plan for naught           | the clock shows noon                                           | agents cleanup --plan-out no/plan.json | 1    | json   |
      | held back, looked at        | the clock shows noon                                           | agents cleanup --dry-run --max-purge 1 | 0    | json   |
      | held back                   | the clock shows noon                                           | agents cleanup --max-purge 1           | 5    | json   |
      | a wrong clock               | a session "newest" last accessed -3d ago                       | agents cleanup                         | 5    | json   |
      | a wrong clock, looked at    | a session "newest" last accessed -3d ago                       | agents cleanup --dry-run               | 0    | json   |
      | report mode                 | the clock shows noon                                           | agents cleanup --mode report           | 0    | json   |
      | disabled                    | the project's settings file sets enabled to false              | agents cleanup                         | 0    | json   |
      | no such mode                | the clock shows noon                                           | agents cleanup --mode never            | 2    | json   |
      | a zero threshold            | the clock shows noon                                           | agents cleanup --stale-after 0         | 2    | json   |
      | two wishes                  | the clock shows noon                                           | agents cleanup --rehearse --dry-run    | 2    | json   |
      | a broken settings file      | the project's settings file sets mode to never                 | agents cleanup                         | 2    | json   |
      | wrong counters              | a program that keeps no counters has taken a message from "spring" | agents cleanup                     | 1    | json   |
      | wrong counters, rehearsed   | a program that keeps no counters has taken a message from "spring" | agents cleanup --rehearse          | 1    | json   |
      | a stubborn database         | the database quietly refuses to delete "spring"                | agents cleanup                         | 1    | json   |
      | a reference                 | another program keeps notes on "spring"                        | agents cleanup                         | 1    | json   |
      | no place for the archive    | the variable CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER is "/dev/null/a" | agents cleanup                      | 1    | json   |
      | used meanwhile              | somebody will touch "spring" once the archive is written       | agents cleanup                         | 6    | json   |
      | put back                    | something puts "spring" back while it is deleted               | agents cleanup                         | 6    | json   |
      | left-overs                  | an interrupted run has left an unfinished archive in the archive folder | agents cleanup                | 0    | json   |
      | no such plan                | the clock shows noon                                           | agents cleanup apply plan.json         | 3    | json   |
      | no such run                 | the clock shows noon                                           | agents cleanup restore 01              | 3    | json   |
      | an empty ledger             | the clock shows noon                                           | agents cleanup log --verify            | 0    | json   |
      | no archives                 | the clock shows noon                                           | agents cleanup archives                | 0    | json   |
      | an unknown option           | the clock shows noon                                           | agents cleanup --keep-all              | 2    | json   |
      | a restore of nothing        | the clock shows noon                                           | agents cleanup restore                 | 2    | json   |

    Examples: in YAML
      | what                        | given                                                          | words                                  | code | format |
      | done                        | the clock shows noon                                           | agents cleanup                         | 0    | yaml   |
      | a rehearsal                 | the clock shows noon                                           | agents cleanup --rehearse              | 0    | yaml   |
      | a plan saved                | the clock shows noon                                           | agents cleanup --plan-out plan.json    | 0    | yaml   |
      | held back, looked at        | the clock shows noon                                           | agents cleanup --dry-run --max-purge 1 | 0    | yaml   |
      | held back                   | the clock shows noon                                           | agents cleanup --max-purge 1           | 5    | yaml   |
      | report mode                 | the clock shows noon                                           | agents cleanup --mode report           | 0    | yaml   |
      | wrong counters              | a program that keeps no counters has taken a message from "spring" | agents cleanup                     | 1    | yaml   |
      | used meanwhile              | somebody will touch "spring" once the archive is written       | agents cleanup                         | 6    | yaml   |
      | put back                    | something puts "spring" back while it is deleted               | agents cleanup                         | 6    | yaml   |
      | no such plan                | the clock shows noon                                           | agents cleanup apply plan.json         | 3    | yaml   |
      | no such mode                | the clock shows noon                                           | agents cleanup --mode never            | 2    | yaml   |

    Examples: for people
      | what                        | given                                                          | words                                  | code | format |
      | done                        | the clock shows noon                                           | agents cleanup                         | 0    | plain  |
      | a rehearsal                 | the clock shows noon                                           | agents cleanup --rehearse              | 0    | plain  |
      | held back                   | the clock shows noon                                           | agents cleanup --max-purge 1           | 5    | plain  |
      | report mode                 | the clock shows noon                                           | agents cleanup --mode report           | 0    | plain  |
      | wrong counters              | a program that keeps no counters has taken a message from "spring" | agents cleanup                     | 1    | plain  |
      | used meanwhile              | somebody will touch "spring" once the archive is written       | agents cleanup                         | 6    | plain  |
      | put back                    | something puts "spring" back while it is deleted               | agents cleanup                         | 6    | plain  |
      | no such plan                | the clock shows noon                                           | agents cleanup apply plan.json         | 3    | plain  |
      | no such mode                | the clock shows noon                                           | agents cleanup --mode never            | 2    | plain  |

  Scenario Outline: They agree after an earlier run, too: <what>
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents cleanup"
    And <given>
    When <command>
    Then it exits with <code>
    And status, exit code and messages agree

    Examples:
      | what                     | given                                         | command                                                   | code |
      | restored                 | the clock shows noon                          | I undo the last purge with "--format json"                | 0    |
      | looked at                | the clock shows noon                          | I undo the last purge with "--dry-run --format json"      | 0    |
      | half of it               | the clock shows noon                          | I undo the last purge with "--session spring --session winter --format json" | 6 |
      | none of it               | the clock shows noon                          | I undo the last purge with "--session winter --format yaml" | 3  |
      | there again              | these sessions were made anew: "spring"       | I undo the last purge with "--format json"                | 6    |
      | gone                     | the archive file is gone                      | I undo the last purge with "--format json"                | 3    |
      | listed as gone           | the archive file is gone                      | I run "agents cleanup archives --format json"             | 0    |
      | damaged                  | the archive is changed by one bit             | I undo the last purge with "--format json"                | 1    |
      | damaged, verified        | the archive is changed by one bit             | I run "agents cleanup log --verify --format json"         | 1    |
      | edited                   | somebody removes the last run from the ledger | I run "agents cleanup log --verify --format json"         | 1    |
      | drifted                  | the clock shows noon                          | I run "agents cleanup apply plan.json --format json"      | 6    |
      | drifted, in report mode  | the clock shows noon                          | I run "agents cleanup apply plan.json --mode report --format json" | 0 |
      | an edited plan           | the plan has a shorter threshold              | I run "agents cleanup apply plan.json --format json"      | 5    |
      | a letter for a plan      | the plan has a letter                         | I run "agents cleanup apply plan.json --format yaml"      | 5    |
      | an unknown archive       | the ledger has forgotten its archives         | I run "agents cleanup --format json"                      | 6    |
