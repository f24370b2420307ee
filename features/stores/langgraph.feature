Feature: LangGraph's threads are cleaned although nothing in their tables tells a time
  A thread is no row: it is what has its id in the tables of a checkpointer. When it was used last stands in
  the ids of its checkpoints, and nothing of it is opened to find out.

  Scenario Outline: A dry run of <store> names the threads that nobody will come back to
    Given the store "<store>", as its library made it
    When on the store I run "agents cleanup --dry-run --all --format json"
    Then it exits with 0
    And the answer names the sessions that nobody will come back to
    And there are 0 dangling messages
    And nothing in the store has changed

    Examples:
      | store                          |
      | langgraph-0.2.60-checkpointers |
      | langgraph-1.2.22-checkpointers |

  Scenario Outline: A purge of <store> takes threads whole, and a restore brings back every row
    Given the store "<store>", as its library made it
    And the application remembers something for longer than a thread
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the sessions that went are those that nobody will come back to
    And nothing of "stale-0" is left
    And only threads lost rows
    And nothing was added to the store, or changed in it
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

    Examples:
      | store                          |
      | langgraph-0.2.60-checkpointers |
      | langgraph-1.2.22-checkpointers |

  @postgresql_only
  Scenario: A checkpointer that keeps its tables in a schema of its own
    Given the store "langgraph-1.2.22-checkpointers", as its library made it
    And its tables are in a schema of their own, which its URL names
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the answer says "Purged 5 sessions of 10"
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

  Scenario: What is known of a store is told
    Given the store "langgraph-1.2.22-checkpointers", as its library made it
    When on the store I check what it is
    Then it exits with 0
    And the answer says "LangGraph's"
    And the answer says "the time in a thread's greatest checkpoint_id"
    And the answer says "Of unknown age     1 (always kept)"

  @postgresql_only
  Scenario: That nobody can tell how old a blob is of which nothing tells a time, is told
    Given the store "langgraph-1.2.22-checkpointers", as its library made it
    When on the store I check what it is
    Then the answer says "checkpoint_blobs of threads of which nothing else is left, whose age is unknown"

  @sqlite_only
  Scenario: A store that lies where LangGraph's examples put it needs no location
    Given the store "langgraph-1.2.22-checkpointers", as its library made it
    And a copy of the store is called "checkpoints.sqlite"
    When I run "agents cleanup --dry-run --store langgraph"
    Then it exits with 0
    And the answer says "5 sessions of 10 would be purged"

  Scenario: What every adapter must do, it does
    When I prove LangGraph's adapter by every check that there is for adapters
    Then it passes them all

  Rule: A thread is as old as the youngest id of its checkpoints, wherever they are

    Background:
      Given the store "langgraph-1.2.22-checkpointers", as its library made it

    Scenario: A graph inside of the graph was at work
      Given a graph inside of "stale-0" saved a checkpoint 1h ago
      When on the store I run "agents cleanup --dry-run --all --format json"
      Then the answer does not name "stale-0"
      And the answer names "stale-1"

    Scenario Outline: Exactly at the threshold it is kept, and not a microsecond longer
      Given "edge" has one checkpoint, made <age> ago
      When on the store I run "agents cleanup --dry-run --all --format json"
      Then the answer <verb> "edge"

      Examples:
        | age       | verb          |
        | 30d       | does not name |
        | 30d +1us  | names         |

    Scenario: A thread with an id that tells no time is kept, and said to be
      Given an application gave a checkpoint of "stale-0" an id of its own
      When on the store I run "agents cleanup --yes"
      Then it exits with 0
      And the answer says "2 of unknown age"
      And "stale-0" has 11 checkpoints

    Scenario: A checkpoint of the future keeps its thread
      Given "stale-0" has one checkpoint, made -2h ago
      When on the store I run "agents cleanup --dry-run --all --format json"
      Then the answer does not name "stale-0"

    Scenario: A thread whose name is empty is a thread
      Given a thread with an empty name has one checkpoint, made 31d ago
      When on the store I run "agents cleanup --yes"
      Then it exits with 0
      And nothing of the thread with an empty name is left
      When I restore the last run of the store
      Then nothing in the store has changed

  Rule: What a deleted thread left behind is found

    Background:
      Given the store "langgraph-1.2.22-checkpointers", as its library made it

    Scenario Outline: A write whose checkpoint is gone dangles once it is old enough
      Given a run wrote to "fresh" for a checkpoint that is gone, begun <begun> ago
      When on the store I run "agents cleanup --dry-run --format json"
      Then there are <count> dangling messages

      Examples:
        | begun     | count |
        | 1h        | 0     |
        | 24h       | 0     |
        | 24h +1us  | 1     |

    Scenario: It goes, the thread that lives stays as it is, and a restore brings it back
      Given a run wrote to "fresh" for a checkpoint that is gone, begun 2d ago
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 0
      And there are 1 dangling messages
      And "fresh" has 20 checkpoints
      And nothing was added to the store, or changed in it
      When on the store I run "agents cleanup --dry-run --format json"
      Then there are 0 dangling messages
      When I restore the last run of the store
      Then nothing in the store has changed

    Scenario: Only the checkpoints of a thread were deleted by hand
      Given somebody deleted the checkpoints of "recent" and nothing else
      When on the store I run "agents cleanup --yes"
      Then it exits with 0
      And nothing of "recent" is left
      When I restore the last run of the store
      Then nothing in the store has changed

    @postgresql_only
    Scenario Outline: A blob that nothing refers to dangles once its thread is old: <thread>
      Given a blob of "<thread>" was left behind
      When on the store I run "agents cleanup --dry-run --format json"
      Then there are <count> dangling messages

      Examples:
        | thread    | count |
        | recent    | 1     |
        | fresh     | 0     |
        | other-ids | 0     |
        | unheard   | 0     |

    @postgresql_only
    Scenario: Where a checkpoint does not tell what it refers to, no blob of its thread dangles
      Given a blob of "recent" was left behind
      And a checkpoint of "recent" does not tell what it refers to
      When on the store I run "agents cleanup --dry-run --format json"
      Then there are 0 dangling messages

  Rule: Who goes on with a thread while it is purged keeps it, or begins it anew

    Background:
      Given the store "langgraph-1.2.22-checkpointers", as its library made it

    Scenario Outline: A run saves a checkpoint after the threads were <step>
      Given a run saves a checkpoint of "stale-0" as soon as the sessions were <step>
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And only "stale-0" was skipped, because it was used
      And "stale-0" has 11 checkpoints
      And nothing of "stale-1" is left

      Examples:
        | step     |
        | scanned  |
        | archived |

    @postgresql_only
    Scenario: A run that is saving a checkpoint is waited for, and what it saved is seen
      When a run is saving a checkpoint of "stale-0" while I run "agents cleanup --yes --format json"
      Then it exits with 6
      And only "stale-0" was skipped, because it was used
      And "stale-0" has 11 checkpoints

    Scenario: A thread that a run began anew is not mixed with what was purged
      When on the store I run "agents cleanup --yes"
      And a run saves a checkpoint of "stale-0"
      And I restore the last run of the store
      Then it exits with 6
      And the answer says "stale-0"
      And "stale-0" has 1 checkpoint
      And "stale-1" has 20 checkpoints

  Rule: What is not known is not touched

    Scenario Outline: A store that has <strangeness>
      Given the store "langgraph-1.2.22-checkpointers", as its library made it
      And among its tables there is <strangeness>
      When on the store I run "agents cleanup --yes"
      Then it exits with 1
      And the error says "that is known"
      And nothing in the store has changed

      Examples:
        | strangeness                 |
        | a column that nobody knows  |
        | a column less               |
        | no table of its writes      |

      @postgresql_only
      Examples: What only a server tells
        | strangeness                          |
        | a version that is newer              |
        | a version that its tables are not of |
        | no version                           |
        | another primary key                  |
        | the tables of a shallow saver        |
