@any_database
Feature: What Claude Code keeps of sessions that are gone is cleaned
  Beside its transcripts it keeps folders and files for each session, and many of them stay when the transcript
  is gone. Those go; transcripts go only where they are asked for by the name of a class.

  Background:
    Given Claude Code's folder with these sessions
      | session   | messages | idle | companions                                            |
      | gone      | -        | 3d   | subagents file-history session-env tasks todos debug  |
      | just-gone | -        | 2h   | file-history                                          |
      | old       | 4        | 60d  | subagents file-history todos                          |
      | recent    | 2        | 2d   | file-history debug                                    |
      | blank     | 0        | 5d   | session-env                                           |

  Scenario: A dry run says what would go, and leaves no trace
    When on the store I run "agents cleanup --dry-run --format json"
    Then it exits with 0
    And the report counts
      | scanned | candidates |
      | 5       | 1          |
    And nothing in the store has changed
    And no book was made for the store

  Scenario: A purge takes orphaned companions, and a restore brings back every one as it was
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And in the folder only "just-gone", "old", "recent" and "blank" remain
    And nothing of gone is left in the folder
    And nothing was added to the store, or changed in it
    When I restore the last run of the store
    Then it exits with 0
    And nothing in the store has changed

  Scenario: Transcripts go with their companions where they are asked for
    When on the store I run "agents cleanup --yes --only stale"
    Then it exits with 0
    And in the folder only "gone", "just-gone", "recent" and "blank" remain
    And nothing of old is left in the folder
    And nothing was added to the store, or changed in it
    When I restore the last run of the store
    Then nothing in the store has changed

  Scenario: Transcripts without a message go where they are asked for
    When on the store I run "agents cleanup --yes --only empty"
    Then in the folder only "gone", "just-gone", "old" and "recent" remain

  Scenario: A dry run tells the sizes and ages of transcripts
    When on the store I run "agents cleanup --dry-run --only stale --stale-after 1h"
    Then the answer says "60d"
    And the answer says "-home-anna-shop"
    When I run "agents store check claude-code:claude"
    Then the answer says "3 transcripts with"

  Scenario: It is found where it usually is
    Given the variable CLAUDE_CONFIG_DIR is "claude"
    When I run "agents cleanup --dry-run --store claude-code"
    Then it exits with 0
    And the answer says "1 session of 5 would be purged"

  Scenario: A folder without transcripts is refused
    Given an empty folder "elsewhere"
    When I run "agents cleanup --yes --store claude-code:elsewhere"
    Then it exits with 1
    And the error says "is not Claude Code's folder"

  Scenario: All else is left alone
    Given the file "history.jsonl" in the folder says "{"
    And the file "projects/-home-anna-shop/notes.md" in the folder says "x"
    And the file "projects/-home-anna-shop/sessions-index.json" in the folder says "{}"
    And the file "projects/-home-anna-shop/00000000-0000-0000-0000-000000000000x" in the folder says "x"
    And the file "projects/stray.txt" in the folder says "x"
    And the file "tasks/my-team/1.json" in the folder says "{}"
    And the file "todos/00000000-0000-0000-0000-0000000000001.json" in the folder says "{}"
    And the file "debug/00000000-0000-0000-0000-000000000000.log" in the folder says "x"
    And the file "sessions/notes.json" in the folder says "{"
    When on the store I run "agents cleanup --yes --format json"
    Then it exits with 0
    And nothing was named as left
    And nothing was added to the store, or changed in it
    And in the folder only "just-gone", "old", "recent" and "blank" remain

  Scenario: A large file is archived a piece at a time
    Given Claude Code's folder with these sessions, once more
      | session | messages | idle | companions |
      | gone    | -        | 3d   | large      |
      | recent  | 2        | 2d   |            |
    When on the store I run "agents cleanup --yes"
    And I restore the last run of the store
    Then nothing in the store has changed

  Rule: A session is as old as the latest of its transcript's lines, and of all its files

    Scenario: A backup that was put back does not make a transcript old
      Given the transcript of recent was restamped 90d ago
      When on the store I run "agents cleanup --dry-run --only stale --format json"
      Then the report counts
        | candidates |
        | 1          |

    Scenario Outline: <what> keeps a session
      Given <what>
      When on the store I run "agents cleanup --dry-run --only <class> --format json"
      Then it exits with 0
      And the report counts
        | candidates |
        | 0          |

      Examples:
        | what                                                | class    |
        | the transcript of old was restamped 5d ago          | stale    |
        | the transcript of old ends with a line of yesterday | stale    |
        | a companion of gone was written 2h ago              | orphaned |
        | a running process says that it works on old         | stale    |
        | a running process says that it works on gone        | orphaned |
        | gone has a backup of its transcript beside its place | orphaned |

    Scenario Outline: <what> changes nothing
      Given <what>
      When on the store I run "agents cleanup --dry-run --only stale --format json"
      Then it exits with 0
      And the report counts
        | scanned | candidates |
        | 5       | 1          |

      Examples:
        | what                                          |
        | the transcript of old ends with half a line   |
        | a process that has ended said that it works on old |

  Rule: What cannot be understood is named and left, and the command fails

    Scenario: A companion that is a link
      Given the companion tasks of recent is a link
      And in the companion file-history of gone there is a link
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And everything that is left was named
      And nothing in the store has changed

    Scenario: A transcript that is something else
      Given the transcript of old says "not a word of JSON"
      When on the store I run "agents cleanup --yes --only stale --format json"
      Then it exits with 6
      And everything that is left was named
      And nothing in the store has changed

    Scenario: Where not all transcripts can be seen, nothing is known to be orphaned
      Given one of the folders of transcripts is elsewhere, by a link
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And "projects/-home-anna-web" is left, because it is a symbolic link
      And nothing in the store has changed

    Scenario: Where there is no transcript at all, nothing is known to be orphaned
      Given Claude Code's folder with these sessions, once more
        | session | messages | idle | companions   |
        | gone    | -        | 3d   | file-history |
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 0
      And nothing in the store has changed
      When I run "agents store check claude-code:claude"
      Then the error says "There is no transcript at all"

    Scenario: Files that may not be read
      When I run in a shell: chmod 0 claude/projects/-home-anna-shop/*.jsonl claude/tasks; agents cleanup --dry-run --format json --store claude-code:claude
      Then it exits with 6
      And "tasks" is left, because it cannot be read: Permission denied

  Rule: What happens meanwhile keeps a session

    Scenario Outline: A session that is <change> after it was <stage>
      Given after the files were <stage>, gone is <change>
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And the files of gone were skipped as <reason>

      Examples:
        | change                  | stage    | reason  |
        | continued               | scanned  | used    |
        | continued               | archived | used    |
        | edited in secret        | archived | changed |
        | given another companion | archived | used    |
        | given a transcript      | scanned  | used    |
        | given a transcript      | archived | used    |
        | removed                 | archived | used    |
        | worked on               | archived | leased  |

    Scenario: A transcript that somebody goes on with stays, with its companions
      Given after the files were archived, old is continued
      When on the store I run "agents cleanup --yes --only stale --format json"
      Then it exits with 6
      And the files of old were skipped as used
      And in the folder only "gone", "just-gone", "old", "recent" and "blank" remain

    Scenario: A companion that somebody has open stays, with all others of its session
      Given somebody else has the file of gone open
      When on the store I run "agents cleanup --yes --format json"
      Then it exits with 6
      And the files of gone were skipped as used
      And nothing in the store has changed

  Rule: Whenever a purge or a restore dies, the next run brings it to an end

    Scenario: A purge
      Given a purge of it takes 1 of 5 sessions
      When "agents cleanup --yes" is killed before each thing that it does to files
      Then it died at least 20 times

    Scenario: A restore
      When on the store I run "agents cleanup --yes"
      And a restore of the last run of the store is killed before each thing that it does to files
      Then it died at least 15 times

    Scenario: A transcript goes last and comes back first
      When "agents cleanup --yes --only stale" is killed before each thing that it does to files, companions are never alone
      Then it died at least 20 times
      When on the store I run "agents cleanup --yes --only stale"
      And a restore of it is killed before each thing that it does to files, companions are never alone
      Then it died at least 15 times

    Scenario: What was made anew before the next run stays, and so does what it was before
      When somebody makes gone anew while a purge that was killed has it
      And on the store I run "agents cleanup --dry-run --format json"
      Then what lay aside of gone is named, and is as it was

    Scenario: A folder in which nobody may write goes with all others
      When I run in a shell: chmod 555 claude/projects/-home-anna-shop/*/subagents; agents cleanup --yes --store claude-code:claude
      Then it exits with 0
      And nothing lies aside in the folder
      And nothing of gone is left in the folder

    Scenario: A companion that may not be moved keeps its session
      When I run in a shell: chmod 555 claude/tasks; agents cleanup --yes --format json --store claude-code:claude
      Then it exits with 6
      And the files of gone were skipped as locked
      And nothing lies aside in the folder
