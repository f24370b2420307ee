Feature: Parents and children across the borders of chunks
  Children go before their parents, so that a run which stops in between leaves no orphan.

  Scenario Outline: A family that is spread over chunks of <size>
    Given these sessions
      | name       | idle | parent   |
      | a grandma  | 60d  |          |
      | b mother   | 59d  | a grandma |
      | c daughter | 58d  | b mother |
      | d aunt     | 57d  | a grandma |
      | e stranger | 56d  |          |
    When I run "agents cleanup --chunk <size> --format json"
    Then it exits with 0
    And no session remains
    And the chunks purged <chunks> sessions
    And the chunks add up

    Examples:
      | size | chunks        |
      | 1    | 1, 1, 1, 1, 1 |
      | 2    | 2, 2, 1       |
      | 3    | 3, 2          |

  Scenario: The youngest go first, whatever their ids
    Given these sessions
      | name       | idle | parent    |
      | a grandma  | 60d  |           |
      | b mother   | 59d  | a grandma |
      | c daughter | 58d  | b mother  |
      | d aunt     | 57d  | a grandma |
    When I run "agents cleanup --chunk 1"
    Then chunk 1 was of "c daughter"
    And chunk 2 was of "b mother"
    And chunk 3 was of "d aunt"
    And chunk 4 was of "a grandma"

  Scenario Outline: A run that stops after chunk <number> leaves no orphan
    Given these sessions
      | name       | idle | parent     |
      | a grandma  | 60d  |            |
      | b mother   | 59d  | a grandma  |
      | c daughter | 58d  | b mother   |
      | d aunt     | 57d  | a grandma  |
      | e niece    | 57d  | d aunt     |
      | f toddler  | 50d  | c daughter |
    And Ctrl-C is pressed in the pause after chunk <number>
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 130
    And nobody became an orphan
    And there are <left> sessions in all
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 0
    And no session remains
    And the chunks add up

    Examples:
      | number | left |
      | 1      | 5    |
      | 2      | 4    |
      | 3      | 3    |
      | 4      | 2    |
      | 5      | 1    |

  Scenario Outline: A restore that stops after archive <number> leaves no orphan
    Given these sessions
      | name       | idle | parent     |
      | a grandma  | 60d  |            |
      | b mother   | 59d  | a grandma  |
      | c daughter | 58d  | b mother   |
    And I run "agents cleanup --chunk 1"
    And I remember the run
    And Ctrl-C is pressed before archive <next> is put back
    When I undo the run with "--format json"
    Then it exits with 130
    And there are <number> sessions in all
    And nobody became an orphan
    When I undo the run
    Then there are 3 sessions in all

    Examples:
      | number | next |
      | 1      | 2    |
      | 2      | 3    |

  Scenario Outline: A child that another user <deed> between the chunks protects its ancestors
    Given these sessions
      | name       | idle | parent    |
      | a grandma  | 60d  |           |
      | b mother   | 59d  | a grandma |
      | c daughter | 58d  | b mother  |
      | z young    | 57d  | b mother  |
      | f other    | 56d  |           |
    And in the pause after chunk 1 another user <deed> "z young"
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 6
    And "z young" is skipped because it is "<reason>"
    And "b mother" is skipped because it is "ancestor"
    And "a grandma" is skipped because it is "ancestor"
    And only "a grandma", "b mother" and "z young" remain
    And the chunks add up
    And the figures reconcile

    Examples:
      | deed       | reason |
      | touches    | used   |
      | appends to | used   |
      | pins       | pinned |

  Scenario: A child made between the chunks protects its parent
    Given these sessions
      | name       | idle | parent    |
      | a grandma  | 60d  |           |
      | b mother   | 59d  | a grandma |
    And in the pause after chunk 1 another user creates a child of "a grandma"
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 6
    And only "a grandma" and "newborn" remain
    And "a grandma" is skipped because it is "ancestor"
    And nobody became an orphan

  Scenario: A child that is put back between the chunks protects its parent
    Given these sessions
      | name       | idle | parent    |
      | a grandma  | 60d  |           |
      | b mother   | 59d  | a grandma |
      | c other    | 58d  |           |
    And in the pause after chunk 1 somebody undoes the last purge
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 6
    And "a grandma" is skipped because it is "ancestor"
    And only "a grandma" and "b mother" remain

  Scenario Outline: Sessions that are each other's ancestors go together, in chunks of <size>
    Given these sessions
      | name    | idle | parent  | messages |
      | a ring  | 60d  | c ring  | 1        |
      | b ring  | 60d  | a ring  | 2        |
      | c ring  | 60d  | b ring  | 3        |
      | d below | 60d  | c ring  | 4        |
      | e below | 60d  | d below | 5        |
      | f self  | 60d  | f self  | 6        |
      | g plain | 60d  |         | 7        |
      | h child | 60d  | g plain | 8        |
    And I remember what is there
    When I run "agents cleanup --chunk <size> --format json"
    Then it exits with 0
    And no session remains
    And the chunks purged <chunks> sessions
    And the chunks add up
    Given I remember the run
    When I undo the run
    Then it exits with 0
    And nothing has changed

    Examples:
      | size | chunks  |
      | 1    | 1, 1, 6 |
      | 2    | 2, 6    |
      | 4    | 2, 6    |
      | 9    | 2, 6    |

  Scenario: A ring of which one is used in the meantime stays whole
    Given these sessions
      | name    | idle | parent |
      | a ring  | 60d  | b ring |
      | b ring  | 60d  | a ring |
      | c plain | 60d  |        |
      | d plain | 60d  |        |
    And in the pause after chunk 1 another user touches "a ring"
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 6
    And only "a ring" and "b ring" remain
    And "b ring" is skipped because it is "ancestor"
    And the chunks purged 1, 1, 0 sessions
    And the chunks add up

  Scenario Outline: A chain of 120 generations in chunks of <size>
    Given 120 stale sessions, each the parent of the next
    And Ctrl-C is pressed in the pause after chunk 2
    When I run "agents cleanup --chunk <size> --format json"
    Then it exits with 130
    And nobody became an orphan
    And there are <left> sessions in all
    When I run "agents cleanup --chunk 50 --format json"
    Then it exits with 0
    And no session remains
    And the chunks add up

    Examples:
      | size | left |
      | 1    | 118  |
      | 7    | 106  |
      | 50   | 20   |

  Scenario: A chain whose youngest is used keeps all of it
    Given 30 stale sessions, each the parent of the next
    And these sessions
      | name | idle |
      | zoe  | 60d  |
    And I run "agents session touch link_030"
    When I run "agents cleanup --chunk 4 --format json"
    Then it exits with 0
    And there are 30 sessions in all
    And the chunks purged 1 sessions

  Scenario: An orphan whose parent comes back between the chunks is no orphan any more
    Given these sessions
      | name     | idle | parent | messages |
      | a stale  | 60d  |        | 1        |
      | b orphan | 2d   | gone   | 1        |
    And in the pause after chunk 1 somebody makes a session of the id "gone"
    When I run "agents cleanup --chunk 1 --format json"
    Then it exits with 6
    And "b orphan" is skipped because it is "not_eligible"
    And only "b orphan" and "gone" remain

  Scenario: A stale parent outside the filters does not hold its children back
    Given these sessions
      | name     | idle | parent   | source |
      | a parent | 60d  |          | api    |
      | b child  | 60d  | a parent | cli    |
      | c child  | 60d  | b child  | cli    |
    When I run "agents cleanup --source cli --chunk 1 --format json"
    Then it exits with 0
    And only "a parent" remains
    And the chunks purged 1, 1 sessions

  Scenario: A child outside the filters protects its parent in every chunk
    Given these sessions
      | name     | idle | parent   | source |
      | a parent | 60d  |          | cli    |
      | b child  | 60d  | a parent | api    |
      | c plain  | 60d  |          | cli    |
    When I run "agents cleanup --source cli --chunk 1 --format json"
    Then it exits with 0
    And only "a parent" and "b child" remain
