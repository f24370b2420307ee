Feature: What is known of one store before it is cleaned
  Whether it was recognised, how last access, emptiness and orphans are decided, what goes with a session and
  what never goes, and what stands in a cleanup's way.

  Scenario: A foreign store
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When I run the check of the store
    Then it exits with 0
    And the store has
      | what                   | value                       |
      | kind                   | adk                         |
      | title                  | Google ADK                  |
      | recognised             | true                        |
      | layout                 | Google ADK 1.22 …           |
      | last_accessed          | sessions.update_time…       |
      | thresholds.stale_after | 30d                         |
      | thresholds.empty_after | 24h                         |
      | undated                | 0                           |
      | book.exists            | false                       |
      | hanging_tables         | []                          |
    And the store's belongs include events
    And the store's left alone include user_states, app_states
    And its sessions, candidates and dangling messages are those of a dry run
    And nothing in the store has changed
    And no book was made for the store

  Scenario: Our own store answers the same questions
    Given these sessions
      | name   | idle | messages | pinned |
      | spring | 40d  | 1        | yes    |
      | winter | 50d  | 1        |        |
      | fresh  | 1h   | 1        |        |
    And I remember what is there
    When I run "agents store check --format json"
    Then it exits with 0
    And the store has
      | what                   | value                      |
      | kind                   | cleveragents               |
      | layout                 | cleveragents               |
      | schema_version         | 2026…                      |
      | last_accessed          | sessions.last_accessed_at… |
      | least_age              | none                       |
      | thresholds.empty_after | 30m                        |
      | sessions               | 3                          |
      | candidates             | 1                          |
      | protected.pinned       | 1                          |
      | book.runs              | 0                          |
    And the store's belongs include sessions, session_messages
    And the store's left alone include cleanup_runs, cleanup_archives
    And nothing has changed

  Scenario: What would make a purge slow, or take other tables along
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    And another program's table refers to the store's sessions
    When I run the check of the store
    Then it exits with 0
    And the store has
      | what           | value     |
      | hanging_tables | ['notes'] |
    And one of the answer's messages says "A purge is refused unless unarchived_tables names: notes."

  Scenario: An index that is missing
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    And the store has lost its index of events
    When I run the check of the store
    Then it exits with 0
    And one of the answer's messages says "CREATE INDEX"
    And the store has
      | what             | value               |
      | preflight.0.code | unindexed_reference |

  Scenario: Nothing is there
    When I run "agents store check adk:sqlite:////no/such/folder/session.db --format json"
    Then it exits with 3
    And stdout is one json document
    And its error has the code "store_missing", a message, a detail and suggestions

  @sqlite_only
  Scenario: Our own database is not there yet
    Given no database
    When I run "agents store check"
    Then it exits with 3
    And there is still no database

  Scenario Outline: It is not recognised: <store>
    Given a file "<file>" that holds "<text>"
    When I run "agents store check <store> --format json"
    Then it exits with 1
    And stdout is one json document

    Examples:
      | store                            | file     | text        |
      | adk:sqlite:///notes.db           | notes.db | no database |
      | cleveragents:sqlite:///notes.db  | notes.db | no database |

  @sqlite_only
  Scenario: A database of another program is not taken for one of ADK, nor for ours
    Given another program's database "notes.db"
    When I run "agents store check adk:sqlite:///notes.db --format json"
    Then it exits with 1
    And stdout is one json document
    And its error has the code "store_not_recognised", a message, a detail and suggestions
    When I run "agents store check cleveragents:sqlite:///notes.db --format json"
    Then it exits with 1
    And stdout is one json document
    And its error has the code "schema_outdated", a message, a detail and suggestions

  Scenario Outline: It cannot be understood: <store>
    When I run "agents store check <store> --format json"
    Then it exits with 2
    And stdout is one json document
    And the answer says "<why>"
    And the answer does not say "secret"

    Examples:
      | store                                         | why                              |
      | adkk:postgresql://ada:secret@db.example/shop  | names no store                   |
      | postgresql://ada:secret@db.example/shop       | names no store                   |
      | adkk:postgresql://db.example/shop?password=secret | names no store               |
      | nobody                                        | names no store                   |
      | adk:postgresql://ada:secret@db.example:x/shop | cannot be read                   |
      | adk:mysql://ada:secret@db.example/shop        | are not supported                |
      | adk                                           | is in none of its usual places   |
      | cleveragents:nonsense                         | cannot be read                   |

  @sqlite_only
  Scenario: A kind alone, where there are several such stores
    Given the store "adk-2.13.0-DatabaseSessionService" in the folder "shop" of an agent
    When I run "agents store check adk --format json"
    Then it exits with 0
    Given another store "adk-2.13.0-DatabaseSessionService" in the folder "desk" of an agent
    When I run "agents store check adk"
    Then it exits with 2
    And the error says "It is in several: "

  Scenario: A server that does not answer, and its password
    When I run "agents store check adk:postgresql://ada:secret@127.0.0.1:9/shop --format json"
    Then it exits with 1
    And the answer says "127.0.0.1"
    And the answer does not say "secret"

  Scenario Outline: In each format: <format>
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
    When I run "agents store check --format <format>"
    Then it exits with 0
    And the answer says "<text>"

    Examples:
      | format | text                     |
      | rich   | can be cleaned.          |
      | plain  | Candidates               |
      | yaml   | layout: cleveragents     |
