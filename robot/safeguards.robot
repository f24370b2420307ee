*** Settings ***
Documentation    What holds a purge back: rehearsals, brakes, and the mode in which nothing is deleted.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
A Rehearsal Counts As The Purge That Follows
    ${before} =    Every Row    ${URL}
    ${rehearsed} =    Ask Agents    cleanup    --rehearse
    ${after} =    Every Row    ${URL}
    Should Be Equal    ${before}    ${after}
    ${archives} =    Ask Agents    cleanup    archives
    Should Be Empty    ${archives}[archives]
    ${purged} =    Ask Agents    cleanup
    FOR    ${figure}    IN    tables    messages    by_reason    dangling_messages    sessions    kept
        Should Be Equal    ${rehearsed}[${figure}]    ${purged}[${figure}]
    END
    Should Be Equal As Integers    ${rehearsed}[purged]    0
    Should Be Equal    ${rehearsed}[tables]    ${{dict(sessions=3, session_messages=15)}}
    Should Not Be Equal    ${rehearsed}[bytes][reusable]    ${NONE}

Too Many Is Refused And The Command Shown Allows It
    ${result} =    Try Agents    cleanup    --max-purge    2
    Should Be Equal As Integers    ${result.rc}    5
    Nothing Should Have Been Deleted    sessions=4    messages=22
    ${remedy} =    Words Beside    ${result.stderr}    → To allow it:
    Should Be Equal    ${remedy}    agents cleanup --max-purge 3
    ${allowed} =    Run In Shell    ${{$remedy.replace('agents', $AGENTS, 1)}}
    Should Be Equal As Integers    ${allowed.rc}    0    ${allowed.stderr}
    Nothing Should Have Been Deleted    sessions=1    messages=7

More Than Half Of Many Is Refused Unless Allowed
    Fill With Stale Sessions    ${URL}    number=${1500}
    Answer Should Be A Refusal    too_many    5    cleanup
    Nothing Should Have Been Deleted    sessions=1504    messages=15022
    ${purge} =    Ask Agents    cleanup    --max-purge    100%
    Should Be Equal As Integers    ${purge}[purged]    1503

A Clock Before The Newest Activity Stops A Purge
    Write Session File    ${FOLDER}/tomorrow    tomorrow    idle_days=-3    messages=1
    Run Agents    session    import    ${FOLDER}/tomorrow
    Answer Should Be A Refusal    clock    5    cleanup
    Nothing Should Have Been Deleted    sessions=5    messages=23
    ${purge} =    Ask Agents    cleanup    --ignore-clock
    Should Be Equal As Integers    ${purge}[purged]    3

Tables That No Archive Keeps Stop A Purge Until They Are Named
    Add Table Of Another Program    ${URL}    notes
    Answer Should Be A Refusal    unarchived_tables    5    cleanup
    Nothing Should Have Been Deleted    sessions=4    messages=22
    ${purge} =    Ask Agents    cleanup    --unarchived-tables    notes
    Should Be Equal As Integers    ${purge}[purged]    3

In Report Mode Nothing Is Ever Deleted
    Set Environment Variable    CLEVERAGENTS_CLEANUP_MODE    report
    ${report} =    Ask Agents    cleanup    --yes
    Should Be Equal    ${report}[outcome]    reported
    Should Be Equal As Integers    ${report}[candidates]    3
    Run Agents    cleanup    --plan-out    plan.json
    ${applied} =    Ask Agents    cleanup    apply    plan.json
    Should Be Equal    ${applied}[outcome]    reported
    Nothing Should Have Been Deleted    sessions=4    messages=22
    ${purge} =    Ask Agents    cleanup    --mode    purge
    Should Be Equal As Integers    ${purge}[purged]    3

A Mistake In A Safeguard Deletes Nothing
    Answer Should Be A Refusal    invalid_settings    2    cleanup    --max-purge    0
    Answer Should Be A Refusal    invalid_settings    2    cleanup    --max-purge    101%
    Answer Should Be A Refusal    usage    2    cleanup    --rehearse    --dry-run
    Nothing Should Have Been Deleted    sessions=4    messages=22


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages
