*** Settings ***
Documentation    Several processes on one database, and one that is stopped in the middle.

Resource         agents.resource

Test Setup       Start In A Fresh Place
Test Teardown    Leave The Place


*** Test Cases ***
Ctrl C In The Middle Of A Purge Deletes Nothing
    Fill With Stale Sessions    ${URL}    number=${BIG}
    Start Process    ${AGENTS}    cleanup    --max-purge    100%    cwd=${FOLDER}    alias=purge
    ...    stdout=${FOLDER}/out    stderr=${FOLDER}/err
    Wait Until Somebody Deletes    ${URL}
    Send Signal To Process    SIGINT    purge
    ${result} =    Wait For Process    purge    timeout=60s
    Should Be Equal As Integers    ${result.rc}    130    ${result.stdout}\n${result.stderr}
    Should Contain    ${result.stderr}    nothing was changed    ignore_case=True
    Nothing Should Have Been Deleted    sessions=${BIG}    messages=${BIG * 10}

A Cleanup After An Interrupted One Does The Work
    Fill With Stale Sessions    ${URL}    number=${BIG}
    Start Process    ${AGENTS}    cleanup    --max-purge    100%    cwd=${FOLDER}    alias=purge
    ...    stdout=${FOLDER}/out    stderr=${FOLDER}/err
    Wait Until Somebody Deletes    ${URL}
    Send Signal To Process    SIGKILL    purge
    Wait For Process    purge    timeout=60s
    Nothing Should Have Been Deleted    sessions=${BIG}    messages=${BIG * 10}
    @{left_over} =    Archive Files    ${FOLDER}
    Should Not Be Empty    ${left_over}
    ${purge} =    Ask Agents    cleanup    --max-purge    100%
    Should Be Equal As Integers    ${purge}[purged]    ${BIG}
    Nothing Should Have Been Deleted    sessions=0    messages=0
    @{kept} =    Archive Files    ${FOLDER}
    Should Be Equal    ${kept}    ${{[$purge["archive"]["file"]]}}

Two Purges At Once Delete Nothing Twice
    Fill With Stale Sessions    ${URL}    number=${3000}
    Hold Write Lock    ${URL}
    Set Environment Variable    CLEVERAGENTS_DATABASE_BUSY_TIMEOUT    60s
    @{purges} =    Start Together    2    ${AGENTS}    cleanup    --max-purge    100%    --format    json
    Sleep    2 seconds    both have scanned, or wait to
    Release Write Lock
    @{results} =    Wait For All    ${purges}
    Purges Should Reconcile    ${results}    3000
    Nothing Should Have Been Deleted    sessions=0    messages=0

Twenty Processes Append To One Session
    Set Environment Variable    CLEVERAGENTS_DATABASE_BUSY_TIMEOUT    60s
    ${id} =    Create A Session    --name    busy
    @{appends} =    Start Together    20    ${AGENTS}    session    append    ${id}    hello    --role
    ...    user
    @{results} =    Wait For All    ${appends}
    ${codes} =    Evaluate    [result.rc for result in $results]
    ${complaints} =    Evaluate    [result.stderr for result in $results if result.rc]
    Should Be Equal    ${codes}    ${{[0] * 20}}    ${complaints}
    ${shown} =    Ask Agents    session    show    ${id}
    Should Be Equal As Integers    ${shown}[session][message_count]    20
    Should Be Equal As Integers    ${shown}[session][content_bytes]    100
    ${numbers} =    Sequence Numbers Of Messages    ${URL}
    Should Be Equal    ${numbers}    ${{list(range(1, 21))}}

A Locked Database Ends In 7 And Changes Nothing
    Fill With Stale Sessions    ${URL}    number=${10}
    Hold Write Lock    ${URL}
    Set Environment Variable    CLEVERAGENTS_DATABASE_BUSY_TIMEOUT    1s
    ${result} =    Try Agents    session    touch    big-1
    Should Be Equal As Integers    ${result.rc}    7    ${result.stderr}
    Release Write Lock
    Nothing Should Have Been Deleted    sessions=10    messages=100


*** Keywords ***
Start Together
    [Documentation]    Start the same command so many times, none waiting for another.
    [Arguments]    ${times}    @{words}
    VAR    @{started} =    @{EMPTY}
    FOR    ${number}    IN RANGE    ${times}
        ${process} =    Start Process    @{words}    cwd=${FOLDER}    stdin=NONE
        ...    stdout=${FOLDER}/out-${number}    stderr=${FOLDER}/err-${number}
        Append To List    ${started}    ${process}
    END
    RETURN    @{started}

Wait For All
    [Arguments]    ${processes}
    VAR    @{results} =    @{EMPTY}
    FOR    ${process}    IN    @{processes}
        ${result} =    Wait For Process    ${process}    timeout=120s
        Append To List    ${results}    ${result}
    END
    RETURN    @{results}

Purges Should Reconcile
    [Documentation]    Each session was purged by one of them; who came too late skipped it or did not see it.
    [Arguments]    ${results}    ${sessions}
    VAR    ${said} =    ${{[(result.rc, result.stdout[:500], result.stderr) for result in $results]}}
    Should Be True    all(result.rc in (0, 6) for result in $results)    ${said}
    VAR    @{data} =    @{EMPTY}
    FOR    ${result}    IN    @{results}
        ${answer} =    Data Of    ${result.stdout}
        Append To List    ${data}    ${answer}
    END
    Should Be Equal As Integers    ${{sum(each['purged'] for each in $data)}}    ${sessions}
    Should Be Equal As Integers    ${{sum(each['messages'] for each in $data)}}    ${{int($sessions) * 10}}
    Should Be True    all(each['candidates'] == each['purged'] + each['skipped_total'] for each in $data)
