Feature: On a terminal a cleanup asks first; without one it goes ahead

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
      | winter | 1h   | 1        |

  Scenario Outline: The answer "<answer>" means yes
    When on a terminal I run "agents cleanup" and answer "<answer>"
    Then it exits with 0
    And only "winter" remains
    And the answer says "Purged 1 session of 2"

    Examples:
      | answer |
      | y      |
      | yes    |
      | YES    |

  Scenario Outline: The answer "<answer>" means no
    When on a terminal I run "agents cleanup" and answer "<answer>"
    Then it exits with 1
    And only "spring" and "winter" remain
    And the answer says "Nothing was deleted"

    Examples:
      | answer |
      | n      |
      | no     |
      | yep    |
      | 1      |

  Scenario: No answer means no
    When on a terminal I run "agents cleanup" and press Enter
    Then it exits with 1
    And only "spring" and "winter" remain

  Scenario: The end of the input means no
    When on a terminal I run "agents cleanup" and end the input
    Then it exits with 1
    And only "spring" and "winter" remain

  Scenario: It shows what it found before it asks, and says how much is at stake
    When on a terminal I run "agents cleanup" and answer "no"
    Then the answer says "spring"
    And the answer does not say "winter"
    And the error says "Delete 1 session of 2 (50 %) with 3 messages (15 B), keeping an archive? [y/N]"

  Scenario: --yes does not ask
    When on a terminal I run "agents cleanup --yes" and end the input
    Then it exits with 0
    And only "winter" remains
    And the error does not say "[y/N]"

  Scenario: Without a terminal it does not ask
    When I run "agents cleanup"
    Then it exits with 0
    And only "winter" remains
    And the error does not say "[y/N]"

  Scenario: A dry run never asks
    When on a terminal I run "agents cleanup --dry-run" and end the input
    Then it exits with 0
    And only "spring" and "winter" remain
    And the error does not say "[y/N]"

  Scenario: With nothing to purge there is nothing to ask
    When on a terminal I run "agents cleanup --stale-after 90d" and end the input
    Then it exits with 0
    And the error does not say "[y/N]"
    And the answer says "Purged 0 sessions of 2"

  Scenario: On a terminal a document for machines stays one document, and the question is beside it
    When on a terminal I run "agents cleanup --format json" and answer "no"
    Then it exits with 1
    And the answer is one json document
    And the error says "[y/N]"
    And only "spring" and "winter" remain

  Scenario: A program that does not approve deletes nothing
    When a program purges with the library and does not approve
    Then only "spring" and "winter" remain
    And the report counts
      | scanned | candidates | purged |
      | 2       | 1          | 0      |
