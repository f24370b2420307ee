@any_database
Feature: A mistake never means "everything"
  What cannot be understood is a usage error, and nothing is deleted.

  Background:
    Given these sessions
      | name   | idle | messages | parent | actor |
      | spring | 400d | 1        |        | a     |
      | blank  | 400d | 0        |        | a     |
      | orphan | 400d | 1        | gone   | a     |
    And a copy of the database

  Scenario Outline: <duration> is no duration
    When I run "agents cleanup --stale-after <duration>"
    Then it exits with 2
    And the error says "90s, 30m (minutes), 24h, 30d or 2w"
    And the database equals its copy

    Examples:
      | duration |
      | 0        |
      | 0d       |
      | 000s     |
      | ''       |
      | ' '      |
      | -1d      |
      | -0d      |
      | +1d      |
      | 30       |
      | 1.5d     |
      | 1mo      |
      | 1M       |
      | 1D       |
      | 1y       |
      | 30x      |
      | d        |
      | 1d12h    |
      | '30 d'   |
      | null     |
      | forever  |
      | ３０d     |
      | 36501d   |
      | 99999999999999999999d |

  Scenario Outline: The other thresholds are read the same way: <option>
    When I run "agents cleanup <option>"
    Then it exits with 2
    And the error says "30d"
    And the database equals its copy

    Examples:
      | option              |
      | --empty-after 0m    |
      | --empty-after ''    |
      | --empty-after 30    |
      | --orphaned-after 0h |
      | --orphaned-after -1h|
      | --orphaned-after 1q |

  Scenario Outline: <option> selects nothing rather than everything
    When I run "agents cleanup <option>"
    Then it exits with 2
    And the database equals its copy

    Examples:
      | option               |
      | --keep-last 0        |
      | --keep-last -1       |
      | --keep-last many     |
      | --keep-last ''       |
      | --only ''            |
      | --only stale,        |
      | --only ,             |
      | --only old           |
      | --only STALE         |
      | --actor ''           |
      | --actor a --actor '' |
      | --source ' '         |
      | --namespace ''       |
      | --name ''            |
      | --all-of-them        |
      | everything           |
      | --format xml         |

  Scenario: The same holds for a dry run and for an explanation
    When I run "agents cleanup --dry-run --stale-after 0d"
    Then it exits with 2
    When I run "agents cleanup explain spring --stale-after 0d"
    Then it exits with 2

  Scenario: A number that looks like years is told about its unit
    When I run "agents cleanup --stale-after 30"
    Then the error says "it has no unit"
    And the error says "--stale-after"

  Scenario Outline: A refusal in <format> is one document as well
    When I run "agents cleanup --stale-after 0d --format <format>"
    Then it exits with 2
    And the answer is one <format> document
    And the database equals its copy

    Examples:
      | format |
      | json   |
      | yaml   |

  Scenario: An option before the subcommand is not quietly ignored
    When I run "agents cleanup --stale-after 90d explain spring"
    Then it exits with 2
    And the error says "--stale-after"

  Scenario Outline: A program cannot build a policy with <what> either
    When a program builds a policy with <what>
    Then it is refused
    And the database equals its copy

    Examples:
      | what                         |
      | a threshold of nothing       |
      | a threshold below nothing    |
      | a threshold below a second   |
      | a threshold over a century   |
      | no class at all              |
      | the newest 0 to keep         |
      | more to keep than a number holds |
      | a return rate of nothing     |
      | a return rate over all       |
      | an auto threshold of nothing |
      | an auto threshold over a century |
      | auto bounds the wrong way round |
      | one text for a filter        |
      | a blank filter               |
      | a filter that holds a NUL    |
