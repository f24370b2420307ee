Feature: Use a session
  Using a session resets its clock, and its counters move with its messages.

  Scenario: Appending moves the counters together with the message
    Given a session "spring"
    When 10m go by
    And I run "agents session append spring --role user 'Grüße'"
    And 5m go by
    And I run "agents session append spring --role assistant Hello --input-tokens 12 --output-tokens 30"
    Then the session "spring" has
      | what             | value          |
      | message_count    | 2              |
      | content_bytes    | 12             |
      | first_message_at | 5m ago  |
      | last_accessed_at | now            |
      | created_at       | 15m ago |
      | input_tokens     | 12             |
      | output_tokens    | 30             |
    And the messages of "spring" are
      | sequence | role      | content |
      | 1        | user      | Grüße   |
      | 2        | assistant | Hello   |

  Scenario Outline: A message may come from <role>
    Given a session "spring"
    When I run "agents session append spring --role <role> Hello"
    Then it exits with 0
    And the messages of "spring" are
      | sequence | role   | content |
      | 1        | <role> | Hello   |

    Examples:
      | role      |
      | user      |
      | assistant |
      | system    |
      | tool      |

  Scenario: A message can be read from stdin, line breaks and all
    Given a session "spring"
    When I pipe this into "agents session append spring --role user -"
      """
      First line
      - second line
      """
    Then it exits with 0
    And the messages of "spring" are
      | sequence | role | content                   |
      | 1        | user | First line\n- second line |

  Scenario: A tool's answer keeps the call it belongs to
    Given a session "spring"
    When I run "agents session append spring --role tool 42 --tool-call-id call-7 --metadata took=3"
    Then it exits with 0
    And the messages of "spring" are
      | sequence | role | content | tool_call_id | metadata  |
      | 1        | tool | 42      | call-7       | took is 3 |

  Scenario Outline: What no message may be is refused, and the session is as it was
    Given a session "spring" last accessed 3h ago
    When I run "agents session append spring <words>"
    Then it is refused as a usage error that says "<complaint>"
    And the session "spring" has
      | what             | value       |
      | message_count    | 0           |
      | last_accessed_at | 3h ago |

    Examples:
      | words                              | complaint  |
      | Hello                              | --role     |
      | --role wizard Hello                | wizard     |
      | --role user                        | 'text'     |
      | --role user Hi --input-tokens -1   | input-tokens |

  Scenario: Touching resets the clock and nothing else
    Given a session "spring" last accessed 40d ago with 3 messages
    When I run "agents session touch spring"
    Then it exits with 0
    And the session "spring" has
      | what             | value |
      | last_accessed_at | now   |
      | message_count    | 3     |
      | lease_expires_at | none  |

  Scenario: A lease marks a session as in use until then
    Given a session "spring" last accessed 40d ago
    When I run "agents session touch spring --lease 10m"
    Then the session "spring" has
      | what             | value              |
      | last_accessed_at | now                |
      | lease_expires_at | 10m from now |
    When I run "agents session touch spring"
    Then the session "spring" has
      | what             | value              |
      | lease_expires_at | 10m from now |

  Scenario Outline: A lease of "<lease>" is refused
    Given a session "spring" last accessed 3h ago
    When I run "agents session touch spring --lease <lease>"
    Then it is refused as a usage error that says "is not a duration"
    And the session "spring" has
      | what             | value       |
      | last_accessed_at | 3h ago |
      | lease_expires_at | none        |

    Examples:
      | lease |
      | 0m    |
      | 10    |
      | soon  |
      | ''    |

  Scenario: Pinning protects but is no use, so the clock goes on
    Given a session "spring" last accessed 40d ago
    When I run "agents session pin spring"
    Then it exits with 0
    And the session "spring" has
      | what             | value       |
      | pinned_at        | now         |
      | last_accessed_at | 40d ago |
    When I run "agents session unpin spring"
    Then the session "spring" has
      | what             | value       |
      | pinned_at        | none        |
      | last_accessed_at | 40d ago |

  Scenario: Pinning twice keeps a session pinned, unpinning twice keeps it unpinned
    Given a session "spring"
    When I run "agents session pin spring"
    And I run "agents session pin spring"
    Then it exits with 0
    When I run "agents session unpin spring"
    And I run "agents session unpin spring"
    Then it exits with 0
    And the session "spring" has
      | what      | value |
      | pinned_at | none  |

  Scenario Outline: A session that is not there cannot be used
    When I run "agents session <words>"
    Then it exits with 3
    And it says "No session has the id"

    Examples:
      | words                      |
      | append nobody Hi --role user |
      | touch nobody               |
      | pin nobody                 |
      | unpin nobody               |

  @processes
  Scenario: Processes that append to one session lose nothing
    Given a session "spring"
    When 4 processes append 20 messages each to "spring" at once
    Then every one of them succeeded
    And "spring" holds the 20 messages of each of the 4 processes, numbered 1 to 80
    And the counters of "spring" agree with its messages
