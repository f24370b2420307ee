Feature: What is in force, where it came from, and what it does now

  Scenario: Nothing is set
    Given these sessions
      | name   | idle | messages | parent | pinned | actor |
      | spring | 40d  | 1        |        |        | a     |
      | blank  | 2h   | 0        |        |        | a     |
      | orphan | 2d   | 1        | gone   |        | b     |
      | pinned | 40d  | 1        |        | yes    | b     |
      | fresh  | 1h   | 1        |        |        | b     |
    When I run "agents cleanup policy --format json"
    Then it exits with 0
    And the values in force are, besides the archive folder
      | name              | value | source  | effect                           |
      | enabled           | true  | default | deletes true                     |
      | mode              | purge | default | deletes true                     |
      | stale_after       | 30d   | default | selects 1                        |
      | empty_after       | 30m   | default | selects 1                        |
      | orphaned_after    | 24h   | default | selects 1, dangling_messages 0   |
      | keep_last         | null  | default | protects 0                       |
      | max_purge         | null  | default | allows 1000, refuses_now false   |
      | archive           | true  | default | archives 3                       |
      | unarchived_tables |       | default | refuses_now false                |
      | archive_retention | 90d   | default |                                  |
      | plan_max_age      | 7d    | default |                                  |
      | give_back         | true  | default |                                  |
      | max_lock          | null  | default |                                  |
      | chunk             | null  | default |                                  |
      | pause             | null  | default |                                  |
      | rate              | null  | default |                                  |
    And it found
      | scanned | candidates | protected | recent | pinned |
      | 5       | 3          | 1         | 1      | 1      |
    And nothing is worth a warning

  @sqlite_only
  Scenario: The archive's folder is told, set or not
    A server's archives stand in a folder of the user, an embedded database's beside it.
    When I run "agents cleanup policy --format json"
    Then the archives of the database are kept beside it

  @sqlite_only
  Scenario: Dangling messages are counted under the threshold that selects them
    A server enforces foreign keys for every program, so no message can lose its session there.
    Given these sessions
      | name | idle | messages |
      | lost | 2d   | 4        |
    And a program that enforces no foreign keys has deleted "lost"
    When I run "agents cleanup policy --format json"
    Then these values are in force
      | name           | value | effect                         |
      | orphaned_after | 24h   | selects 0, dangling_messages 4 |

  Scenario: The highest source wins, and is named
    Given the user's settings file sets stale_after to 60d
    And the project's settings file reads
      """
      [cleanup]
      # what the team agreed on
      empty_after = "2h"
      keep_last = 3
      """
    And the variable CLEVERAGENTS_CLEANUP_EMPTY_AFTER is "3h"
    And the variable SESSION_CLEANUP_ENABLED is "true"
    When I run "agents cleanup policy --orphaned-after 48h --format json"
    Then these values are in force
      | name           | value | source                            |
      | stale_after    | 60d   | config.toml, line 2: stale_after  |
      | empty_after    | 3h    | CLEVERAGENTS_CLEANUP_EMPTY_AFTER  |
      | orphaned_after | 2d    | --orphaned-after                  |
      | keep_last      | 3     | cleveragents.toml, line 4: keep_last |
      | enabled        | true  | SESSION_CLEANUP_ENABLED           |
      | mode           | purge | default                           |

  Scenario: The safeguards' options are values, too
    Given the project's settings file reads
      """
      [cleanup]
      max_purge = "80%"
      archive_folder = "/archives"
      plan_max_age = "2d"
      """
    When I run "agents cleanup policy --mode report --max-purge 5 --archive-retention 30d --no-give-back --format json"
    Then these values are in force
      | name              | value     | source                                    |
      | mode              | report    | --mode                                    |
      | max_purge         | 5         | --max-purge                               |
      | archive_folder    | /archives | cleveragents.toml, line 3: archive_folder |
      | archive_retention | 30d       | --archive-retention                       |
      | plan_max_age      | 2d        | cleveragents.toml, line 4: plan_max_age   |
      | give_back         | false     | --no-give-back                            |

  Scenario: Filters, classes and the newest sessions
    Given these sessions
      | name   | idle | source | actor |
      | spring | 40d  | cron   | a     |
      | summer | 50d  | cron   | a     |
      | autumn | 60d  | api    | a     |
      | winter | 70d  | cli    | a     |
      | older  | 80d  | cli    | a     |
    When I run "agents cleanup policy --source cron --source api --actor a --name '*m*' --only stale,empty --keep-last 2 --format json"
    Then these values are in force
      | name      | value        | source      | effect                           |
      | only      | stale, empty | --only      | selects 1, dangling_messages 0   |
      | actors    | a            | --actor     | matches 5                        |
      | sources   | cron, api    | --source    | matches 3                        |
      | names     | *m*          | --name      | matches 2                        |
      | keep_last | 2            | --keep-last | protects 1                       |
    And it found
      | scanned | candidates | protected | filtered | newest |
      | 5       | 1          | 1         | 3        | 1      |

  Scenario Outline: <values> is named
    Given these sessions
      | name   | idle | messages | source | actor |
      | spring | 40d  | 1        | cron   | a     |
      | summer | 1h   | 1        | cli    | b     |
      | blank  | 2h   | 0        | cli    |       |
    When I run "agents cleanup policy <values>"
    Then it exits with 0
    And the error says "<said>"
    When I run "agents cleanup policy <values> --format json"
    Then it is a warning that says "<said>"

    Examples:
      | values                                   | said                                                          |
      | --empty-after 40d                        | empty_after (40d) is not shorter than stale_after (30d)        |
      | --empty-after 30d                        | the rule empty selects nothing that stale does not             |
      | --stale-after 24h                        | orphaned_after (24h) is not shorter than stale_after (24h)     |
      | --orphaned-after 9w                      | the rule orphaned selects nothing that stale does not          |
      | --stale-after 23h                        | stale_after (23h) is shorter than a day                        |
      | --empty-after 59s                        | empty_after (59s) is shorter than a minute                     |
      | --keep-last 2                            | keep_last (2) protects every session                           |
      | --max-purge 100%                         | max_purge (100%) allows everything that the policy selects     |
      | --max-purge 33%                          | max_purge (33%) of 3 sessions is none: every purge is refused  |
      | --max-purge 1                            | it would take 2 of 3 sessions, and max_purge allows 1          |
      | --archive-retention 23h                  | archive_retention (23h) is shorter than a day                  |
      | --no-archive --archive-retention 5d      | archive_retention (5d) was set but has no effect               |
      | --source crn                             | No session has the source 'crn'.                               |
      | --source cron --source crn               | No session has the source 'crn'.                               |
      | --actor nobody                           | No session has the actor 'nobody'.                             |
      | --namespace team                         | No session has the namespace 'team'.                           |
      | --name 'x*'                              | No session has a name that matches 'x*'.                       |
      | --actor b --source cron                  | No session matches all the filters at once                     |
      | --only empty --stale-after 7d            | --stale-after has no effect: the class stale is left out       |
      | --only stale --empty-after 7d            | --empty-after has no effect                                    |
      | --only stale --orphaned-after 7d         | --orphaned-after has no effect                                 |
      | --only dangling --actor a                | Dangling messages belong to no session and match no filter, so nothing is selected |
      | --only dangling,stale --actor a          | Dangling messages belong to no session and match no filter, so they are not selected |
      | --stale-after 30m --empty-after 1m --orphaned-after 1m | The policy selects every session there is (3). |

  Scenario Outline: The setting <key> = <value> is named
    Given the project's settings file sets <key> to <value>
    When I run "agents cleanup policy <options> --format json"
    Then it is a warning that says "<said>"

    Examples:
      | key            | value     | options      | said                                                          |
      | enabled        | false     |              | Cleanup is disabled: nothing is deleted.                      |
      | enabled        | false     | --mode purge | nothing is deleted, although the mode is set to purge         |
      | archive_folder | /archives | --no-archive | archive_folder (/archives) was set but has no effect          |
      | plan_max_age   | 59s       |              | plan_max_age (59s) is shorter than a minute                   |

  Scenario Outline: "<values>" is nothing to warn of
    Given these sessions
      | name   | idle | messages | source | actor |
      | spring | 40d  | 1        | cron   | a     |
      | summer | 1h   | 1        | cli    | b     |
      | winter | 90d  | 1        | cli    | b     |
    When I run "agents cleanup policy <values> --format json"
    Then it exits with 0
    And nothing is worth a warning

    Examples:
      | values                                          |
      | --stale-after 25h                               |
      | --empty-after 1m --stale-after 24h --orphaned-after 23h |
      | --empty-after 40d --only empty                  |
      | --orphaned-after 7d --only dangling             |
      | --max-purge 99% --keep-last 1                   |
      | --max-purge 2                                   |
      | --no-archive                                    |
      | --mode report                                   |
      | --source cron --actor a                         |
      | --archive-retention 1d                          |

  Scenario Outline: What is no mistake may still be worth knowing: "<values>"
    When I run "agents cleanup policy <values>"
    Then it exits with 0
    And the error says "<said>"

    Examples:
      | values        | said                                                         |
      | --no-archive  | The archive is off: what a purge deletes cannot be restored. |
      | --mode report | In the mode report nothing is deleted.                       |

  Scenario: A threshold that a file sets for other runs is no mistake in this one
    Given the project's settings file sets stale_after to 7d
    When I run "agents cleanup policy --only empty --format json"
    Then nothing is worth a warning

  Scenario: With the newest kept in view of other sessions, nothing is said
    Given these sessions
      | name   | idle | actor |
      | spring | 10d  | a     |
      | summer | 5d   | a     |
    When I run "agents cleanup policy --keep-last 1 --format json"
    Then it exits with 0
    And nothing is worth a warning

  Scenario: Near the end of the calendar it still looks
    Given these sessions
      | name   | idle | actor |
      | spring | 1h   | a     |
    And the clock stands a week before the last day of the calendar
    When I run "agents cleanup policy --stale-after 36500d --keep-last 1 --format json"
    Then it exits with 0

  Scenario Outline: Nonsense is refused: <option>
    When I run "agents cleanup policy <option>"
    Then it exits with 2

    Examples:
      | option             |
      | --stale-after 0d   |
      | --keep-last 0      |
      | --max-purge 0      |
      | --max-purge 101%   |
      | --mode maybe       |
      | --only ''          |
      | --actor ''         |
      | --archive-retention 0d |

  Scenario: Looking changes nothing
    Given 20 sessions last accessed between 60d and 10d ago
    And a copy of the database
    When I run "agents cleanup policy --keep-last 3 --source cli"
    Then it exits with 0
    And the database equals its copy

  @sqlite_only
  Scenario: Where there is no database, it says so and makes none
    Only an embedded database is made by the program itself; a server's is there or is an error.
    Given no database
    When I run "agents cleanup policy --source cron --format json"
    Then it exits with 0
    And it is a warning that says "There is no database yet"
    And it found
      | scanned | candidates | protected | recent |
      | 0       | 0          | 0         | 0      |
    And there is still no database

  Scenario: People read a table
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | summer | 41d  | 1        |
      | fresh  | 1h   | 1        |
    And the project's settings file sets stale_after to 14d
    When I run "agents cleanup policy --max-purge 1 --source cli --only stale,empty --no-archive"
    Then the answer lists
      | SETTING     | VALUE        | FROM     | NOW                                       |
      | enabled     | yes          | default  | a purge deletes                           |
      | mode        | purge        | default  | a purge deletes                           |
      | empty_after | 30m          | default  | selects 0 sessions                        |
      | keep_last   | none         | default  | protects 0 sessions                       |
      | only        | stale, empty | --only   | selects 2 sessions                        |
      | sources     | cli          | --source | matches 3 sessions                        |
      | max_purge   | 1            | --max-purge | allows 1 session, a purge is refused   |
    And the answer says "cleveragents.toml, line 2: stale_after"
    And the answer says "2 sessions of 3 are selected now."
    And the answer says "1 used recently"

  Scenario: A disabled cleanup deletes nothing, and the table says so
    Given the variable SESSION_CLEANUP_ENABLED is "false"
    When I run "agents cleanup policy"
    Then the answer lists
      | enabled | no    | SESSION_CLEANUP_ENABLED | nothing is deleted |
      | mode    | purge | default                 | a purge deletes    |

  Scenario: A path that is too long for a terminal is folded, not cut
    Given these sessions
      | name  | idle |
      | fresh | 1h   |
    And I am in the folder "a-folder-with-quite-a-long-name/and-another-one-within-it-that-is-long"
    And the project's settings file sets stale_after to 14d
    And the variable COLUMNS is "80"
    When on a terminal I run "agents cleanup policy" and end the input
    Then the answer does not say "…"

  Scenario Outline: Text that means harm is shown harmlessly in <format>
    Given these sessions
      | name  | idle |
      | fresh | 1h   |
    When I look at the policy for the actor "\x1b[31mspring\x1b[2J" in <format>
    Then nothing that a terminal obeys was written

    Examples:
      | format |
      | plain  |
      | json   |
      | yaml   |

  Scenario Outline: Machines read it in <format>
    When I run "agents cleanup policy --format <format>"
    Then the answer is one <format> document

    Examples:
      | format |
      | json   |
      | yaml   |
