Feature: A cleanup that is switched off

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    And the variable SESSION_CLEANUP_ENABLED is "false"

  Scenario: It says so and deletes nothing
    When I run "agents cleanup"
    Then it exits with 0
    And only "spring" remains
    And the answer says "Nothing was deleted."
    And the error says "Cleanup is disabled by the settings."

  Scenario: Machines read it too
    When I run "agents cleanup --format json"
    Then it exits with 0
    And the report counts
      | scanned | candidates | purged |
      | 1       | 1          | 0      |
    And the figures reconcile

  Scenario: It does not ask either
    When on a terminal I run "agents cleanup" and end the input
    Then it exits with 0
    And the error does not say "[y/N]"
    And only "spring" remains

  Scenario: Not even --yes overrules it
    When I run "agents cleanup --yes"
    Then it exits with 0
    And only "spring" remains

  Scenario: A dry run still looks
    When I run "agents cleanup --dry-run"
    Then the answer says "1 session of 1 would be purged"
