Feature: A purge of too much, or by a wrong clock, is refused

  Scenario: More than half of more than a thousand sessions
    Given 1001 sessions last accessed between 90d and 40d ago
    And 1000 sessions that were just used
    And I remember what is there
    When I run "agents cleanup"
    Then it exits with 5
    And nothing has changed
    And the error says "This would delete 1,001 of 2,001 sessions (50 %)"
    And the error says "at most 1,000 may go in one purge"

  Scenario: Exactly half is not over half
    Given 1001 sessions last accessed between 90d and 40d ago
    And 1001 sessions that were just used
    When I run "agents cleanup"
    Then it exits with 0
    And there are 1001 sessions in all

  Scenario: A thousand may go even where that is all
    Given 1000 sessions last accessed between 90d and 40d ago
    When I run "agents cleanup"
    Then it exits with 0
    And no session remains

  Scenario: The exact command that would allow it does
    Given 1001 sessions last accessed between 90d and 40d ago
    When I run "agents cleanup --stale-after 35d --name 'session *'"
    Then it exits with 5
    And it says that "agents cleanup --stale-after 35d --name 'session *' --max-purge 1001" would allow it
    When I run the command that it says would allow it
    Then it exits with 0
    And no session remains

  Scenario: It allows that much and not more
    Given 1001 sessions last accessed between 90d and 40d ago
    And I run "agents cleanup"
    And these sessions
      | name | idle |
      | late | 40d  |
    When I run the command that it says would allow it
    Then it exits with 5
    And there are 1002 sessions in all

  Scenario Outline: A limit of one's own: <limit> of 4, of which 2 would go
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
      | autumn | 1h   |
      | winter | 1h   |
    When I run "agents cleanup --max-purge <limit>"
    Then it exits with <code>
    And there are <left> sessions in all

    Examples:
      | limit | code | left |
      | 3     | 0    | 2    |
      | 2     | 0    | 2    |
      | 1     | 5    | 4    |
      | 100%  | 0    | 2    |
      | 50%   | 0    | 2    |
      | 49%   | 5    | 4    |
      | 1%    | 5    | 4    |
      | 0     | 2    | 4    |
      | 0%    | 2    | 4    |
      | -1    | 2    | 4    |
      | half  | 2    | 4    |

  Scenario Outline: The limit as a setting: <source>
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    And <given>
    When I run "agents cleanup"
    Then it exits with 5
    When I run "agents cleanup --max-purge 100%"
    Then it exits with 0

    Examples:
      | source   | given                                                |
      | file     | the project's settings file sets max_purge to 1      |
      | percent  | the project's settings file sets max_purge to 50%    |
      | variable | the variable CLEVERAGENTS_CLEANUP_MAX_PURGE is "1"   |

  Scenario Outline: The command that would allow it replaces the limit it was given: <words>
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    When I run "<words>"
    Then it exits with 5
    When I run the command that it says would allow it
    Then it exits with 0
    And no session remains

    Examples:
      | words                                         |
      | agents cleanup --max-purge 1                  |
      | agents cleanup --max-purge=1                  |
      | agents cleanup --max-purge 1 --no-archive     |
      | agents cleanup --format plain --max-purge 10% |
      | cleanup --max-purge 1                         |

  Scenario: A plan is held back by the same brake
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    And I run "agents cleanup --plan-out plan.json"
    When I run "agents cleanup apply plan.json --max-purge 1"
    Then it exits with 5
    And it says that "agents cleanup apply plan.json --max-purge 2" would allow it
    When I run the command that it says would allow it
    Then no session remains

  Scenario: Words that end the options do not make the command useless
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    And I run "agents cleanup --plan-out plan.json"
    When I run "agents cleanup apply --max-purge 1 -- plan.json"
    Then it exits with 5
    When I run the command that it says would allow it
    Then no session remains

  Scenario: A refused purge is remembered as refused
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    When I run "agents cleanup --max-purge 1"
    Then the newest attempt that came to nothing was refused because of "too_many"
    And the ledger knows no run

  Scenario Outline: Who only looks is told, and not refused: <words>
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    When I run "<words> --max-purge 1 --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "A purge would be refused now: This would delete 2 of 2 sessions (100 %)"
    And status, exit code and messages agree
    And no attempt is remembered

    Examples:
      | words                                |
      | agents cleanup --dry-run             |
      | agents cleanup --rehearse            |
      | agents cleanup --mode report         |
      | agents cleanup --plan-out plan.json  |

  Scenario Outline: On a terminal the question says how large the share is
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 1h   |
      | autumn | 1h   |
    When on a terminal I run "agents cleanup <options>" and answer "no"
    Then the error says "<question>"

    Examples:
      | options          | question                                             |
      |  --archive       | Delete 1 session of 3 (33.3 %) with 2 messages (10 B), keeping an archive? |
      | --no-archive     | Delete 1 session of 3 (33.3 %) with 2 messages (10 B), for good?           |
      | --stale-after 1m | Delete 3 sessions of 3 (100 %)                       |

  Scenario: On a terminal too, what is too much is refused and not asked
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    When on a terminal I run "agents cleanup --max-purge 1" and answer "yes"
    Then it exits with 5
    And the error does not say "[y/N]"

  Scenario: --yes is no key to the brake
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    When I run "agents cleanup --yes --max-purge 1"
    Then it exits with 5

  # --- the clock ------------------------------------------------------------------------------

  Scenario Outline: A clock that stands <where> the newest activity
    Given these sessions
      | name   | idle   |
      | spring | 40d    |
      | newest | -<ahead> |
    When I run "agents cleanup"
    Then it exits with <code>
    And only <rest> remain

    Examples:
      | where                                   | ahead    | code | rest                  |
      | exactly a day before                    | 1d       | 0    | "newest"              |
      | a microsecond more than a day before    | 1d -1us  | 5    | "spring" and "newest" |
      | years before                            | 999d     | 5    | "spring" and "newest" |

  Scenario: A clock that went back behind the last run
    Given these sessions
      | name   | idle |
      | spring | 90d  |
      | summer | 50d  |
    And I run "agents cleanup --stale-after 80d"
    And -1h go by
    When I run "agents cleanup"
    Then it exits with 5
    And the error says "before the last run ended"
    And only "summer" remains

  Scenario: The exact command that would allow it in spite of the clock does
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | newest | -3d  |
    When I run "agents cleanup"
    Then it exits with 5
    And it says that "agents cleanup --ignore-clock" would allow it
    When I run the command that it says would allow it
    Then it exits with 0
    And only "newest" remains

  Scenario: To ignore the clock is not to ignore the limit
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 40d  |
      | newest | -3d  |
    When I run "agents cleanup --ignore-clock --max-purge 1"
    Then it exits with 5
    And it says that "agents cleanup --ignore-clock --max-purge 2" would allow it

  Scenario: A refusal for the clock is remembered
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | newest | -3d  |
    When I run "agents cleanup"
    Then the newest attempt that came to nothing was refused because of "clock"
    And the ledger knows no run

  Scenario: A plan is held back by the clock too
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | newest | -3d  |
    And I run "agents cleanup --plan-out plan.json"
    When I run "agents cleanup apply plan.json"
    Then it exits with 5
    When I run "agents cleanup apply plan.json --ignore-clock"
    Then it exits with 0
    And only "newest" remains

  Scenario Outline: Who only looks is told of the clock, and not refused: <words>
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | newest | -3d  |
    When I run "<words> --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "before the newest activity"

    Examples:
      | words                                |
      | agents cleanup --dry-run             |
      | agents cleanup --rehearse            |
      | agents cleanup --mode report         |

  Scenario: A refused attempt is no run: it does not hold the next one back
    Given these sessions
      | name   | idle |
      | spring | 40d  |
      | summer | 50d  |
    And I run "agents cleanup --max-purge 1"
    And -1h go by
    When I run "agents cleanup"
    Then it exits with 0

  Scenario: Rows of another program's table would go with a session, and no archive keeps them
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
    And another program keeps notes that go with "spring"
    And I remember what is there
    When I run "agents cleanup --name spring"
    Then it exits with 5
    And the error says "notes. No archive keeps them"
    And nothing has changed
    When I run the command that it says would allow it
    Then it exits with 0

  Scenario: Where nothing is archived, nothing more is lost by it
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
    And another program keeps notes that go with "spring"
    When I run "agents cleanup --name spring --no-archive"
    Then it exits with 0
