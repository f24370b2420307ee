Feature: Check the database's health
  The counters of a session are what a purge is held against, so a check compares them with the messages.

  Background:
    Given a session "spring" with 3 messages of 100 bytes
    And a session "summer" with 2 messages of 100 bytes

  Scenario: A healthy database
    When I run "agents db check"
    Then it exits with 0
    And it says "The database is healthy"
    And nothing has changed

  Scenario: Counters that disagree are found, and mended where that is asked for
    Given a program that keeps no counters has taken a message from "spring"
    And I remember what is there
    When I run "agents db check"
    Then it exits with 1
    And it says "needs a look"
    And it tells where counters and messages differ
      | session | counted | found | bytes | found bytes |
      | spring  | 3       | 2     | 300   | 200         |
    And nothing has changed
    When I run "agents db check --mend"
    Then it exits with 0
    And the counters of "spring" agree with its messages
    When I run "agents db check"
    Then it says "The database is healthy"

  Scenario: A purge refuses sessions whose counters disagree, and deletes nothing
    Given a program that keeps no counters has taken a message from "spring"
    And I remember what is there
    When 60d go by
    And I run "agents cleanup"
    Then it exits with 1
    And it says "agents db check --mend"
    And nothing has changed
    When I run "agents db check --mend"
    And I run "agents cleanup"
    Then it exits with 0
    And no session remains

  Scenario: Dangling messages that no cleanup sees are recorded by --mend and purged by the next one
    Given another program has removed "spring" and left its messages, unseen
    When I run "agents db check"
    Then it exits with 1
    And it says "3 dangling messages"
    When I run "agents db check --mend"
    Then it exits with 0
    When 60d go by
    And I run "agents cleanup --only dangling"
    Then it exits with 0
    And it says "3"
    And no message of "spring" is left
    And only "summer" remains

  @sqlite_only
  Scenario: A damaged file
    Given the database file is damaged in the middle
    When I run "agents db check"
    Then it exits with 1
    And the damage is told without a traceback
