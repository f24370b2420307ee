Feature: Only tables that are exactly those of the OpenAI Agents SDK are taken for them
  Names can be chosen freely, so the shape decides, and what is unknown or ambiguous is refused.

  Scenario Outline: <change>: refused, and nothing changed
    Given the store "openai-0.24.0-AdvancedSQLiteSession", as its library made it
    And somebody ran "<change>" in it
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "<why>"
    And nothing in the store has changed

    Examples:
      | change                                                              | why                                               |
      | ALTER TABLE agent_sessions ADD COLUMN owner TEXT                    | column owner is unknown                           |
      | ALTER TABLE agent_messages RENAME message_data TO item              | No tables of the OpenAI Agents SDK                |
      | ALTER TABLE message_structure ADD COLUMN colour TEXT                | message_structure is not as any known version     |
      | ALTER TABLE turn_usage DROP COLUMN requests                         | column requests is missing                        |
      | DROP TABLE agent_messages                                           | No tables of the OpenAI Agents SDK                |

  Scenario Outline: A table of sessions with <what> is none
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And its table of sessions is made anew as "<columns>"
    When on the store I run "agents cleanup --dry-run"
    Then it exits with 1
    And the error says "<why>"

    Examples:
      | what                | columns                                                                    | why                         |
      | another primary key | session_id TEXT, created_at TIMESTAMP, updated_at TIMESTAMP PRIMARY KEY    | its primary key is another  |
      | times as numbers    | session_id TEXT PRIMARY KEY, created_at INTEGER, updated_at INTEGER        | updated_at of type INTEGER  |

  Scenario: Another library's database is refused
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it
    When as a store of "openai" I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "No tables of the OpenAI Agents SDK are in this database."
    And nothing in the store has changed

  Scenario: Two pairs of tables are told apart by their names, and never guessed
    Given the store "openai-0.24.0-AdvancedSQLiteSession", as its library made it
    And a second pair of tables "talk_sessions" and "talk_messages" with a session "old-talk" of 90 days
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "agent_sessions with agent_messages, talk_sessions with talk_messages"
    When on the store with "sessions_table=talk_sessions&messages_table=talk_messages" I run "agents cleanup --yes --max-purge 100%"
    Then it exits with 0
    And nothing but old-talk went from the store
    When on the store with "sessions_table=agent_sessions&messages_table=agent_messages" I run "agents cleanup --dry-run --all --format json"
    Then the answer names the sessions that nobody will come back to

  Scenario Outline: Names that cannot be meant are refused: <names>
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And a second pair of tables "talk_sessions" and "talk_messages" with a session "old-talk" of 90 days
    When on the store with "<names>" I run "agents cleanup --yes"
    Then it exits with <code>
    And the error says "<why>"

    Examples:
      | names                                                      | code | why                                        |
      | sessions_table=agent_sessions                              | 2    | sessions_table and messages_table belong   |
      | sessions_table=no_sessions&messages_table=agent_messages   | 1    | There is no table no_sessions              |
      | sessions_table=talk_sessions&messages_table=agent_messages | 1    | belong to sessions in agent_sessions       |
      | timezone=Europe/Vienna                                     | 2    | all times are in UTC                       |
      | colour=red                                                 | 2    | A SQLite URL takes no parameters           |

  Scenario: Tables of branches whose messages are not there are refused
    Given the store "openai-0.5.1-AdvancedSQLiteSession", as its library made it
    And a second pair of tables "talk_sessions" and "talk_messages" with a session "old-talk" of 90 days
    And somebody ran "DROP TABLE agent_messages; DROP TABLE agent_sessions" in it
    When on the store I run "agents cleanup --dry-run"
    Then it exits with 1
    And the error says "belongs to agent_sessions, which is not there"

  Scenario: A location that is no URL is refused
    When I run "agents cleanup --store openai:sessions.db"
    Then it exits with 2

  Scenario: However it is said which tables are meant, the store has one book
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    When on the store I run "agents cleanup --yes"
    And on the store with "sessions_table=agent_sessions&messages_table=agent_messages" I run "agents cleanup log"
    Then the answer says "1 run in the ledger"

  Scenario Outline: What <store> was found to be
    Given the store "openai-<store>", as its library made it
    When I ask what the store is
    Then it exits with 0
    And the check tells that the layout is "<layout>"
    And the check advises "agent_sessions has no index on updated_at"

    Examples:
      | store                        | layout                                |
      | 0.5.1-SQLiteSession          | SQLiteSession, AsyncSQLiteSession     |
      | 0.5.1-SQLAlchemySession      | SQLAlchemySession                     |
      | 0.18.0-AdvancedSQLiteSession | AdvancedSQLiteSession, before 0.19    |
      | 0.24.0-AdvancedSQLiteSession | AdvancedSQLiteSession, 0.20 and later |

  Scenario: An index on updated_at is seen
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And somebody ran "CREATE INDEX by_age ON agent_sessions (updated_at); DROP INDEX idx_agent_messages_session_id" in it
    When I ask what the store is
    Then the check advises nothing
    And the check names the hazard "No index of the table agent_messages leads with session_id."
