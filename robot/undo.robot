*** Settings ***
Documentation    A purge is undone from its archive: every row is back as it was.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
A Restore Brings Back What A Purge Took
    [Tags]    wheel
    ${before} =    Everything There Is
    ${purge} =    Ask Agents    cleanup
    Nothing Should Have Been Deleted    sessions=1    messages=7
    ${archives} =    Ask Agents    cleanup    archives
    Should Be Equal    ${archives}[archives][0][run_id]    ${purge}[run_id]
    Should Be Equal As Integers    ${archives}[archives][0][sessions]    3
    Should Be Equal    ${archives}[archives][0][sha256]    ${purge}[archive][sha256]
    ${restore} =    Ask Agents    cleanup    restore    ${purge}[run_id]
    Should Be Equal As Integers    ${restore}[restored]    3
    Should Be Equal As Integers    ${restore}[messages]    15
    ${after} =    Everything There Is
    Should Be Equal    ${before}    ${after}

The Purge Itself Says How To Undo It
    ${said} =    Run Agents    cleanup
    ${undo} =    Words Beside    ${said}    Undo
    Should Start With    ${undo}    agents cleanup restore${SPACE}
    ${result} =    Run In Shell    ${{$undo.replace('agents', $AGENTS, 1)}}
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    Nothing Should Have Been Deleted    sessions=4    messages=22

A Dry Run Of A Restore Changes Nothing
    ${purge} =    Ask Agents    cleanup
    ${restore} =    Ask Agents    cleanup    restore    ${purge}[run_id]    --dry-run
    Should Be Equal As Integers    ${restore}[restorable]    3
    Should Be Equal As Integers    ${restore}[restored]    0
    Nothing Should Have Been Deleted    sessions=1    messages=7

One Session Comes Back Alone
    ${before} =    Run Agents    session    export    forgotten
    ${purge} =    Ask Agents    cleanup
    ${run} =    Evaluate    $purge["run_id"][:16]
    Ask Agents    cleanup    restore    ${run}    --session    forgotten
    ${left} =    Remaining Sessions
    Should Be Equal    ${left}    ${{['forgotten', 'yesterday']}}
    ${after} =    Run Agents    session    export    forgotten
    Documents Should Hold The Same    ${before}    ${after}

A Session That Exists Again Is Left As It Is
    ${purge} =    Ask Agents    cleanup
    Write Session File    ${FOLDER}/again    forgotten    idle_days=2    messages=1
    Run Agents    session    import    ${FOLDER}/again
    ${result} =    Try Agents    cleanup    restore    ${purge}[run_id]    --format    json
    Should Be Equal As Integers    ${result.rc}    6
    ${restore} =    Data Of    ${result.stdout}
    Should Be Equal    ${restore}[skipped]    ${{[dict(session_id='forgotten', reason='exists')]}}
    Should Be Equal As Integers    ${restore}[restored]    2
    Nothing Should Have Been Deleted    sessions=4    messages=11

A Damaged Archive Restores Nothing
    ${purge} =    Ask Agents    cleanup
    Damage One Byte    ${FOLDER}    ${purge}[archive][file]
    Answer Should Be A Refusal    archive_refused    1    cleanup    restore    ${purge}[run_id]
    Nothing Should Have Been Deleted    sessions=1    messages=7

Without An Archive There Is Nothing To Restore
    ${purge} =    Ask Agents    cleanup    --no-archive
    Should Be Equal    ${purge}[archive]    ${NONE}
    ${archives} =    Ask Agents    cleanup    archives
    Should Be Empty    ${archives}[archives]
    Answer Should Be A Refusal    no_archive    3    cleanup    restore    ${purge}[run_id]

An Archive That Cannot Be Written Deletes Nothing
    Create File    ${FOLDER}/occupied
    Set Environment Variable    CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER    ${FOLDER}/occupied
    Answer Should Be A Refusal    archive_unwritable    1    cleanup
    Nothing Should Have Been Deleted    sessions=4    messages=22

An Archive Expires With A Later Purge
    ${first} =    Ask Agents    cleanup    --only    stale
    Sleep    1100ms    the archive gets older than a second
    ${second} =    Ask Agents    cleanup    --archive-retention    1s
    Should Be Equal    ${second}[expired_archives]    ${{[$first["archive"]["file"]]}}
    ${archives} =    Ask Agents    cleanup    archives
    ${runs} =    Evaluate    [each["run_id"] for each in $archives["archives"]]
    Should Be Equal    ${runs}    ${{[$second["run_id"]]}}
    Answer Should Be A Refusal    no_archive    3    cleanup    restore    ${first}[run_id]


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages

Everything There Is
    [Documentation]    The list and the exports that the program gives, and every row past the program.
    ${list} =    Ask Agents    session    list    --limit    1000
    @{ids} =    Ids Of    ${list}[sessions]
    VAR    @{exports} =    @{EMPTY}
    FOR    ${id}    IN    @{ids}
        ${document} =    Run Agents    session    export    ${id}
        ${lasting} =    What Lasts Of    ${document}
        Append To List    ${exports}    ${lasting}
    END
    ${rows} =    Every Row    ${URL}
    RETURN    ${{[$list, $exports, $rows]}}

Documents Should Hold The Same
    [Arguments]    ${one}    ${other}
    ${one} =    What Lasts Of    ${one}
    ${other} =    What Lasts Of    ${other}
    Should Be Equal    ${one}    ${other}
