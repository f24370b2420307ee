*** Settings ***
Documentation    Sessions of other systems, cleaned by the installed command where they are.

Resource         agents.resource
Library          support/foreign_stores.py

Test Setup       Start In A Fresh Place
Test Teardown    Leave The Place

Test Tags        wheel


*** Variables ***
${ADK}    adk-2.13.0-DatabaseSessionService


*** Test Cases ***
The Installed Command Knows Each Kind Of Store
    ${result} =    Try Agents    store    list    --format    json
    ${data} =    Data Of    ${result.stdout}
    VAR    @{kinds} =    cleveragents    adk    claude-code    json    langgraph    openai
    Should Be Equal    ${{[each["kind"] for each in $data["kinds"]]}}    ${kinds}
    Should Be Equal    ${{[each["kind"] for each in $data["kinds"] if each["error"]]}}    ${{[]}}

A Store Of Google ADK Is Cleaned And Put Back
    ${store} =    Make Store As Recorded    ${ADK}    ${FOLDER}
    ${threshold} =    Days Since They Were Recorded
    VAR    @{what} =    --store    ${store}    --stale-after    ${threshold}    --only    stale
    ${before} =    Ask Agents    cleanup    --dry-run    @{what}
    Store Should Be As It Was    ${store}
    ${purge} =    Ask Agents    cleanup    @{what}
    Should Be Equal As Integers    ${purge}[purged]    ${before}[candidates]
    ${left} =    Rows In Store    ${store}    sessions
    Should Be Equal As Integers    ${left}    ${{$purge["scanned"] - $purge["purged"]}}
    Run Agents    cleanup    restore    ${purge}[run_id]    --store    ${store}
    Store Should Be As It Was    ${store}
    Run Agents    cleanup    log    --verify    --store    ${store}
