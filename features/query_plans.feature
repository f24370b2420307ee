Feature: Looking costs what is looked at, not all that is there
  The databases themselves say how they would answer each statement. What reads the whole table of
  messages would be quick today and take hours once there are enough of them.

  Background:
    Given 400 sessions of 5 messages, half of them stale, some with parents
    And a program that enforces no foreign keys has deleted "session 1"

  Scenario: No list, scan, explanation, forecast, plan or purge reads every message
    When I run each of these and read the plans
      | command                                                           |
      | agents session list                                               |
      | agents session list --reverse                                     |
      | agents session list --sort created                                |
      | agents session list --sort size                                   |
      | agents session list --sort messages --offset 300                  |
      | agents session list --sort name --reverse                         |
      | agents session list --actor agent-3                               |
      | agents session list --source cli --namespace local --name 'sess*' |
      | agents session list --stale                                       |
      | agents session list --empty --pinned                              |
      | agents session list --orphaned --parent session_2                 |
      | agents session list --expiring-within 30d                         |
      | agents session show session_3                                     |
      | agents session export session_3                                   |
      | agents cleanup --dry-run                                          |
      | agents cleanup --dry-run --all                                    |
      | agents cleanup --dry-run --keep-last 2                            |
      | agents cleanup --dry-run --stale-after auto                       |
      | agents cleanup --dry-run --actor agent-3                          |
      | agents cleanup explain session_3 --keep-last 2                    |
      | agents cleanup forecast                                           |
      | agents cleanup policy --keep-last 2 --actor agent-3               |
      | agents cleanup --plan-out plan.json --actor agent-5               |
      | agents cleanup log                                                |
      | agents cleanup archives                                           |
      | agents cleanup --rehearse --actor agent-3                         |
      | agents cleanup apply plan.json --no-archive                       |
      | agents cleanup --actor agent-3                                    |
    Then no statement reads every message

  Scenario: A list of what expires reads no message at all
    When I run "agents session list --expiring-within 30d" and read the plans
    Then it exits with 0
    And no statement so much as names the messages

  Scenario: A scan of sessions reads no message at all
    When I run "agents cleanup --dry-run --only stale,empty,orphaned" and read the plans
    Then it exits with 0
    And no statement so much as names the messages

  Scenario: A full check does read them all, and it shows
    When I run "agents db check" and read the plans
    Then a statement reads every message
