Feature: Other systems' sessions are cleaned like our own
  Most people's sessions are not in our tables. The same policy, dry run, archive, restore, plan, brake and
  ledger apply to them, and nothing but deletes is ever written into their database.

  Background:
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it

  Scenario: A dry run says what would go, and leaves no trace
    When on the store I run "agents cleanup --dry-run --all --format json"
    Then it exits with 0
    And the answer names the sessions that nobody will come back to
    And nothing in the store has changed
    And no book was made for the store

  Scenario: A purge takes them, and a restore brings back every row as it was
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    And nothing was added to the store, or changed in it
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

  Scenario: A rehearsal does it all and rolls it back
    When on the store I run "agents cleanup --rehearse"
    Then it exits with 0
    And the answer says "it was done and rolled back"
    And nothing in the store has changed

  Scenario: A purge in chunks, each with its archive
    When on the store I run "agents cleanup --yes --chunk 2 --max-lock 5s"
    Then it exits with 0
    And the answer says "Chunks"
    And the sessions that went are those that nobody will come back to
    When I restore the last run of the store
    Then nothing in the store has changed

  Scenario: A plan is carried out later, and never one session more
    When on the store I run "agents cleanup --plan-out plan.json"
    Then it exits with 0
    And nothing in the store has changed
    When on the store I run "agents cleanup apply plan.json --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to

  Scenario: The brake holds a purge of too many sessions back
    When on the store I run "agents cleanup --yes --max-purge 1"
    Then it exits with 5
    And nothing in the store has changed

  Scenario: The ledger of the store knows its runs, and only them
    When on the store I run "agents cleanup --yes"
    And on the store I run "agents cleanup log --verify"
    Then it exits with 0
    And the answer says "Verified: 1 run and 1 archive, all as written."
    When I run "agents cleanup log"
    Then the answer says "0 runs in the ledger"

  Scenario: A session is explained by the part of its id that its library knows
    When on the store I run "agents cleanup explain stale-0"
    Then it exits with 0
    And the answer says "shop/anna/stale-0 would be purged"

  Scenario: A store's status, its policy and what lies ahead
    When on the store I run "agents cleanup watch --once --mode purge"
    Then it exits with 0
    When on the store I run "agents cleanup status"
    Then it exits with 0
    And the answer says "Database      adk:"
    When on the store I run "agents cleanup forecast"
    Then it exits with 0
    When on the store I run "agents cleanup policy"
    Then it exits with 0

  Scenario: The newest sessions of an actor stay
    When on the store I run "agents cleanup --dry-run --keep-last 100"
    Then the answer says "0 sessions of"

  Scenario: No threshold is learnt where there is no history
    When on the store I run "agents cleanup --dry-run --stale-after auto"
    Then it exits with 2
    And the error says "foreign stores keep no such history"

  Scenario Outline: A store that is not there is no store with nothing in it
    When I run "agents cleanup --store <store> <how>"
    Then it exits with 3
    And the error says "There is nothing at"

    Examples:
      | store                   | how       |
      | adk:sqlite:///nowhere.db | --dry-run |
      | json:nowhere            | --yes     |
      | claude-code:nowhere     | --rehearse |
