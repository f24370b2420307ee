Feature: Delete a session
  Deleting is for good, so on a terminal it is asked for first, and it always says what went.

  Background:
    Given a session "spring" with 3 messages of 400 bytes
    And these sessions
      | name     | parent | messages |
      | daughter | spring | 1        |
      | son      | spring | 0        |
    And I remember what is there

  Scenario: Without a terminal it goes ahead, and says what went
    When I run "agents session delete spring"
    Then it exits with 0
    And it says "3 messages"
    And it says "1.2 KiB"
    And it says "making orphans of 2 sessions"
    And only "daughter" and "son" remain

  Scenario: On a terminal it asks, and yes deletes
    When on a terminal I run "agents session delete spring" and answer "y"
    Then it exits with 0
    And it says "Delete session"
    And it says "with 3 messages (1.2 KiB), making orphans of 2 sessions for good?"
    And only "daughter" and "son" remain

  Scenario Outline: On a terminal "<answer>" deletes nothing
    When on a terminal I run "agents session delete spring" and answer "<answer>"
    Then it exits with 1
    And it says "Nothing was deleted"
    And nothing has changed

    Examples:
      | answer |
      | n      |
      | no     |
      | sure   |

  Scenario Outline: On a terminal just <gesture> deletes nothing
    When on a terminal I run "agents session delete spring" and <gesture>
    Then it exits with 1
    And it says "Nothing was deleted"
    And nothing has changed

    Examples:
      | gesture       |
      | press Enter   |
      | end the input |

  Scenario: On a terminal --yes does not ask
    When on a terminal I run "agents session delete spring --yes" and answer "n"
    Then it exits with 0
    And nothing was asked
    And only "daughter" and "son" remain

  Scenario: A session without children makes no orphans
    When I run "agents session delete son"
    Then it exits with 0
    And it says "0 messages"
    And it does not say "orphans"

  Scenario: What was deleted is gone, also for the commands that follow
    When I run "agents session delete spring"
    And I run "agents session show spring"
    Then it exits with 3
    When I run "agents db check"
    Then it exits with 0
