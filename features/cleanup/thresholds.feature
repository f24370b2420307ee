Feature: The three classes and their thresholds
  A session is a candidate one microsecond past a threshold, and not before.

  Scenario: Sessions last accessed longer ago than 30 days are stale
    Given these sessions
      | name   | idle      |
      | spring | 29d       |
      | edge   | 30d       |
      | past   | 30d +1us  |
      | winter | 200d      |
    When I run "agents cleanup"
    Then it exits with 0
    And only "spring" and "edge" remain
