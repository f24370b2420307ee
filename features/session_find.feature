Feature: Find a session again
  Sessions are named by any unambiguous beginning of their id, and listed in any order, page by page.

  Rule: The beginning of an id is enough

    Background:
      Given these sessions
        | name   | id            |
        | spring | 01SPRING00001 |
        | summer | 01SUMMER00001 |
        | autumn | 02AUTUMN      |
        | short  | 02AUTUMN-2    |
      And I remember what is there

    Scenario Outline: "<beginning>" means one session
      When I run "agents session show <beginning>"
      Then it exits with 0
      And it says "<name>"

      Examples:
        | beginning     | name   |
        | 01SPRING00001 | spring |
        | 01SP          | spring |
        | 01SU          | summer |
        | 02AUTUMN-     | short  |

    Scenario: A whole id wins over longer ids that begin with it
      When I run "agents session show 02AUTUMN"
      Then it exits with 0
      And it says "autumn"

    Scenario Outline: "<beginning>" means none, whatever one wants to do with it
      When I run "agents session <command> <beginning>"
      Then it exits with 3
      And it says "No session has the id"

      Examples:
        | command      | beginning  |
        | show         | 03         |
        | show         | 01spring   |
        | show         | 01SP%      |
        | show         | 01SP_      |
        | show         | 02AUTUMN-3 |
        | delete --yes | 03         |
        | export       | 03         |

    Scenario: The last character there is ends no prefix badly
      When I show a session whose id begins with the last character of Unicode
      Then it exits with 3

    Scenario Outline: "01S" means two, and both are named
      When I run "agents session <command> 01S"
      Then it exits with 4
      And it says "01SPRING00001"
      And it says "01SUMMER00001"
      And nothing has changed

      Examples:
        | command                |
        | show                   |
        | touch                  |
        | pin                    |
        | delete --yes           |
        | export                 |

    Scenario: Of very many matches the first ten are named
      Given 30 sessions whose ids begin with "many"
      When I run "agents session show many"
      Then it exits with 4
      And 10 ids that begin with "many" are named, and that there are more

    Scenario Outline: A blank id is a usage error
      When I run "agents session show <blank>"
      Then it is refused as a usage error that says "cannot be blank"

      Examples:
        | blank |
        | ''    |
        | '  '  |

  Rule: A list is filtered, sorted and cut into pages by the database

    Background:
      Given these sessions
        | name   | actor        | source   | namespace | idle | created | messages | size |
        | spring | team/planner | cli      | local     | 1h   | 3d      | 2        | 250  |
        | summer | team/planner | api      | lab       | 40d  | 50d     | 5        | 20   |
        | autumn | team/writer  | cron     | lab       | 2d   | 60d     | 1        | 900  |
        | winter |              | subagent | local     | 3h   | 2d      | 0        | 0    |

    Scenario Outline: Sorted by <key>
      When I run "agents session list --sort <key>"
      Then the list is <order>
      When I run "agents session list --sort <key> --reverse"
      Then the list is <reversed>

      Examples:
        | key           | order                          | reversed                       |
        | last-accessed | spring, winter, autumn, summer | summer, autumn, winter, spring |
        | created       | winter, spring, summer, autumn | autumn, summer, spring, winter |
        | size          | autumn, spring, summer, winter | winter, summer, spring, autumn |
        | messages      | summer, spring, autumn, winter | winter, autumn, spring, summer |
        | name          | autumn, spring, summer, winter | winter, summer, spring, autumn |

    Scenario Outline: Narrowed with <options>
      When I run "agents session list --sort name <options>"
      Then the list is <names>

      Examples:
        | options                                   | names                  |
        | --actor team/planner                      | spring, summer         |
        | --actor team/planner --actor team/writer  | autumn, spring, summer |
        | --source cli --source cron                | autumn, spring         |
        | --namespace lab                           | autumn, summer         |
        | --name 's*'                               | spring, summer         |
        | --name '?inter'                           | winter                 |
        | --name 'S*'                               | nothing                |
        | --name '%'                                | nothing                |
        | --actor team/planner --source cli         | spring                 |
        | --actor team/planner --source cron        | nothing                |
        | --stale                                   | summer                 |
        | --empty                                   | winter                 |
        | --empty --stale                           | nothing                |
        | --pinned                                  | nothing                |
        | --no-pinned --namespace local             | spring, winter         |

    Scenario: Orphaned sessions, and the children of one session
      Given these sessions
        | name     | parent       | idle    | messages |
        | daughter | spring       | 2h | 1        |
        | orphan   | deleted-long-ago | 2d | 1       |
        | fresh    | deleted-long-ago | 2h | 1      |
      When I run "agents session list --orphaned"
      Then the list is orphan
      When I run "agents session list --parent spring"
      Then the list is daughter

    Scenario Outline: A filter or a page that cannot be meant is refused
      When I run "agents session list <options>"
      Then it is refused as a usage error that says "<complaint>"

      Examples:
        | options        | complaint |
        | --limit 0      | limit     |
        | --limit -1     | limit     |
        | --limit many   | limit     |
        | --offset -1    | offset    |
        | --sort size,name | sort    |
        | --actor ''     | blank     |
        | --name ''      | blank     |
        | --source ''    | blank     |

  Rule: Pages never overlap and lose nothing

    Scenario Outline: 53 sessions in pages of 10 by <key>, many of them alike
      Given 53 sessions of which many are alike
      When I read the whole list in pages of 10 by <key>
      Then every session was on exactly one page
      And each page says how many there are in all
      When I run "agents session list --offset 53"
      Then it says "No more sessions; there are 53"

      Examples:
        | key           |
        | last-accessed |
        | created       |
        | size          |
        | messages      |
        | name          |
        | name --reverse |

    Scenario: Very many are not counted to the last one for the sake of a page
      Given 10000 sessions last accessed between 20d and 1d ago
      When I run "agents session list --limit 2"
      Then it says "1 to 2 of 10,000 sessions"
      Given these sessions
        | name   |
        | spring |
      When I run "agents session list --limit 2"
      Then it says "1 to 2 of more than 10,000 sessions"
      When I run "agents session list --limit 2 --offset 9999"
      Then it says "10,000 to 10,001 of 10,001 sessions"
      When I run "agents session list --limit 2 --offset 20000"
      Then it says "No more sessions; there are 10,001"
      When I run "agents session list --limit 2 --format json"
      Then the list says that its total is not exact

    Scenario: Sessions without a name come last, in either direction
      Given these sessions
        | name   | id |
        | spring | 1  |
        |        | 2  |
        | autumn | 3  |
      When I run "agents session list --sort name"
      Then the list is autumn, spring, unnamed
      When I run "agents session list --sort name --reverse"
      Then the list is spring, autumn, unnamed

    Scenario: An empty list says so
      When I run "agents session list"
      Then it exits with 0
      And it says "No sessions"

  Rule: One session is shown in full

    Scenario: Facts, children, and the newest messages
      Given a session "spring" last accessed 2h ago with 12 messages
      And these sessions
        | name     | parent |
        | daughter | spring |
        | son      | spring |
      When I run "agents session show spring --messages 3"
      Then it exits with 0
      And it says "spring"
      And of "spring" the messages 10, 11, 12 are shown and no others
      And it counts 2 children

    Scenario: Looking at a session is not using it
      Given a session "spring" last accessed 40d ago with 2 messages
      When I run "agents session show spring"
      And I run "agents session list"
      And I run "agents session export spring"
      And I run "agents cleanup explain spring"
      Then nothing has changed
