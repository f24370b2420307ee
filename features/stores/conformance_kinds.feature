Feature: The kinds of store that we bring pass what is asked of every adapter
  In the tables that each library made, with rows as it writes them.

  @sqlite_only
  Scenario Outline: <store> in a file
    When I prove the kind of the store "<store>"
    Then every check of it passes

    Examples:
      | store                              |
      | adk-2.13.0-DatabaseSessionService  |
      | adk-2.13.0-SqliteSessionService    |
      | openai-0.24.0-SQLAlchemySession    |

  @postgresql_only
  Scenario Outline: <store> on a server, which has no files, and where a foreign key lets nothing dangle
    When I prove the kind of the store "<store>"
    Then every check of it passes but those of its own files, and of what dangles

    Examples:
      | store                             |
      | adk-2.13.0-DatabaseSessionService |
      | openai-0.24.0-SQLAlchemySession   |

  @sqlite_only
  Scenario Outline: <kind>, where nothing dangles
    When I prove the kind of the folder "<kind>"
    Then every check of it passes but that of what dangles, which nothing can

    Examples:
      | kind        |
      | json        |
      | claude-code |
