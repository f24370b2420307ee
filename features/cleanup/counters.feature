Feature: Wrong counters never cost anybody a session
  Programs that are not ours may write messages and keep no counters; a purge looks before it deletes.

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | summer | 50d  | 1        |
      | autumn | 60d  | 3        |

  Scenario: A session that counts no message but holds one is not empty, even where the sums agree
    Given these sessions
      | name  | idle | messages |
      | fresh | 1h   | 1        |
    And another program has set the message count of "fresh" to 0
    And another program has set the message count of "spring" to 2
    When I run "agents cleanup"
    Then it exits with 1
    And the error says "everything was rolled back and nothing was deleted"
    And the error says "fresh"
    And nothing has changed

  Scenario: A single session that counts no message but holds one
    Given these sessions
      | name  | idle | messages |
      | fresh | 1h   | 1        |
    And another program has set the message count of "fresh" to 0
    When I run "agents cleanup --only empty"
    Then it exits with 1
    And the error says "It is about fresh."
    And nothing has changed

  Scenario: Whoever meets a disagreement is told which session it is about
    Given another program has set the message count of "summer" to 7
    When I run "agents cleanup"
    Then it exits with 1
    And the error says "It is about summer."
    And the error says "agents db check --mend"
    And nothing has changed
    When I run "agents db check --mend"
    And I run "agents cleanup"
    Then it exits with 0
    And no session remains

  Scenario: A machine is told as well
    Given another program has set the message count of "summer" to 7
    When I run "agents cleanup --format json"
    Then it exits with 1
    And stdout is one json document
    And its error has the code "purge_mismatch", a message, a detail and suggestions
    And it says "It is about summer."

  Scenario: A disagreement among sessions that nobody would purge is no obstacle
    Given these sessions
      | name  | idle | messages |
      | fresh | 1h   | 1        |
    And another program has set the message count of "fresh" to 7
    When I run "agents cleanup"
    Then it exits with 0
    And only "fresh" remains

  Scenario: A child that another program makes while its parent is being deleted
    Given another program makes a child of "spring" while it is being deleted
    When I run "agents cleanup"
    Then it exits with 1
    And the error says "became a parent while it was being purged"
    And nothing has changed

  @postgresql_only
  Scenario: A child that is being imported keeps its parent
    Only a server lets two programs write at once; SQLite's lock is about the whole file.
    Given somebody is in the middle of importing a child of "spring"
    When I run "agents cleanup --name spring --format json"
    Then it exits with 6
    And "spring" is skipped because it is "locked"
    When the import is let go on
    Then it exits with 0
    And only "spring", "summer", "autumn" and "child" remain
    When I run "agents cleanup --name spring --format json"
    Then it exits with 0
    And only "spring", "summer", "autumn" and "child" remain
