Feature: Bring a session in from a document
  An import is checked before the database is touched, and never overwrites.

  Background:
    Given a session with every field set and messages of every role, called "full"
    And I have exported "full" to "full.json"

  Rule: What went out comes in again, field by field

    Scenario: Into the same database, after a deletion
      Given I have deleted "full"
      When I run "agents session import full.json"
      Then it exits with 0
      And "full" is again what it was, field by field

    Scenario: Into the other kind of database
      When I import "full.json" into a database of the other kind
      Then it exits with 0
      And exported from there it is the same document with the same checksum

    Scenario: From stdin
      Given I have deleted "full"
      When I pipe the file "full.json" into "agents session import -"
      Then it exits with 0
      And "full" is again what it was, field by field

    Scenario: An id that exists is a conflict, and the session there stays as it is
      Given I have run "agents session touch full"
      When I run "agents session import full.json"
      Then it exits with 4
      And it says "exists already"
      And it says "--new-id"
      And nothing has changed

    Scenario: With --new-id it becomes another session with the same content
      When I run "agents session import full.json --new-id"
      Then it exits with 0
      And there are two sessions that differ in nothing but their ids

    Scenario: A session that imports its own parent's id stays a child
      Given these sessions
        | name     | parent |
        | daughter | full   |
      And I have exported "daughter" to "daughter.json"
      And I have deleted "daughter"
      When I run "agents session import daughter.json"
      Then the session "daughter" has
        | what              | value            |
        | parent_session_id | the id of "full" |

  Rule: What is not exactly an export is refused, and the database is not touched

    Background:
      Given I have deleted "full"

    Scenario Outline: Refused: <damage>
      Given "full.json" is damaged: <damage>
      When I run "agents session import full.json"
      Then it exits with 1
      And it says "<complaint>"
      And nothing has changed

      Examples:
        | damage                                              | complaint                     |
        | a word of a message is another                      | checksum does not match       |
        | a message is missing                                | checksum does not match       |
        | two messages have changed places                    | checksum does not match       |
        | the last access is later                            | checksum does not match       |
        | the checksum is missing                             | checksum does not match       |
        | the checksum is of another kind                     | checksum does not match       |
        | the end is missing                                  | not complete JSON             |
        | the file is empty                                   | not complete JSON             |
        | the schema version is 2, with a fitting checksum    | schema version 2 is unknown   |
        | the schema version is true, with a fitting checksum | schema version True is unknown |
        | the schema version is missing                       | schema version None is unknown |
        | the kind is another                                 | neither an export document nor a plain session file |
        | it is a list                                        | not a JSON object             |
        | it is prose                                         | not complete JSON             |
        | a key stands twice                                  | a key stands twice            |
        | a number is not a number                            | NaN is not JSON               |
        | the message count is wrong, with a fitting checksum | counters do not agree         |
        | the size is wrong, with a fitting checksum          | counters do not agree         |
        | a sequence number stands twice, with a fitting checksum | order of their sequence numbers |
        | a message comes from a wizard, with a fitting checksum | known are                  |
        | a field is unknown, with a fitting checksum         | lacks or has unknown fields   |
        | a field is missing, with a fitting checksum         | lacks or has unknown fields   |
        | the id is blank, with a fitting checksum            | blank                         |
        | the id holds a NUL, with a fitting checksum         | NUL                           |
        | the name holds a NUL, with a fitting checksum       | NUL                           |
        | the name is a number, with a fitting checksum       | session.name is not text      |
        | the tokens are below zero, with a fitting checksum  | not a whole number            |
        | its own threshold is nothing, with a fitting checksum | stale_after                 |
        | its own threshold is endless, with a fitting checksum | too long                    |
        | a message is only text, with a fitting checksum     | not a JSON object             |
        | the session is a list, with a fitting checksum      | not a JSON object             |
        | it holds something more, with a fitting checksum    | unknown keys: more            |
        | a time is a number, with a fitting checksum         | not an ISO 8601 time          |
        | a time is before the year 1, with a fitting checksum | not an ISO 8601 time         |
        | a time has no meaning, with a fitting checksum      | not an ISO 8601 time          |
        | the messages are no list, with a fitting checksum   | not a list                    |
        | a message holds a NUL, with a fitting checksum      | NUL                           |
        | a number is enormous, with a fitting checksum       | not a whole number            |
        | its first message came another time, with a fitting checksum | counters do not agree |
        | it is nested ten thousand deep                      | cannot be read                |
        | it is not UTF-8                                     | not UTF-8                     |

    Scenario: A file that is not there
      When I run "agents session import nowhere.json"
      Then it exits with 3
      And nothing has changed

    Scenario: Invalid UTF-8 on stdin
      When I pipe bytes that are not UTF-8 into "agents session import -"
      Then it is refused as a usage error that says "not UTF-8"
      And nothing has changed
