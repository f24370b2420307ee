Feature: A coordinator keeps few sessions open
  A chat CLI has some sessions open at once and forgets none of those that it closes: they stay in the
  database.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | memoir | 2d   |
      | letter | 2d   |
      | winter | 2d   |
    And a coordinator of at most 3 sessions

  Scenario Outline: Whoever <uses> a session uses it in the database, and has it leased until it is closed
    When the coordinator <uses> "spring"
    Then "spring" is active
    And the session "spring" has
      | what             | value           |
      | last_accessed_at | now             |
      | lease_expires_at | 70m from now    |
      | message_count    | <messages>      |
      | metadata         | <state>         |
    When the coordinator closes "spring"
    Then no session is active
    And the session "spring" has
      | what             | value |
      | last_accessed_at | now   |
      | lease_expires_at | none  |

    Examples:
      | uses                 | messages | state         |
      | switches to          | 2        |               |
      | touches              | 2        |               |
      | appends to           | 3        |               |
      | runs a tool in       | 2        |               |
      | changes the state of | 2        | mood is sunny |

  Scenario Outline: In memory, too, whoever <uses> a session uses it
    Given the coordinator switches to "spring"
    When 40m go by
    And the coordinator <uses> "spring"
    And 40m go by
    And the coordinator cleans up
    Then "spring" is active
    When 40m go by
    And the coordinator cleans up
    Then no session is active

    Examples:
      | uses                 |
      | switches to          |
      | touches              |
      | appends to           |
      | runs a tool in       |
      | changes the state of |

  Scenario: A new session is active, leased, and the current one
    When the coordinator creates "draft"
    Then "draft" is active
    And the current session is "draft"
    And the session "draft" has
      | what             | value        |
      | last_accessed_at | now          |
      | lease_expires_at | 70m from now |
      | message_count    | 0            |

  Scenario: One session too many closes the least recently used, and leaves it in the database
    Given the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    And the coordinator switches to "letter"
    When the coordinator touches "spring"
    And the coordinator switches to "winter"
    Then "letter", "spring" and "winter" are active
    And the session "memoir" has
      | what             | value |
      | last_accessed_at | now   |
      | lease_expires_at | none  |
    When the coordinator switches to "memoir"
    Then "spring", "winter" and "memoir" are active

  Scenario: The current session is the one that was switched to last, as long as it is active
    Given the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    When the coordinator appends to "spring"
    Then the current session is "memoir"
    When the coordinator closes "memoir"
    Then no session is the current one
    When the coordinator closes "memoir"
    Then it was not active

  Scenario: A session in which a tool runs is closed last, and is not inactive
    Given the coordinator begins a tool run in "spring"
    And the coordinator switches to "memoir"
    And the coordinator switches to "letter"
    When the coordinator switches to "winter"
    Then "spring", "letter" and "winter" are active
    When 3h go by
    And the coordinator cleans up
    Then "spring" is active
    When the tool run in "spring" ends
    Then the session "spring" has
      | what             | value        |
      | last_accessed_at | now          |
      | lease_expires_at | 70m from now |
    When 61m go by
    And the coordinator cleans up
    Then no session is active

  Scenario: Tools run in all of them: the limit holds all the same
    Given the coordinator begins a tool run in "spring"
    And the coordinator begins a tool run in "memoir"
    And the coordinator begins a tool run in "letter"
    When the coordinator switches to "winter"
    Then "memoir", "letter" and "winter" are active
    When the tool run in "spring" ends
    Then "memoir", "letter" and "spring" are active

  Scenario: Two tools run in one session: it is in use until both have ended
    Given the coordinator begins a tool run in "spring"
    And the coordinator begins a tool run in "spring"
    When the tool run in "spring" ends
    And 3h go by
    And the coordinator cleans up
    Then "spring" is active
    When the tool run in "spring" ends
    And 61m go by
    And the coordinator cleans up
    Then no session is active

  Scenario: A tool has run, and its session is gone
    Given a tool run in "spring" during which another program deletes it
    When the tool run in "spring" ends
    Then the coordinator is told "No session has the id 'spring'"
    And no session is active

  Scenario: What a tool meets is told, even where its session is gone
    Given a tool run in "spring" during which another program deletes it
    When the tool run in "spring" fails
    Then the coordinator's caller hears of the tool's failure
    And no session is active

  Scenario: A session that is gone is not active any more
    Given the coordinator switches to "spring"
    And somebody else deletes "spring"
    When the coordinator appends to "spring"
    Then the coordinator is told "No session has the id 'spring'"
    And no session is active

  Scenario: State is put into what is there already
    Given the coordinator changes the state of "spring"
    When the state of "spring" is changed to "place is Lisbon"
    Then the session "spring" has
      | what     | value                             |
      | metadata | mood is sunny and place is Lisbon |
    When "mood" is taken out of the state of "spring"
    Then the session "spring" has
      | what     | value           |
      | metadata | place is Lisbon |

  Scenario Outline: What makes no sense is refused: <what>
    When somebody makes a coordinator with <what>
    Then the coordinator is told "<complaint>"

    Examples:
      | what                    | complaint                                 |
      | no sessions             | At least one session can be active        |
      | a timeout of nothing    | session_timeout must be from 1 s          |
      | an interval of nothing  | cleanup_interval must be from 0.001 s     |
      | a timeout for ever      | session_timeout must be from 1 s          |
