"""Reading answers: one JSON document, or what a person sees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from robot.api.deco import keyword


@keyword
def data_of(document: str) -> Any:
    """Return what the answer holds; fails unless it is one valid document in the envelope."""
    answer = json.loads(document)
    assert set(answer) >= {"command", "status", "exit_code", "data", "timing", "messages"}, sorted(answer)
    return answer["data"]


@keyword
def ids_of(sessions: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(session["session_id"] for session in sessions)


@keyword
def names_among(text: str, known: Sequence[str]) -> list[str]:
    """Return those of the known names that a person can read in the text."""
    return sorted(name for name in known if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


@keyword
def figure_beside(text: str, heading: str) -> int:
    """Return the number on the line that begins with the heading."""
    found = re.search(rf"^\W*{re.escape(heading)}\s+([\d,]+)", text, re.MULTILINE)
    assert found, f"No line begins with {heading!r} in:\n{text}"
    return int(found[1].replace(",", ""))


@keyword
def words_beside(text: str, heading: str) -> str:
    """Return what follows the heading on its line."""
    found = re.search(rf"^\W*{re.escape(heading.lstrip('→ '))}\s+(\S.*)$", text, re.MULTILINE)
    assert found, f"No line begins with {heading!r} in:\n{text}"
    return found[1].strip()


@keyword
def sessions_of_chunks(log: dict[str, Any], run: str) -> list[int]:
    """Return how many sessions each chunk of a run purged, oldest first, as the ledger tells it."""
    entries = (each for each in reversed(log["runs"]) if each["run_id"].startswith(f"{run}."))
    return [each["sessions"] for each in entries]


@keyword
def command_that_would_allow_it(complaint: str) -> str:
    """Return the command that a refusal gives."""
    found = re.search(r"To allow it: (.+)$", complaint, re.MULTILINE)
    assert found, f"No command is given in:\n{complaint}"
    return found[1]


@keyword
def what_lasts_of(exported: str) -> Any:
    """Return an exported document without the moment at which it was exported."""
    document = json.loads(exported)
    return {name: value for name, value in document.items() if name not in ("exported_at", "checksum")}
