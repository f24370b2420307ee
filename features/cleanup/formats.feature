Feature: The answer in every format

  Background:
    Given these sessions
      | name   | idle | pinned |
      | spring | 40d  |        |
      | winter | 40d  | yes    |

  Scenario Outline: <words> in <format>
    When I run "<words> --format <format>"
    Then it exits with 0
    And the answer is one <format> document
    And the error says nothing

    Examples:
      | words                         | format |
      | agents cleanup                | json   |
      | agents cleanup                | yaml   |
      | agents cleanup --dry-run      | json   |
      | agents cleanup --dry-run      | yaml   |
      | agents cleanup explain spring | json   |
      | agents cleanup explain spring | yaml   |

  Scenario Outline: A purge told to people in <format>
    When I run "agents cleanup --format <format>"
    Then it exits with 0
    And the answer says "spring"
    And the answer says "Purged 1 session of 2"
    And the answer says "pinned 1"

    Examples:
      | format |
      | rich   |
      | plain  |

  Scenario: Plain when piped, without colours or boxes
    When I run "agents cleanup --dry-run"
    Then the answer has no colours and no boxes

  Scenario: The names that programs may rely on are all there, also when there is nothing to tell
    When I run "agents cleanup --dry-run --only dangling --format json"
    Then the answer names
      | dry_run | scanned | candidates | purged | by_reason | skipped | protected | dangling_messages | messages | bytes | sessions |

  Scenario: Before there is anything, the same names
    When I run "agents session delete spring --yes"
    And I run "agents session delete winter --yes"
    And I run "agents cleanup --format json"
    Then the answer names
      | dry_run | scanned | candidates | purged | by_reason | skipped | protected | dangling_messages | messages | bytes | sessions |
