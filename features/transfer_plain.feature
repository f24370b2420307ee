@any_database
Feature: Bring real conversations in
  Agents keep sessions in plain session files. They come in with their ids, times and order.

  Scenario: One plain session file
    Given a plain session file "cli_direct.json"
      | what          | value                     |
      | session_id    | cli:direct                |
      | channel       | cli                       |
      | chat_id       | direct                    |
      | created_at    | 2026-01-05T10:00:00       |
      | last_accessed | 2026-01-05T12:30:00+01:00 |
    And its messages
      | role      | content | timestamp            |
      | user      | Hello   | 2026-01-05T10:01:00Z |
      | assistant | Grüße   |                      |
      | tool      | 42      | 2026-01-05T11:00:00  |
    When I run "agents session import cli_direct.json"
    Then it exits with 0
    And the session "cli:direct" has
      | what             | value                    |
      | session_id       | cli:direct               |
      | source           | cli                      |
      | created_at       | 2026-01-05T10:00:00Z     |
      | last_accessed_at | 2026-01-05T11:30:00Z     |
      | first_message_at | 2026-01-05T10:01:00Z     |
      | message_count    | 3                        |
      | content_bytes    | 14                       |
    And the messages of "cli:direct" are
      | sequence | role      | content | created_at           |
      | 1        | user      | Hello   | 2026-01-05T10:01:00Z |
      | 2        | assistant | Grüße   | 2026-01-05T10:01:00Z |
      | 3        | tool      | 42      | 2026-01-05T11:00:00Z |

  Scenario: A folder of them, of different ages
    Given a folder "sessions" of plain session files
      | file        | id     | idle    | messages |
      | spring.json | spring | 1h      | 2        |
      | summer.json | summer | 40d     | 3        |
      | autumn.json | autumn | 50d     | 0        |
    And a file "sessions/notes.txt" that holds "not a session"
    When I run "agents session import sessions"
    Then it exits with 0
    And it says "Imported 3 sessions with 5 messages"
    When I run "agents session list"
    Then the list is cli:spring, cli:summer, cli:autumn
    When I run "agents cleanup"
    And I run "agents session list"
    Then the list is cli:spring

  Scenario: Bad files in a folder are named, the others come in
    Given a folder "sessions" of plain session files
      | file        | id     | idle   | messages |
      | spring.json | spring | 1h     | 2        |
      | summer.json | summer | 1d     | 3        |
    And a file "sessions/bad.json" that holds "{"
    And a file "sessions/list.json" that holds "[]"
    And a file "sessions/bytes.json" that is not UTF-8
    And a file "sessions/double.json" that is a copy of "sessions/spring.json"
    When I run "agents session import sessions"
    Then it exits with 6
    And it says "Imported 2 sessions with 5 messages"
    And these files are named with the reason
      | file        | reason            |
      | bad.json    | not complete JSON |
      | list.json   | not a JSON object |
      | bytes.json  | not UTF-8         |
      | spring.json | exists already    |
    And there are 2 sessions in all

  Scenario: A folder imported again adds nothing twice
    Given a folder "sessions" of plain session files
      | file        | id     | idle   | messages |
      | spring.json | spring | 1h     | 2        |
    And I have run "agents session import sessions"
    When I run "agents session import sessions"
    Then it exits with 6
    And it says "exists already"
    And nothing has changed

  Scenario: An empty folder has nothing to import
    Given an empty folder "sessions"
    When I run "agents session import sessions"
    Then it exits with 0
    And it says "Imported 0 sessions"

  Scenario Outline: A plain session file with <mistake> is refused
    Given a plain session file "spring.json" with <mistake>
    When I run "agents session import spring.json"
    Then it exits with 1
    And it says "<complaint>"
    And no session remains

    Examples:
      | mistake                          | complaint                |
      | no session_id                    | neither an export        |
      | a blank session_id               | cannot be a session id   |
      | a number as session_id           | session_id is not text   |
      | no created_at                    | created_at is not        |
      | yesterday as last_accessed       | not an ISO 8601 time     |
      | a message without a role         | the role None            |
      | a message of an unknown role     | the role 'wizard'        |
      | a message whose content is a list | content that is not text |
      | a message that is only text      | not a JSON object        |
      | messages that are no list        | not a list               |
