Feature: A sweep of a database that is not there, or not as it should be
  A sweep makes no database, migrates no server's, and goes on looking until somebody has mended it.

  @sqlite_only
  Scenario Outline: Where there is no database none is made by "<words>"
    Given no database
    When I run "<words>"
    Then it exits with <code>
    And there is still no database

    Examples:
      | words                                             | code |
      | agents cleanup watch --once --mode purge          | 0    |
      | agents cleanup watch --once --format json         | 0    |
      | agents cleanup resume                             | 0    |
      | agents cleanup status                             | 0    |
      | agents cleanup status --check                     | 6    |

  @sqlite_only
  Scenario: A database that comes later is swept
    Given no database
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A did not sweep: no database
    And there is still no database
    When I run "agents session create --name talk"
    And 1h goes by
    And host A looks
    Then host A swept, and purged 1 session

  @postgresql_only
  Scenario: A server's database without tables is no reason to give up
    Given a server's database with nothing in it
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A could not look: "schema_outdated"
    When I run "agents db upgrade"
    And host A looks
    Then host A swept, and purged 0 sessions

  @sqlite_only
  Scenario: An embedded database of an older schema is migrated, as by any purge
    Given a database of an older schema with a session "winter"
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A swept, and purged 1 session
    And the database is at the newest schema

  @postgresql_only
  Scenario: A server's database of an older schema is left to its administrator
    Given a database of an older schema with a session "winter"
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A could not look: "schema_outdated"
    And the database is still of the older schema

  Scenario: A newer schema is left alone
    Given the database was migrated by a newer version
    And host A sweeps with "--every 24h --jitter 0s --mode purge"
    When host A looks
    Then host A could not look: "schema_too_new"
