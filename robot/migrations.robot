*** Settings ***
Documentation    The migrations, from nothing to the newest schema and back.

Resource         agents.resource
Library          support/migrating.py

Test Setup       Start In A Fresh Place Without Tables
Test Teardown    Leave The Place

Test Tags        migrations


*** Test Cases ***
From Nothing To The Newest Schema
    Upgrade To    ${URL}    head
    ${current} =    Ask Agents    db    current
    Should Be Equal    ${current}[current]    ${current}[head]
    Should Be Empty    ${current}[pending]
    ${id} =    Create A Session
    ${left} =    Remaining Sessions
    Should Be Equal    ${left}    ${{[$id]}}

The Tables Are What The Program Describes
    Upgrade To    ${URL}    head
    Models Should Match Tables    ${URL}

Down To Nothing And Up Again
    Upgrade To    ${URL}    head
    ${before} =    Description Of    ${URL}
    Downgrade To    ${URL}    base
    ${nothing} =    Description Of    ${URL}
    Should Be Empty    ${nothing}
    Upgrade To    ${URL}    head
    ${after} =    Description Of    ${URL}
    Should Be Equal    ${before}    ${after}

Every Step Goes Down And Up Again
    Every Revision Should Go Down And Up

Sessions Survive A Migration To The Newest Schema
    ${revisions} =    Revisions In Folder
    Upgrade To    ${URL}    ${revisions}[1]
    Fill With Stale Sessions    ${URL}    number=${5}
    ${refused} =    Try Agents    db    check
    Should Be Equal As Integers    ${refused.rc}    1
    Run Agents    db    upgrade
    Nothing Should Have Been Deleted    sessions=5    messages=50
    Run Agents    db    check

The Program Knows The Revisions In The Folder
    ${folder} =    Revisions In Folder
    ${program} =    Revisions In Program
    Should Be Equal    ${folder}    ${program}

Every Constraint Has A Name
    Upgrade To    ${URL}    head
    ${unnamed} =    Unnamed Constraints    ${URL}
    Should Be Empty    ${unnamed}


*** Keywords ***
Every Revision Should Go Down And Up
    ${revisions} =    Revisions In Folder
    FOR    ${revision}    IN    @{revisions}
        Upgrade To    ${URL}    ${revision}
        ${before} =    Description Of    ${URL}
        Downgrade To    ${URL}    -1
        Upgrade To    ${URL}    ${revision}
        ${after} =    Description Of    ${URL}
        Should Be Equal    ${before}    ${after}
    END
