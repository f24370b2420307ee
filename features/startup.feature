Feature: A command is there at once
  Much of a short command's time goes into loading modules. Their number says the same on every
  computer, where seconds do not; what is counted is what a fresh process loads.

  Scenario Outline: Help, version and completion load the command line and nothing of the database: <command>
    When I run "agents <command>" in a process that tells what it loads
    Then it loads at most 50 modules more than "<floor>" does
    And it loads none of sqlalchemy, alembic, psycopg, dependency_injector, zstandard, yaml, ulid
    And it loads none of cleveragents.container, cleveragents.domain.report, cleveragents.infrastructure

    Examples:
      | command                | floor                                      |
      | --version              | import typer                               |
      | --help                 | import typer, typer.rich_utils             |
      | cleanup --help         | import typer._adapters, typer.rich_utils, importlib.metadata |
      | session list --help    | import typer._adapters, typer.rich_utils, importlib.metadata |
      | --show-completion bash | import typer._adapters, importlib.metadata |

  Scenario: Pressing Tab loads as little as help
    When I complete "agents session li" in a process that tells what it loads
    Then the answer says "list"
    And it loads at most 50 modules more than "import typer._adapters, importlib.metadata" does
    And it loads none of sqlalchemy, alembic, psycopg, dependency_injector, rich, cleveragents.container

  @sqlite_only
  Scenario: A dry run loads the database's library, the settings' and the container's, and little else
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    When I run "agents cleanup --dry-run" in a process that tells what it loads
    Then it loads at most 168 modules more than "import typer._adapters, rich.console, rich.table, sqlalchemy.ext.compiler, sqlalchemy.dialects.sqlite, sqlalchemy.dialects.postgresql, pydantic_settings, platformdirs, dependency_injector.containers" does
    And it loads none of alembic, mako, psycopg, ulid, multiprocessing, fastapi.applications, rich.markdown, rich.traceback

  @postgresql_only
  Scenario: On a server a dry run loads its driver too, and no migration
    Given these sessions
      | name   | idle |
      | spring | 40d  |
    When I run "agents cleanup --dry-run" in a process that tells what it loads
    Then it loads none of alembic, mako, ulid, multiprocessing, fastapi.applications, rich.markdown, rich.traceback
