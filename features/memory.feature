Feature: What is looked at may be long; memory stays as it is
  A database grows for years. A command that holds all it finds in memory works until the night it is
  needed most.

  Scenario: Seven times as many candidates cost hardly more memory
    Given 1000 sessions last accessed between 90d and 31d ago
    When I note how much memory each of these needs
      | command                                             |
      | agents cleanup --dry-run                            |
      | agents cleanup --dry-run --all --format json        |
      | agents cleanup --dry-run --all --format plain       |
      | agents cleanup --plan-out plan.json                 |
      | agents cleanup explain session_7                    |
      | agents session list --limit 7000 --format json     |
      | agents session list --limit 7000 --format plain    |
      | agents cleanup apply plan.json --max-purge 100% --no-archive |
    Given 7000 sessions last accessed between 90d and 31d ago
    When I note how much memory each of these needs once more
    Then none of them needs over 5 MB more than before

  Scenario: A hundred times as many long messages cost hardly more memory
    Given a session "short" whose 1 message has 500,000 characters
    And a session "long" whose 100 messages have 500,000 characters each
    When I note how much memory each of these needs
      | command                                           |
      | agents session show short --messages 1000 --format json |
      | agents session show short --messages 1000 --format plain |
      | agents session export short --output short.json   |
      | agents session export short                       |
      | agents session export short --format json         |
    And I note how much memory each of these needs with "long" in the place of "short"
    Then none of them needs over 24 MB more than before
