Feature: What takes long shows on a terminal how far it is

  Background:
    Given 20 stale sessions with 1 messages of 10 bytes

  Scenario: What is over within a second shows nothing
    When I run on a real terminal: agents cleanup --yes --chunk 5
    Then it exits with 0
    And no progress was shown

  Scenario: A purge in chunks counts its sessions, and nothing is left of that on the screen
    Given the deletion of each session takes 100 ms
    When I run on a real terminal: agents cleanup --yes --chunk 5
    Then it exits with 0
    And "Deleting in chunks" was shown with counts of 20, in steps of 5
    And the screen shows nothing of it at the end
    And the answer says "Purged 20 sessions of 20"
    And no session remains

  Scenario: A purge in one transaction counts rows
    Given the deletion of each session takes 100 ms
    When I run on a real terminal: agents cleanup --yes
    Then it exits with 0
    And "Deleting" was shown with counts of 40
    And the screen shows nothing of it at the end

  Scenario: A restore counts rows
    Given I run "agents cleanup"
    And I remember the run
    And putting back each session takes 100 ms
    When I undo the run on a real terminal
    Then it exits with 0
    And "Putting back" was shown
    And the screen shows nothing of it at the end
    And the answer says "20 sessions with 20 messages put back"

  Scenario Outline: Not shown: <what>
    Given the deletion of each session takes 60 ms
    When I run on a real terminal: <script>
    Then it exits with 0
    And no progress was shown
    And no session remains

    Examples:
      | what                    | script                                              |
      | with --quiet            | agents cleanup --yes --chunk 5 --quiet              |
      | stderr goes to a file   | agents cleanup --yes --chunk 5 2> err               |
      | a terminal that is dumb | export TERM=dumb; agents cleanup --yes --chunk 5    |
      | a terminal of no type   | unset TERM; agents cleanup --yes --chunk 5          |

  Scenario: Without a terminal nothing of it is written
    Given the deletion of each session takes 100 ms
    When I run in a shell: agents cleanup --yes --chunk 5
    Then it exits with 0
    And no progress was shown
    And stdout holds no box drawing and nothing that a terminal obeys

  Scenario: Machines get one document on stdout, people see how far it is on stderr
    Given the deletion of each session takes 100 ms
    When I run on a real terminal: agents cleanup --yes --chunk 5 --format json > out.json
    Then it exits with 0
    And "Deleting in chunks" was shown with counts of 20, in steps of 5
    And the screen shows nothing of it at the end
    And the file "out.json" is one document that says that 20 sessions were purged

  Scenario: A question is not drawn over
    Given the deletion of each session takes 100 ms
    When I run on a real terminal, and answer "y": agents cleanup --chunk 5
    Then it exits with 0
    And "Deleting in chunks" was shown with counts of 20, in steps of 5
    And the answer says "keeping an archive? [y/N]"
    And the screen shows nothing of it at the end

  Scenario: An error finds a tidy screen
    Given the deletion of each session takes 100 ms
    And a program that keeps no counters has taken a message from "stale-9"
    When I run on a real terminal: agents cleanup --yes --chunk 5
    Then it exits with 1
    And "Deleting in chunks" was shown
    And the screen shows nothing of it at the end
    And the answer says "It stopped at the next one"

  Scenario: Ctrl-C leaves a tidy screen and a cursor
    Given the deletion of each session takes 150 ms
    When I run on a real terminal, and press Ctrl-C at "5 of 20": agents cleanup --yes --chunk 5
    Then it exits with 130
    And the screen shows nothing of it at the end
    And the answer says "Interrupted"
    And the answer says "sessions of 20 purged."
    And there was no traceback
