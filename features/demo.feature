@any_database
Feature: A demo to look at
  Whoever wonders what a cleanup does can see one, without risk, before they have any session.

  Scenario: It shows a dry run, a purge, and what is left
    When I run "agents demo --sessions 120"
    Then it exits with 0
    And it says "120 made-up sessions"
    And these come one after another
      | what                       |
      | $ agents cleanup --dry-run |
      | would be purged            |
      | $ agents cleanup --yes     |
      | Purged                     |
      | $ agents session list      |
    And what the demo says of its sessions reconciles

  Scenario: The user's own sessions are not in it, nor touched by it
    Given a session "spring" last accessed 40d ago with 1 messages
    When I run "agents demo --sessions 50"
    Then it exits with 0
    And nothing has changed

  @sqlite_only
  Scenario: It makes no database for the user
    Given no database
    When I run "agents demo --sessions 50"
    Then it exits with 0
    And no file of the database is there

  Scenario: It is the same every time
    When I run the demo of 80 sessions twice at the same moment
    Then both said the same

  Scenario: Every kind of session is in it
    When I run "agents demo --format json"
    Then of 500 sessions some were purged, and some kept, for each of
      | reason   |
      | stale    |
      | empty    |
      | orphaned |
      | pinned   |
      | leased   |
      | ancestor |

  Scenario: Its database can be looked around in afterwards
    Given I have run "agents demo --sessions 60"
    When I look into the demo's database as the demo suggests
    Then it exits with 0
    And it lists as many sessions as the demo had left

  Scenario: Another demo begins anew
    Given I have run "agents demo --sessions 60"
    When I run "agents demo --sessions 30"
    Then it says "30 made-up sessions"
    And what the demo says of its sessions reconciles

  Scenario: A demo never touches a database that somebody has begun to use, be it a demo's
    Given I have run "agents demo --sessions 60"
    And from now on my database is the demo's
    And I have run "agents session create --name precious"
    When I run "agents demo --sessions 30"
    Then it exits with 0
    And there is 1 session named "precious"
    And nothing has changed

  Scenario Outline: A demo of <number> sessions is refused
    When I run "agents demo --sessions <number>"
    Then it is refused as a usage error that says "sessions"

    Examples:
      | number |
      | 0      |
      | -5     |
      | many   |
