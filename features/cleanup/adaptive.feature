Feature: A stale threshold that is worked out from the sessions' own history
  Of the sessions that ever lay unused for longer than an age, some were used again after that. With
  stale_after auto the threshold is the shortest age at which their share is below the return rate.

  Scenario: The figures are those of a plain computation, for any history
    Given any sessions with any history
    Then the database counts what lay unused and came back as a plain computation does
