Feature: Take a session out as a document
  An export is one document with everything in it and a checksum over it.

  Background:
    Given a session with every field set and messages of every role, called "full"

  Scenario: To stdout, complete and with a checksum
    When I run "agents session export full"
    Then it exits with 0
    And stdout is one export document of "full" with all its messages
  Scenario: To a file, whole
    When I run "agents session export full --output full.json"
    Then it exits with 0
    And it says "full.json"
    And the file "full.json" is one export document of "full" with all its messages
    And no part of a file is left

  Scenario: A file that was there is replaced as a whole
    Given a file "full.json" that holds "what was there before"
    When I run "agents session export full --output full.json"
    Then it exits with 0
    And the file "full.json" is one export document of "full" with all its messages
    And no part of a file is left

  Scenario: An unwritable folder leaves no part of a file
    Given a folder "closed" that nobody may write to
    When I run in a shell: agents session export full --output closed/full.json
    Then it exits with 1
    And it says "cannot be written"
    And the folder "closed" is empty

  Scenario: A folder that is not there
    When I run "agents session export full --output nowhere/full.json"
    Then it exits with 1
    And it says "cannot be written"
    And no part of a file is left

  Scenario: A disk that fills up during an export leaves no part of a file
    Given a session "long" with 20 messages of 50000 bytes
    And a file "long.json" that holds "what was there before"
    When I run in a shell where a file holds at most 100000 bytes: agents session export long --output long.json
    Then it exits with 1
    And it says "cannot be written"
    And the file "long.json" holds "what was there before"
    And no part of a file is left

  Scenario Outline: In <format> the document stands inside the answer
    When I run "agents session export full --format <format>"
    Then it exits with 0
    And the answer in <format> carries the export document of "full"

    Examples:
      | format |
      | json   |
      | yaml   |
