Feature: Trouble in the middle of things
  A command that cannot finish leaves everything as it was.

  Scenario Outline: A locked database: <command> waits as long as it is told, then gives up
    Given a session "spring" last accessed 40d ago with 1 messages
    And another process holds the database's lock
    And the variable CLEVERAGENTS_DATABASE_BUSY_TIMEOUT is "1s"
    When I run "agents <command>"
    Then it exits with 7
    And it says "gave up after 1s"
    And it says "CLEVERAGENTS_DATABASE_BUSY_TIMEOUT"
    When the other process is done
    Then nothing has changed

    Examples:
      | command                               |
      | cleanup --yes                         |
      | session create --name summer          |
      | session append spring --role user Hi |
      | session touch spring                |
      | session delete spring --yes         |

  @sqlite_only
  Scenario: Reading goes on while another process writes
    Given a session "spring" last accessed 40d ago with 1 messages
    And another process holds the database's lock
    When I run "agents cleanup --dry-run"
    Then it exits with 0
    And it says "spring"

  @processes
  Scenario: Ctrl-C in the middle of a purge
    Given 30 stale sessions with 2 messages of 100 bytes
    And a purge of this database takes very long
    When I press Ctrl-C while "agents cleanup --yes" purges
    Then it exits with 130
    And it says "Interrupted"
    And there was no traceback
    And nothing has changed

  @processes
  Scenario: A process that is killed in the middle of a purge leaves everything as it was
    Given 30 stale sessions with 2 messages of 100 bytes
    And a purge of this database takes very long
    When "agents cleanup --yes" is killed while it purges
    Then nothing has changed
    When I run "agents db check"
    Then it exits with 0

  Scenario: Ctrl-C at the question deletes nothing
    Given a session "spring" last accessed 40d ago with 1 messages
    When I run on a real terminal, and press Ctrl-C at the question: agents cleanup
    Then it exits with 130
    And it says "keeping an archive? [y/N]"
    And there was no traceback
    And nothing has changed

  Scenario Outline: A reader that goes away early: <command>
    Given 60 stale sessions with 1 messages of 100 bytes
    When I run in a shell: agents <command> | head -1
    Then it exits with 0
    And there was no traceback
    And no error was told
    And exactly one line came out

    Examples:
      | command                          |
      | session list                     |
      | session list --format json       |
      | cleanup --dry-run --all          |
      | cleanup --dry-run --format yaml  |

  Scenario: A purge whose reader goes away has purged all the same
    Given 60 stale sessions with 1 messages of 100 bytes
    When I run in a shell: agents cleanup --yes | head -1
    Then it exits with 0
    And there was no traceback
    And no session remains

  Scenario: An export whose reader goes away ends quietly
    Given a session "long" with 30 messages of 20000 bytes
    When I run in a shell: agents session export long | head -1
    Then it exits with 0
    And there was no traceback
    And no error was told
