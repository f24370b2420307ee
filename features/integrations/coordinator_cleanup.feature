Feature: A coordinator purges the sessions that nobody uses any more
  It closes what was not used for an hour, and purges it as every other purge does: archived, in the
  ledger, within the brakes, and only what is still unused in the database.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | memoir | 2d   |
      | letter | 2d   |

  Scenario: Exactly at the timeout a session is kept, a microsecond later it is closed, purged and can be put back
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    When 1h goes by
    And the coordinator cleans up
    Then it has closed 0 sessions and purged 0
    When I run "agents cleanup log"
    Then the log shows 0 runs
    When the coordinator touches "memoir"
    And 1us goes by
    And the coordinator cleans up
    Then it has closed 1 session and purged 1
    And only "memoir" and "letter" remain
    And "memoir" is active
    When I run "agents cleanup log"
    Then the log shows 1 run
    When I undo the last purge
    Then only "spring", "memoir" and "letter" remain

  Scenario: Any age may be asked for, and what was closed before is left to the retention policy
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    And the coordinator closes "memoir"
    When 11m go by
    And the coordinator cleans up what is older than 10m
    Then it has closed 1 session and purged 1
    And only "memoir" and "letter" remain

  Scenario: An age of nothing is refused, and nothing is closed
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    When 11m go by
    And the coordinator cleans up what is older than 0s
    Then the coordinator is told "stale_after must be from one second"
    And "spring" is active

  Scenario: Active sessions are protected from every other purge, closed ones are not
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    When 30m go by
    And I run "agents cleanup --stale-after 1m --yes --max-purge 100%"
    Then only "spring" and "memoir" remain
    When the coordinator closes "memoir"
    And I run "agents cleanup --stale-after 1m --yes --max-purge 100%"
    Then only "spring" remains

  Scenario: The leases of a process that died run out
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    When the coordinator's process dies
    And 70m go by
    And I run "agents cleanup --stale-after 1m --yes --max-purge 100%"
    Then no session remains

  Scenario Outline: What <somebody> did to a session meanwhile keeps it in the database
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    When 61m go by
    And somebody else <does> "spring"
    And the coordinator cleans up
    Then it has closed 2 sessions and purged 1
    And "spring" is still there
    And "letter" is still there
    And no session is active

    Examples:
      | somebody          | does               |
      | a user            | touches            |
      | a writer          | appends to         |
      | a person          | pins               |
      | another holder    | leases             |
      | a parent          | creates a child of |

  Scenario Outline: The second look decides: somebody will <deed> it once the archive is written
    Given somebody will <deed> "spring" once the archive is written
    And a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    When 61m go by
    And the coordinator cleans up
    Then it has closed 2 sessions and purged 1
    And 1 session was skipped because it was <why>
    And only "spring" and "letter" remain

    Examples:
      | deed      | why    |
      | touch     | used   |
      | append to | used   |
      | pin       | pinned |

  Scenario: A session that the program itself uses during the cleanup stays active
    Given the coordinator itself will touch "spring" once the archive is written
    And a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    And the coordinator switches to "memoir"
    When 61m go by
    And the coordinator cleans up
    Then it has closed 1 session and purged 1
    And "spring" is active
    And the session "spring" has
      | what             | value        |
      | last_accessed_at | now          |
      | lease_expires_at | 70m from now |

  Scenario: Two processes have the same session open: whoever closes it does not end the other's lease
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    When 5m go by
    And another coordinator switches to "spring"
    And the coordinator closes "spring"
    Then the session "spring" has
      | what             | value        |
      | lease_expires_at | 70m from now |
    When 61m go by
    And another coordinator begins a tool run in "spring"
    And the coordinator switches to "spring"
    And 61m go by
    And another coordinator touches "spring"
    And the coordinator cleans up
    Then it has closed 1 session and purged 0
    And the session "spring" has
      | what             | value        |
      | lease_expires_at | 70m from now |

  Scenario: A longer lease that somebody else asked for is left as it is
    Given these sessions
      | name   | leased |
      | winter | 9d     |
    And a coordinator of at most 3 sessions
    When the coordinator switches to "winter"
    And the coordinator closes "winter"
    Then the session "winter" has
      | what             | value       |
      | lease_expires_at | 9d from now |

  Scenario: A session that was deleted meanwhile is closed, and not counted as purged
    Given a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    When somebody else deletes "spring"
    And 61m go by
    And the coordinator cleans up
    Then it has closed 1 session and purged 0
    And no session is active

  Scenario: A session's own threshold is obeyed, even where it has no message
    Given these sessions
      | name   | stale_after | messages |
      | winter | 90d         | 0        |
    And a coordinator of at most 3 sessions
    And the coordinator switches to "winter"
    When 61m go by
    And the coordinator cleans up
    Then it has closed 1 session and purged 0
    And only "spring", "memoir", "letter" and "winter" remain

  Scenario Outline: Where cleanup is only to report, sessions are closed and stay: <variable>=<value>
    Given the variable <variable> is "<value>"
    And a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    When 61m go by
    And the coordinator cleans up
    Then it has closed 1 session and purged 0
    And only "spring", "memoir" and "letter" remain
    And no session is active

    Examples:
      | variable                  | value  |
      | CLEVERAGENTS_CLEANUP_MODE | report |
      | SESSION_CLEANUP_ENABLED   | false  |

  Scenario: A brake refuses: all stay active, and once it is gone the next cleanup goes on
    Given another program keeps notes that go with "spring"
    And a coordinator of at most 3 sessions
    And the coordinator switches to "spring"
    When 61m go by
    And the coordinator cleans up
    Then the coordinator is told "Rows of other tables go"
    And "spring" is active
    And only "spring", "memoir" and "letter" remain
    When the other program's notes are gone
    And the coordinator cleans up
    Then it has closed 1 session and purged 1

  Scenario: More sessions than one purge takes go in several
    Given a coordinator of at most 600 sessions
    And the coordinator switches to "spring"
    And the coordinator has created 550 sessions
    When 61m go by
    And the coordinator cleans up
    Then it has closed 551 sessions and purged 551
    And only "memoir" and "letter" remain
    When I run "agents cleanup log"
    Then the log shows 2 runs
