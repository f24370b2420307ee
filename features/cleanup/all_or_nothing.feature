Feature: A purge does what it chose, or nothing

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
      | summer | 41d  | 3        |
      | blank  | 2h   | 0        |

  Scenario: A session whose counters disagree with its messages
    Given a program that keeps no counters has taken a message from "spring"
    And I remember what is there
    When I run "agents cleanup"
    Then it exits with 1
    And the error says "everything was rolled back"
    And the error says "agents db check"
    And nothing has changed

  Scenario: A database that quietly keeps a session
    Given the database quietly refuses to delete "spring"
    And I remember what is there
    When I run "agents cleanup --format json"
    Then it exits with 1
    And the answer is one json document
    And nothing has changed

  Scenario: Once the counters agree again, it goes through
    Given a program that keeps no counters has taken a message from "spring"
    When I run "agents db check --mend"
    And I run "agents cleanup --format json"
    Then it exits with 0
    And the report counts
      | purged | messages |
      | 3      | 5        |
    And no session remains
