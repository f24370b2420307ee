Feature: A long list is cut, never the work

  Scenario: The first 50, oldest first, and how many more
    Given 60 sessions last accessed between 90d and 31d ago
    When I run "agents cleanup --dry-run"
    Then 50 sessions are listed, from "session 1" to "session 50"
    And the answer says "… and 10 more (--all lists them)"

  Scenario: --all lists all of them
    Given 60 sessions last accessed between 90d and 31d ago
    When I run "agents cleanup --dry-run --all"
    Then 60 sessions are listed, from "session 1" to "session 60"
    And the answer does not say "more"

  Scenario: Exactly 50 are all of them
    Given 50 sessions last accessed between 90d and 31d ago
    When I run "agents cleanup --dry-run"
    Then 50 sessions are listed, from "session 1" to "session 50"
    And the answer does not say "more"

  Scenario: A purge that lists 50 purges them all
    Given 60 sessions last accessed between 90d and 31d ago
    When I run "agents cleanup --format json"
    Then the report counts
      | candidates | purged | messages |
      | 60         | 60     | 120      |
    And no session remains

  Scenario: A purge cuts its list in the same place
    Given 60 sessions last accessed between 90d and 31d ago
    When I run "agents cleanup"
    Then 50 sessions are listed, from "session 1" to "session 50"
    And the answer says "… and 10 more (--all lists them)"
    And the answer says "Purged 60 sessions of 60"

  Scenario: Equally old ones come in the order of their ids
    Given these sessions
      | id | name   | idle |
      | s2 | summer | 40d  |
      | s1 | spring | 40d  |
      | s3 | winter | 41d  |
    When I run "agents cleanup --dry-run --format json"
    Then the candidates are, oldest first, "winter", "spring" and "summer"
