@postgresql_only
Feature: Google ADK's tables without an index of the events are purged quickly all the same
  Before 1.28 it made none. Then PostgreSQL reads all events for each session that goes, to see whether any
  refers to it: two thousand sessions take a minute, and all that time under lock.

  Background:
    Given the store "adk-1.22.0-DatabaseSessionService", as its library made it
    And the store has 60 stale sessions more

  Scenario: A superuser's purge switches the looking off for itself
    When on the store I run "agents cleanup --yes --max-purge 100%"
    Then it exits with 0
    And the events were read as a whole less than 30 times
    And nothing was added to the store, or changed in it
    When I restore the last run of the store
    Then nothing in the store has changed

  Scenario: Their owner's purge makes an index, which nobody else ever sees
    Given the store belongs to somebody who is no superuser
    When on the store I run "agents cleanup --yes --max-purge 100%"
    Then it exits with 0
    And the events were read as a whole less than 30 times
    And nothing was added to the store, or changed in it

  Scenario: Where the tables have a trigger, it is not passed over
    Given a trigger of the store writes down which sessions go
    When on the store I run "agents cleanup --yes --max-purge 100%"
    Then it exits with 0
    And the events were read as a whole less than 30 times
    And the trigger wrote down every session that went

  Scenario: Who may only delete waits longer, and the store is purged
    Given the store may be read and deleted from by somebody who owns nothing
    When on the store I run "agents cleanup --yes --max-purge 100%"
    Then it exits with 0
    And no stale session is left in the store
