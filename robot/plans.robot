*** Settings ***
Documentation    A cleanup is planned now and carried out later, and never takes one session more.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
A Plan Is Carried Out As It Was Saved
    ${planned} =    Ask Agents    cleanup    --plan-out    plan.json
    Should Be Equal As Integers    ${planned}[candidates]    3
    Nothing Should Have Been Deleted    sessions=4    messages=22
    ${applied} =    Ask Agents    cleanup    apply    plan.json
    Should Be Equal As Integers    ${applied}[purged]    3
    Should Be Equal As Integers    ${applied}[plan][drift_total]    0
    Nothing Should Have Been Deleted    sessions=1    messages=7

What Changed Since Stays And Is Named
    Write Session File    ${FOLDER}/more    removed    idle_days=60    messages=2
    Run Agents    session    import    ${FOLDER}/more
    Run Agents    cleanup    --plan-out    plan.json
    Run Agents    session    append    forgotten    I am back.    --role    user
    Run Agents    session    pin    silent
    Run Agents    session    delete    removed    --yes
    ${result} =    Try Agents    cleanup    apply    plan.json    --format    json
    Should Be Equal As Integers    ${result.rc}    6    ${result.stderr}
    ${applied} =    Data Of    ${result.stdout}
    ${drift} =    Evaluate    {each["session_id"]: each["reason"] for each in $applied["plan"]["drift"]}
    Should Be Equal    ${drift}    ${{dict(forgotten='used', silent='pinned', removed='removed')}}
    Should Be Equal As Integers    ${applied}[purged]    1
    ${left} =    Remaining Sessions
    Should Be Equal    ${left}    ${{['forgotten', 'silent', 'yesterday']}}

What Became A Candidate Since Is Not Taken
    Run Agents    cleanup    --plan-out    plan.json
    Write Session File    ${FOLDER}/more    newcomer    idle_days=60    messages=2
    Run Agents    session    import    ${FOLDER}/more
    Run Agents    cleanup    apply    plan.json
    ${left} =    Remaining Sessions
    Should Be Equal    ${left}    ${{['newcomer', 'yesterday']}}

A Plan That Was Applied Already Takes Nothing
    Run Agents    cleanup    --plan-out    plan.json
    Run Agents    cleanup    apply    plan.json
    ${result} =    Try Agents    cleanup    apply    plan.json    --format    json
    Should Be Equal As Integers    ${result.rc}    6    ${result.stderr}
    ${again} =    Data Of    ${result.stdout}
    Should Be Equal As Integers    ${again}[purged]    0
    ${reasons} =    Evaluate    {each["reason"] for each in $again["plan"]["drift"]}
    Should Be Equal    ${reasons}    ${{{'purged'}}}

An Edited Plan Is Refused
    Run Agents    cleanup    --plan-out    plan.json
    ${plan} =    Get File    ${FOLDER}/plan.json
    ${edited} =    Replace String    ${plan}    "forgotten"    "yesterday"
    Should Not Be Equal    ${plan}    ${edited}
    Create File    ${FOLDER}/plan.json    ${edited}
    Answer Should Be A Refusal    plan_refused    5    cleanup    apply    plan.json
    Nothing Should Have Been Deleted    sessions=4    messages=22

A Plan For Another Database Is Refused
    Run Agents    cleanup    --plan-out    plan.json
    Run Agents    session    create    --database-url    sqlite:///${FOLDER}/other.db
    Answer Should Be A Refusal    plan_refused    5
    ...    cleanup    apply    plan.json    --database-url    sqlite:///${FOLDER}/other.db

An Old Plan Is Refused
    Run Agents    cleanup    --plan-out    plan.json
    Set Environment Variable    CLEVERAGENTS_CLEANUP_PLAN_MAX_AGE    1s
    Sleep    1100ms    the plan gets older than that
    Answer Should Be A Refusal    plan_refused    5    cleanup    apply    plan.json
    Nothing Should Have Been Deleted    sessions=4    messages=22


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages
