*** Settings ***
Documentation    The main job: find the sessions nobody will come back to, see which and why, remove them.

Resource         agents.resource

Test Setup       Start With Sessions Of Every Kind
Test Teardown    Leave The Place


*** Variables ***
@{GONE}     forgotten    silent    untouched
@{KEPT}     draft    talk    yesterday
@{NAMES}    @{GONE}    @{KEPT}


*** Test Cases ***
Dry Run, Cleanup And List Agree In JSON
    [Tags]    wheel
    ${dry_run} =    Ask Agents    cleanup    --dry-run
    ${purge} =    Ask Agents    cleanup
    ${left} =    Ask Agents    session    list
    Answer Should Name The Candidates    ${dry_run}
    Answer Should Name The Candidates    ${purge}
    Should Be Equal    ${dry_run}[by_reason]    ${purge}[by_reason]
    Should Be Equal As Integers    ${dry_run}[purged]    0
    Should Be Equal As Integers    ${purge}[purged]    3
    Should Be Equal As Integers    ${purge}[messages]    15
    Should Be Equal As Integers    ${left}[total]    ${{$purge["scanned"] - $purge["purged"]}}
    Nothing Should Have Been Deleted    sessions=3    messages=8

Dry Run, Cleanup And List Agree In Plain
    [Tags]    wheel
    Dry Run, Cleanup And List Should Agree In    plain

Dry Run, Cleanup And List Agree In Rich
    [Tags]    wheel
    Dry Run, Cleanup And List Should Agree In    rich

A Dry Run Changes Nothing
    ${before} =    Remaining Sessions
    Run Agents    cleanup    --dry-run
    ${after} =    Remaining Sessions
    Should Be Equal    ${before}    ${after}
    Nothing Should Have Been Deleted    sessions=6    messages=23

A Second Cleanup Finds Nothing
    Run Agents    cleanup
    ${second} =    Ask Agents    cleanup
    Should Be Equal As Integers    ${second}[candidates]    0
    Should Be Equal As Integers    ${second}[scanned]    3

Explain Says The Same As The Cleanup
    ${forgotten} =    Ask Agents    cleanup    explain    forgotten
    ${yesterday} =    Ask Agents    cleanup    explain    yesterday
    Should Be Equal    ${forgotten}[verdict]    purge
    Should Be Equal    ${forgotten}[reasons]    ${{['stale']}}
    Should Be Equal    ${yesterday}[verdict]    keep

A Pinned Session Outlives A Cleanup
    Run Agents    session    pin    forgotten
    ${purge} =    Ask Agents    cleanup
    ${left} =    Remaining Sessions
    Should Be Equal As Integers    ${purge}[protected][pinned]    1
    List Should Contain Value    ${left}    forgotten
    List Should Not Contain Value    ${left}    untouched


*** Keywords ***
Start With Sessions Of Every Kind
    Start In A Fresh Place Without Tables
    Run Agents    db    upgrade
    Import Session Files Of Different Ages
    Create A Session    --name    draft
    ${talk} =    Create A Session    --name    talk
    Run Agents    session    append    ${talk}    Hello there    --role    user

Answer Should Name The Candidates
    [Arguments]    ${data}
    ${ids} =    Ids Of    ${data}[sessions]
    Should Be Equal    ${ids}    ${GONE}
    Should Be Equal As Integers    ${data}[scanned]    6
    Should Be Equal As Integers    ${data}[candidates]    3
    Should Be Equal    ${data}[by_reason]    ${{dict(stale=2, empty=1, orphaned=0)}}

Dry Run, Cleanup And List Should Agree In
    [Arguments]    ${format}
    ${dry_run} =    Run Agents    cleanup    --dry-run    --format    ${format}
    ${purge} =    Run Agents    cleanup    --format    ${format}
    ${left} =    Run Agents    session    list    --format    ${format}
    A Person Should Read The Candidates    ${dry_run}    To purge
    A Person Should Read The Candidates    ${purge}    Purged
    ${names} =    Names Among    ${left}    ${NAMES}
    Should Be Equal    ${names}    ${KEPT}
    Should Contain    ${left}    3 sessions

A Person Should Read The Candidates
    [Arguments]    ${answer}    ${heading}
    ${names} =    Names Among    ${answer}    ${NAMES}
    Should Be Equal    ${names}    ${GONE}
    ${scanned} =    Figure Beside    ${answer}    Scanned
    ${candidates} =    Figure Beside    ${answer}    ${heading}
    ${kept} =    Figure Beside    ${answer}    Kept
    Should Be Equal    ${{[$scanned, $candidates, $kept]}}    ${{[6, 3, 3]}}
