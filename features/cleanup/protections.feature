Feature: Protected sessions are kept whatever their age, and counted by reason

  Scenario: Pinned
    Given these sessions
      | name   | idle | pinned |
      | spring | 400d | yes    |
      | winter | 400d | no     |
    When I run "agents cleanup --format json"
    Then only "spring" remains
    And the report counts
      | scanned | purged | protected | pinned |
      | 2       | 1      | 1         | 1      |

  Scenario: Pinning protects, unpinning gives it back
    Given these sessions
      | name   | idle |
      | spring | 400d |
      | winter | 400d |
    When I run "agents session pin spring"
    And I run "agents session pin winter"
    And I run "agents session unpin winter"
    And I run "agents cleanup"
    Then only "spring" remains

  Scenario: Leased, up to the very moment the lease runs out
    Given these sessions
      | name    | idle | leased |
      | running | 40d  | 1us    |
      | over    | 40d  | 0s     |
      | long    | 40d  | -5m    |
    When I run "agents cleanup --format json"
    Then only "running" remains
    And the report counts
      | purged | protected | leased |
      | 2      | 1         | 1      |

  Scenario: A lease taken on the command line protects until it runs out
    Given these sessions
      | name   | idle | messages |
      | spring | 2h   | 0        |
    When I run "agents session touch spring --lease 45m"
    And 40m go by
    And I run "agents cleanup --format json"
    Then only "spring" remains
    And the report counts
      | protected | leased |
      | 1         | 1      |

  Scenario: Dated in the future
    Given these sessions
      | name    | idle | created |
      | ahead   | -2h  | 1d      |
      | unborn  | 40d  | -2h     |
      | present | 40d  | 40d     |
    When I run "agents cleanup --format json"
    Then only "ahead" and "unborn" remain
    And the report counts
      | purged | protected | future |
      | 1      | 2         | 2      |

  Scenario: The newest of each actor
    Given these sessions
      | name     | idle | actor   |
      | a first  | 44d  | local/a |
      | a second | 43d  | local/a |
      | a third  | 42d  | local/a |
      | b first  | 50d  | local/b |
      | nobody 1 | 61d  |         |
      | nobody 2 | 60d  |         |
    When I run "agents cleanup --keep-last 1 --format json"
    Then only "a third", "b first" and "nobody 2" remain
    And the report counts
      | purged | protected | newest |
      | 3      | 3         | 3      |

  Scenario: More to keep than there are
    Given these sessions
      | name    | idle | actor   |
      | a first | 44d  | local/a |
      | b first | 50d  | local/b |
    When I run "agents cleanup --keep-last 5"
    Then only "a first" and "b first" remain

  Scenario: Equally new sessions are told apart by their id
    Given these sessions
      | id | name   | idle | actor   |
      | s1 | spring | 40d  | local/a |
      | s2 | summer | 40d  | local/a |
    When I run "agents cleanup --keep-last 1"
    Then only "summer" remains

  Scenario: The newest of an actor is the newest of all, not of those a filter leaves
    Given these sessions
      | name   | idle | actor   | source |
      | old    | 50d  | local/a | cron   |
      | newest | 1h   | local/a | cli    |
    When I run "agents cleanup --keep-last 1 --source cron"
    Then only "newest" remains

  Scenario: The newest are kept even where they are empty
    Given these sessions
      | name  | idle | messages | actor   |
      | blank | 50d  | 0        | local/a |
    When I run "agents cleanup --keep-last 1"
    Then only "blank" remains

  Scenario: One that is protected twice counts once, and under both
    Given these sessions
      | name   | idle | pinned | leased |
      | spring | 40d  | yes    | 5m     |
    When I run "agents cleanup --dry-run --format json"
    Then there is no candidate
    And the report counts
      | scanned | protected | pinned | leased |
      | 1       | 1         | 1      | 1      |

  Scenario: A pinned session that nothing would select is recent, not protected
    Given these sessions
      | name   | idle | pinned |
      | spring | 1h   | yes    |
    When I run "agents cleanup --dry-run --format json"
    Then the report counts
      | scanned | protected | pinned | recent |
      | 1       | 0         | 0      | 1      |

  Scenario: What is protected, and why, is told to people too
    Given these sessions
      | name   | idle | pinned | leased |
      | spring | 40d  | yes    |        |
      | summer | 40d  | yes    |        |
      | winter | 40d  |        | 5m     |
    When I run "agents cleanup"
    Then it exits with 0
    And the answer says "pinned 2"
    And the answer says "leased 1"
