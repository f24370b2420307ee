Feature: Which store is cleaned can stand in the settings
  A name for each store in [stores], and one of them for every cleanup.

  Background:
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it

  Scenario: A name stands for a kind and a location
    Given the settings name the store "shop"
    When I run "agents cleanup --store shop --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to

  Scenario: The variable names the store of each cleanup
    Given the settings name the store "shop"
    And the variable CLEVERAGENTS_CLEANUP_STORE is "shop"
    When I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    When I run "agents cleanup log"
    Then the answer says "1 run in the ledger."
    When I run "agents store check --format json"
    Then the store has
      | what      | value |
      | kind      | adk   |
      | book.runs | 1     |

  Scenario: The option wins over the variable
    Given the settings name the store "shop"
    And these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | fresh  | 1h   | 1        |
    And the variable CLEVERAGENTS_CLEANUP_STORE is "shop"
    When I run "agents cleanup --store cleveragents --yes"
    Then it exits with 0
    And nothing in the store has changed
    When the variable CLEVERAGENTS_CLEANUP_STORE is not set any more
    Then only "fresh" remains

  Scenario: Another database of our own, by its URL
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
      | fresh  | 1h   | 1        |
    And the settings name the scenario's own database "mine"
    And no variable names a database
    When I run "agents cleanup --store mine --empty-after 30m --yes --format json"
    Then it exits with 0
    And the store has
      | what    | value |
      | scanned | 2     |
      | purged  | 1     |
    When I run "agents cleanup log --store mine"
    Then the answer says "1 run in the ledger."

  Scenario: Our own thresholds stay our own
    When I run "agents cleanup --store cleveragents --dry-run --format json"
    Then it exits with 0
    And the store has
      | what               | value |
      | policy.empty_after | 30m   |

  Scenario Outline: Settings that cannot be understood stop every command: <why>
    Given the project's settings file reads
      """
      <text>
      """
    When I run "agents cleanup --dry-run"
    Then it exits with 2
    And the error says "<why>"
    And the error does not say "secret"
    And nothing in the store has changed

    Examples:
      | text                                             | why                         |
      | stores = "adk:postgresql://ada:secret@db/shop"   | write a table [stores]      |
      | stores = { shop = "" }                           | write KIND:LOCATION         |
      | stores = { shop = 7 }                            | write KIND:LOCATION         |
      | cleanup.store = "nobody"                         | 'nobody' names no store     |
      | cleanup.store = ""                               | write KIND:LOCATION         |

  Scenario: A name that was probably meant
    Given the settings name the store "shop"
    When I run "agents cleanup --store shopp --dry-run"
    Then it exits with 2
    And the error says "Did you mean shop?"

  Scenario: A kind that an installed package brings, and that cannot be loaded
    Given an installed package "diary-keeper" brings the kind "diary", and it is not finished
    When I run "agents cleanup --store diary:here --dry-run"
    Then it exits with 2
    And the error says "cannot be loaded: this is not finished"
    And the error does not say "Traceback"

  Scenario: A kind that several packages bring is not guessed
    Given an installed package "diary-keeper" brings the kind "adk", and it is not finished
    And the settings name the store "shop"
    When I run "agents cleanup --store shop --yes"
    Then it exits with 2
    And the error says "Several packages bring the kind of store 'adk': cleveragents, diary-keeper."
    And nothing in the store has changed

  Scenario: Nobody can take the place of our own kind
    Given an installed package "diary-keeper" brings the kind "cleveragents", and it is not finished
    And these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
    When I run "agents cleanup --store cleveragents --yes"
    Then it exits with 0
    And no session remains
