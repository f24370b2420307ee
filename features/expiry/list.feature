Feature: See which sessions become eligible soon
  A session expires within a time if a purge would not take it now and would take it then, as long as
  nobody touches anything.

  Scenario: Each with the moment from which a purge takes it, the soonest first
    Given these sessions
      | name     | idle | messages | pinned | leased | stale_after | parent | actor |
      | gone     | 31d  | 1        |        |        |             |        | a     |
      | tomorrow | 29d  | 1        |        |        |             |        | a     |
      | week     | 23d  | 1        |        |        |             |        | b     |
      | later    | 22d  | 1        |        |        |             |        | b     |
      | own      | 1d   | 1        |        |        | 3d          |        | b     |
      | blank    | 10m  | 0        |        |        |             |        | b     |
      | orphan   | 20h  | 1        |        |        |             | nobody | b     |
      | pinned   | 29d  | 1        | yes    |        |             |        | b     |
      | leased   | 40d  | 1        |        | 3d     |             |        | b     |
      | mother   | 35d  | 1        |        |        |             |        | b     |
      | daughter | 26d  | 1        |        |        |             | mother | b     |
      | kept     | 40d  | 1        |        |        |             |        | c     |
      | child    | 2d   | 1        |        |        |             | kept   | c     |
    And I remember what is there
    When I run "agents session list --expiring-within 7d --format json"
    Then it exits with 0
    And these expire
      | name     | in           |
      | blank    | 20m +1us     |
      | orphan   | 4h +1us      |
      | tomorrow | 1d +1us      |
      | own      | 2d +1us      |
      | leased   | 3d           |
      | daughter | 4d +1us      |
      | mother   | 4d +1us      |
    And they expire by 7d from now
    When I run "agents session list --expiring-within 7d"
    Then the list is blank, orphan, tomorrow, own, leased, daughter, mother
    And it says "ELIGIBLE AT (UTC)"
    And it says "2026-06-16 12:00"
    And it says "1 to 7 of 7 sessions that a purge would take by 2026-06-22 12:00 UTC"
    And nothing has changed

  Scenario: A microsecond decides
    Given these sessions
      | name | idle     | messages |
      | just | 23d +1us | 1        |
      | not  | 23d      | 1        |
    When I run "agents session list --expiring-within 7d"
    Then the list is just
    When 7d go by
    And I run "agents cleanup --dry-run --format json"
    Then the candidates are, oldest first, "just"

  Scenario: The newest of an actor stay, and nothing is said of them
    Given the project's settings file sets keep_last to 1
    And these sessions
      | name   | idle | messages | actor |
      | second | 26d  | 1        | a     |
      | newest | 25d  | 1        | a     |
    When I run "agents session list --expiring-within 30d"
    Then the list is second

  Scenario Outline: Narrowed, sorted and cut into pages: <options>
    Given these sessions
      | id | name   | idle | messages | actor | source | size |
      | 1  | spring | 27d  | 2        | a     | cli    | 10   |
      | 2  | summer | 25d  | 1        | a     | cron   | 900  |
      | 3  | autumn | 26d  | 3        | b     | cli    | 20   |
      | 4  |        | 28d  | 5        | b     | cli    | 1    |
      | 5  | winter | 1d   | 1        | b     | cli    | 1    |
    When I run "agents session list --expiring-within 7d <options>"
    Then it exits with 0
    And the list is <names>

    Examples:
      | options                            | names                           |
      |                                    | unnamed, spring, autumn, summer |
      | --reverse                          | summer, autumn, spring, unnamed |
      | --sort last-accessed               | summer, autumn, spring, unnamed |
      | --sort name                        | autumn, spring, summer, unnamed |
      | --sort name --reverse              | summer, spring, autumn, unnamed |
      | --sort messages                    | unnamed, autumn, spring, summer |
      | --sort size --reverse              | unnamed, spring, autumn, summer |
      | --sort created --limit 1           | summer                          |
      | --limit 2 --offset 1               | spring, autumn                  |
      | --limit 2 --offset 4               | nothing                         |
      | --actor a                          | spring, summer                  |
      | --source cli --name 's*'           | spring                          |
      | --no-pinned --actor b              | unnamed, autumn                 |
      | --pinned                           | nothing                         |
      | --stale                            | nothing                         |

  Scenario: What nothing expires in looks the same
    Given a session "spring" last accessed 1d ago with 1 messages
    When I run "agents session list --expiring-within 7d --format json"
    Then it exits with 0
    And nothing expires
    When I run "agents session list --expiring-within 7d"
    Then it says "No sessions that a purge would take by"

  Scenario: As YAML, and on a terminal
    Given a session "spring" last accessed 29d ago with 1 messages
    When I run "agents session list --expiring-within 7d --format yaml"
    Then these expire
      | name   | in      |
      | spring | 1d +1us |
    When I run "agents session list --expiring-within 7d --format rich"
    Then it exits with 0
    And it says "Eligible at (UTC)"
    And it says "2026-06-16 12:00"

  Scenario: A page beyond the end says how many there are
    Given 3 sessions last accessed between 29d and 25d ago
    When I run "agents session list --expiring-within 7d --offset 3"
    Then it says "No more sessions; there are 3 that a purge would take by"

  @sqlite_only
  Scenario: Where there is no database, nothing expires, and none is made
    Only an embedded database is made by the program itself.
    Given no database
    When I run "agents session list --expiring-within 7d"
    Then it exits with 0
    And it says "No sessions"
    And there is still no database

  Scenario Outline: A time that cannot be meant is refused: <time>
    When I run "agents session list --expiring-within <time>"
    Then it is refused as a usage error that says "<complaint>"

    Examples:
      | time  | complaint                        |
      | 7     | it has no unit                   |
      | 0d    | zero would mean everything       |
      | ''    | is not a duration                |
      | -1d   | is not a duration                |
      | 1mo   | is not one of the units          |
      | 900ms | is not one of the units          |

  Scenario: Nobody looks beyond the calendar
    Given the clock stands a week before the last day of the calendar
    When I run "agents session list --expiring-within 5w"
    Then it is refused as a usage error that says "beyond the year 9999"

  Scenario: The list is what the rules say, for any sessions and any policy
    Given any sessions, any policy and any time to look ahead
    Then what is listed as expiring is what the rules say, each with its very moment
