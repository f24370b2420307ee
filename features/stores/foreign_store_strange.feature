Feature: Strange rows, tables and files of other programs hinder nobody, and lose nothing
  Databases of other systems hold what nobody expects. What cannot be understood is named and left, the rest
  is cleaned, and what another table needs stays.

  Background:
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it

  @sqlite_only
  Scenario Outline: A session whose key is <what> is named and left as it is
    Given the key of stale-2 in the store had become <key>
    When on the store I run "agents cleanup --yes"
    Then it exits with 6
    And the answer says "<why>"
    And the row of stale-0 is gone from the store
    And nothing was added to the store, or changed in it
    When I restore the last run of the store
    Then nothing in the store has changed

    Examples:
      | what      | key                    | why                     |
      | bytes     | x'61FF'                | its key is no text      |
      | not UTF-8 | CAST(x'61FF' AS TEXT)  | its key is not in UTF-8 |

  @sqlite_only
  Scenario: Where a large file has such a key, it is read at once
    Given the key of stale-2 in the store had become x'61FF'
    And the store's file counts as large
    When on the store I run "agents cleanup --dry-run"
    Then it exits with 6
    And the answer says "its key is no text"

  @sqlite_only
  Scenario: What is no UTF-8 comes back byte for byte
    Given in the store it was done: UPDATE events SET event_data = CAST(x'7BFFFE7D' AS TEXT) WHERE session_id = 'stale-0'
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

  @postgresql_only
  Scenario Outline: A session that was last used at <time> is of unknown age, and kept
    Given in the store it was done: UPDATE sessions SET update_time = '<time>' WHERE id = 'stale-0'
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the row of stale-0 is still in the store
    And the row of stale-2 is gone from the store

    Examples:
      | time          |
      | infinity      |
      | -infinity     |
      | 20000-01-01   |
      | 0044-03-15 BC |

  Scenario: What another table needs stays
    Given another table of the store whose rows need their session, with one for stale-0
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And nothing in the store has changed
    When for few sessions the store's foreign keys are too slow
    And on the store I run "agents cleanup --yes"
    Then it exits with 1
    And nothing in the store has changed

  Scenario: What goes with a session in another table goes where that is allowed
    Given another table of the store whose rows go with their session, with one for stale-0
    When on the store I run "agents cleanup --yes"
    Then it exits with 5
    And nothing in the store has changed
    When on the store I run "agents cleanup --yes --unarchived-tables tickets"
    Then it exits with 0
    And the other table of the store is empty

  Scenario: A trigger that keeps messages back stops the purge
    Given a trigger of the store that keeps events from being deleted
    When on the store I run "agents cleanup --yes"
    Then it exits with 1
    And the error says "A trigger kept rows of the table events back"
    And nothing in the store has changed

  @sqlite_only
  Scenario: A file that takes the store's place after the scan is left alone
    Given after the sessions were scanned, another file takes the place of the store's
    When on the store I run "agents cleanup --yes --no-archive"
    Then it exits with 1
    And the error says "Another file took the place of"
    And nothing in the store has changed
