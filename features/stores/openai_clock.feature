@postgresql_only
Feature: The local times that the OpenAI Agents SDK writes on PostgreSQL are understood
  CURRENT_TIMESTAMP goes into a column without a time zone: what stands there is the local time of the
  connection that wrote it, as the server, the database or the role has it.

  Scenario Outline: The threshold holds to the minute in the server's zone, whatever this process is told
    Given the store "openai-0.24.0-SQLAlchemySession", as its library made it
    And the database is in the zone "<zone>"
    And this process is told the zone "<own>"
    And stale-1 and stale-2 were last used a minute more and a minute less than 30 days ago, in "<zone>"
    When on the store I run "agents cleanup --yes"
    Then it exits with 0
    And the library's session fresh is kept
    And the library's session stale-1 is gone
    And the library's session stale-2 is kept

    Examples:
      | zone             | own              |
      | America/New_York |                  |
      | America/New_York | Asia/Tokyo       |
      | Asia/Tokyo       | America/New_York |
      | UTC              | Pacific/Auckland |

  Scenario: An hour that the clocks show twice counts as the later one
    Given the store "openai-0.24.0-SQLAlchemySession", as its library made it
    And the database is in the zone "America/New_York"
    And it is 2026-12-01 06:00 by UTC
    And stale-1 and stale-2 were last used at "2026-11-01 00:59" and "2026-11-01 01:01", as its clock showed
    When on the store I run "agents cleanup --yes --stale-after 30d --max-purge 100%"
    Then the library's session stale-1 is gone
    And the library's session stale-2 is kept

  Scenario: Where roles have zones of their own, the later moment counts
    Given the store "openai-0.24.0-SQLAlchemySession", as its library made it
    And the database is in the zone "America/New_York", and the role in "Asia/Tokyo"
    And stale-1 and stale-2 were last used a minute more and a minute less than 30 days ago, in "America/New_York"
    When on the store I run "agents cleanup --yes"
    Then the library's session stale-1 is gone
    And the library's session stale-2 is kept

  Scenario: Whoever knows the zone of the library's connections says it
    Given the store "openai-0.24.0-SQLAlchemySession", as its library made it
    And the database is in the zone "UTC"
    And stale-1 and stale-2 were last used a minute more and a minute less than 30 days ago, in "Asia/Tokyo"
    When on the store with "timezone=Asia/Tokyo" I run "agents cleanup --yes"
    Then the library's session stale-1 is gone
    And the library's session stale-2 is kept
    When on the store with "timezone=Asia/Tokio" I run "agents cleanup --yes"
    Then it exits with 2
    And the error says "The server knows no time zone 'Asia/Tokio'."

  Scenario: Columns that know their zone need no guess
    Given the store "openai-0.24.0-SQLAlchemySession", as its library made it
    And its columns know their time zone
    And the database is in the zone "Asia/Tokyo"
    And stale-1 and stale-2 were last used a minute more and a minute less than 30 days ago, in "UTC"
    When on the store I run "agents cleanup --yes"
    Then the library's session stale-1 is gone
    And the library's session stale-2 is kept
