Feature: What a purge logs

  Background:
    Given these sessions
      | id                | name   | idle | messages | size |
      | spring-0123456789 | spring | 40d  | 2        | 100  |
      | summer-0123456789 | summer | 45d  | 1        | 50   |
      | winter-0123456789 | winter | 1h   | 1        | 1    |

  Scenario: Nothing unless asked
    When I run "agents cleanup"
    Then the error says nothing

  Scenario: -v logs the summary, without full ids
    When I run "agents cleanup -v"
    Then the log says
      | level | sessions_scanned | sessions_deleted | bytes_freed |
      | INFO  | 3                | 2                | 250         |
    And the error does not say "spring-0123456789"

  Scenario: -vv logs each session too
    When I run "agents cleanup -vv"
    Then the log says
      | level | session_id        | age_days |
      | DEBUG | summer-0123456789 | 45       |
      | DEBUG | spring-0123456789 | 40       |
    And the error does not say "winter-0123456789"
    And the log says
      | level | sessions_scanned | sessions_deleted | bytes_freed |
      | INFO  | 3                | 2                | 250         |

  Scenario: -vv logs every one of a long list
    Given 60 sessions last accessed between 90d and 31d ago
    When I run "agents cleanup -vv --format json"
    Then 62 sessions are logged as deleted
    And the answer is one json document

  Scenario: What was skipped is not logged as deleted
    When on a terminal I run "agents cleanup -vv" and, before I answer "yes", another user touches "spring-0123456789"
    Then the error does not say "spring-0123456789"
    And the log says
      | level | sessions_scanned | sessions_deleted | sessions_skipped |
      | INFO  | 3                | 1                | 1                |

  Scenario: As JSON, one object a line
    When I run "agents cleanup -vv --log-format json"
    Then each line of the log is a JSON object
    And the log says
      | level | sessions_scanned | sessions_deleted | bytes_freed |
      | info  | 3                | 2                | 250         |

  Scenario: A dry run logs no purge, for there was none
    When I run "agents cleanup --dry-run -vv"
    Then the error does not say "sessions_deleted"
    And the error does not say "Session deleted"

  Scenario: --quiet with -v leaves out the answer and keeps the log
    When I run "agents cleanup -v --quiet"
    Then the answer says nothing
    And the log says
      | level | sessions_scanned | sessions_deleted | bytes_freed |
      | INFO  | 3                | 2                | 250         |

  Scenario: --quiet says nothing at all where nothing needs a look
    When I run "agents cleanup --quiet"
    Then it exits with 0
    And the error says nothing
    And the answer says nothing
    And only "winter" remains
