Feature: Sessions that a server creates and nobody uses
  A server creates a session before its first message. It has a second to get one here.

  Background:
    Given the clock shows the real time
    And the variable CLEVERAGENTS_CLEANUP_EMPTY_AFTER is "1s"

  Scenario: Only what is still empty goes, whatever was scheduled
    Given an application that serves
    When these sessions are scheduled
      | name    | messages | pinned | leased | parent |
      | blank   | 0        |        |        |        |
      | used    | 1        |        |        |        |
      | pinned  | 0        | yes    |        |        |
      | leased  | 0        |        | 3s     |        |
      | mother  | 0        |        |        |        |
      | child   | 1        |        |        | mother |
    And an id that no session has is scheduled
    Then before long only "used", "pinned", "leased", "mother" and "child" remain
    And the application waits for 1 session
    And before long only "used", "pinned", "mother" and "child" remain
    And the application waits for 0 sessions
    And nothing was told

  Scenario: The event loop goes on while many are purged and the database is locked
    Given an application that serves
    When 2000 empty sessions are scheduled at once, and the database is locked for 2 seconds when they are due
    Then soon no session is left
    And the event loop was never held up for half a second
    And they went in at most 10 purges

  Scenario: Sessions that wait cost no thread and no task
    Given an application that serves
    When 20000 ids are scheduled
    Then the application waits for 20000 sessions
    And it has no thread and no task more than before

  Scenario: Many requests for one session
    Given an application that serves
    And a session "blank"
    When "blank" is scheduled by 200 requests at once
    Then the application waits for 1 session
    And soon no session is left
    And they went in at most 1 purge

  Scenario: Two applications in one process, each with a database of its own
    Given an application that serves
    And another application with another database
    When each has a request that creates a session, in a thread or not
    Then each waits for its own 2 sessions
    When the other application ends
    Then the sessions of the first go, and those of the other stay

  Scenario Outline: Nothing to schedule with: <what>
    Given an application <what>
    When a request creates a session
    Then it is answered all the same
    And it is told that "<why>"
    And the application waits for 0 sessions

    Examples:
      | what                        | why                                             |
      | that nothing cleans up      | no EmptySessionCleanup serves this application  |
      | whose lifespan is not begun | the server's lifespan has not begun, or is over |

  Scenario: A request that schedules no id
    Given an application that serves
    When a request schedules nothing
    Then it is answered all the same
    And it is told that "its id is no text"

  Scenario Outline: Where <what> nothing goes
    Given the variable <variable> is "<value>"
    And an application that serves
    When a request creates a session
    Then 2 seconds later it is still there
    And the application waits for 0 sessions
    And nothing was told

    Examples:
      | what                | variable                  | value  |
      | cleanup is disabled | SESSION_CLEANUP_ENABLED   | false  |
      | the mode is report  | CLEVERAGENTS_CLEANUP_MODE | report |

  Scenario: One that cannot be purged is in nobody's way
    Given an application that serves
    When these sessions are scheduled
      | name  | messages |
      | one   | 0        |
      | two   | 0        |
      | odd   | 1        |
      | three | 0        |
    And a program that keeps no counters has made "odd" look empty
    Then before long only "odd" remains
    And it is told that "A session to purge counts no message but holds some"
    And the application waits for 1 session

  Scenario: A limit that lets only a few go at once
    Given the variable CLEVERAGENTS_CLEANUP_MAX_PURGE is "2"
    And an application that serves
    When 5 empty sessions are scheduled at once
    Then soon no session is left

  Scenario: Whatever happens, it goes on
    Given an application that serves
    When 5 empty sessions are scheduled at once
    And the clock breaks when it is time
    Then it is told that "the clock broke"
    And soon no session is left

  Scenario: It is to end while it waits for the database
    Given the variable CLEVERAGENTS_SWEEP_GRACE is "1s"
    And an application that serves
    When 5 empty sessions are scheduled at once
    And another program has the write lock when they are due, and the application ends
    Then it has ended within 3 seconds
    And when the other program is done, all 5 are still there

  Scenario: The first message comes at the last moment
    Given an application that serves
    When 40 empty sessions are scheduled at once, and the first message of each comes as they are due
    Then each either has its message, or is gone and whoever wrote it was told
    And some of both

  Scenario: Many first messages at once
    Given a session "spring"
    When 20 threads of 2 programs write the first message of "spring" at once
    Then it has 40 messages, and was first used when the earliest of them was written
    When another message is written in "spring"
    Then it was first used at the same time as before
