Feature: A database that is not quite Google ADK's is refused
  What is cleaned by a wrong idea of a column is gone for good, so nothing is guessed.

  Scenario Outline: <what> is refused
    Given the store "<store>", as its library made it
    And somebody ran "<statement>" on the store
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "<why>"
    And the error says "Nothing was changed."
    And nothing in the store has changed
    And no book was made for the store

    Examples:
      | what                        | store                             | statement                                                         | why                                                             |
      | A schema of the future      | adk-2.13.0-DatabaseSessionService | UPDATE adk_internal_metadata SET value = '2'                      | its schema_version is '2', and '1' is what is known             |
      | A schema without a version  | adk-2.13.0-DatabaseSessionService | DELETE FROM adk_internal_metadata                                 | its schema_version is None                                      |
      | Metadata of another form    | adk-2.13.0-DatabaseSessionService | ALTER TABLE adk_internal_metadata RENAME COLUMN value TO said     | its table adk_internal_metadata has other columns               |
      | Metadata that is gone       | adk-2.13.0-DatabaseSessionService | DROP TABLE adk_internal_metadata                                  | its tables belong to no layout of Google ADK that is known      |
      | A column nobody knows       | adk-2.13.0-DatabaseSessionService | ALTER TABLE events ADD COLUMN pinned INTEGER NOT NULL DEFAULT 1   | its table events has a column that is not known: pinned         |
      | Sessions with one           | adk-1.18.0-DatabaseSessionService | ALTER TABLE sessions ADD COLUMN ttl INTEGER                       | its table sessions has a column that is not known: ttl          |
      | A column that is missing    | adk-1.18.0-DatabaseSessionService | ALTER TABLE events DROP COLUMN branch                             | its table events has no column branch                           |
      | A time that is gone         | adk-1.18.0-DatabaseSessionService | ALTER TABLE events RENAME COLUMN timestamp TO at                  | its table events has no column timestamp                        |
      | No table of users           | adk-2.13.0-DatabaseSessionService | DROP TABLE user_states                                            | it has no table user_states                                     |
      | Sessions without a state    | adk-1.22.0-DatabaseSessionService | ALTER TABLE sessions RENAME COLUMN state TO data                  | its table sessions has no column state                          |

  Scenario: A database of another program is refused
    Given a database of another program that has sessions and events
    When on the store I run "agents cleanup --dry-run"
    Then it exits with 1
    And the error says "it has no table user_states and no table app_states"

  Scenario: Our own database is refused
    When I run "agents cleanup --dry-run" on the store that is our own database, as if it were ADK's
    Then it exits with 1
    And the error says "it has no table events"

  Scenario Outline: Times of the type <type> are refused
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    And its times are of the type "<type>"
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "its times are of the type"
    And nothing in the store has changed

    Examples:
      | type    |
      | bigint  |
      | another |

  Scenario: A table with another primary key is refused
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    And the primary key of its events is their id alone
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "the primary key of its table events is id"

  Scenario: A database that is not there is no store to clean
    When I run "agents cleanup --store adk:sqlite:///nowhere.db --dry-run"
    Then it exits with 3
    And no file was made at "nowhere.db"
