"""Sessions, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cleveragents.cli.answer import Answer, Note, records
from cleveragents.cli.text import bytes_shown, counted, shown, shown_lines
from cleveragents.cli.views.layout import facts, or_dash, sentence, table
from cleveragents.domain.document import record_of_message, record_of_session
from cleveragents.domain.duration import describe_age, format_duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.application.services.session_service import Deletion, Details
    from cleveragents.application.services.transfer_service import Imported
    from cleveragents.domain.session import Message, Session

_NEEDS_A_LOOK = 6
_NOT_DONE = 1
_CONTENT_SHOWN = 2_000


def changed(session: Session, what: str) -> Answer:
    return Answer(
        data={"session": record_of_session(session)},
        draw=lambda _rich: [sentence(f"{what} {session.session_id}")],
    )


def appended(session: Session, message: Message) -> Answer:
    return Answer(
        data={"session": record_of_session(session), "message": record_of_message(message)},
        draw=lambda _rich: [sentence(f"Appended message {message.sequence} to {session.session_id}")],
    )


def shown_in_full(details: Details, now: datetime) -> Answer:
    return Answer(
        data={
            "session": record_of_session(details.session),
            "messages": records(details.messages, record_of_message),
            "children": details.children,
        },
        draw=lambda rich: _in_full(details, now, rich=rich),
    )


def _in_full(details: Details, now: datetime, *, rich: bool) -> Iterator[RenderableType]:
    session = details.session
    yield facts(
        [
            ("Session", session.session_id),
            ("Name", or_dash(session.name)),
            ("Actor", or_dash(session.actor_name)),
            ("Namespace", session.namespace),
            ("Source", session.source),
            ("Parent", or_dash(session.parent_session_id)),
            ("Children", f"{details.children:,}"),
            ("Created", _moment(session.created_at)),
            (
                "Last accessed",
                f"{_moment(session.last_accessed_at)}, {describe_age(now - session.last_accessed_at)} ago",
            ),
            ("Messages", f"{session.message_count:,}"),
            ("Size", bytes_shown(session.content_bytes)),
            ("Tokens", f"{session.input_tokens:,} in, {session.output_tokens:,} out"),
            (
                "Stale after",
                format_duration(session.stale_after) if session.stale_after else "as the policy says",
            ),
            ("Pinned", _moment(session.pinned_at)),
            ("Leased until", _moment(session.lease_expires_at)),
            ("Metadata", json.dumps(dict(session.metadata), ensure_ascii=False) if session.metadata else "-"),
        ]
    )
    for message in details.messages:
        yield sentence(
            f"\n#{message.sequence} {message.role.value}, {_moment(message.created_at)}",
            "bold" if rich else "",
        )
        yield sentence(_beginning(message.content))


def _beginning(content: str) -> str:
    more = len(content) - _CONTENT_SHOWN
    rest = f"\n… and {counted(more, 'more character')}; an export has them all" if more > 0 else ""
    return shown_lines(content[:_CONTENT_SHOWN]) + rest


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "-"


def deletion_question(deletion: Deletion) -> str:
    return f"Delete {_what_goes(deletion)} for good?"


def deletion_declined(deletion: Deletion) -> Answer:
    return Answer(
        data={**_deletion(deletion), "deleted": False},
        draw=lambda _rich: [sentence("Nothing was deleted: the answer was no.")],
        status="warn",
        exit_code=_NOT_DONE,
    )


def deleted(deletion: Deletion) -> Answer:
    return Answer(
        data={**_deletion(deletion), "deleted": True},
        draw=lambda _rich: [sentence(f"Deleted {_what_goes(deletion)}.")],
    )


def _deletion(deletion: Deletion) -> dict[str, Any]:
    return {
        "session": record_of_session(deletion.session),
        "messages": deletion.messages,
        "content_bytes": deletion.content_bytes,
        "orphans": deletion.orphans,
    }


def _what_goes(deletion: Deletion) -> str:
    session = deletion.session
    name = f" “{shown(session.name)}”" if session.name else ""
    orphans = f", making orphans of {counted(deletion.orphans, 'session')}" if deletion.orphans else ""
    return (
        f"session {session.session_id}{name} with {counted(deletion.messages, 'message')} "
        f"({bytes_shown(deletion.content_bytes)}){orphans}"
    )


def exported(session: Session, path: Path) -> Answer:
    what = f"{session.session_id} with {counted(session.message_count, 'message')}"
    return Answer(
        data={"session": record_of_session(session), "path": str(path)},
        draw=lambda _rich: [sentence(f"Exported {what} to {shown(str(path))}")],
    )


def exported_inline(session: Session, pieces: Sequence[str]) -> Answer:
    """The first piece of an export is all that stands before its messages, the last one all after them."""
    document = json.loads(pieces[0] + pieces[-1])
    document["messages"] = records(pieces[1:-1], lambda piece: json.loads(piece.removeprefix(",")))
    return Answer(data={"session": record_of_session(session), "document": document}, draw=lambda _rich: [])


def exported_as_it_is(write: Callable[[TextIO], None]) -> Answer:
    return Answer(data={}, draw=lambda _rich: [], write=write)


def imported(result: Imported) -> Answer:
    failures = [
        {"path": str(failure.path), "code": failure.error.code, "message": failure.error.message}
        for failure in result.failures
    ]

    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        only = f" as {result.only.session_id}" if result.only else ""
        messages = counted(result.messages, "message")
        yield sentence(f"Imported {counted(result.sessions, 'session')} with {messages}{only}.")
        if result.failures:
            yield sentence(f"Not imported: {counted(len(result.failures), 'file')}", "bold" if rich else "")
            yield table(("File", "Why"), ((f.path.name, f.error.message) for f in result.failures), rich=rich)

    return Answer(
        data={
            "imported": result.sessions,
            "messages": result.messages,
            "failures": failures,
            **({"session": record_of_session(result.only)} if result.only else {}),
        },
        draw=draw,
        status="warn" if failures else "ok",
        exit_code=_NEEDS_A_LOOK if failures else 0,
        notes=(Note(f"{counted(len(failures), 'file')} could not be imported.", "warn"),) if failures else (),
    )
