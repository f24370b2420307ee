*** Settings ***
Documentation    `agents cleanup watch` as a service: it sweeps, is ended, is killed, is started again.

Resource         agents.resource
Library          support/watching.py

Test Setup       Start In A Fresh Place
Test Teardown    Leave The Place


*** Variables ***
@{OFTEN}    --every    1s    --jitter    0s    --mode    purge    --max-purge    100%
@{DAILY}    --every    24h    --jitter    0s    --mode    purge    --max-purge    100%
@{ONCE}     cleanup    watch    --once    --mode    purge


*** Test Cases ***
A Service Sweeps Again And Again, With One Line In The Log For Each Sweep
    [Tags]    wheel
    Fill With Stale Sessions    ${URL}    number=${10}
    Start Watching    one    @{OFTEN}
    Wait Until Sweeps Ended    ${URL}    number=${3}
    ${ended} =    End Watching    one    SIGTERM
    Nothing Should Have Been Deleted    sessions=0    messages=0
    @{sweeps} =    Sweeps Of    ${URL}
    @{told} =    One Line In The Log For Each    ${sweeps}    ${ended.stderr}
    Should Be Equal    ${{$told[0]["sessions_scanned"]}}    10
    Should Be Equal    ${{$told[0]["sessions_deleted"]}}    10
    Should Be Equal    ${{$told[0]["bytes_freed"]}}    50000
    Should Be Equal    ${{[each["sessions"] for each in $sweeps][:2]}}    ${{[10, 0]}}
    Should Contain    ${ended.stdout}    ${{len($sweeps)}} sweeps, 10 sessions purged with 100 messages

Each Session That Goes Has A Line Where Details Are Asked For
    Fill With Stale Sessions    ${URL}    number=${3}
    Start Watching    one    @{DAILY}    -vv
    Wait Until Sweeps Ended    ${URL}    number=${1}
    ${ended} =    End Watching    one    SIGTERM
    @{told} =    Sessions In Log    ${ended.stderr}
    Should Be Equal    ${told}    ${{[("big-1", 90), ("big-2", 90), ("big-3", 90)]}}

An Idle Service Ends At Once On Ctrl C, With One Document For Machines
    Start Watching    one    @{DAILY}    --format    json
    Wait Until Sweeps Ended    ${URL}    number=${1}
    ${began} =    Get Time    epoch
    ${ended} =    End Watching    one    SIGINT
    ${over} =    Get Time    epoch
    Should Be True    ${over} - ${began} < 4
    ${data} =    Data Of    ${ended.stdout}
    Should Be Equal As Integers    ${data}[sweeps]    1
    Should Be Equal As Integers    ${data}[failures]    0
    Should Be Equal    ${data}[rolled_back]    ${FALSE}

A Service That Was Not Told To Delete Only Reports
    Fill With Stale Sessions    ${URL}    number=${3}
    Start Watching    one    --every    24h    --jitter    0s
    Wait Until Sweeps Ended    ${URL}    number=${1}
    ${ended} =    End Watching    one    SIGTERM
    Nothing Should Have Been Deleted    sessions=3    messages=30
    Should Contain    ${ended.stderr}    Nothing will be deleted: the mode is report
    Should Contain    ${ended.stderr}    sessions_scanned=3 sessions_eligible=3 sessions_deleted=0

What Is At Work When The End Is Asked For Is Completed Within The Grace
    Fill With Stale Sessions    ${URL}    number=${4}
    Let Each Deletion Take    ${URL}    ${0.15}
    Start Watching    one    @{DAILY}    --grace    40s
    Wait Until Somebody Deletes    ${URL}
    ${ended} =    End Watching    one    SIGTERM
    Nothing Should Have Been Deleted    sessions=0    messages=0
    Sweeps Should Have Been    purged
    Should Not Contain    ${ended.stdout}${ended.stderr}    rolled back

What Is Not Completed Within The Grace Is Rolled Back, And Done After The Next Start
    Fill With Stale Sessions    ${URL}    number=${4}
    Let Each Deletion Take    ${URL}    ${0.5}
    Start Watching    one    @{DAILY}    --grace    1s    --max-lock    1m
    Wait Until Somebody Deletes    ${URL}
    ${ended} =    End Watching    one    SIGTERM
    Should Contain    ${ended.stderr}    The sweep at work was rolled back.
    Nothing Should Have Been Deleted    sessions=4    messages=40
    @{kept} =    Archive Files    ${FOLDER}
    Should Be Empty    ${kept}
    Sweeps Should Have Been    interrupted
    The Next Service Should Purge Them
    Sweeps Should Have Been    interrupted    purged

One Service Takes Over From Another That Was Killed, And Every Session Goes Once
    Start Watching    one    @{OFTEN}
    Start Watching    two    @{OFTEN}
    Stale Sessions Should Go    number=${10}
    Kill Between Two Sweeps    one
    Stale Sessions Should Go    number=${7}
    Start Watching    three    @{OFTEN}
    Kill Between Two Sweeps    two
    Stale Sessions Should Go    number=${5}
    End Watching    three    SIGTERM
    ${log} =    Ask Agents    cleanup    log    --all    --verify
    Should Be Equal As Integers    ${{sum(each["sessions"] for each in $log["runs"])}}    22
    @{sweeps} =    Sweeps Of    ${URL}
    Should Be Equal As Integers    ${{sum(each["sessions"] for each in $sweeps)}}    22
    Should Be True    len({each["token"] for each in $sweeps}) == len($sweeps)    no token is given twice

A Pause Reaches A Service At Work, And So Does Its End
    Start Watching    one    @{OFTEN}
    Wait Until Sweeps Ended    ${URL}    number=${1}
    Run Agents    cleanup    pause    --why    the server moves
    Fill With Stale Sessions    ${URL}    number=${4}
    Sleep    2 seconds    sweeps would have come
    Nothing Should Have Been Deleted    sessions=4    messages=40
    Run Agents    cleanup    resume
    Wait Until No Session Is Left    ${URL}
    ${ended} =    End Watching    one    SIGTERM
    @{warned} =    Lines At    ${ended.stderr}    WARNING
    Should Be Equal    ${warned}    ${{["WARNING No sweep why=paused"]}}

A Single Sweep Tells Cron By Its Exit Code
    Fill With Stale Sessions    ${URL}    number=${10}
    Answer Should Be A Refusal    too_many    5    @{ONCE}    --max-purge    3
    Run Agents    cleanup    pause
    Answer Should Be A Refusal    sweeps_stopped    7    @{ONCE}
    Run Agents    cleanup    resume
    Nothing Should Have Been Deleted    sessions=10    messages=100
    ${sweep} =    Ask Agents    @{ONCE}    --max-purge    100%
    Should Be Equal As Integers    ${sweep}[purged]    10
    ${status} =    Ask Agents    cleanup    status    --check
    Should Be Equal    ${status}[last_success][sweep_id]    ${sweep}[run_id]
    ${probe} =    Try Agents    cleanup    status    --check    --database-url    ${URL}    --max-age    1s
    Should Be Equal As Integers    ${probe.rc}    6
    Should Contain    ${probe.stderr}    1s are allowed

A Single Sweep That Is Interrupted And Has No Time Left Is Rolled Back
    Fill With Stale Sessions    ${URL}    number=${4}
    Let Each Deletion Take    ${URL}    ${0.5}
    Start Watching    one    @{DAILY}    --once    --grace    0s    --max-lock    1m
    Wait Until Somebody Deletes    ${URL}
    Send Signal To Process    SIGTERM    one
    ${ended} =    Wait For Process    one    timeout=60s
    Should Be Equal As Integers    ${ended.rc}    130    ${ended.stdout}\n${ended.stderr}
    Should Not Contain    ${ended.stderr}    Traceback
    Nothing Should Have Been Deleted    sessions=4    messages=40
    Sweeps Should Have Been    interrupted


*** Keywords ***
Start Watching
    [Documentation]    Start the service as a process of that name.
    [Arguments]    ${name}    @{options}
    Start Process    ${AGENTS}    cleanup    watch    @{options}    cwd=${FOLDER}    alias=${name}
    ...    stdout=${FOLDER}/${name}.out    stderr=${FOLDER}/${name}.err

End Watching
    [Documentation]    Ask the service to end, which it must do well, and return what it wrote.
    [Arguments]    ${name}    ${signal}
    Send Signal To Process    ${signal}    ${name}
    ${result} =    Wait For Process    ${name}    timeout=60s
    Should Be Equal As Integers    ${result.rc}    0    ${result.stdout}\n${result.stderr}
    Should Not Contain    ${result.stderr}    Traceback
    RETURN    ${result}

One Line In The Log For Each
    [Documentation]    Return what they say; nothing else stands there at INFO but how it began.
    [Arguments]    ${sweeps}    ${log}
    @{told} =    Sweeps In Log    ${log}
    @{lines} =    Lines At    ${log}    INFO
    Should Be Equal    ${{[each["run_id"] for each in $told]}}    ${{[each["sweep_id"] for each in $sweeps]}}
    Should Start With    ${lines}[0]    INFO Sweeping
    Length Should Be    ${lines}    ${{len($sweeps) + 1}}
    RETURN    ${told}

Stale Sessions Should Go
    [Documentation]    Whoever watches purges them.
    [Arguments]    ${number}
    Fill With Stale Sessions    ${URL}    number=${number}
    Wait Until No Session Is Left    ${URL}

The Next Service Should Purge Them
    Let No Deletion Take Long    ${URL}
    Start Watching    next    @{DAILY}
    Wait Until Sweeps Ended    ${URL}    number=${1}
    End Watching    next    SIGINT
    Nothing Should Have Been Deleted    sessions=0    messages=0

Kill Between Two Sweeps
    [Documentation]    In the middle of a sweep its lease would last for another minute.
    [Arguments]    ${name}
    Wait Until A Sweep Has Just Ended    ${URL}
    Send Signal To Process    SIGKILL    ${name}
    Wait For Process    ${name}    timeout=60s

Sweeps Should Have Been
    [Arguments]    @{outcomes}
    @{sweeps} =    Sweeps Of    ${URL}
    Should Be Equal    ${{[each["outcome"] for each in $sweeps]}}    ${outcomes}
