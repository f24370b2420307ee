@any_database
Feature: A setting that cannot be understood stops the command
  A setting that was silently ignored is how other tools deleted what they had been told to keep.

  Background:
    Given a session "spring" last accessed 40d ago with 1 messages

  Scenario Outline: In a settings file: <mistake>
    Given the project's settings file reads
      """
      <first line>
      <second line>
      """
    When I run "agents cleanup"
    Then it is refused as a usage error that says "<names>"
    And it says "<says>"
    And it says "cleveragents.toml"
    And nothing has changed

    Examples:
      | mistake               | first line | second line            | names         | says                              |
      | not TOML              | [cleanup]  | stale_after 30d        | not valid     | line 2                            |
      | not closed            | [cleanup   | stale_after = '30d'    | not valid     | line 1                            |
      | an unknown key        | [cleanup]  | stale_afterr = '30d'   | line 2        | Did you mean stale_after?         |
      | an unknown table      | [cleenup]  | stale_after = '30d'    | line 1        | [cleanup]                         |
      | an unknown plain key  | # ours     | colour = 'red'         | line 2        | [database], [cleanup]             |
      | no unit               | [cleanup]  | stale_after = '30'     | line 2        | 90s, 30m (minutes), 24h, 30d or 2w |
      | a number              | [cleanup]  | stale_after = 30       | line 2        | for example '30d'                 |
      | zero                  | [cleanup]  | stale_after = '0d'     | line 2        | zero would mean everything        |
      | negative              | [cleanup]  | stale_after = '-1d'    | line 2        | 90s, 30m (minutes), 24h, 30d or 2w |
      | nothing               | [cleanup]  | stale_after = ''       | line 2        | 90s, 30m (minutes), 24h, 30d or 2w |
      | months or minutes?    | [cleanup]  | stale_after = '1M'     | line 2        | 90s, 30m (minutes), 24h, 30d or 2w |
      | keep none             | [cleanup]  | keep_last = 0          | line 2        | greater than or equal to 1        |
      | keep some             | [cleanup]  | keep_last = 'some'     | line 2        | integer                           |
      | neither yes nor no    | [cleanup]  | enabled = 'perhaps'    | line 2        | boolean                           |
      | no such format        | # ours     | format = 'xml'         | line 2        | 'rich', 'plain', 'json' or 'yaml' |
      | no such log format    | [log]      | format = 'xml'         | line 2        | 'text' or 'json'                  |
      | a table for a setting | [cleanup]  | stale_after = {d = 30} | line 2        | for example '30d'                 |

  Scenario: A settings file that is not text
    Given the project's settings file is not UTF-8
    When I run "agents cleanup"
    Then it is refused as a usage error that says "not UTF-8"
    And nothing has changed

  Scenario: The user's settings file is held to the same
    Given the user's settings file sets stale_after to soon
    When I run "agents cleanup"
    Then it is refused as a usage error that says "config.toml, line 2"
    And nothing has changed

  Scenario: A broken user file is not hidden by a good project file
    Given the user's settings file sets stale_afterr to 60d
    And the project's settings file sets stale_after to 60d
    When I run "agents cleanup"
    Then it is refused as a usage error that says "stale_afterr"
    And nothing has changed

  Scenario Outline: In the environment: <variable>=<value>
    Given the variable <variable> is "<value>"
    When I run "agents cleanup"
    Then it is refused as a usage error that says "<variable>"
    And it says "<says>"
    And nothing has changed

    Examples:
      | variable                           | value   | says                                 |
      | CLEVERAGENTS_CLEANUP_STALE_AFTER   | 30      | 90s, 30m (minutes), 24h, 30d or 2w   |
      | CLEVERAGENTS_CLEANUP_STALE_AFTER   | 0d      | zero would mean everything           |
      | CLEVERAGENTS_CLEANUP_KEEP_LAST     | 0       | greater than or equal to 1           |
      | CLEVERAGENTS_CLEANUP_ENABLED       | perhaps | boolean                              |
      | CLEVERAGENTS_CLEANUP_STALE_AFTR    | 60d     | Did you mean CLEVERAGENTS_CLEANUP_STALE_AFTER? |
      | CLEVERAGENTS_CLEANUP_EMTPY         | 1h      | CLEVERAGENTS_CLEANUP_EMPTY_AFTER     |
      | CLEVERAGENTS_LOG_FORMAT            | xml     | 'text' or 'json'                     |
      | CLEVERAGENTS_DATABASE_BUSY_TIMEOUT | 5       | 90s, 30m (minutes), 24h, 30d or 2w   |
      | CLEVERAGENTS_FORMAT                | xml     | plain                                |

  Scenario Outline: A blank <variable> means nothing that could be guessed
    Given the variable <variable> is blank
    When I run "agents cleanup"
    Then it is refused as a usage error that says "<variable>"
    And nothing has changed

    Examples:
      | variable                         |
      | CLEVERAGENTS_CLEANUP_STALE_AFTER |
      | CLEVERAGENTS_CLEANUP_KEEP_LAST   |
      | CLEVERAGENTS_CLEANUP_ENABLED     |
      | SESSION_CLEANUP_ENABLED          |
      | SESSION_CLEANUP_TTL_MINUTES      |

  Scenario: A bad value is not hidden by a good one above it
    Given the user's settings file sets stale_after to soon
    And the project's settings file sets stale_after to 60d
    When I run "agents cleanup"
    Then it is refused as a usage error that says "config.toml, line 2"
    And nothing has changed

  Scenario Outline: A database that cannot be: <url>
    Given the project's settings file sets database.url to <url>
    And no variable names a database
    When I run "agents cleanup"
    Then it is refused as a usage error that says "<says>"
    And it says "sqlite:////folder/sessions.db"

    Examples:
      | url                  | says                 |
      | oracle://host/db     | not supported        |
      | sessions.db          | cannot be read       |
      | sqlite://            | in-memory            |
      | sqlite:///a.db?x=1   | takes no parameters  |

  Scenario Outline: Every command looks at its settings first: <command>
    Given the variable CLEVERAGENTS_CLEANUP_STALE_AFTER is "soon"
    When I run "agents <command>"
    Then it is refused as a usage error that says "CLEVERAGENTS_CLEANUP_STALE_AFTER"
    And nothing has changed

    Examples:
      | command                      |
      | cleanup --dry-run            |
      | cleanup explain spring     |
      | session list                 |
      | session delete spring --yes |
      | session touch spring       |
      | db upgrade                   |
