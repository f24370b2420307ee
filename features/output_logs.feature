@any_database
Feature: Logs for whoever runs this every night
  stdout is the answer, stderr is the conversation.

  Background:
    Given a session "spring" last accessed 40d ago with 2 messages of 100 bytes
    And a session "summer" last accessed 50d ago with 1 messages of 100 bytes
    And a session "fresh" last accessed 1h ago with 1 messages of 100 bytes

  Scenario: A purge logs nothing unless asked to
    When I run "agents cleanup"
    Then it exits with 0
    And stderr is empty

  Scenario: -v logs one summary line
    When I run "agents cleanup -v"
    Then it exits with 0
    And the log has 1 line at INFO with
      | what             | value |
      | sessions_scanned | 3     |
      | sessions_deleted | 2     |
      | bytes_freed      | 300   |
    And the log has 0 lines at DEBUG
    And the answer does not say "INFO"

  Scenario: -vv also logs each session with its whole id and its age
    When I run "agents cleanup -vv"
    Then it exits with 0
    And the log has 1 line at INFO
    And its lines at DEBUG name the sessions by their whole ids
      | id     | age in days |
      | spring | 40          |
      | summer | 50          |

  Scenario: As JSON, one object a line
    When I run "agents cleanup -vv --log-format json --format json"
    Then it exits with 0
    And stdout is one json document
    And every line of the log is an object with a time, a level and a message
    And the log has 1 line at INFO with
      | what             | value |
      | sessions_scanned | 3     |
      | sessions_deleted | 2     |
      | bytes_freed      | 300   |

  Scenario: The log's format can also come from the environment
    Given the variable CLEVERAGENTS_LOG_FORMAT is "json"
    When I run "agents cleanup -v"
    Then every line of the log is an object with a time, a level and a message

  Scenario: The log's format can also come from a settings file
    Given the project's settings file sets log.format to json
    When I run "agents cleanup -v"
    Then every line of the log is an object with a time, a level and a message

  Scenario: --quiet says nothing where all is well
    When I run "agents cleanup --quiet"
    Then it exits with 0
    And stdout is empty
    And stderr is empty
    And only "fresh" remains

  Scenario: --quiet still tells what went wrong
    When I run "agents session show nobody --quiet"
    Then it exits with 3
    And it says "No session has the id"

  Scenario: --quiet for machines is still one document
    When I run "agents cleanup --quiet --format json"
    Then stdout is one json document

  Scenario: A dry run logs no deletion
    When I run "agents cleanup --dry-run -vv"
    Then it exits with 0
    And no line of the log speaks of a deletion
