@any_database
Feature: Which stores can be cleaned here
  One command shows each kind that is installed, and the stores of it that are known on this machine; nothing
  is changed by looking, and what is broken is named.

  Scenario: Our own kind comes first, with the configured database
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 1        |
    And I remember what is there
    When I run "agents store list --format json"
    Then it exits with 0
    And the first kind that is listed is "cleveragents"
    And the kind "cleveragents" is listed with
      | what              | value        |
      | title             | cleveragents |
      | package           | cleveragents |
      | error             | none         |
      | stores.0.found_in | configured   |
    And the listed store "cleveragents" has
      | what           | value        |
      | recognised     | true         |
      | missing        | false        |
      | layout         | cleveragents |
      | schema_version | 2026…        |
      | book.exists    | true         |
      | book.runs      | 0            |
    And nothing has changed
    When I run "agents cleanup --yes"
    And I run "agents store list --format json"
    Then the listed store "cleveragents" has
      | what      | value |
      | book.runs | 1     |

  @sqlite_only
  Scenario: A database that is not there yet is listed, and stays so
    Given no database
    When I run "agents store list --format json"
    Then it exits with 0
    And the listed store "cleveragents" has
      | what        | value |
      | missing     | true  |
      | recognised  | false |
      | size_bytes  | none  |
      | book.exists | false |
      | book.runs   | 0     |
    And there is still no database

  Scenario: A store that the settings name, before and after a purge
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    And the settings name the store "shop"
    When I run "agents store list --format json"
    Then it exits with 0
    And the listed store "shop" has
      | what           | value              |
      | store          | adk:…              |
      | found_in       | settings           |
      | recognised     | true               |
      | layout         | Google ADK 1.22 …  |
      | book.exists    | false              |
      | book.runs      | 0                  |
    And no book was made for the store
    And nothing in the store has changed
    When I run "agents cleanup --store shop --yes"
    Then it exits with 0
    When I run "agents store list --format json"
    Then the listed store "shop" has
      | what        | value |
      | book.exists | true  |
      | book.runs   | 1     |

  @sqlite_only
  Scenario: Stores in their usual places
    Given the store "adk-2.13.0-DatabaseSessionService" in the folder "shop" of an agent
    And another store "adk-2.13.0-DatabaseSessionService" in the folder "desk" of an agent
    And a file "attic/.adk/session.db" that holds "no database at all"
    When I run "agents store list --format json"
    Then it exits with 0
    And of the kind "adk" 3 stores are listed
    And one of the answer's messages says "attic/.adk/session.db"

  @sqlite_only
  Scenario: A store that is named and lies in its usual place is listed once
    Given the store "adk-2.13.0-DatabaseSessionService" in the folder "shop" of an agent
    And the settings name "shop" as "adk:sqlite:///shop/.adk/session.db"
    When I run "agents store list --format json"
    Then of the kind "adk" 1 store is listed
    And the listed store "shop" has
      | what     | value    |
      | found_in | settings |

  Scenario: The configured database stays that when it is named too
    Given the settings name the scenario's own database "mine"
    When I run "agents store list --format json"
    Then of the kind "cleveragents" 1 store is listed
    And the listed store "mine" has
      | what     | value      |
      | found_in | configured |

  Scenario Outline: A package that brings a kind and <what> is named, and keeps nobody from the others
    Given an installed package "diary-keeper" brings the kind "diary", and it <what>
    When I run "agents store list --format json"
    Then it exits with 6
    And the kind "diary" is listed with
      | what       | value        |
      | package    | diary-keeper |
      | version    | 2.7          |
      | error.code | <code>       |
    And one of the answer's messages says "<why>"
    And the kind "cleveragents" is listed with
      | what  | value |
      | error | none  |
    When I run "agents store list"
    Then it exits with 6
    And the error says "<why>"
    And the error does not say "Traceback"

    Examples:
      | what                             | code             | why                                   |
      | needs what is not installed      | invalid_settings | No module named 'no_such_library'     |
      | is not finished                  | invalid_settings | this is not finished                  |
      | has no such object               | invalid_settings | has no attribute 'KIND'               |
      | has no title                     | store_kind       | 'object' object has no attribute      |
      | fails to say where its stores are | store_kind      | PermissionError: the diary is private |

  Scenario: A kind that fails to open a store is told with that store
    Given an installed package "diary-keeper" brings the kind "diary", and it fails to open its stores
    When I run "agents store list --format json"
    Then it exits with 0
    And the listed store "diary" has
      | what       | value      |
      | error.code | store_kind |
    And one of the answer's messages says "the diary has no pages"
    When I run "agents store check diary:here"
    Then it exits with 1
    And the error says "The kind of store 'diary' failed: ZeroDivisionError: the diary has no pages"

  Scenario: Two packages that bring the same kind
    Given an installed package "diary-keeper" brings the kind "diary", and it is not finished
    And an installed package "other-diary" brings the kind "diary", and it is not finished
    When I run "agents store list --format json"
    Then it exits with 6
    And one of the answer's messages says "Several packages bring the kind of store 'diary': diary-keeper, other-diary."

  Scenario: Names of the settings that lead to nothing
    Given the settings name "lost" as "adk:sqlite:////no/such/folder/session.db"
    And the settings name "typo" as "adkk:postgresql://ada:secret@db.example/shop"
    And the settings name "unread" as "adk:postgresql://ada:secret@db.example:x/shop"
    When I run "agents store list --format json"
    Then it exits with 6
    And the listed store "lost" has
      | what    | value |
      | missing | true  |
      | error   | none  |
    And the listed store "typo" has
      | what       | value                                 |
      | store      | adkk:postgresql://ada:***@db.example/shop |
      | error.code | invalid_settings                      |
    And the listed store "unread" has
      | what       | value            |
      | error.code | invalid_settings |
    And the answer does not say "secret"

  Scenario Outline: In each format: <format>
    When I run "agents store list --format <format>"
    Then it exits with 0
    And the answer says "cleveragents"

    Examples:
      | format |
      | rich   |
      | plain  |
      | yaml   |
