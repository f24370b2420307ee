Feature: A sweep deletes only where somebody said that it may
  Nobody looks at what a sweep is about to do. It begins by reporting, and everybody can stop it, on every
  host, without touching a process.

  Background:
    Given these sessions
      | name   | idle |
      | spring | 60d  |
      | talk   | 1d   |

  # --- the mode ---------------------------------------------------------------------------------

  Scenario Outline: The mode with <file> in the file, <variable> in the variable and <option>
    Given the user's settings file sets mode to <file>
    And the variable CLEVERAGENTS_CLEANUP_MODE sets it to <variable>
    And host A sweeps with "--jitter 0s <option>"
    When host A looks
    Then the sweep of host A was <outcome>
    And <left> sessions are left

    Examples:
      | file    | variable | option        | outcome  | left |
      | not set | not set  | --every 24h   | reported | 2    |
      | report  | not set  | --every 24h   | reported | 2    |
      | purge   | not set  | --every 24h   | purged   | 1    |
      | not set | purge    | --every 24h   | purged   | 1    |
      | not set | not set  | --mode purge  | purged   | 1    |
      | purge   | purge    | --mode report | reported | 2    |

  Scenario: The command tells that it will delete nothing, and leaves the ledger alone
    When I run "agents cleanup watch --once"
    Then it exits with 0
    And it says "In the mode purge, 1 session of 2 would go."
    And only "spring" and "talk" remain
    And the ledger knows no run
    And the database remembers these sweeps
      | outcome  | sessions | backlog |
      | reported | 0        | 1       |

  Scenario: What the command deletes stands in the ledger as a sweep's
    When I run "agents cleanup watch --once --mode purge"
    Then it exits with 0
    And only "talk" remains
    And the newest run has
      | what         | value |
      | started from | sweep |
      | sessions     | 1     |
    And each sweep that purged is a run of the same id in the ledger

  Scenario: The same sweep as JSON, with the same names as a cleanup
    When I run both "agents cleanup --dry-run --format json" and "agents cleanup watch --once --format json"
    Then both documents have the same names at the same places

  Scenario Outline: Where cleanup is disabled nothing goes, and that is no failure
    Given the variable <variable> is "false"
    And host A sweeps with "--jitter 0s --mode purge"
    When host A looks
    Then the sweep of host A was disabled
    And only "spring" and "talk" remain

    Examples:
      | variable                     |
      | SESSION_CLEANUP_ENABLED      |
      | CLEVERAGENTS_CLEANUP_ENABLED |

  Scenario: Only the classes that were asked for
    Given a session "draft" last accessed 2h ago
    When I run "agents cleanup watch --once --mode purge --only empty"
    Then only "spring" and "talk" remain

  # --- pause and resume -------------------------------------------------------------------------

  Scenario: A pause stops sweeps on every host until it is taken back
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And host B sweeps with "--every 24h --jitter 0s --mode purge"
    When I run "agents cleanup pause --why 'moving the server'"
    Then it exits with 0
    And it says "moving the server"
    When host A looks
    Then host A did not sweep: paused
    When 72h go by
    And host B looks
    Then host B did not sweep: paused
    And only "spring" and "talk" remain
    When I run "agents cleanup resume"
    Then it says "Sweeps begin again."
    When host B looks
    Then host B swept, and purged 1 session

  Scenario: A pause stops a single sweep too, and only sweeps
    When I run "agents cleanup pause --why 'moving the server'"
    And I run "agents cleanup watch --once --mode purge"
    Then it exits with 7
    And the error says "paused"
    And the error says "agents cleanup resume"
    And only "spring" and "talk" remain
    When I run "agents cleanup"
    Then it exits with 0
    And only "talk" remains

  Scenario: Who paused first, and why, is not overwritten
    When I run "agents cleanup pause --why first"
    And I run "agents cleanup pause --why second --format json"
    Then the pause has the reason "first"
    When I run "agents cleanup resume --format json"
    Then the answer says that there was a pause
    When I run "agents cleanup resume --format json"
    Then the answer says that there was no pause

  Scenario: Who is paused between looking and beginning does not begin
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    When I run "agents cleanup pause"
    Then host A gets no lease

  Scenario: A sweep at work comes to its end although somebody pauses
    Given somebody will run "agents cleanup pause" once the archive is written
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A swept, and purged 1 session
    When 24h go by
    And host A looks
    Then host A did not sweep: paused

  # --- the stop file ----------------------------------------------------------------------------

  Scenario: A stop file stops sweeps for as long as it is there
    Given host A has the stop file "stop" and sweeps with "--every 24h --jitter 0s --mode purge"
    And there is a file "stop"
    When host A looks
    Then host A did not sweep: stop file
    When I run, with the stop file "stop", "agents cleanup watch --once --mode purge"
    Then it exits with 7
    And the error says "stop"
    When I run, with the stop file "stop", "agents cleanup resume"
    Then the error says "still keeps them from beginning"
    And only "spring" and "talk" remain
    When the file "stop" is removed
    And host A looks
    Then host A swept, and purged 1 session

  @sqlite_only
  Scenario: Beside an embedded database the stop file has a name that nobody has to set
    Given host A sweeps with "--every 24h --jitter 0s --mode purge"
    And there is a stop file beside the database
    When host A looks
    Then host A did not sweep: stop file

  Scenario: The stop file of the settings
    Given the variable CLEVERAGENTS_SWEEP_STOP_FILE names the file "stop"
    And there is a file "stop"
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A did not sweep: stop file

  # --- what is in the way -----------------------------------------------------------------------

  Scenario: A backlog that is too large for one transaction goes in chunks, so that nothing piles up
    Given 60 stale sessions with 1 messages of 5 bytes
    And the deletion of each session takes 15 ms
    And host A sweeps with "--every 24h --jitter 0s --mode purge --max-lock 400ms"
    When host A looks
    Then host A swept, and purged 61 sessions
    And only "talk" remains
    And it took several chunks

  Scenario: Where not even one session fits, the sweep fails and says so
    Given the deletion of each session takes 400 ms
    And host A sweeps with "--every 24h --jitter 0s --mode purge --max-lock 100ms"
    When host A looks
    Then the sweep of host A failed with "lock_budget"
    And only "spring" and "talk" remain
    When I run "agents cleanup status"
    Then the answer says "failure"
