Feature: A sweep from cron says nothing while all is well

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 45d  |

  Scenario: All is well
    When I run "agents cleanup watch --once --mode purge --quiet"
    Then it exits with 0
    And the answer says nothing
    And the error says nothing
    And no session remains

  Scenario: Only the line of the log is wanted
    When I run "agents cleanup watch --once --mode purge --quiet -v"
    Then the answer says nothing
    And the error says "Session cleanup complete"
    And the error says "sessions_deleted=2"

  Scenario: Something needs a look
    When I run "agents cleanup watch --once --mode purge --quiet --max-purge 1"
    Then it exits with 5
    And the error says "--max-purge"
