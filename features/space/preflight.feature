Feature: Before a purge it is looked at what would make it slow, useless or impossible
  Only the catalogue is read. What is wrong is named with what mends it and what it costs to go on; a purge
  for which there is no room on the disk is refused.

  Background:
    Given these sessions
      | name   | idle | messages |
      | spring | 40d  | 3        |
      | summer | 1h   | 3        |

  Scenario Outline: A reference without an index: <what>
    Given a plug-in keeps <what>
    When I run "agents cleanup --dry-run --format json"
    Then it exits with 0
    And it names the hazard "unindexed_reference", which says "<message>", and that it costs "<cost>"
    And status, exit code and messages agree
    When I do what it says mends it
    And I run "agents cleanup --dry-run --format json"
    Then it names no hazard

    Examples:
      | what                                               | message                                                                                     | cost                                       |
      | notes without an index                             | The table notes refers to sessions, and no index of it leads with session_id.               | from sessions scans all rows of notes      |
      | notes with an index that leads with something else | The table notes refers to sessions, and no index of it leads with session_id.               | from sessions scans all rows of notes      |
      | notes with an index of some rows                   | The table notes refers to sessions, and no index of it leads with session_id.               | from sessions scans all rows of notes      |
      | ratings of messages without an index               | The table ratings refers to session_messages, and no index of it leads with session_id, sequence. | from session_messages scans all rows of ratings |

  Scenario Outline: A reference that is no hazard: <what>
    Given a plug-in keeps <what>
    When I run "agents cleanup --dry-run --format json"
    Then it names no hazard

    Examples:
      | what                                                  |
      | notes with an index                                   |
      | ratings of messages with an index the other way round |
      | notes that go with sessions, and one summary of each  |

  Scenario: What refers to rows that go with sessions is a reference, too
    Given a plug-in keeps notes that go with sessions, and words on notes
    When I run "agents cleanup --dry-run --unarchived-tables notes --format json"
    Then it names the hazard "unindexed_reference", which says "The table words refers to notes", and that it costs "from notes scans all rows of words"

  Scenario: The cost says how many rows are scanned for each row that is deleted
    Given a plug-in keeps notes without an index
    And the plug-in has 123 rows in "notes"
    When I run "agents cleanup --dry-run --format json"
    Then it names the hazard "unindexed_reference", which says "notes", and that it costs "scans all rows of notes, about 123."

  @sqlite_only
  Scenario: Where nobody knows how many rows there are, the cost says so
    Given a plug-in keeps notes in the order of their names
    When I run "agents cleanup --dry-run --format json"
    Then it names the hazard "unindexed_reference", which says "notes", and that it costs "whose number is unknown"

  Scenario Outline: Whoever purges is told, and goes on: <words>
    Given a plug-in keeps notes without an index
    When I run "agents cleanup <words>"
    Then it exits with 0
    And the error says "The table notes refers to sessions, and no index of it leads with session_id. Each row deleted from sessions scans all rows of notes, "
    And the error says "To mend it: CREATE INDEX"

    Examples:
      | words         |
      | --yes         |
      | --rehearse    |
      | --mode report |
      | --plan-out p  |

  Scenario: On a terminal it is told before the question
    Given a plug-in keeps notes without an index
    When on a terminal I run "agents cleanup" and answer "no"
    Then it exits with 1
    And the error says "To mend it: CREATE INDEX"
    And only "spring" and "summer" remain

  Scenario: Where there is nothing to purge, nothing stands in its way
    Given a plug-in keeps notes without an index
    When I run "agents cleanup --dry-run --stale-after 90d --format json"
    Then it names no hazard

  Scenario Outline: A trigger of another program: <when> on <table>
    Given a plug-in has a trigger <when> on "<table>"
    When I run "agents cleanup --dry-run --format json"
    Then it exits with 0
    And it names the hazard "trigger", which says "The table <table> has a trigger that is not of cleveragents: audit.", and that it costs "while the lock is held"
    When I do what it says mends it
    And I run "agents cleanup --dry-run --format json"
    Then it names no hazard

    Examples:
      | when          | table            |
      | AFTER DELETE  | sessions         |
      | BEFORE DELETE | session_messages |

  Scenario: A trigger that no purge fires is no hazard
    Given a plug-in has a trigger AFTER INSERT on "sessions"
    When I run "agents cleanup --dry-run --format json"
    Then it names no hazard

  Scenario: Rows that go with sessions and that nobody named, where no archive is kept
    Given a plug-in keeps notes that go with sessions, and one summary of each
    When I run "agents cleanup --dry-run --no-archive --format json"
    Then it names the hazard "cascade", which says "Rows of the table notes go, or change,", and that it costs "kept nowhere"
    And it is mended by "cleanup.unarchived_tables = ["notes"]"
    When I run "agents cleanup --dry-run --no-archive --unarchived-tables notes --format json"
    Then it names no hazard

  @postgresql_only
  Scenario: A long transaction that may still see what is deleted
    Given another program is in the middle of a long transaction
    When I run "agents cleanup --dry-run --format json"
    Then it names the hazard "long_transaction", which says "A transaction of night-report (pid ", and that it costs "keeps its space until that has ended"
    And it is mended by "SELECT pg_terminate_backend(THE PID)"
    When I do what it says mends it
    And I run "agents cleanup --dry-run --format json"
    Then it names no hazard

  @postgresql_only
  Scenario: A transaction that has just begun is no hazard
    Given another program has just begun a transaction
    When I run "agents cleanup --dry-run --format json"
    Then it names no hazard

  @postgresql_only
  Scenario Outline: Foreign keys that do not take messages along: <how>
    Given <how>
    When I run "agents cleanup --dry-run --format json"
    Then it names the hazard "foreign_keys_off", which says "<message>", and that it costs "Messages do not go with their sessions"
    And it is mended by "<mend>"

    Examples:
      | how                                                     | message                              | mend                                                 |
      | the foreign keys are switched off for me                | session_replication_role is replica  | ALTER ROLE postgres RESET session_replication_role   |
      | somebody has switched the foreign keys of the sessions off | is switched off                   | ALTER TABLE sessions ENABLE TRIGGER ALL              |
      | somebody has dropped the foreign key of the messages    | is missing                           | ALTER TABLE session_messages ADD CONSTRAINT fk_session_messages_session_id_sessions FOREIGN KEY (session_id) REFERENCES sessions (session_id) ON DELETE CASCADE |

  # --- room on the disk -----------------------------------------------------------------------

  @sqlite_only
  Scenario: A purge whose log does not fit on the disk is refused, and a smaller one is named
    Given 40 stale sessions with 10 messages of 5000 bytes
    And the disk has 1000 KB free
    And I remember what is there
    When I run "agents cleanup --stale-after 50d"
    Then it exits with 5
    And the error says "The disk has no room for what the purge would write: it needs 2.1 MB in "
    And the error says "and 1.0 MB are free."
    And it says that "agents cleanup --stale-after 50d --chunk 9" would allow it
    And nothing has changed
    And the newest attempt that came to nothing was refused because of "not_enough_space"
    When I run the command that it says would allow it
    Then it exits with 0

  Scenario: There must be room for the archive
    Given 40 stale sessions with 10 messages of 5000 bytes
    And the disk has 1 KB free
    And I remember what is there
    When I run "agents cleanup"
    Then it exits with 5
    And the error says "The disk has no room for what the purge would write"
    And the error says "have the archives elsewhere: cleanup.archive_folder"
    And the error does not say "--chunk"
    And nothing has changed

  Scenario Outline: Who only looks is told that there is no room, and not refused: <words>
    Given 40 stale sessions with 10 messages of 5000 bytes
    And the disk has 1 KB free
    When I run "agents cleanup <words> --format json"
    Then it exits with 0
    And stdout is one json document
    And one of its messages says "A purge would be refused now: The disk has no room"
    And status, exit code and messages agree

    Examples:
      | words         |
      | --dry-run     |
      | --rehearse    |
      | --mode report |

  @sqlite_only
  Scenario: Where it may not fit, a purge goes on
    Given 40 stale sessions with 10 messages of 5000 bytes
    And the disk has 3000 KB free
    When I run "agents cleanup --format json"
    Then it exits with 0
    And it names the hazard "little_space", which says "it may need 7.0 MB in ", and that it costs "everything is rolled back"
    And only "summer" remain

  Scenario: An enormous size that another program made up is not taken for what will be written
    Given another program has given "spring" the largest size there is
    When I run "agents cleanup --dry-run --format json"
    Then it names no hazard

  # --- our own tables -------------------------------------------------------------------------

  Scenario: Every table of ours that hangs off sessions is purged with them, or left out for a reason
    Given every table that hangs off sessions says something about "spring"
    When I run "agents cleanup"
    Then no table that hangs off sessions says anything about "spring"
    And a new table that hangs off sessions would be noticed
    And each table that is left out has a reason and is there
