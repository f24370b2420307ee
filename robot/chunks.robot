*** Settings ***
Documentation    A purge in chunks from the shell: whole, interrupted, killed, gone on with, undone.

Resource         agents.resource

Test Setup       Start In A Fresh Place
Test Teardown    Leave The Place


*** Variables ***
@{PURGE}    cleanup    --max-purge    100%
@{PACED}    --chunk    4    --pause    60s
@{QUICK}    --chunk    4


*** Test Cases ***
A Purge In Chunks Leaves An Archive And An Entry For Each
    [Tags]    wheel
    Fill With Stale Sessions    ${URL}    number=${10}
    ${purge} =    Ask Agents    @{PURGE}    @{QUICK}
    Should Be Equal As Integers    ${purge}[purged]    10
    Should Be Equal As Integers    ${purge}[messages]    100
    Should Be Equal    ${purge}[chunks]    ${{dict(done=3, before=0, stopped=None)}}
    Chunks Should Have Purged    ${purge}[run_id]    4    4    2
    @{kept} =    Archive Files    ${FOLDER}
    Should Be Equal    ${kept}    ${{[each["file"] for each in $purge["archives"]]}}
    Nothing Should Have Been Deleted    sessions=0    messages=0
    No Run Should Be At Work

The Whole Run Is Undone By Its Id, And One Chunk By Its Own
    Fill With Stale Sessions    ${URL}    number=${10}
    ${before} =    Every Row    ${URL}
    ${purge} =    Ask Agents    @{PURGE}    @{QUICK}
    ${chunk} =    Ask Agents    cleanup    restore    ${purge}[run_id].00003
    Should Be Equal As Integers    ${chunk}[restored]    2
    ${result} =    Try Agents    cleanup    restore    ${purge}[run_id]    --format    json
    Should Be Equal As Integers    ${result.rc}    6    two sessions were there again
    ${rest} =    Data Of    ${result.stdout}
    Should Be Equal As Integers    ${rest}[restored]    8
    ${after} =    Every Row    ${URL}
    Should Be Equal    ${before}    ${after}
    Run Agents    cleanup    log    --verify

Cron Reads Why It Stopped
    Fill With Stale Sessions    ${URL}    number=${10}
    ${result} =    Try Agents    @{PURGE}    @{QUICK}    --quiet
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    Should Be Empty    ${result.stdout}
    Should End With    ${result.stderr}    3 chunks with 10 sessions of 10 purged. Stopped: nothing is left.

Ctrl C In The Pause Keeps What Is Done, And The Same Command Goes On
    Stop In The Pause After One Chunk    SIGINT
    ${stopped} =    Ended Run    expected_rc=130
    Should Contain    ${stopped.stderr}    1 chunk with 4 sessions of 10 purged
    Should Contain    ${stopped.stderr}    give the same command again
    Should Not Contain    ${stopped.stderr}    Traceback
    The Same Command Should Go On

A Killed Run Keeps What Is Done, And The Same Command Goes On
    Stop In The Pause After One Chunk    SIGKILL
    Ended Run    expected_rc=-9
    The Same Command Should Go On

Two Runs In Chunks Do Not Mix
    Fill With Stale Sessions    ${URL}    number=${10}
    Start Process    ${AGENTS}    @{PURGE}    @{PACED}    cwd=${FOLDER}    alias=run
    ...    stdout=${FOLDER}/out    stderr=${FOLDER}/err
    Wait Until Chunks Are Done    ${URL}    number=${1}
    Answer Should Be A Refusal    run_at_work    7    @{PURGE}    @{QUICK}
    Nothing Should Have Been Deleted    sessions=6    messages=60
    Send Signal To Process    SIGINT    run
    Ended Run    expected_rc=130
    The Same Command Should Go On

Others Write In The Pause
    Fill With Stale Sessions    ${URL}    number=${10}
    Start Process    ${AGENTS}    @{PURGE}    --chunk    4    --pause    3s    --format    json
    ...    cwd=${FOLDER}    alias=run    stdout=${FOLDER}/out    stderr=${FOLDER}/err
    Wait Until Chunks Are Done    ${URL}    number=${1}
    ${used} =    Newest Remaining Session
    Run Agents    session    append    ${used}    still here    --role    user
    ${ended} =    Ended Run    expected_rc=6
    ${purge} =    Data Of    ${ended.stdout}
    Should Be Equal    ${purge}[skipped]    ${{[dict(session_id=$used, reason='used')]}}
    Should Be Equal As Integers    ${purge}[purged]    9
    Nothing Should Have Been Deleted    sessions=1    messages=11

What Would Take Too Long Is Refused With The Command That Fits
    Fill With Stale Sessions    ${URL}    number=${BIG}
    ${result} =    Try Agents    @{PURGE}    --max-lock    50ms
    Should Be Equal As Integers    ${result.rc}    5    ${result.stdout}\n${result.stderr}
    Nothing Should Have Been Deleted    sessions=${BIG}    messages=${BIG * 10}
    ${allowed} =    Command That Would Allow It    ${result.stderr}
    Should Start With    ${allowed}    agents cleanup --max-purge 100% --max-lock 50ms --chunk${SPACE}


*** Keywords ***
Stop In The Pause After One Chunk
    [Arguments]    ${signal}
    Fill With Stale Sessions    ${URL}    number=${10}
    Start Process    ${AGENTS}    @{PURGE}    @{PACED}    cwd=${FOLDER}    alias=run
    ...    stdout=${FOLDER}/out    stderr=${FOLDER}/err
    Wait Until Chunks Are Done    ${URL}    number=${1}
    Send Signal To Process    ${signal}    run

Ended Run
    [Arguments]    ${expected_rc}
    ${result} =    Wait For Process    run    timeout=60s
    Should Be Equal As Integers    ${result.rc}    ${expected_rc}    ${result.stdout}\n${result.stderr}
    RETURN    ${result}

The Same Command Should Go On
    Nothing Should Have Been Deleted    sessions=6    messages=60
    Wait Until Nobody Is Connected    ${URL}
    ${purge} =    Ask Agents    @{PURGE}    @{QUICK}
    Should Be Equal As Integers    ${purge}[purged]    6
    Should Be Equal    ${purge}[chunks]    ${{dict(done=2, before=1, stopped=None)}}
    Chunks Should Have Purged    ${purge}[run_id]    4    4    2
    Nothing Should Have Been Deleted    sessions=0    messages=0
    No Run Should Be At Work
    Run Should Be Undone Whole    ${purge}[run_id]

Run Should Be Undone Whole
    [Arguments]    ${run}
    Run Agents    cleanup    log    --verify
    ${restore} =    Ask Agents    cleanup    restore    ${run}
    Should Be Equal As Integers    ${restore}[restored]    10

Chunks Should Have Purged
    [Documentation]    Read the ledger, and see so many sessions in each entry of the run.
    [Arguments]    ${run}    @{sessions}
    ${log} =    Ask Agents    cleanup    log    --all
    ${told} =    Sessions Of Chunks    ${log}    ${run}
    ${told} =    Evaluate    [str(number) for number in $told]
    Should Be Equal    ${told}    ${sessions}

Newest Remaining Session
    ${left} =    Remaining Sessions
    RETURN    ${left}[-1]

No Run Should Be At Work
    [Documentation]    The file by which runs keep each other away is gone.
    @{files} =    List Files In Directory    ${FOLDER}    pattern=*.run
    Should Be Empty    ${files}
