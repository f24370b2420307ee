@any_database
Feature: One document for machines
  JSON and YAML carry one envelope, whatever happened.

  Scenario Outline: Done: <command> in <format>
    Given a session "spring" last accessed 40d ago with 2 messages
    When I run "agents <command> --format <format>"
    Then stdout is one <format> document
    And its envelope has
      | what      | value     |
      | command   | <name>    |
      | status    | ok        |
      | exit_code | 0         |
      | error     | not there |

    Examples:
      | command                                | format | name            |
      | session create --name summer           | json   | session create  |
      | session list                           | json   | session list    |
      | session list                           | yaml   | session list    |
      | session show spring                  | json   | session show    |
      | session append spring --role user Hi | json   | session append  |
      | session touch spring                 | yaml   | session touch   |
      | session pin spring                   | json   | session pin     |
      | session unpin spring                 | json   | session unpin   |
      | session export spring                | json   | session export  |
      | session export spring -o a.json      | json   | session export  |
      | session delete spring                | json   | session delete  |
      | cleanup --dry-run                      | json   | cleanup         |
      | cleanup                                | yaml   | cleanup         |
      | cleanup explain spring               | json   | cleanup explain |
      | db current                             | json   | db current      |
      | db check                               | yaml   | db check        |
      | db upgrade                             | json   | db upgrade      |
      | store check                            | json   | store check     |
      | store list                             | yaml   | store list      |
      | demo --sessions 20                     | json   | demo            |

  Scenario Outline: Refused: <command> in <format>
    Given a session "spring" last accessed 40d ago with 2 messages
    When I run "agents <command> --format <format>"
    Then stdout is one <format> document
    And its envelope has
      | what      | value       |
      | command   | <name>      |
      | status    | error       |
      | exit_code | <exit code> |
      | data      | none        |
    And its error has the code "<code>", a message, a detail and suggestions
    And nothing has changed

    Examples:
      | command                      | format | name           | exit code | code              |
      | session show nobody          | json   | session show   | 3         | session_not_found |
      | session show nobody          | yaml   | session show   | 3         | session_not_found |
      | session delete nobody --yes  | json   | session delete | 3         | session_not_found |
      | session show ''              | json   | session show   | 2         | invalid_value     |
      | session create --parent nobody | json | session create | 3         | session_not_found |
      | cleanup --stale-after 30     | json   | cleanup        | 2         | invalid_settings  |
      | cleanup --stale-after 0d     | yaml   | cleanup        | 2         | invalid_settings  |
      | cleanup --only old           | json   | cleanup        | 2         | usage             |
      | cleanup --keep-last 0        | json   | cleanup        | 2         | invalid_settings  |
      | session import nowhere.json  | json   | session import | 3         | file_not_found    |

  Scenario Outline: Not even understood: <command> in <format>
    When I run "agents <command>"
    Then stdout is one <format> document
    And its envelope has
      | what      | value |
      | status    | error |
      | exit_code | 2     |
    And its error has the code "usage", a message, a detail and suggestions

    Examples:
      | command                                | format |
      | session shwo --format json             | json   |
      | --format json sesion                   | json   |
      | session list --limit many --format json | json  |
      | session list --format=yaml --colour    | yaml   |
      | cleanup --format json --dry-runn       | json   |
      | cleanup --format json --stale-after    | json   |
      | session append --format yaml           | yaml   |
      | db --format json                       | json   |

  Scenario: Ambiguous: the matches are listed one by one
    Given these sessions
      | name   | id     |
      | spring | same-1 |
      | summer | same-2 |
    When I run "agents session show same --format json"
    Then stdout is one json document
    And its error has the code "ambiguous_session", a message, a detail and suggestions
    And its error lists the matches "same-1", "same-2"

  Scenario Outline: Nothing found has the same shape as much found: <command>
    Given a session "spring" last accessed 40d ago with 2 messages
    When I run both "agents <command> --format json" and "agents <command> --name nobody --format json"
    Then both documents have the same names at the same places

    Examples:
      | command           |
      | session list      |
      | cleanup --dry-run |

  Scenario: A warning stands among the messages
    Given the variable SESSION_CLEANUP_ENABLED is "false"
    When I run "agents cleanup --format json"
    Then stdout is one json document
    And its envelope has
      | what      | value |
      | status    | warn  |
      | exit_code | 0     |
    And one of its messages says "disabled"

  Scenario: A declined deletion is no success
    Given a session "spring" last accessed 40d ago
    When on a terminal I run "agents session delete spring --format json" and answer "n"
    Then stdout is one json document
    And its envelope has
      | what      | value |
      | status    | warn  |
      | exit_code | 1     |
    And nothing has changed

  Scenario: A folder with bad files is finished, but needs a look
    Given an empty folder "sessions"
    And a file "sessions/bad.json" that holds "{"
    When I run "agents session import sessions --format json"
    Then stdout is one json document
    And its envelope has
      | what      | value |
      | status    | warn  |
      | exit_code | 6     |
