Feature: What holds for every store and every policy
  Random sessions and policies, crowded around the thresholds; `-D examples=1000` looks longer.

  Scenario: One selection
    Given any sessions and any policy
    Then the database and the rules give every session the same verdict, and a purge follows it

  Scenario: One way to match names
    Given any sessions and any policy
    Then a glob matches the same names in the database and by the rules

  Scenario: Filters only narrow
    Given any sessions and any policy
    Then narrowing the policy never adds a candidate

  Scenario: Names only narrow
    Given any sessions and any policy
    Then of the sessions that a program names only those go that would go anyway

  Scenario: No purge makes an orphan
    Given any families of sessions
    Then a purge leaves every survivor the parent it had

  Scenario: No purge takes what others use
    Given any families of sessions
    Then a purge respects whatever others did after its scan
