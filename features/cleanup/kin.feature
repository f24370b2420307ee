Feature: A purge never creates an orphan
  A session with a surviving descendant is kept.

  Scenario: A family in which nobody survives goes as a whole
    Given these sessions
      | name        | idle | parent |
      | grandmother | 60d  |        |
      | mother      | 50d  | grandmother |
      | child       | 40d  | mother |
    When I run "agents cleanup --format json"
    Then no session remains
    And the report counts
      | purged | stale | orphaned | ancestor |
      | 3      | 3     | 0        | 0        |

  Scenario: A recent child keeps all its ancestors
    Given these sessions
      | name        | idle | parent      |
      | grandmother | 60d  |             |
      | mother      | 50d  | grandmother |
      | child       | 1d   | mother      |
      | aunt        | 50d  | grandmother |
    When I run "agents cleanup --format json"
    Then only "grandmother", "mother" and "child" remain
    And the report counts
      | purged | protected | ancestor |
      | 1      | 2         | 2        |

  Scenario Outline: A child that is <why> keeps its parent
    Given these sessions
      | name   | idle   | created   | parent | pinned   | leased   | actor | source   |
      | parent | 60d    |           |        |          |          |       | cron     |
      | child  | <idle> | <created> | parent | <pinned> | <leased> | a     | <source> |
    When I run "agents cleanup <options> --format json"
    Then only "parent" and "child" remain
    And the report counts
      | ancestor |
      | 1        |

    Examples:
      | why                 | idle | created | pinned | leased | source | options       |
      | pinned              | 50d  |         | yes    |        | cron   |               |
      | leased              | 50d  |         |        | 5m     | cron   |               |
      | in the future       | 50d  | -1d     |        |        | cron   |               |
      | outside the filters | 50d  |         |        |        | cli    | --source cron |
      | among the newest    | 50d  |         |        |        | cron   | --keep-last 1 |

  Scenario: A child of another class keeps its parent
    Given these sessions
      | name   | idle | messages | parent |
      | parent | 60d  | 1        |        |
      | child  | 2h   | 0        | parent |
    When I run "agents cleanup --only stale --format json"
    Then only "parent" and "child" remain
    And the report counts
      | purged | ancestor |
      | 0      | 1        |

  Scenario: A child that goes for another reason does not keep its parent
    Given these sessions
      | name   | idle | messages | parent |
      | parent | 60d  | 1        |        |
      | child  | 2h   | 0        | parent |
    When I run "agents cleanup"
    Then no session remains

  Scenario: Sessions that name each other as parent stay or go together
    Given these sessions
      | name | idle | parent |
      | hen  | 60d  | egg    |
      | egg  | 50d  | hen    |
      | snake| 60d  | tail   |
      | tail | 1d   | snake  |
    When I run "agents cleanup"
    Then only "snake" and "tail" remain

  Scenario: A session that is its own parent can go
    Given these sessions
      | name  | idle | parent |
      | ouros | 60d  | ouros  |
    When I run "agents cleanup"
    Then no session remains

  Scenario: Deleting a parent by hand makes orphans, which a cleanup finds a day later
    Given these sessions
      | name   | idle | parent |
      | parent | 1h   |        |
      | child  | 1h   | parent |
    When I run "agents session delete parent --yes"
    And 1d goes by
    And I run "agents cleanup --dry-run --format json"
    Then the candidates are
      | name  | reasons  |
      | child | orphaned |
