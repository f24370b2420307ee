Feature: Sessions of the OpenAI Agents SDK are cleaned as its own classes keep them
  The library has neither a list of its sessions nor a word for their age. Here they are found, purged and
  put back, and the library notices nothing but fewer rows.

  Scenario Outline: <store>: what nobody will come back to goes, and can come back
    Given the store "openai-<store>", as its library made it
    When on the store I run "agents cleanup --dry-run --all --format json"
    Then it exits with 0
    And the answer names the sessions that nobody will come back to
    And nothing in the store has changed
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    And nothing was added to the store, or changed in it
    And what its library keeps of sessions that are gone is as it was
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

    Examples:
      | store                        |
      | 0.5.1-SQLiteSession          |
      | 0.5.1-SQLAlchemySession      |
      | 0.5.1-AdvancedSQLiteSession  |
      | 0.5.1-own-tables             |
      | 0.18.0-AdvancedSQLiteSession |
      | 0.24.0-SQLiteSession         |
      | 0.24.0-AsyncSQLiteSession    |
      | 0.24.0-SQLAlchemySession     |
      | 0.24.0-AdvancedSQLiteSession |
      | 0.24.0-own-tables            |

  Scenario: The rows of branches that an old clear_session left behind dangle
    Given the store "openai-0.18.0-AdvancedSQLiteSession", as its library made it
    When on the store I run "agents cleanup --dry-run --format json"
    Then the answer counts 4 dangling messages
    When on the store I run "agents cleanup --yes"
    And on the store I run "agents cleanup --dry-run --format json"
    Then the answer counts 0 dangling messages

  Scenario: Messages whose session is gone dangle, once they are a day old
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And somebody deleted the rows of the sessions stale-1 and fresh, and nothing else
    When on the store I run "agents cleanup --yes --format json"
    Then the answer counts 4 dangling messages
    And there are 0 messages of stale-1 in the store
    And there are 2 messages of fresh in the store
    When I restore the last run of the store
    Then there are 4 messages of stale-1 in the store

  Scenario: A session that begins anew takes nothing of what dangled before
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And somebody deleted the rows of the sessions stale-1 and fresh, and nothing else
    When on the store I run "agents cleanup --yes"
    And its library begins stale-1 anew
    And I restore the last run of the store
    Then there is 1 message of stale-1 in the store

  Scenario Outline: A <what> is use, although it moves no time of the session
    Given the store "openai-0.24.0-AdvancedSQLiteSession", as its library made it
    And the library's session branched got a <what> an hour ago
    When on the store I run "agents cleanup explain branched"
    Then it exits with 0
    And the answer says "branched is kept"

    Examples:
      | what         |
      | branch       |
      | turn's usage |

  Scenario Outline: Whatever was written as the time of its last use, nobody guesses: <time>
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And the library's session stale-1 was last used at <time>
    When on the store I run "agents cleanup --yes"
    Then it exits with <code>
    And the library's session stale-1 is <fate>

    Examples:
      | time                        | fate | code |
      | NULL                        | kept | 0    |
      | 'long ago'                  | kept | 0    |
      | 1700000000                  | kept | 0    |
      | '9999-12-31T23:59:59-14:00' | kept | 0    |
      | '2026-06-15'                | kept | 0    |
      | '2026-04-01T12:00:00+02:00' | gone | 0    |

  Scenario: A row of a session that has no id stays
    Given the store "openai-0.24.0-SQLiteSession", as its library made it
    And somebody ran "INSERT INTO agent_sessions VALUES (NULL, '2020-01-01', '2020-01-01')" in it
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    And nothing was added to the store, or changed in it
    And there is a session without an id in the store

  Scenario Outline: What happens to a session after it was <step> keeps it, or takes it whole: <change>
    Given the store "openai-0.24.0-SQLAlchemySession", as its library made it
    And after its sessions were <step>, stale-1 has its <change>
    When on the store I run "agents cleanup --yes --format json"
    Then it exits with 6
    And the library's session stale-1 is <fate>
    And the skipped session is stale-1, as <reason>

    Examples:
      | step     | change                         | fate | reason          |
      | scanned  | newest message popped          | kept | used or changed |
      | scanned  | message added                  | kept | used            |
      | archived | newest message popped          | kept | used or changed |
      | archived | message added                  | kept | used or changed |
      | archived | newest message edited in place | kept | used or changed |
      | archived | session cleared                | gone | removed         |

  Scenario Outline: Its adapter passes what every adapter has to pass: <store>
    When I prove the adapter of the OpenAI Agents SDK on stores like "openai-<store>"
    Then it passes them all

    Examples:
      | store                        |
      | 0.24.0-SQLAlchemySession     |
      | 0.24.0-AdvancedSQLiteSession |
