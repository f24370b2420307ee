Feature: In report mode nothing is ever deleted

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
      | winter | 1h   | 1        |

  Scenario Outline: Report mode by the <source>
    Given <given>
    When I run "agents cleanup <options>"
    Then it exits with 0
    And only "spring" and "winter" remain
    And the answer says "Nothing was deleted. In the mode purge, 1 session of 2 would go."
    And the answer says "spring"

    Examples:
      | source   | given                                                   | options       |
      | project  | the project's settings file sets mode to report         | --yes         |
      | user     | the user's settings file sets mode to report            | --yes         |
      | variable | the variable CLEVERAGENTS_CLEANUP_MODE is "report"      | --yes         |
      | option   | the clock shows noon                                    | --mode report |

  Scenario: It changes nothing at all
    Given the project's settings file sets mode to report
    And I look closely at all that is there
    When I run "agents cleanup"
    Then nothing at all is different

  Scenario: It never asks
    Given the project's settings file sets mode to report
    When on a terminal I run "agents cleanup" and end the input
    Then it exits with 0
    And the error does not say "[y/N]"

  Scenario: It tells machines
    When I run "agents cleanup --mode report --format json"
    Then the answer is one json document
    And status, exit code and messages agree
    And the report counts
      | scanned | candidates | purged | messages | bytes |
      | 2       | 1          | 0      | 3        | 15    |

  Scenario Outline: The option --mode purge wins over the <source>
    Given <given>
    When I run "agents cleanup --mode purge"
    Then it exits with 0
    And only "winter" remains

    Examples:
      | source   | given                                                   |
      | file     | the project's settings file sets mode to report         |
      | variable | the variable CLEVERAGENTS_CLEANUP_MODE is "report"      |

  Scenario: What is disabled stays disabled, whatever the mode
    Given the project's settings file sets enabled to false
    When I run "agents cleanup --mode purge"
    Then it exits with 0
    And only "spring" and "winter" remain
    And the answer says "Were cleanup enabled, 1 session of 2 would go"

  Scenario: A plan that has drifted is reported in report mode, and that is no failure
    Given I run "agents cleanup --plan-out plan.json"
    And I run "agents session pin spring"
    When I run "agents cleanup apply plan.json --mode report"
    Then it exits with 0
    And only "spring" and "winter" remain

  Scenario: A program that embeds the service is held to it as well
    Given the project's settings file sets mode to report
    When a program purges with the library
    Then only "spring" and "winter" remain

  Scenario Outline: A mode that is none stops the command: <value>
    Given the project's settings file sets mode to <value>
    When I run "agents cleanup"
    Then it exits with 2
    And 4 messages are left

    Examples:
      | value  |
      | delete |
      | Purge  |
      | true   |
