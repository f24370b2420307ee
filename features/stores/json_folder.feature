@any_database
Feature: Folders of JSON files, one for each session, are cleaned
  Small agents keep each session in a file of its own. Files know no transaction and no lock, so a purge looks
  at each file again right before it goes, moves it aside, and removes all of them together at its end.

  Background:
    Given a folder with these sessions as JSON files
      | session       | idle    | messages |
      | telegram_old  | 40d     | 3        |
      | telegram_new  | 2d      | 2        |
      | discord_old   | 30d +1s | 1        |
      | discord_edge  | 30d     | 1        |
      | discord_empty | 2d      | 0        |
      | discord_fresh | 1h      | 0        |

  Scenario: A dry run says what would go, and leaves no trace
    When on the store I run "agents cleanup --dry-run --format json"
    Then it exits with 0
    And the report counts
      | scanned | candidates | messages |
      | 6       | 3          | 4        |
    And nothing was named as left
    And nothing in the store has changed
    And no book was made for the store

  Scenario: A purge takes them, and their session manager sees exactly the survivors
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And in the folder only "telegram_new", "discord_edge" and "discord_fresh" remain
    And nothing was added to the store, or changed in it
    And the session manager lists "telegram_new", "discord_edge" and "discord_fresh"
    And the session manager continues telegram_new
    When I restore the last run of the store
    Then it exits with 0
    And the session manager reads telegram_old with 3 messages
    And the session manager continues telegram_old

  Scenario: A restore brings back every file as it was
    When on the store I run "agents cleanup --yes"
    And I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

  Scenario: Without an archive it takes the same
    When on the store I run "agents cleanup --yes --no-archive"
    Then it exits with 0
    And in the folder only "telegram_new", "discord_edge" and "discord_fresh" remain

  Scenario: A rehearsal moves nothing
    When on the store I run "agents cleanup --rehearse"
    Then it exits with 0
    And nothing in the store has changed

  Scenario: A purge in chunks, each with its archive
    When on the store I run "agents cleanup --yes --chunk 2 --max-lock 5s"
    Then it exits with 0
    And in the folder only "telegram_new", "discord_edge" and "discord_fresh" remain
    When I restore the last run of the store
    Then nothing in the store has changed

  Scenario: A session is known by its file, its channel and its chat
    When on the store I run "agents cleanup explain telegram_old"
    Then it exits with 0
    And the answer says "old would be purged"
    When on the store I run "agents cleanup --yes --source telegram --name old"
    Then in the folder only "telegram_new", "discord_old", "discord_edge", "discord_empty" and "discord_fresh" remain

  Scenario: What was made again since is not overwritten by a restore
    When on the store I run "agents cleanup --yes"
    And the session manager makes telegram_old anew
    And I restore the last run of the store
    Then it exits with 6
    And the session manager reads telegram_old with 1 messages
    And the session manager reads discord_old with 1 messages

  Scenario: A check says how it is decided
    When I run "agents store check json:sessions"
    Then the answer says "a folder with one JSON file for each session"

  Rule: What cannot be understood is named and left, and the command fails

    Scenario Outline: A file that <why>
      Given the file "odd.json" in the folder says "<text>"
      When on the store I run "agents cleanup --yes --stale-after 1s --empty-after 1s --format json"
      Then it exits with 6
      And "odd.json" is left, because it <why>
      And the report counts
        | scanned | purged |
        | 6       | 6      |

      Examples:
        | text                                                                                       | why                           |
        | {'session_id': 'odd', 'messages': [{'ro                                                    | is not JSON                   |
        | [1, 2]                                                                                     | is no session                 |
        | {'session_id': 'odd', 'messages': []}                                                      | has no last_accessed          |
        | {'session_id': 'odd', 'last_accessed': 'May', 'messages': []}                              | has a last_accessed that is no date |
        | {'session_id': 'odd', 'last_accessed': 1, 'messages': []}                                  | has a last_accessed that is no date |
        | {'session_id': 'odd', 'last_accessed': '0001-01-01T00:00:00+14:00', 'messages': []}        | has a last_accessed that is no date |
        | {'session_id': 'odd', 'last_accessed': '2020-01-01T00:00:00Z', 'messages': 7}              | has messages that are no list |
        | {'session_id': 7, 'last_accessed': '2020-01-01T00:00:00Z', 'messages': []}                 | has a session_id that is no text |
        | {'session_id': 'telegram_old', 'last_accessed': '2020-01-01T00:00:00Z', 'messages': []}    | has the session_id of another file |
        | {'session_id': '../odd', 'last_accessed': '2020-01-01T00:00:00Z', 'messages': []}          | leads out of the folder       |

    Scenario: A file that is empty
      Given the file "odd.json" in the folder says nothing
      When on the store I run "agents cleanup --dry-run --format json"
      Then it exits with 6
      And "odd.json" is left, because it is empty

    Scenario: Nothing but plain files of a bearable size is opened
      Given "link.json" in the folder is a link to "telegram_old.json"
      And "pipe.json" in the folder is a pipe
      And "folder.json" in the folder is a folder
      And the file "huge.json" in the folder has 65 MiB
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And "link.json" is left, because it is a symbolic link
      And "pipe.json" is left, because it is neither a file nor a folder
      And "folder.json" is left, because it is a folder
      And "huge.json" is left, because it has 65 MiB
      And everything that is left was named

    Scenario: A file that may not be read is no reason to delete it
      Given the file "secret.json" in the folder says "{}"
      When I run in a shell: chmod 0 sessions/secret.json; agents cleanup --dry-run --format json --store json:sessions
      Then it exits with 6
      And "secret.json" is left, because it cannot be read: Permission denied

    Scenario: Other files are none of its business
      Given the file "notes.txt" in the folder says "remember the milk"
      And the file ".hidden.json" in the folder says "{"
      And the file "telegram_old.json.tmp" in the folder says "{"
      And the file "more/telegram_old.json" in the folder says "{"
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 0
      And nothing was named as left
      And nothing was added to the store, or changed in it

    Scenario: A folder that holds something else is refused
      Given an empty folder "elsewhere"
      When I run "agents cleanup --yes --store json:elsewhere"
      Then it exits with 0
      Given a file "elsewhere/package.json" that holds "{}"
      When I run "agents cleanup --yes --store json:elsewhere"
      Then it exits with 1
      And the error says "holds no session: package.json is no session"
      When I run "agents cleanup --yes --store json:elsewhere/package.json"
      Then it exits with 1
      And the error says "cannot be opened"
      When I run "agents cleanup --dry-run --store json:nowhere"
      Then it exits with 3

  Rule: The time in the file counts, and it may be told in several ways

    Scenario Outline: Last accessed at <told>
      Given the session "telegram_old" says of itself
        | last_accessed |
        | "<told>"      |
      When on the store I run "agents cleanup --dry-run --only stale --name old --source telegram --format json"
      Then the report counts
        | candidates |
        | <stale>    |

      Examples:
        | told                           | stale |
        | 2026-05-16T11:59:59Z           | 1     |
        | 2026-05-16T11:59:59.999999999Z | 1     |
        | 2026-05-16T12:00:00.000Z       | 0     |
        | 2026-05-16T21:59:59+10:00      | 1     |
        | 2026-05-16T22:00:00+10:00      | 0     |
        | 2026-05-15T23:59:59            | 1     |
        | 2026-05-16T00:00:00            | 0     |
        | 2026-07-01T00:00:00Z           | 0     |

    Scenario: What else it says is shown where that can be shown
      Given the session "telegram_old" says of itself
        | chat_id                | channel | created_at |
        | "half a \ud83d\u0000x" | 7       | "once"     |
      When on the store I run "agents cleanup --dry-run --format json"
      Then it exits with 0
      And the answer says "half a ??x"

    Scenario: A writer may have put another character for one that no file should have
      Given the session "telegram_old" says of itself
        | session_id     |
        | "telegram:old" |
      When on the store I run "agents cleanup --dry-run --format json"
      Then it exits with 0

  Rule: What happens meanwhile keeps a session

    Scenario Outline: A session that is <change> after it was <stage>
      Given after the files were <stage>, telegram_old is <change>
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And the files of telegram_old were skipped as <reason>
      And the report counts
        | candidates | purged |
        | 3          | 2      |

      Examples:
        | change             | stage    | reason          |
        | continued          | scanned  | used            |
        | continued          | archived | used            |
        | edited in secret   | scanned  | changed         |
        | edited in secret   | archived | changed         |
        | removed            | scanned  | removed         |
        | removed            | archived | removed         |
        | replaced by a link | archived | used            |

    Scenario: A file that somebody has open stays
      Given somebody else has the file of telegram_old open
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And the files of telegram_old were skipped as used
      And the session manager reads telegram_old with 3 messages

    Scenario: A session that is used all the time survives a purge, or goes whole
      When while a session manager goes on with telegram_old, on the store I run "agents cleanup --yes --all --format json" 6 times
      Then each time it survived with all that was said, or it went whole

  Rule: Whenever a purge or a restore dies, the next run brings it to an end

    Scenario: A purge
      Given a purge of it takes 3 of 6 sessions
      When "agents cleanup --yes" is killed before each thing that it does to files
      Then it died at least 15 times

    Scenario: A restore
      When on the store I run "agents cleanup --yes"
      And a restore of the last run of the store is killed before each thing that it does to files
      Then it died at least 10 times

    Scenario: What was made anew before the next run stays, and so does what it was before
      When somebody makes telegram_old anew while a purge that was killed has it
      And on the store I run "agents cleanup --dry-run --format json"
      Then what lay aside of telegram_old is named, and holds its 3 messages
      And the session manager reads telegram_old with 0 messages

    Scenario: A purge that cannot remove what it took leaves that to the next run
      Given nothing can be removed right after a commit
      When on the store I run "agents cleanup --yes"
      Then it exits with 0
      And something lies aside in the folder
      And in the folder only "telegram_new", "discord_edge" and "discord_fresh" remain
      When it can be removed again
      And on the store I run "agents cleanup --dry-run"
      Then it exits with 0
      And nothing lies aside in the folder

    Scenario Outline: Where <what>, all comes back
      Given <what>
      When on the store I run "agents cleanup --yes"
      Then it exits with <code>
      And nothing in the store has changed

      Examples:
        | what                                       | code |
        | the book fails when a run is to be entered | 1    |
        | a Ctrl-C comes when a run is to be entered | 130  |

    Scenario Outline: Where <what>, nothing is put back
      When on the store I run "agents cleanup --yes"
      Given <what>
      When I restore the last run of the store
      Then it exits with <code>
      And in the folder only "telegram_new", "discord_edge" and "discord_fresh" remain
      And nothing lies aside in the folder

      Examples:
        | what                                       | code |
        | the book fails when a run is to be entered | 1    |
        | a Ctrl-C comes when a run is to be entered | 130  |

    Scenario: A session that is made anew while it is put back stays, and nothing else comes back
      When on the store I run "agents cleanup --yes"
      Given right before the file of telegram_old is put back, it is made anew
      When I restore the last run of the store
      Then it exits with 7
      And in the folder only "telegram_old", "telegram_new", "discord_edge" and "discord_fresh" remain
      And the session manager reads telegram_old with 0 messages

    Scenario: Where there are no hard links, it works as well
      Given the file system knows no hard links
      When on the store I run "agents cleanup --yes"
      And I restore the last run of the store
      Then it exits with 0
      And nothing in the store has changed
      When on the store I run "agents cleanup --yes"
      And the session manager makes telegram_old anew
      And I restore the last run of the store
      Then it exits with 6
      And the session manager reads telegram_old with 1 messages

  Rule: In the very moment in which a file is moved aside it is looked at again

    Scenario Outline: It is <change>
      Given right before the file of telegram_old is moved aside, it is <change>
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And the files of telegram_old were skipped as used
      And nothing lies aside in the folder

      Examples:
        | change             |
        | continued          |
        | removed            |
        | replaced by a link |

    Scenario: It is continued, and while it lies aside somebody makes it anew
      Given the file of telegram_old is continued right before it is moved aside, and made anew right after
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And the files of telegram_old were skipped as used
      And the session manager reads telegram_old with 0 messages
      When on the store I run "agents cleanup --dry-run --format json"
      Then what lay aside of telegram_old is named, and holds its 3 messages

  Rule: What is on the disk

    Scenario: A purge gives back what its files took
      Given all of the folder is on the disk
      When on the store I run "agents cleanup --yes --format json"
      Then as much is given back as its files took on the disk

    Scenario: A folder that may not be written is left as it is, and said
      When I run in a shell: chmod 555 sessions; agents cleanup --yes --no-archive --stale-after 1s --store json:sessions
      Then it exits with 1
      And the error says "cannot be read or written by this user"
      And nothing in the store has changed

    Scenario: A plan, or an archive, is not written among the sessions
      When on the store I run "agents cleanup --plan-out sessions/plan.json"
      Then it exits with 2
      And nothing in the store has changed

    Scenario: Its status tells its size
      When on the store I run "agents cleanup status --format json"
      Then the answer says "database_bytes"
