Feature: What can be exported can be imported
  Whoever exports a session and then deletes it must be able to have it again, whoever wrote it.

  Background:
    Given a session with every field set and messages of every role, called "full"

  Scenario Outline: A session of another program, with <what>
    Given another program has given "full" <what>
    And I have exported "full" to "full.json"
    And I have deleted "full"
    When I run "agents session import full.json"
    Then it exits with 0
    And "full" is again what it was, field by field

    Examples:
      | what                                          |
      | an empty name                                 |
      | an actor that is no actor name                |
      | a source that is no source                    |
      | a creation before the year 1                  |
      | a creation after the year 9999                |
      | a lease for ever                              |
      | metadata that are a list                      |
      | metadata that hold a number beyond all floats |
      | a parent that could not be                    |

    @sqlite_only
    Examples: What only a file takes
      | what                                |
      | a name that is not UTF-8            |
      | metadata that are no JSON           |
      | metadata that hold NaN              |
      | metadata that hold half a character |

  Scenario: A session with an id that we would not give
    Given another program has added a session with the id "chat 7/ü"
    And I have exported "chat" to "chat.json"
    And I have deleted "chat"
    When I run "agents session import chat.json"
    Then it exits with 0
    And "chat" is again what it was, field by field

  @sqlite_only
  Scenario: A message with a NUL in it
    A server refuses it.
    Given a session "spring" with 1 messages of 5 bytes
    And another program has written a message with a NUL into "spring" and kept no counters
    And I have run "agents db check --mend"
    When I run "agents session export spring --output spring.json"
    Then either it was refused, or "spring.json" can be imported again as "spring"

  Scenario: Messages that another program wrote past the counters
    Given a session "spring"
    And another program has written a message into "spring" and kept no counters
    And a file "spring.json" that holds "what was there before"
    When I run "agents session export spring --output spring.json"
    Then it exits with 1
    And it says "agents db check --mend"
    And the file "spring.json" holds "what was there before"
    And no part of a file is left
    And nothing has changed
    When I run "agents session export spring"
    Then it exits with 1
    And it says "agents db check --mend"

  Scenario: Mended, its counters agree with its messages
    Given a session "spring"
    And another program has written a message into "spring" and kept no counters
    When I run "agents db check --mend"
    Then it exits with 0
    And the counters of "spring" agree with its messages

  Scenario: Mended, it goes out and comes in
    Given a session "spring"
    And another program has written a message into "spring" and kept no counters
    And I have run "agents db check --mend"
    And I have exported "spring" to "spring.json"
    And I have deleted "spring"
    When I run "agents session import spring.json"
    Then it exits with 0
    And "spring" is again what it was, field by field

  Scenario: The time of the first message is missing
    Given another program has given "full" no time of its first message
    When I run "agents session export full --output full.json"
    Then it exits with 1
    And it says "agents db check --mend"
    When I run "agents db check --mend"
    And I run "agents session export full --output full.json"
    Then it exits with 0

  Scenario: Messages of a removed session lie where one is to be imported
    Given I have exported "full" to "full.json"
    And a program that enforces no foreign keys has deleted "full"
    And I remember what is there
    When I run "agents session import full.json"
    Then it exits with 4
    And it says "Messages of a removed session"
    And it says "agents cleanup --only dangling"
    And nothing has changed
    When I run "agents session import full.json --new-id"
    Then it exits with 0

  Scenario: In a folder, such a session is named and the others come in
    Given these sessions
      | name   |
      | spring |
    And an empty folder "all"
    And I have exported "full" to "all/full.json"
    And I have exported "spring" to "all/spring.json"
    And I have deleted "spring"
    And a program that enforces no foreign keys has deleted "full"
    When I run "agents session import all"
    Then it exits with 6
    And these files are named with the reason
      | file      | reason                        |
      | full.json | Messages of a removed session |
    And only "spring" remains

  @sqlite_only
  Scenario Outline: An export never replaces the database: <how>
    A server has no file to replace.
    Given the database has a second name "link.db"
    And I remember what is there
    When I export "full" to <how>
    Then it is refused as a usage error that says "is the database itself"
    And nothing has changed

    Examples:
      | how                      |
      | the database             |
      | the database's log       |
      | the database's other name |
