@any_database
Feature: A schedule that cannot be understood stops the command
  Whoever believes that sweeps run must not find out later that they never did.

  Background:
    Given a session "spring" last accessed 60d ago with 1 messages

  Scenario Outline: "agents cleanup <words>"
    When I run "agents cleanup <words>"
    Then it is refused as a usage error that says "<names>"
    And it says "<says>"
    And nothing has changed
    And the database remembers no sweep

    Examples:
      | words                                 | names     | says                     |
      | watch --once --every 0s               | --every   | zero                     |
      | watch --once --every 0                | --every   | has no unit              |
      | watch --once --every often            | --every   | 24h, 30d or 2w           |
      | watch --once --every -1h              | --every   | 24h, 30d or 2w           |
      | watch --once --at 25:00               | --at      | from 00:00 to 23:59      |
      | watch --once --at 4:00                | --at      | from 00:00 to 23:59      |
      | watch --once --at 04:00:30            | --at      | from 00:00 to 23:59      |
      | watch --once --at noon                | --at      | from 00:00 to 23:59      |
      | watch --once --at 04:00 --every 5h    | of whole days | --every 2d --at 04:00 |
      | watch --once --jitter -1s             | --jitter  | 24h, 30d or 2w           |
      | watch --once --jitter some            | --jitter  | 24h, 30d or 2w           |
      | watch --once --grace long             | --grace   | 24h, 30d or 2w           |
      | watch --once --stop-file stop         | --stop-file | the whole path         |
      | watch --once --mode delete            | --mode    | purge                    |
      | status --max-age 0s                   | not a duration | zero                     |
      | status --max-age ''                   | not a duration | 24h, 30d or 2w |
      | status --max-age old                  | not a duration | 24h, 30d or 2w           |
      | status --at 25:00                     | --at      | from 00:00 to 23:59      |
      | status --every 5h --at 04:00          | of whole days | --every 2d --at 04:00 |
      | pause --stop-file stop                | --stop-file | the whole path         |

  Scenario Outline: In a settings file: <mistake>
    Given the project's settings file reads
      """
      [sweep]
      <line>
      """
    When I run "agents cleanup watch --once"
    Then it is refused as a usage error that says "<says>"
    And it says "cleveragents.toml, line 2"
    And nothing has changed

    Examples:
      | mistake             | line                | says                    |
      | no interval         | every = '0s'        | zero                    |
      | a number            | every = 24          | for example '30d'       |
      | no such time        | at = '25:00'        | from 00:00 to 23:59     |
      | a number for a time | at = 4              | for example '04:00'     |
      | with seconds        | at = 04:00:30       | hours and minutes       |
      | an unknown key      | evry = '24h'        | Did you mean every?     |
      | a relative path     | stop_file = 'stop'  | the whole path          |

  Scenario: A time of day in the settings is held against an interval from elsewhere
    Given the user's settings file sets sweep.at to 04:00
    When I run "agents cleanup watch --once --every 5h"
    Then it is refused as a usage error that says "of whole days"

  Scenario Outline: What looks odd and is not: <words>
    Given the project's settings file reads
      """
      [sweep]
      <line>
      """
    When I run "agents cleanup watch --once <words>"
    Then it exits with 0

    Examples:
      | words                  | line         |
      | --jitter 0s --grace 0s | jitter = '0s' |
      | --at 00:00 --every 1w  | grace = '0s' |
      | --at 04:00 --every 48h | at = 04:00:00 |
