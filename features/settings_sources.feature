@any_database
Feature: Settings come from five places
  Flag, environment, project file, user file, default: in this order, and each shows in what a cleanup does.

  Background:
    Given these sessions
      | name       | idle    | messages |
      | week-old   | 8d | 1        |
      | month-old  | 35d | 1        |
      | fresh      | 1h | 1        |
      | two-weeks  | 15d | 1        |
      | three-days | 3d | 1        |
      | one-day    | 25h | 1       |
    And I remember what is there

  Scenario Outline: The threshold comes from <winner>
    Given the user's settings file sets stale_after to <user file>
    And the project's settings file sets stale_after to <project file>
    And the variable CLEVERAGENTS_CLEANUP_STALE_AFTER sets it to <environment>
    When I run "agents cleanup <flag>"
    Then it exits with 0
    And only <kept> remain

    Examples:
      | user file | project file | environment | flag             | winner       | kept                                                             |
      | not set   | not set      | not set     |                  | the default  | "fresh", "one-day", "three-days", "week-old", "two-weeks"        |
      | 14d       | not set      | not set     |                  | the user     | "fresh", "one-day", "three-days", "week-old"                     |
      | 14d       | 7d           | not set     |                  | the project  | "fresh", "one-day", "three-days"                                 |
      | 14d       | 7d           | 2d          |                  | the variable | "fresh", "one-day"                                               |
      | 14d       | 7d           | 2d          | --stale-after 1d | the flag     | "fresh"                                                          |
      | not set   | not set      | 2d          | --stale-after 52w | the flag    | "fresh", "one-day", "three-days", "week-old", "month-old", "two-weeks" |

  Scenario: A session list judges by the same threshold
    Given the variable CLEVERAGENTS_CLEANUP_STALE_AFTER is "2w"
    When I run "agents session list --stale --sort name"
    Then the list is month-old, two-weeks

  Scenario Outline: How many to keep can stand in a file: <place>
    Given these sessions
      | name  | actor | idle | messages |
      | older | bot   | 2d   | 1        |
      | newer | bot   | 1d   | 1        |
    And <place> sets keep_last to 1
    When I run "agents cleanup --stale-after 1h --actor bot"
    Then it exits with 0
    And no session is named "older"
    And there is 1 session named "newer"

    Examples:
      | place                       |
      | the user's settings file    |
      | the project's settings file |

  Scenario: Where the sessions live comes from the project's file too
    Given the project's settings file names another database
    And no variable names a database
    When I run "agents session create --name elsewhere"
    Then it exits with 0
    And the other database holds "elsewhere", and this one does not

  Rule: The variables an agent server already has are understood

    Background:
      Given these sessions
        | name  | idle       | messages |
        | blank | 20m | 0        |
      And I remember what is there

    Scenario: SESSION_CLEANUP_TTL_MINUTES is the threshold of empty sessions
      Given the variable SESSION_CLEANUP_TTL_MINUTES is "10"
      When I run "agents cleanup --only empty"
      Then it exits with 0
      And no session is named "blank"

    Scenario: The product's own variable wins over it
      Given the variable SESSION_CLEANUP_TTL_MINUTES is "10"
      And the variable CLEVERAGENTS_CLEANUP_EMPTY_AFTER is "1h"
      When I run "agents cleanup --only empty"
      Then nothing has changed

    Scenario: It wins over the project's file
      Given the project's settings file sets empty_after to 1h
      And the variable SESSION_CLEANUP_TTL_MINUTES is "10"
      When I run "agents cleanup --only empty"
      Then no session is named "blank"

    Scenario Outline: Minutes that are no minutes: <minutes>
      Given the variable SESSION_CLEANUP_TTL_MINUTES is "<minutes>"
      When I run "agents cleanup"
      Then it is refused as a usage error that says "SESSION_CLEANUP_TTL_MINUTES"
      And nothing has changed

      Examples:
        | minutes |
        | 0       |
        | -5      |
        | 1.5     |
        | ten     |

    Scenario Outline: SESSION_CLEANUP_ENABLED=<value> turns the cleanup off
      Given the variable SESSION_CLEANUP_ENABLED is "<value>"
      When I run "agents cleanup"
      Then it exits with 0
      And it says "disabled"
      And nothing has changed

      Examples:
        | value |
        | false |
        | 0     |
        | no    |

    Scenario: Also in the project's file, and a dry run still shows what it would find
      Given the project's settings file sets enabled to false
      When I run "agents cleanup"
      Then it exits with 0
      And it says "disabled"
      And nothing has changed
      When I run "agents cleanup --dry-run"
      Then it exits with 0
      And it says "month-old"
