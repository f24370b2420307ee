*** Settings ***
Documentation    The ledger remembers every run, and shows when somebody edited it.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
Every Run Is In The Ledger
    ${purge} =    Ask Agents    cleanup    --only    stale
    ${restore} =    Ask Agents    cleanup    restore    ${purge}[run_id]
    ${log} =    Ask Agents    cleanup    log
    ${runs} =    Evaluate    [(run["run_id"], run["outcome"], run["sessions"]) for run in $log["runs"]]
    VAR    ${expected} =    ${{[($restore["run_id"], "restored", 2), ($purge["run_id"], "purged", 2)]}}
    Should Be Equal    ${runs}    ${expected}
    Should Be Equal    ${log}[runs][1][policy][only]    ${{['stale']}}
    Should Be Equal    ${log}[runs][1][started_from]    command line
    Should Be Equal    ${log}[ledger_hash]    ${restore}[ledger_hash]

A Dry Run, A Rehearsal And A Plan Leave No Run
    Run Agents    cleanup    --dry-run
    Run Agents    cleanup    --rehearse
    Run Agents    cleanup    --plan-out    plan.json
    ${log} =    Ask Agents    cleanup    log
    Should Be Empty    ${log}[runs]
    Should Be Empty    ${log}[attempts]

A Refused Run Is Remembered Apart
    Try Agents    cleanup    --max-purge    1
    ${log} =    Ask Agents    cleanup    log
    Should Be Empty    ${log}[runs]
    Should Be Equal    ${log}[attempts][0][outcome]    refused
    Should Be Equal    ${log}[attempts][0][code]    too_many

A Ledger As It Was Written Is Verified
    Run Agents    cleanup    --only    stale
    Run Agents    cleanup
    ${log} =    Ask Agents    cleanup    log    --verify
    Should Be Equal As Integers    ${log}[verified][runs]    2
    Should Be Equal As Integers    ${log}[verified][archives]    2
    ${said} =    Run Agents    cleanup    log    --verify
    Should Contain    ${said}    Verified: 2 runs and 2 archives

An Edited Run Is Found
    Run Agents    cleanup
    Change Ledger    ${URL}    UPDATE cleanup_runs SET sessions = 2
    Answer Should Be A Refusal    ledger_tampered    1    cleanup    log    --verify

A Removed Run Is Found
    Run Agents    cleanup    --only    stale
    Run Agents    cleanup
    Change Ledger    ${URL}    DELETE FROM cleanup_runs WHERE position = 2
    Answer Should Be A Refusal    ledger_tampered    1    cleanup    log    --verify

A Damaged Archive Is Found
    ${purge} =    Ask Agents    cleanup
    Damage One Byte    ${FOLDER}    ${purge}[archive][file]
    Answer Should Be A Refusal    ledger_tampered    1    cleanup    log    --verify


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages
