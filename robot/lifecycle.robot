*** Settings ***
Documentation    A session's life from its creation to its deletion, and its journey to another database.

Resource         agents.resource

Test Setup       Start In A Fresh Place
Test Teardown    Leave The Place


*** Test Cases ***
The Version Is That Of The Package
    [Tags]    wheel
    ${said} =    Run Agents    --version
    Should Match Regexp    ${said}    ^agents \\d+\\.\\d+\\.\\d+

The Demo Cleans A Database Of Its Own
    [Tags]    wheel
    ${said} =    Run Agents    demo    --sessions    60
    Should Contain    ${said}    agents cleanup --dry-run
    Should Match Regexp    ${said}    Purged \\d+ sessions of 60
    ${left} =    Remaining Sessions
    Should Be Empty    ${left}

A Session Is Created, Used, Touched, Pinned And Deleted
    [Tags]    wheel
    ${id} =    Create A Session    --name    plan    --actor    local/assistant    --metadata    ticket=42
    Run Agents    session    append    ${id}    Where were we?    --role    user
    Run Agents    session    touch    ${id}    --lease    10m
    Run Agents    session    pin    ${id}
    ${shown} =    Ask Agents    session    show    ${id}
    Should Be Equal    ${shown}[session][name]    plan
    Should Be Equal    ${shown}[session][metadata]    ${{dict(ticket=42)}}
    Should Be Equal    ${shown}[messages][0][content]    Where were we?
    Should Not Be Equal    ${shown}[session][pinned_at]    ${NONE}
    Should Not Be Equal    ${shown}[session][lease_expires_at]    ${NONE}
    ${deleted} =    Ask Agents    session    delete    ${id}    --yes
    Should Be Equal As Integers    ${deleted}[messages]    1
    Nothing Should Have Been Deleted    sessions=0    messages=0

A Session Found By The Beginning Of Its Id
    Import Session Files Of Different Ages
    ${shown} =    Ask Agents    session    show    forg
    Should Be Equal    ${shown}[session][session_id]    forgotten

A Session That Is Not There Ends In 3
    ${result} =    Try Agents    session    show    nowhere    --format    json
    Should Be Equal As Integers    ${result.rc}    3
    ${answer} =    Evaluate    json.loads($result.stdout)
    Should Be Equal    ${answer}[error][code]    session_not_found

An Ambiguous Beginning Ends In 4 And Names The Matches
    Write Session File    ${FOLDER}/files    twin-1    idle_days=1    messages=1
    Write Session File    ${FOLDER}/files    twin-2    idle_days=1    messages=1
    Run Agents    session    import    ${FOLDER}/files
    ${result} =    Try Agents    session    show    twin
    Should Be Equal As Integers    ${result.rc}    4
    Should Contain    ${result.stderr}    twin-1, twin-2

A Duration Without A Unit Deletes Nothing
    Import Session Files Of Different Ages
    ${result} =    Try Agents    cleanup    --stale-after    30
    Should Be Equal As Integers    ${result.rc}    2
    Should Contain    ${result.stderr}    30d
    Nothing Should Have Been Deleted    sessions=4    messages=22

A Session Travels And Stays The Same
    Import Session Files Of Different Ages
    ${before} =    Ask Agents    session    show    forgotten    --messages    100
    Run Agents    session    export    forgotten    --output    ${FOLDER}/forgotten.json
    Run Agents    session    delete    forgotten    --yes
    Run Agents    session    import    ${FOLDER}/forgotten.json
    ${after} =    Ask Agents    session    show    forgotten    --messages    100
    Should Be Equal    ${before}    ${after}

A Tampered Document Is Refused
    Import Session Files Of Different Ages
    Run Agents    session    export    forgotten    --output    ${FOLDER}/forgotten.json
    ${document} =    Get File    ${FOLDER}/forgotten.json
    ${tampered} =    Replace String    ${document}    Line 1 of    Line one of
    Should Not Be Equal    ${document}    ${tampered}
    Create File    ${FOLDER}/tampered.json    ${tampered}
    ${result} =    Try Agents    session    import    ${FOLDER}/tampered.json    --new-id
    Should Be Equal As Integers    ${result.rc}    1
    Nothing Should Have Been Deleted    sessions=4    messages=22

An Import Never Overwrites
    Import Session Files Of Different Ages
    ${result} =    Try Agents    session    import    ${FOLDER}/files/forgotten.json
    Should Be Equal As Integers    ${result.rc}    4
    ${new} =    Ask Agents    session    import    ${FOLDER}/files/forgotten.json    --new-id
    Should Not Be Equal    ${new}[session][session_id]    forgotten
    Nothing Should Have Been Deleted    sessions=5    messages=34

The Embedded Database Makes Itself On The First Writing Command
    [Tags]    wheel
    Remove Environment Variable    CLEVERAGENTS_DATABASE_URL
    ${empty} =    Ask Agents    cleanup    --dry-run
    Should Be Equal As Integers    ${empty}[scanned]    0
    Directory Should Be Empty    ${FOLDER}/home
    ${id} =    Create A Session    --name    first
    ${left} =    Remaining Sessions
    Should Be Equal    ${left}    ${{[$id]}}

The Schema Is The Newest After An Upgrade
    [Tags]    wheel
    ${current} =    Run Agents    db    current
    Should Not Contain    ${current}    pending
    Run Agents    db    upgrade
    ${check} =    Run Agents    db    check
    Should Contain    ${check}    healthy    ignore_case=True
