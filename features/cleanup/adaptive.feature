Feature: A stale threshold that is worked out from the sessions' own history
  Of the sessions that ever lay unused for longer than an age, some were used again after that. With
  stale_after auto the threshold is the shortest age at which their share is below the return rate.

  Rule: The shortest age that few enough came back from

    Background:
      Given these histories
        | name  | sessions | came back after | unused for |
        | never | 300      |                 | 60d        |
        | back  | 4        | 20d             | 5d         |

    Scenario: The threshold, and why it is this one
      When I run "agents cleanup --dry-run --stale-after auto --format json"
      Then it exits with 0
      And the threshold was worked out
        | stale_after | why        | age | reached | returned | return_rate | auto_least | auto_most |
        | 20d         | below_rate | 20d | 300     | 0        | 1%          | 7d         | 180d      |
      And the report counts
        | scanned | candidates |
        | 304     | 300        |
      And a note says "stale_after is auto, and 20d now: of 300 sessions that lay unused for longer, 0 (0%) were used again"

    Scenario Outline: At <rate> and from <least> to <most> it is <threshold>
      Given the project's settings file reads
        """
        [cleanup]
        stale_after = "auto"
        auto_least = "<least>"
        auto_most = "<most>"
        return_rate = "<rate>"
        """
      When I run "agents cleanup --dry-run --format json"
      Then the threshold was worked out
        | stale_after | why   | age   | reached   | returned   |
        | <threshold> | <why> | <age> | <reached> | <returned> |

      Examples:
        | rate   | least | most | threshold | why              | age | reached | returned |
        | 1%     | 7d    | 180d | 20d       | below_rate       | 20d | 300     | 0        |
        | 1.32%  | 7d    | 180d | 7d        | below_rate       | 7d  | 304     | 4        |
        | 1.3%   | 7d    | 180d | 20d       | below_rate       | 20d | 300     | 0        |
        | 100%   | 7d    | 180d | 7d        | below_rate       | 7d  | 304     | 4        |
        | 0.001% | 19d   | 180d | 20d       | below_rate       | 20d | 300     | 0        |
        | 1%     | 25d   | 180d | 25d       | below_rate       | 25d | 300     | 0        |
        | 1%     | 7d    | 20d  | 20d       | below_rate       | 20d | 300     | 0        |
        | 1%     | 7d    | 19d  | 19d       | never_below_rate | 19d | 304     | 4        |
        | 1%     | 476h  | 477h | 477h      | never_below_rate | 477h | 304    | 4        |
        | 1%     | 15d   | 15d  | 15d       | never_below_rate | 15d | 304     | 4        |
        | 1%     | 60d   | 90d  | 90d       | too_little_history | 60d | 0     | 0        |

    Scenario: The option asks for another rate than the settings
      Given the variable CLEVERAGENTS_CLEANUP_STALE_AFTER is "auto"
      When I run "agents cleanup --dry-run --return-rate 2% --format json"
      Then the threshold was worked out
        | stale_after | why        | age | reached | returned | return_rate |
        | 7d          | below_rate | 7d  | 304     | 4        | 2%          |

    Scenario: One number for every command
      Given the variable CLEVERAGENTS_CLEANUP_STALE_AFTER is "auto"
      And these sessions
        | name    | idle     | messages |
        | at      | 20d      | 1        |
        | past    | 20d +1us | 1        |
        | own     | 60d      | 1        |
      When I run each of these and see the threshold 20d
        | command                                    |
        | cleanup --dry-run                          |
        | cleanup --rehearse                         |
        | cleanup forecast --days 3                  |
        | cleanup policy                             |
        | cleanup explain past                       |
        | cleanup --plan-out plan.json               |
        | cleanup --yes                              |
      Then no session "past" is left, and "at" is

    Scenario: A session's own threshold still wins
      Given these sessions
        | name  | idle | messages | stale_after |
        | keeps | 59d  | 1        | 90d         |
        | soon  | 2d   | 1        | 24h         |
      When I run "agents cleanup --yes --stale-after auto"
      Then it exits with 0
      And no session "soon" is left, and "keeps" is

    Scenario: A plan carries the number, whatever the history says later
      When I run "agents cleanup --plan-out plan.json --stale-after auto"
      Then it exits with 0
      And the plan's threshold is 20d
      Given these histories
        | name | sessions | came back after | unused for |
        | more | 90       | 40d             | 5d         |
      When I run "agents cleanup apply plan.json --format json"
      Then it exits with 0
      And the report counts
        | purged |
        | 300    |

    Scenario: Lists go by it too
      Given the variable CLEVERAGENTS_CLEANUP_STALE_AFTER is "auto"
      And these sessions
        | name | idle | messages |
        | due  | 17d  | 1        |
      When I run "agents session list --expiring-within 4d"
      Then the list is due
      And it says "stale_after is auto, and 20d now"
      When I run "agents session list --stale --name 'never 1' --format json"
      Then a note says "stale_after is auto, and 20d now"
      When I run "agents session list --limit 1"
      Then it does not say "auto"

    Scenario Outline: People read why: <format>
      When I run "agents cleanup --dry-run --stale-after auto --format <format>"
      Then it says "stale_after is auto, and 20d now: of 300 sessions that lay unused for longer,"

      Examples:
        | format |
        | plain  |
        | rich   |
        | yaml   |

    Scenario: What it depends on stands in the policy
      Given the project's settings file reads
        """
        [cleanup]
        stale_after = "auto"
        auto_most = "90d"
        """
      When I run "agents cleanup policy --return-rate 0.50% --format json"
      Then these values are in force
        | name        | value | source                               | effect      |
        | stale_after | 20d   | cleveragents.toml, line 2: stale_after | selects 300 |
        | return_rate | 0.5%  | --return-rate                        |             |
        | auto_least  | 7d    | default                              |             |
        | auto_most   | 90d   | cleveragents.toml, line 3: auto_most |             |
      And nothing is worth a warning

    Scenario: Off unless asked for
      When I run "agents cleanup --dry-run --format json"
      Then no threshold was worked out
      When I run "agents cleanup policy --format json"
      Then no threshold was worked out

  Rule: In doubt it is the longest that is allowed

    Scenario: Too little history
      Given these histories
        | name  | sessions | came back after | unused for |
        | never | 99       |                 | 60d        |
      When I run "agents cleanup --dry-run --stale-after auto --format json"
      Then the threshold was worked out
        | stale_after | why                | age | reached | returned |
        | 180d        | too_little_history | 7d  | 99      | 0        |
      And a note says "only 99 sessions ever lay unused for longer than 7d"

    Scenario: Somebody comes back at every age that is known
      Given these histories
        | name   | sessions | came back after | unused for |
        | always | 150      | 30d             | 1d         |
        | rarer  | 60       | 50d             | 40d        |
      When I run "agents cleanup --dry-run --stale-after auto --format json"
      Then the threshold was worked out
        | stale_after | why              | age | reached | returned |
        | 180d        | never_below_rate | 29d | 210     | 210      |
      And a note says "(at 29d it was 210 of 210, 100%)"

    Scenario: No session at all
      When I run "agents cleanup --dry-run --stale-after auto --format json"
      Then the threshold was worked out
        | stale_after | why                | reached |
        | 180d        | too_little_history | 0       |

    @sqlite_only
    Scenario: No database, and none is made
      Only an embedded database is made by the program itself.
      Given no database
      When I run "agents cleanup --dry-run --stale-after auto --format json"
      Then it exits with 0
      And the threshold was worked out
        | stale_after | why         | reached |
        | 180d        | no_database | 0       |
      And a note says "there is no database to learn from"
      And there is still no database

  Rule: What cannot be meant is refused

    Scenario Outline: <options>
      Given a session "spring" last accessed 400d ago with 1 messages
      When I run "agents cleanup --yes <options>"
      Then it is refused as a usage error that says "<complaint>"
      And nothing has changed

      Examples:
        | options                                  | complaint                                      |
        | --return-rate 1%                         | --return-rate is for a threshold that is worked out |
        | --return-rate 1% --stale-after 30d       | and stale_after is a fixed one                 |
        | --stale-after auto --return-rate 0%      | no share is below zero                         |
        | --stale-after auto --return-rate 0.0%    | no share is below zero                         |
        | --stale-after auto --return-rate 101%    | that is more than all                          |
        | --stale-after auto --return-rate 100.5%  | that is more than all                          |
        | --stale-after auto --return-rate 1       | write a percentage                             |
        | --stale-after auto --return-rate -1%     | write a percentage                             |
        | --stale-after auto --return-rate ''      | write a percentage                             |
        | --stale-after automatic                  | is not a duration                              |
        | --empty-after auto                       | is not a duration                              |

    Scenario Outline: Settings of which nothing can be made: <table>
      Given a session "spring" last accessed 400d ago with 1 messages
      And the project's settings file sets <key> to <value>
      When I run "agents cleanup --yes"
      Then it is refused as a usage error that says "<complaint>"
      And nothing has changed

      Examples:
        | table       | key         | value | complaint                                                  |
        | wrong way   | auto_least  | 200d  | line 2: auto_least) is longer than auto_most (180d, default) |
        | short most  | auto_most   | 6d    | is longer than auto_most (6d                               |
        | no rate     | return_rate | 0%    | no share is below zero                                     |
        | no bound    | auto_most   | 0d    | zero would mean everything                                 |
        | no auto     | auto_least  | auto  | is not a duration                                          |

    Scenario: Bounds of two sources are held against each other
      Given the project's settings file sets auto_least to 200d
      And the variable CLEVERAGENTS_CLEANUP_AUTO_MOST is "300d"
      When I run "agents cleanup policy --stale-after auto --format json"
      Then it exits with 0
      And the threshold was worked out
        | stale_after | auto_least | auto_most |
        | 300d        | 200d       | 300d      |

    Scenario Outline: What was set and has no effect is named: <key>
      Given the project's settings file sets <key> to <value>
      When I run "agents cleanup policy --format json"
      Then it is a warning that says "<key> was set but has no effect: stale_after is not auto."

      Examples:
        | key         | value |
        | return_rate | 2%    |
        | auto_least  | 10d   |
        | auto_most   | 90d   |

    Scenario: No session can have it as its own
      When I run "agents session create --stale-after auto"
      Then it is refused as a usage error that says "is not a duration"

  Rule: The figures are exact

    Scenario: They are those of a plain computation, for any history
      Given any sessions with any history
      Then the database counts what lay unused and came back as a plain computation does
