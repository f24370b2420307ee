Feature: An agent server that creates sessions before their first message
  The example of the documentation, spoken to over HTTP. In it a session may stay empty for a second.

  Background:
    Given the clock shows the real time
    And the variable CLEVERAGENTS_CLEANUP_EMPTY_AFTER is "1s"

  Scenario: What was abandoned goes, what was used stays, what was touched goes later
    Given an agent server
    When somebody creates "abandoned", "used", "touched" and "deleted" there
    And somebody says "Hello" in "used"
    And somebody deletes "deleted" with the command
    And somebody touches "touched" half a second later
    Then within 5 seconds "abandoned" is gone, while "touched" has as long as it was promised
    And within 5 seconds "touched" is gone
    And "used" answers with "Hello", and is the only one in its list
    And the server waits for no session
    And the server has told of no trouble
    And nobody but the server's cleanup has purged

  Scenario: The server ends, or is killed, while sessions wait; the next purge of all finds them
    Given an agent server
    When somebody creates "lost" and "used" there
    And somebody says "Hello" in "used"
    And the server is told to end
    Then it has ended within the grace, cleanly
    Given an agent server in its place
    When somebody creates "new" there
    Then within 5 seconds "new" is gone
    When somebody creates "late" there
    And the server is killed
    Then only "lost", "late" and "used" remain
    When a program purges with the library an hour later
    Then only "used" remains

  Scenario: Somebody holds the database locked when it is time, and when the server is to end
    Given the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    And the variable CLEVERAGENTS_SWEEP_GRACE is "1s"
    And an agent server
    When somebody creates "abandoned" there
    And another program takes the write lock of the database for 3 seconds
    Then the server answers all the time that it is well
    And within 10 seconds "abandoned" is gone
    And the server has told that "Empty sessions could not be purged"
    When somebody creates "late" there
    And another program takes the write lock of the database for good
    And the server is told to end when it is at work
    Then it has ended within the grace, or soon after
    And when the other program is done, only "late" remains
