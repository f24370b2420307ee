"""Whether what an answer says in one place is what it says in another."""

from __future__ import annotations

from collections.abc import Iterator

from support.driver import Driver

_EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 7}


def disagreements(driver: Driver) -> list[str]:
    """In JSON or YAML the one document is held against the exit code, in plain the two streams are."""
    if driver.stdout.startswith(("{", "command:")):
        return list(_in_document(driver))
    return list(_in_plain(driver))


def _in_document(driver: Driver) -> Iterator[str]:
    document = driver.answer
    status, code, data = document["status"], document["exit_code"], document["data"]
    levels = {message["level"] for message in document["messages"]}
    if code != driver.exit_code or code not in _EXIT_CODES:
        yield f"the process ended with {driver.exit_code}, the document says {code}"
    if (status == "error") != ("error" in levels):
        yield f"the status is {status}, the messages are of the levels {levels}"
    if status == "ok" and (code or "warn" in levels):
        yield f"the status is ok, the exit code {code}, the messages are of the levels {levels}"
    if status == "error" and not code:
        yield "the status is error, the exit code 0"
    if code and not document["messages"] and not (data and data.get("outcome") == "declined"):
        yield f"the exit code is {code} and no message says why"
    if ("error" in document) != (status == "error"):
        yield f"the status is {status}, and an error is {'there' if 'error' in document else 'missing'}"
    if data and data.get("remaining") and code == 0:
        yield "sessions are still there, and the exit code is 0"
    if driver.stderr:
        yield f"beside the document stands {driver.stderr!r}"


def _in_plain(driver: Driver) -> Iterator[str]:
    has_failed = driver.stderr.startswith("Error: ")
    if has_failed and driver.exit_code == 0:
        yield f"an error is told, and the exit code is 0: {driver.stderr}"
    if driver.exit_code in {2, 3, 4, 5, 7} and not has_failed:
        yield f"the exit code is {driver.exit_code}, and no error is told"
    if driver.exit_code and not driver.stderr and "the answer was no" not in driver.stdout:
        yield f"the exit code is {driver.exit_code}, and nothing says why"
    if driver.exit_code in {2, 3, 4, 5, 7} and driver.stdout:
        yield f"it was refused, and an answer was given: {driver.stdout}"
