Feature: Nothing is lost between two databases
  A foreign store and the book that remembers it cannot commit as one. Whatever happens in between, what went
  can be brought back, and what was used meanwhile stays.

  Background:
    Given the store "adk-2.13.0-DatabaseSessionService", as its library made it

  Scenario: A process that dies right after the store has committed leaves a run that can be undone
    When "agents cleanup --yes" on the store ends as if killed after the store has committed
    And on the store I run "agents cleanup log"
    Then the answer says "0 runs in the ledger"
    When on the store I run "agents cleanup --yes"
    Then the error says "Ended right after the store had committed, and in the ledger now: run"
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed
    When on the store I run "agents cleanup log --verify"
    Then it exits with 0

  Scenario: Its run can be undone too where its session's id was taken again before anybody looked
    When "agents cleanup --yes --actor desk/ü --namespace bo" on the store ends as if killed after the store has committed
    And in the store it was done: INSERT INTO sessions SELECT 'desk/ü', 'bo', taken.id, state, create_time, update_time FROM sessions, (SELECT 'shared' AS id UNION SELECT 'zzz-fresh') AS taken WHERE sessions.id = 'new'
    And on the store I run "agents cleanup --yes --only orphaned"
    Then the error says "Ended right after the store had committed, and in the ledger now: run"
    When on the store I run "agents cleanup archives"
    Then the answer says "1 archive"

  Scenario: Without an archive the ledger says at least that nobody knows
    When "agents cleanup --yes --no-archive" on the store ends as if killed after the store has committed
    And on the store I run "agents cleanup --yes"
    And on the store I run "agents cleanup log"
    Then the answer says "nobody knows whether the store had committed"

  Scenario: A book that cannot be written any more is no reason to forget what was deleted
    When on the store I run "agents cleanup --yes", and its book cannot be written any more
    Then it exits with 6
    And the error says "was committed in the store, but its entry could not be written to the ledger"
    When on the store I run "agents cleanup --yes"
    And I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

  Scenario Outline: What somebody does to a session after it was <step> keeps it
    Given after the sessions were <step>, stale-0 is <change>
    When on the store I run "agents cleanup --yes --format json"
    Then it exits with 6
    And stale-0 was skipped as <reason>
    And stale-0 is still there, whole

    Examples:
      | step     | change          | reason |
      | scanned  | used            | used    |
      | archived | used            | used    |
      | archived | edited in place | used or changed |

  Scenario Outline: What its library deletes after it was <step> is not counted twice
    Given after the sessions were <step>, stale-0 is deleted
    When on the store I run "agents cleanup --yes --format json"
    Then it exits with 6
    And stale-0 was skipped as removed

    Examples:
      | step     |
      | scanned  |
      | archived |

  Scenario Outline: Whoever is among the newest of an actor once others went stays, though nobody touched it
    Given after the sessions were <step>, zzz-fresh is deleted
    When on the store I run "agents cleanup --yes --keep-last 2 --format json"
    Then it exits with 6
    And the only skip is of a session that is among the newest now

    Examples:
      | step     |
      | scanned  |
      | archived |

  Scenario: A large file without a write-ahead log is read a part at a time
    Given the store's file counts as large
    When on the store I run "agents cleanup --dry-run --all --format json"
    Then it exits with 0
    And the answer names the sessions that nobody will come back to
