@any_database
Feature: What was meant for cleanup is never ignored
  Whoever tried to keep sessions longer, and mistyped it, is told before anything is deleted.

  Background:
    Given a session "spring" last accessed 40d ago with 1 messages

  Scenario Outline: A variable that looks like ours and is none: <variable>
    Given the variable <variable> is "<value>"
    And I remember what is there
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "<variable>"
    And it says "<says>"
    And nothing has changed

    Examples:
      | variable                     | value | says                                           |
      | CLEVERAGENTS_STALE_AFTER     | 3650d | Did you mean CLEVERAGENTS_CLEANUP_STALE_AFTER? |
      | CLEVERAGENTS_KEEP_LAST       | 5     | Did you mean CLEVERAGENTS_CLEANUP_KEEP_LAST?   |
      | CLEVERAGENTS_ENABLED         | false | Did you mean CLEVERAGENTS_CLEANUP_ENABLED?     |
      | CLEVERAGENTS_URL             | x     | Unknown setting                                |
      | CLEVERAGENTS_COLOUR_OF_HAIR  | red   | CLEVERAGENTS_                                  |
      | cleveragents_stale_after     | 3650d | Did you mean CLEVERAGENTS_CLEANUP_STALE_AFTER? |
      | SESSION_CLEANUP_ENABLE       | false | Did you mean SESSION_CLEANUP_ENABLED?          |
      | SESSION_CLEANUP_TTL_HOURS    | 5     | Did you mean SESSION_CLEANUP_TTL_MINUTES?      |

  Scenario: A variable in small letters counts
    Given the variable cleveragents_cleanup_enabled is "false"
    When I run "agents cleanup --yes"
    Then it exits with 0
    And it says "Nothing was deleted"
    And nothing has changed

  Scenario: A variable of somebody else does not matter
    Given the variable CLEVER_STALE_AFTER is "3650d"
    When I run "agents cleanup --yes"
    Then it exits with 0
    And no session remains

  Scenario Outline: A number that is no whole number: keep_last = <value>
    Given the project's settings file reads
      """
      [cleanup]
      keep_last = <value>
      """
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "whole number"
    And it says "cleveragents.toml, line 2"
    And nothing has changed

    Examples:
      | value |
      | true  |
      | 2.0   |

  Scenario: The project's settings file is found from a folder inside the project
    Given the project's settings file sets enabled to false
    And I am in the folder "src/deep/inside"
    When I run "agents cleanup --yes"
    Then it exits with 0
    And it says "Nothing was deleted"
    And nothing has changed

  Scenario: The nearest of two settings files counts, and only that one
    Given the project's settings file sets enabled to false
    And a file "src/cleveragents.toml" that holds "[cleanup]"
    And I am in the folder "src/deep"
    When I run "agents cleanup --yes"
    Then it exits with 0
    And no session remains

  Scenario Outline: The <owner>'s settings file is a link to nothing
    Given the <owner>'s settings file is a link to nothing
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "link to nothing"
    And nothing has changed

    Examples:
      | owner   |
      | project |
      | user    |

  Scenario: The project's settings file is a folder
    Given an empty folder "cleveragents.toml"
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "cannot be read"
    And nothing has changed

  Scenario: The user's settings file is a folder
    Given the user's settings file is a folder
    When I run "agents cleanup --yes"
    Then it is refused as a usage error that says "cannot be read"
    And nothing has changed

  Scenario: The current folder is gone, so nobody knows whether it had a settings file
    When I run in a shell: mkdir gone && cd gone && rmdir ../gone && agents cleanup --yes
    Then it is refused as a usage error that says "no longer exists"
    And it says "Change to a folder that exists"
    And nothing has changed
