*** Settings ***
Documentation    The same commands in front of a person, on a real pseudo terminal.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
A Person Who Says Yes Sees The Sessions Go
    ${sitting} =    Sit At Terminal    ${AGENTS}    cleanup    types=yes
    Should Be Equal As Integers    ${sitting.rc}    0    ${sitting.screen}
    Should Contain    ${sitting.screen}    Delete 3 sessions of 4 (75 %) with 15 messages
    Should Contain    ${sitting.screen}    keeping an archive?
    Should Contain    ${sitting.screen}    Purged 3 sessions of 4
    Nothing Should Have Been Deleted    sessions=1    messages=7

A Person Who Says No Keeps Everything
    ${sitting} =    Sit At Terminal    ${AGENTS}    cleanup    types=no
    Should Be Equal As Integers    ${sitting.rc}    1    ${sitting.screen}
    Should Contain    ${sitting.screen}    Nothing was deleted
    Nothing Should Have Been Deleted    sessions=4    messages=22

An Empty Answer Means No
    ${sitting} =    Sit At Terminal    ${AGENTS}    session    delete    yesterday    types=${SPACE}
    Should Be Equal As Integers    ${sitting.rc}    1    ${sitting.screen}
    Nothing Should Have Been Deleted    sessions=4    messages=22

Whoever Said Yes Beforehand Is Not Asked
    ${sitting} =    Sit At Terminal    ${AGENTS}    cleanup    --yes
    Should Be Equal As Integers    ${sitting.rc}    0    ${sitting.screen}
    Should Not Contain    ${sitting.screen}    [y/N]
    Nothing Should Have Been Deleted    sessions=1    messages=7

A Terminal Gets Lines And Colours
    ${sitting} =    Sit At Terminal    ${AGENTS}    cleanup    --dry-run
    Should Contain    ${sitting.screen}    ───
    Should Contain    ${sitting.sent}    \x1b[
    ${names} =    Names Among    ${sitting.screen}    ${{['forgotten', 'untouched', 'silent', 'yesterday']}}
    Should Be Equal    ${names}    ${{['forgotten', 'silent', 'untouched']}}

NO_COLOR Is Obeyed
    VAR    &{environment} =    NO_COLOR=1
    ${sitting} =    Sit At Terminal    ${AGENTS}    demo    --sessions    60    environment=${environment}
    Should Contain    ${sitting.screen}    agents session list
    Should Not Match Regexp    ${sitting.sent}    \x1b\\[[0-9;]*(3|4|9|10)[0-9]

A Name Cannot Command The Terminal
    Run Agents    session    create    --name    [red]bell\x07 \x1b[2Jgone[/red]
    ${sitting} =    Sit At Terminal    ${AGENTS}    session    list
    Should Contain    ${sitting.screen}    [red]bell
    Should Not Contain    ${sitting.sent}    \x1b[2J
    Should Not Contain    ${sitting.sent}    \x07


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages
