Feature: A saved plan is carried out as far as it still holds, and never one session further

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 2        |
      | summer | 50d  | 2        |
      | winter | 1h   | 2        |

  Scenario: Saving a plan deletes nothing
    Given I remember what is there
    When I run "agents cleanup --plan-out plan.json"
    Then it exits with 0
    And nothing has changed
    And the plan lists, oldest first, "summer" and "spring"
    And it says "To carry it out: agents cleanup apply plan.json"

  Scenario: What is in it
    When I run "agents cleanup --plan-out plan.json --keep-last 3 --only stale --actor a"
    Then the plan lists no session
    When I run "agents cleanup --plan-out plan.json"
    Then the plan holds the guard values, the policy with its hash, and the database's fingerprint
    And its digest is that of its bytes
    And nobody but its owner can read the plan

  Scenario: It is carried out
    Given I run "agents cleanup --plan-out plan.json"
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 0
    And only "winter" remains
    And the plan has not drifted
    And of 2 planned sessions 2 went, and the rest is drift
    And the archive holds 2 sessions and 4 messages, as everybody says who counts

  Scenario: What it took can be undone
    Given I remember what is there
    And I run "agents cleanup --plan-out plan.json"
    And I run "agents cleanup apply plan.json"
    When I undo the last purge
    Then nothing has changed

  Scenario: The run remembers its plan
    Given I run "agents cleanup --plan-out plan.json"
    When I run "agents cleanup apply plan.json --format json"
    Then the run's plan is that of the file
    And the report and the newest run tell the same

  Scenario: Never one more: sessions that became stale meanwhile stay
    Given these sessions
      | name | idle |
      | edge | 29d  |
    And I run "agents cleanup --plan-out plan.json"
    And 2d go by
    And these sessions
      | name | idle |
      | late | 90d  |
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 0
    And only "winter", "edge" and "late" remain

  Scenario: Never one more: the plan's own policy decides, not today's
    Given I run "agents cleanup --stale-after 45d --plan-out plan.json"
    And the project's settings file sets stale_after to 1m
    When I run "agents cleanup apply plan.json"
    Then it exits with 0
    And only "spring" and "winter" remain

  Scenario Outline: Not one session that somebody <changed>
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents session <words>"
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And only <rest> remain
    And the plan has drifted
      | session | reason   |
      | spring  | <reason> |
    And of 2 planned sessions 1 went, and the rest is drift

    Examples:
      | changed       | words                               | rest                  | reason   |
      | used          | touch spring                        | "spring" and "winter" | used     |
      | appended to   | append spring --role user hello     | "spring" and "winter" | used     |
      | pinned        | pin spring                          | "spring" and "winter" | pinned   |
      | leased        | touch spring --lease 1h             | "spring" and "winter" | used     |
      | deleted       | delete spring --yes                 | "winter"              | removed  |
      | made a parent | create --name child --parent spring | "spring", "child" and "winter" | ancestor |

  Scenario: A lease that another program took without using the session
    Given I run "agents cleanup --plan-out plan.json"
    And another program has leased "spring" for a day
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And the plan has drifted
      | session | reason |
      | spring  | leased |

  Scenario: A session whose messages another program edited
    Given I run "agents cleanup --plan-out plan.json"
    And another program has made a message of "spring" longer
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And only "spring" and "winter" remain
    And the plan has drifted
      | session | reason  |
      | spring  | changed |

  Scenario: Sessions that another run purged meanwhile
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents cleanup --stale-after 45d"
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And only "winter" remains
    And the plan has drifted
      | session | reason |
      | summer  | purged |

  Scenario: A session that another run spared, and a user then deleted
    Given I run "agents cleanup --plan-out plan.json"
    And somebody will touch "spring" once the archive is written
    And I run "agents cleanup"
    And I run "agents session delete spring --yes"
    When I run "agents cleanup apply plan.json --format json"
    Then the plan has drifted
      | session | reason  |
      | spring  | removed |
      | summer  | purged  |

  Scenario: People are told how the plan has drifted
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents session pin spring"
    When I run "agents cleanup apply plan.json"
    Then it exits with 6
    And the answer says "1 (pinned 1) of 2 planned"
    And the answer says "spring pinned"
    And the error says "1 planned session could not be purged any more: the plan has drifted"

  Scenario: A session that was used after it was chosen again is skipped
    Given I run "agents cleanup --plan-out plan.json"
    And somebody will touch "spring" once the archive is written
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And "spring" is skipped because it is "used"
    And only "spring" and "winter" remain

  Scenario: Twice takes nothing the second time
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents cleanup apply plan.json"
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And the plan has drifted
      | session | reason |
      | spring  | purged |
      | summer  | purged |
    And only "winter" remains

  Scenario: Twice, with a session of the same id made anew in between
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents cleanup apply plan.json"
    And these sessions
      | name   | idle | messages |
      | spring | 41d  | 2        |
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 6
    And only "spring" and "winter" remain

  Scenario: A plan of no session
    Given I run "agents cleanup --stale-after 90d --plan-out plan.json"
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 0
    And the plan has not drifted
    And only "spring", "summer" and "winter" remain
    And there is no archive

  Scenario: On a terminal it asks first
    Given I run "agents cleanup --plan-out plan.json"
    When on a terminal I run "agents cleanup apply plan.json" and answer "no"
    Then it exits with 1
    And only "spring", "summer" and "winter" remain
    And the error says "Delete 2 sessions"
    When on a terminal I run "agents cleanup apply plan.json" and answer "yes"
    Then it exits with 0
    And only "winter" remains

  Scenario: --yes does not ask
    Given I run "agents cleanup --plan-out plan.json"
    When on a terminal I run "agents cleanup apply plan.json --yes" and end the input
    Then it exits with 0
    And only "winter" remains

  Scenario Outline: Where nothing may be deleted, a plan deletes nothing either: <key> = <value>
    Given I run "agents cleanup --plan-out plan.json"
    And the project's settings file sets <key> to <value>
    When I run "agents cleanup apply plan.json"
    Then it exits with 0
    And only "spring", "summer" and "winter" remain
    And the answer says "Nothing was deleted"

    Examples:
      | key     | value  |
      | mode    | report |
      | enabled | false  |

  Scenario Outline: An edited plan is refused: <what>
    Given I run "agents cleanup --plan-out plan.json"
    And the plan has <what>
    When I run "agents cleanup apply plan.json"
    Then it exits with 5
    And the error says "The plan was refused"
    And nothing has changed
    And the newest attempt that came to nothing was refused because of "plan_refused"

    Examples:
      | what                                |
      | another kind                        |
      | a newer format                      |
      | another time                        |
      | a time that is none                 |
      | a shorter threshold                 |
      | another class                       |
      | another policy hash                 |
      | another count of candidates         |
      | another count of messages           |
      | another session                     |
      | another last access                 |
      | another count of a session          |
      | a session removed                   |
      | a session twice                     |
      | another digest                      |
      | no digest                           |
      | no policy hash                      |
      | one blank more                      |
      | Windows line ends                   |
      | a byte order mark                   |
      | something after its end             |
      | nothing after its sessions          |
      | half of its text                    |
      | its last byte cut off               |
      | no text at all                      |
      | an empty document                   |
      | a list                              |
      | a letter                            |
      | a byte that is no UTF-8             |

  Scenario: Whatever bit of it is changed
    Given I run "agents cleanup --plan-out plan.json"
    When I apply the plan with one bit changed, at every 13th byte in turn
    Then it was refused each time, and nothing was deleted

  Scenario: A plan for another database is refused
    Given I run "agents cleanup --plan-out plan.json"
    And another database with these sessions
      | name   | idle | messages |
      | spring | 40d  | 2        |
      | summer | 50d  | 2        |
    When I run "agents cleanup apply plan.json"
    Then it exits with 5
    And the error says "it was made for another database"
    And nothing has changed

  @sqlite_only
  Scenario: A plan for a database that is gone is refused
    Only an embedded database is made by the program itself; a server's is there or is an error.
    Given I run "agents cleanup --plan-out plan.json"
    And no database
    When I run "agents cleanup apply plan.json"
    Then it exits with 5
    And there is still no database

  Scenario Outline: A plan that is <age> old is <taken>
    Given <given>
    And I run "agents cleanup --plan-out plan.json"
    And <age> go by
    When I run "agents cleanup apply plan.json"
    Then it exits with <code>
    And only <rest> remain

    Examples:
      | age        | taken   | given                                                             | code | rest                            |
      | 7d         | taken   | the clock shows noon                                              | 0    | "winter"                        |
      | 7d +1us    | refused | the clock shows noon                                              | 5    | "spring", "summer" and "winter" |
      | 8d         | taken   | the project's settings file sets plan_max_age to 9d               | 0    | "winter"                        |
      | 2h         | refused | the variable CLEVERAGENTS_CLEANUP_PLAN_MAX_AGE is "1h"            | 5    | "spring", "summer" and "winter" |

  Scenario: A plan that is too old says how old plans may be
    Given I run "agents cleanup --plan-out plan.json"
    And 8d go by
    When I run "agents cleanup apply plan.json"
    Then the error says "it is 8d old, and plans are good for 7d"
    And the error says "plan_max_age"

  Scenario: A plan from the future is refused
    Given I run "agents cleanup --plan-out plan.json"
    And -1h go by
    When I run "agents cleanup apply plan.json"
    Then it exits with 5
    And the error says "made in the future"
    And only "spring", "summer" and "winter" remain

  Scenario: A plan file that is not there
    When I run "agents cleanup apply plan.json"
    Then it exits with 3
    And the error says "plan.json"

  Scenario: A plan cannot be saved where nothing can be written
    Given I remember what is there
    When I run "agents cleanup --plan-out nowhere/plan.json"
    Then it exits with 1
    And nothing has changed

  @sqlite_only
  Scenario Outline: A plan never takes the place of the database: <path>
    Only an embedded database is a file that a plan could be written over.
    Given I remember what is there
    And a link "link.db" to the database
    When I save a plan to <path>
    Then it exits with 2
    And nothing has changed

    Examples:
      | path                    |
      | the database's own file |
      | "link.db"               |

  Scenario: A plan and a rehearsal at once are refused
    When I run "agents cleanup --plan-out plan.json --rehearse"
    Then it exits with 2
    And there is no plan

  @sqlite_only
  Scenario: Dangling messages are no part of a plan, and stay
    Only SQLite leaves foreign keys to each program; there a trigger records what is left behind.
    Given a program that enforces no foreign keys has deleted "summer"
    When I run "agents cleanup --plan-out plan.json"
    Then the error says "2 dangling messages cannot be planned and stay"
    When I run "agents cleanup apply plan.json --format json"
    Then it exits with 0
    And 4 messages are left
    And the report counts
      | purged | dangling messages |
      | 1      | 0                 |
