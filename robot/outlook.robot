*** Settings ***
Documentation    What will become eligible, and which policy is in force.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
A Forecast Says When A Session Becomes Eligible
    Write Session File    ${FOLDER}/soon    soon    idle_days=28    messages=4
    Run Agents    session    import    ${FOLDER}/soon
    ${forecast} =    Ask Agents    cleanup    forecast    --days    3
    Should Be Equal As Integers    ${forecast}[eligible_now][sessions]    3
    ${figures} =    Evaluate
    ...    [(bucket["sessions"], bucket["messages"]) for bucket in $forecast["buckets"]]
    Should Be Equal    ${figures}    ${{[(0, 0), (1, 4), (0, 0)]}}
    Nothing Should Have Been Deleted    sessions=5    messages=26

A Forecast Compares Thresholds With What They Would Purge
    Write Session File    ${FOLDER}/more    ten-days    idle_days=10    messages=1
    Run Agents    session    import    ${FOLDER}/more
    ${forecast} =    Ask Agents    cleanup    forecast
    ${freed} =    Evaluate    {each["stale_after"]: each["sessions"] for each in $forecast["thresholds"]}
    Should Be Equal    ${freed}    ${{{"7d": 4, "14d": 3, "30d": 3, "60d": 1, "90d": 1}}}
    ${purge} =    Ask Agents    cleanup    --stale-after    7d
    Should Be Equal As Integers    ${purge}[purged]    ${freed}[7d]

The Policy Says Where Each Value Came From
    Create File    ${FOLDER}/cleveragents.toml    [cleanup]\nstale_after = "40d"\nkeep_last = 1\n
    Set Environment Variable    CLEVERAGENTS_CLEANUP_MAX_PURGE    50%
    ${policy} =    Ask Agents    cleanup    policy    --empty-after    2h
    ${values} =    Evaluate    {each["name"]: each for each in $policy["values"]}
    Should Be Equal    ${values}[stale_after][value]    40d
    Should Be Equal    ${values}[stale_after][source]    ${FOLDER}/cleveragents.toml, line 2: stale_after
    Should Be Equal    ${values}[keep_last][source]    ${FOLDER}/cleveragents.toml, line 3: keep_last
    Should Be Equal    ${values}[max_purge][source]    CLEVERAGENTS_CLEANUP_MAX_PURGE
    Should Be Equal    ${values}[empty_after][source]    --empty-after
    Should Be Equal    ${values}[orphaned_after][source]    default
    Should Be Equal    ${values}[stale_after][effect]    ${{dict(selects=1)}}

The Policy Names What Protects Nothing
    ${result} =    Try Agents    cleanup    policy    --max-purge    100%    --format    json
    Should Be Equal As Integers    ${result.rc}    0
    ${answer} =    Evaluate    json.loads($result.stdout)
    Should Be Equal    ${answer}[status]    warn
    ${warned} =    Evaluate    [note["text"] for note in $answer["messages"] if note["level"] == "warn"]
    Should Contain    ${warned}[0]    max_purge

Plain Answers Show The Same
    ${forecast} =    Run Agents    cleanup    forecast    --days    7
    Should Contain    ${forecast}    3 sessions of 4 are eligible now
    ${policy} =    Run Agents    cleanup    policy
    Should Match Regexp    ${policy}    (?m)^stale_after\\s+30d\\s+default\\s+selects 2 sessions
    Should Contain    ${policy}    3 sessions of 4 are selected now


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages
