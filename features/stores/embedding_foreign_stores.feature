@any_database
Feature: A program that makes sessions of its own cleans its own
  Were another system's store named for it, what it made would never be cleaned, and nobody would say so.

  Scenario Outline: <integration> with a foreign store is refused
    Given the variable CLEVERAGENTS_CLEANUP_STORE is "adk:sqlite:////tmp/session.db"
    When a program makes a <integration>
    Then the program is told "This program makes sessions of its own"

    Examples:
      | integration         |
      | EmptySessionCleanup |
      | SessionCoordinator  |

  Scenario: A sweeper may sweep a foreign store
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    And the variable CLEVERAGENTS_CLEANUP_STORE names it
    Then a program that sweeps it in the background purges what is stale
