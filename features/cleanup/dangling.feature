Feature: Messages whose session no longer exists

  @sqlite_only
  Scenario: What a program without foreign keys left behind is found and purged
    Only SQLite leaves foreign keys to each program; there a trigger records what is left behind.
    Given these sessions
      | name   | idle | messages | size |
      | spring | 2d   | 3        | 10   |
      | winter | 1h   | 2        | 10   |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents cleanup --format json"
    Then only "winter" remains
    And the report counts
      | scanned | purged | messages | dangling messages | bytes |
      | 1       | 0      | 0        | 3                 | 30    |
    And 2 messages are left

  @sqlite_only
  Scenario: A dry run counts them and leaves them
    Only SQLite leaves foreign keys to each program; there a trigger records what is left behind.
    Given these sessions
      | name   | idle | messages | size |
      | spring | 2d   | 3        | 10   |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents cleanup --dry-run --format json"
    Then the report counts
      | scanned | candidates | dangling messages | bytes |
      | 0       | 0          | 3                 | 30    |
    And 3 messages are left

  @postgresql_only
  Scenario: A server enforces foreign keys for all; what a superuser did in spite of it is recorded first
    Only a server's superuser can leave messages behind there, and no trigger sees it.
    Given these sessions
      | name   | idle | messages | size |
      | spring | 2d   | 3        | 10   |
      | winter | 1h   | 2        | 10   |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents db check --mend"
    And I run "agents cleanup --format json"
    Then the report counts
      | scanned | purged | dangling messages | bytes |
      | 1       | 0      | 3                 | 30    |
    And 2 messages are left

  Scenario Outline: They are held to the threshold of orphans: <what>
    Given these sessions
      | name   | idle   | messages |
      | spring | <idle> | 3        |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents db check --mend"
    And I run "agents cleanup <options>"
    Then it exits with 0
    And <count> messages are left

    Examples:
      | what                       | idle     | options              | count |
      | exactly at it              | 24h      |                      | 3     |
      | one microsecond past it    | 24h +1us |                      | 0     |
      | a threshold of their own   | 2h       | --orphaned-after 1h  | 0     |
      | a longer threshold         | 2d       | --orphaned-after 3d  | 3     |

  Scenario Outline: They belong to no session, so <options> leaves them alone
    Given these sessions
      | name   | idle | messages |
      | spring | 2d   | 3        |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents db check --mend"
    And I run "agents cleanup <options>"
    Then 3 messages are left

    Examples:
      | options           |
      | --actor local/a   |
      | --source cli      |
      | --namespace local |
      | --name '*'        |
      | --only orphaned   |

  Scenario: Only dangling messages
    Given these sessions
      | name   | idle | messages |
      | spring | 2d   | 3        |
      | winter | 90d  | 2        |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents db check --mend"
    And I run "agents cleanup --only dangling --format json"
    Then only "winter" remains
    And the report counts
      | purged | dangling messages |
      | 0      | 3                 |

  Scenario: A session that came back has its messages again
    Given these sessions
      | name   | idle | messages |
      | spring | 2d   | 3        |
    And a program that enforces no foreign keys has deleted "spring"
    And these sessions
      | name   | idle | messages |
      | spring | 1h   | 0        |
    When I run "agents db check --mend"
    And I run "agents cleanup --format json"
    Then 3 messages are left
    And only "spring" remains

  Scenario: On a terminal they are part of the question
    Given these sessions
      | name   | idle | messages |
      | spring | 2d   | 3        |
    And a program that enforces no foreign keys has deleted "spring"
    When I run "agents db check --mend"
    And on a terminal I run "agents cleanup" and answer "no"
    Then the error says "3 dangling messages"
    And 3 messages are left
