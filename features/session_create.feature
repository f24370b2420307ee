Feature: Create a session
  A session is one conversation. Whoever opens one gets an id that sorts by time and never repeats.

  Scenario: A new session is empty and was last accessed now
    When I run "agents session create --name spring"
    Then it exits with 0
    And the session "spring" has
      | what             | value |
      | namespace        | local |
      | source           | cli   |
      | message_count    | 0     |
      | content_bytes    | 0     |
      | first_message_at | none  |
      | created_at       | now   |
      | last_accessed_at | now   |

  Scenario: Everything a person may say about a session is kept
    Given a session "spring"
    When I run "agents session create --name 'spring, part two' --actor team/planner --source api --namespace lab --parent spring --stale-after 2w --metadata ticket=42 --metadata owner=Ada"
    Then it exits with 0
    And the session "spring, part two" has
      | what                | value                          |
      | actor_name          | team/planner                   |
      | source              | api                            |
      | namespace           | lab                            |
      | parent_session_id   | the id of "spring"             |
      | stale_after_seconds | 1209600                        |
      | metadata            | ticket is 42 and owner is Ada  |

  Scenario: Ids are ULIDs, and those made later sort later
    When I create 20 sessions one after another
    Then every id is a ULID
    And the ids sort in the order in which they were made

  Scenario: Two sessions may share a name, because the id tells them apart
    Given a session "spring"
    When I run "agents session create --name spring"
    Then it exits with 0
    And there are 2 sessions named "spring"

  Scenario Outline: What no session may hold is refused
    When I run "agents session create <options>"
    Then it is refused as a usage error that says "<complaint>"
    And no session remains

    Examples:
      | options                            | complaint                         |
      | --name ''                          | A session name cannot be blank    |
      | --name '   '                       | A session name cannot be blank    |
      | --actor 'two words'                | is not an actor name              |
      | --actor ''                         | is not an actor name              |
      | --source ''                        | cannot be a source                |
      | --namespace 'a b'                  | cannot be a namespace             |
      | --stale-after 0d                   | zero would mean everything        |
      | --stale-after 30                   | it has no unit                    |
      | --stale-after 1M                   | is not a duration                 |
      | --stale-after ''                   | is not a duration                 |
      | --metadata ticket                  | is not KEY=VALUE                  |
      | --metadata a=1 --metadata a=2      | is given twice                    |
      | --metadata 'a=NaN'                 | NaN                               |
      | --parent ''                        | A session id cannot be blank      |

  Scenario: A name longer than 500 characters is refused, one of 500 is kept
    When I create a session with a name of 500 characters
    Then it exits with 0
    When I create a session with a name of 501 characters
    Then it is refused as a usage error that says "at most 500 characters"

  Scenario: A parent must be there
    When I run "agents session create --name spring --parent 01J00000000000000000000000"
    Then it exits with 3
    And no session remains
