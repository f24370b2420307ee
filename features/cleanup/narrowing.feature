Feature: Classes and filters only ever narrow what is purged

  Background:
    Given these sessions
      | name     | idle | messages | parent | actor    | source | namespace |
      | spring   | 40d  | 1        |        | local/a  | cli    | local     |
      | summer   | 40d  | 1        |        | local/b  | cron   | team      |
      | [draft]  | 40d  | 1        |        |          | api    | team      |
      | blank    | 2h   | 0        |        | local/a  | cli    | local     |
      | orphan   | 2d   | 1        | gone   | local/b  | cron   | local     |
      | recent   | 1h   | 1        |        | local/a  | cli    | local     |

  Scenario Outline: --only <classes>
    When I run "agents cleanup --only <classes>"
    Then it exits with 0
    And only <rest> remain

    Examples:
      | classes               | rest                                                   |
      | stale                 | "blank", "orphan", "recent"                            |
      | empty                 | "spring", "summer", "[draft]", "orphan", "recent"      |
      | orphaned              | "spring", "summer", "[draft]", "blank", "recent"       |
      | stale,empty           | "orphan" and "recent"                                  |
      | stale --only orphaned | "blank" and "recent"                                   |
      | dangling              | "spring", "summer", "[draft]", "blank", "orphan", "recent" |

  Scenario Outline: <filters>
    When I run "agents cleanup <filters>"
    Then it exits with 0
    And only <rest> remain

    Examples:
      | filters                            | rest                                              |
      | --actor local/a                    | "summer", "[draft]", "orphan", "recent"           |
      | --actor local/a --actor local/b    | "[draft]", "recent"                               |
      | --source cron                      | "spring", "[draft]", "blank", "recent"            |
      | --source cron --source api         | "spring", "blank", "recent"                       |
      | --namespace team                   | "spring", "blank", "orphan", "recent"             |
      | --namespace team --namespace local | "recent"                                          |
      | --name 's*'                        | "[draft]", "blank", "orphan", "recent"            |
      | --name 's*' --name 'bl?nk'         | "[draft]", "orphan", "recent"                     |
      | --name 'S*'                        | "spring", "summer", "[draft]", "blank", "orphan", "recent" |
      | --name '[draft]'                   | "spring", "summer", "blank", "orphan", "recent"   |
      | --name '*'                         | "recent"                                          |
      | --actor local/a --source cron      | "spring", "summer", "[draft]", "blank", "orphan", "recent" |
      | --actor local/b --namespace team   | "spring", "[draft]", "blank", "orphan", "recent"  |
      | --actor local/a --only stale       | "summer", "[draft]", "blank", "orphan", "recent"  |
      | --actor nobody                     | "spring", "summer", "[draft]", "blank", "orphan", "recent" |

  Scenario: A filter never reaches a session that no threshold selects
    When I run "agents cleanup --dry-run --name recent --format json"
    Then there is no candidate
    And the report counts
      | scanned | recent | filtered |
      | 6       | 1      | 5        |

  Scenario: What the filters leave out is counted apart
    When I run "agents cleanup --dry-run --actor local/a --format json"
    Then the candidates are
      | name   | reasons |
      | spring | stale   |
      | blank  | empty   |
    And the report counts
      | scanned | candidates | recent | filtered | protected |
      | 6       | 2          | 1      | 3        | 0         |
