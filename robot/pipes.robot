*** Settings ***
Documentation    Answers that go on to another program, or to nobody.

Resource         agents.resource

Test Setup       Start With Sessions
Test Teardown    Leave The Place


*** Test Cases ***
Head Reads The First Line And Goes
    Fill With Stale Sessions    ${URL}    number=${2000}
    ${result} =    Run In Shell    ${AGENTS} session list --limit 2000 | head -n 1
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    Should Start With    ${result.stdout}    NAME
    Should Be Empty    ${result.stderr}

A Reader Who Leaves Does Not Stop A Cleanup
    Fill With Stale Sessions    ${URL}    number=${2000}
    ${result} =    Run In Shell    ${AGENTS} cleanup --all --max-purge 100% | head -n 1
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    Should Be Empty    ${result.stderr}
    Nothing Should Have Been Deleted    sessions=1    messages=7

JSON Passes Through Another Program
    ${result} =    Run In Shell    ${AGENTS} cleanup --dry-run --format json | python -m json.tool
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    ${data} =    Data Of    ${result.stdout}
    Should Be Equal As Integers    ${data}[candidates]    3

A Refusal Is One JSON Document Too
    ${result} =    Run In Shell    ${AGENTS} cleanup --stale-after 0 --format json | python -m json.tool
    Should Be Equal As Integers    ${result.rc}    2
    ${answer} =    Evaluate    json.loads($result.stdout)
    Should Be Equal    ${answer}[status]    error
    Should Be Equal As Integers    ${answer}[exit_code]    2

Logs Do Not Mix With The Answer
    ${result} =    Run In Shell    ${AGENTS} cleanup -vv --log-format json --format json
    Data Of    ${result.stdout}
    Should Contain    ${result.stderr}    sessions_deleted

Message Text Comes In On Stdin
    ${result} =    Run In Shell
    ...    printf 'Zwei Zeilen\\nund 🇵🇹' | ${AGENTS} session append yesterday - --role user
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    ${shown} =    Ask Agents    session    show    yesterday    --messages    1
    Should Be Equal    ${shown}[messages][0][content]    Zwei Zeilen\nund 🇵🇹

An Export Goes Straight Into An Import
    ${result} =    Run In Shell
    ...    ${AGENTS} session export yesterday | ${AGENTS} session import - --new-id
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    Nothing Should Have Been Deleted    sessions=5    messages=29

Stdout And Stdin Closed From The Start
    ${result} =    Run In Shell    ${AGENTS} cleanup <&- >&-
    Should Be Equal As Integers    ${result.rc}    0    ${result.stderr}
    Nothing Should Have Been Deleted    sessions=1    messages=7


*** Keywords ***
Start With Sessions
    Start In A Fresh Place
    Import Session Files Of Different Ages
