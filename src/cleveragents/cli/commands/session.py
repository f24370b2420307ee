"""`agents session`: create, list, show, append, touch, pin, delete, export and import sessions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleveragents.cli import options
from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context
from cleveragents.domain.duration import parse_duration
from cleveragents.domain.errors import InvalidValueError, UsageError
from cleveragents.domain.listing import SortKey
from cleveragents.domain.retention import Reason
from cleveragents.domain.session import DEFAULT_NAMESPACE, DEFAULT_SOURCE, MOST, Role

if TYPE_CHECKING:
    from typing import Any, TextIO

app = typer.Typer(
    no_args_is_help=True, help="Create, list, show, append to, protect, delete and move sessions."
)

MetadataOption = Annotated[
    list[str] | None,
    typer.Option("--metadata", metavar="KEY=VALUE", help="Kept with it; the value may be JSON; repeatable."),
]


@app.command("create")
@answering("session create")
def create(  # noqa: PLR0913 - one parameter for each option
    context: Context,
    *,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    actor: Annotated[str | None, typer.Option(help="Whose it is: [[server:]namespace/]name.")] = None,
    source: Annotated[str, typer.Option(help="What opened it: cli, api, cron, subagent, …")] = DEFAULT_SOURCE,
    namespace: Annotated[str, typer.Option(help="The namespace it belongs to.")] = DEFAULT_NAMESPACE,
    parent: Annotated[
        str | None, typer.Option(metavar="SESSION", help="The session it descends from.")
    ] = None,
    stale_after: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Its own threshold, instead of the policy's.")
    ] = None,
    metadata: MetadataOption = None,
) -> Answer:
    """Create an empty session."""
    from cleveragents.cli.views import session as view

    session = context.sessions.create(
        name=name,
        actor_name=actor,
        source=source,
        namespace=namespace,
        parent=parent,
        stale_after=parse_duration(stale_after) if stale_after is not None else None,
        metadata=_metadata(metadata),
    )
    return view.changed(session, "Created")


@app.command("list")
@answering("session list")
def list_(  # noqa: PLR0913 - one parameter for each option
    context: Context,
    *,
    sort: Annotated[
        SortKey | None,
        typer.Option(
            help="Newest, largest or alphabetical first. Unless chosen, the last accessed first or, with "
            "--expiring-within, what is due soonest."
        ),
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", metavar="", help="Turn the order round.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many to list.")] = 50,
    offset: Annotated[int, typer.Option(min=0, max=MOST, help="How many to leave out first.")] = 0,
    actor: options.Actor = None,
    source: options.Source = None,
    namespace: options.Namespace = None,
    name: options.Name = None,
    stale: Annotated[
        bool, typer.Option("--stale", metavar="", help="Only those past the stale threshold.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", metavar="", help="Only those past the empty threshold.")
    ] = False,
    orphaned: Annotated[
        bool, typer.Option("--orphaned", metavar="", help="Only those past the orphaned threshold.")
    ] = False,
    pinned: Annotated[bool | None, typer.Option(metavar="", help="Only pinned ones, or only others.")] = None,
    parent: Annotated[
        str | None, typer.Option(metavar="SESSION", help="Only children of this session.")
    ] = None,
    expiring_within: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Only those that a purge would not take yet and will within this time if nobody touches "
            "anything, and when.",
        ),
    ] = None,
) -> Answer:
    """List sessions, the last accessed first."""
    from cleveragents.cli.views import session_list as view
    from cleveragents.cli.views.threshold import threshold_notes
    from cleveragents.domain.listing import SessionQuery
    from cleveragents.domain.retention import RetentionPolicy

    within = None if expiring_within is None else parse_duration(expiring_within)

    asked = {Reason.STALE: stale, Reason.EMPTY: empty, Reason.ORPHANED: orphaned}
    having = frozenset(reason for reason, wanted in asked.items() if wanted)
    query = SessionQuery(
        matching=options.filter_from(actor, source, namespace, name),
        having=having,
        # A threshold that has to be worked out first is, only where it is asked for.
        policy=context.policy if having or within else RetentionPolicy(),
        now=context.now,
        parent_session_id=parent,
        pinned=pinned,
        sort=sort,
        reverse=reverse,
        limit=limit,
        offset=offset,
    )
    notes = threshold_notes(query.policy)
    if within is not None:
        return view.expiring(context.expiry.list(query, within), context.now, notes)
    return view.listed(context.sessions.list(query), context.now, notes)


@app.command("show")
@answering("session show")
def show(
    context: Context,
    session: options.SessionId,
    *,
    messages: Annotated[
        int, typer.Option(min=0, max=MOST, help="How many of its newest messages to show.")
    ] = 10,
) -> Answer:
    """Show one session and its newest messages."""
    from cleveragents.cli.views import session as view

    return view.shown_in_full(context.sessions.show(session, messages=messages), context.now)


@app.command("append")
@answering("session append")
def append(  # noqa: PLR0913 - one parameter for each option
    context: Context,
    session: options.SessionId,
    text: Annotated[str, typer.Argument(help="What is said, or - to read it from stdin.")],
    *,
    role: Annotated[Role, typer.Option(help="Who says it.")],
    tool_call_id: Annotated[str | None, typer.Option(help="The tool call it answers.")] = None,
    input_tokens: Annotated[int, typer.Option(min=0, max=MOST, help="Added to the session's count.")] = 0,
    output_tokens: Annotated[int, typer.Option(min=0, max=MOST, help="Added to the session's count.")] = 0,
    metadata: MetadataOption = None,
) -> Answer:
    """Add a message to a session; this counts as using it."""
    from cleveragents.cli.views import session as view

    changed, message = context.sessions.append(
        session,
        role,
        _stdin() if text == "-" else text,
        tool_call_id=tool_call_id,
        metadata=_metadata(metadata),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
    )
    return view.appended(changed, message)


@app.command("touch")
@answering("session touch")
def touch(
    context: Context,
    session: options.SessionId,
    *,
    lease: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Also protect it as in use for this long.")
    ] = None,
) -> Answer:
    """Mark a session as used now."""
    from cleveragents.cli.views import session as view

    duration = parse_duration(lease) if lease is not None else None
    return view.changed(context.sessions.touch(session, lease=duration), "Touched")


@app.command("pin")
@answering("session pin")
def pin(context: Context, session: options.SessionId) -> Answer:
    """Protect a session from every cleanup until it is unpinned."""
    from cleveragents.cli.views import session as view

    return view.changed(context.sessions.pin(session), "Pinned")


@app.command("unpin")
@answering("session unpin")
def unpin(context: Context, session: options.SessionId) -> Answer:
    """End a session's protection by pin."""
    from cleveragents.cli.views import session as view

    return view.changed(context.sessions.unpin(session), "Unpinned")


@app.command("delete")
@answering("session delete")
def delete(context: Context, session: options.SessionId, *, yes: options.Yes = False) -> Answer:
    """Delete one session with its messages. On a terminal it asks first."""
    from cleveragents.cli.views import session as view

    if context.is_interactive and not yes:
        preview = context.sessions.preview_deletion(session)
        if not context.confirm(view.deletion_question(preview)):
            return view.deletion_declined(preview)
        session = preview.session.session_id
    return view.deleted(context.sessions.delete(session))


@app.command("export")
@answering("session export")
def export(context: Context, session: options.SessionId, *, output: options.OutputFile = None) -> Answer:
    """Write a session with all its messages as one JSON document with a checksum."""
    from cleveragents.cli.views import session as view

    if output is not None:
        return view.exported(context.transfer.export_to(session, output), output)
    if context.format.is_for_machines:
        return view.exported_inline(*context.transfer.exported(session))

    from cleveragents.cli.documents import harmless

    def write(stream: TextIO) -> None:
        with context.transfer.exporting(session) as (_, pieces):
            stream.writelines(map(harmless, pieces))

    return view.exported_as_it_is(write)


@app.command("import")
@answering("session import")
def import_(
    context: Context,
    path: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER|-", help="A document, a folder of *.json, or stdin.")
    ],
    *,
    new_id: Annotated[
        bool, typer.Option("--new-id", metavar="", help="Give it a new id instead of its own.")
    ] = False,
) -> Answer:
    """Read exported sessions and plain session files; never overwrites a session."""
    from cleveragents.cli.views import session as view

    transfer = context.transfer
    if str(path) == "-":
        return view.imported(transfer.import_text(_stdin(), new_id=new_id))
    if path.is_dir():
        return view.imported(transfer.import_folder(path, new_id=new_id))
    return view.imported(transfer.import_file(path, new_id=new_id))


def _stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise InvalidValueError("What came in on stdin is not UTF-8 text.") from error


def _metadata(pairs: list[str] | None) -> dict[str, Any]:
    """Read `key=value`; a value that is JSON is taken as JSON, any other as text."""
    import json

    metadata: dict[str, Any] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(
                f"--metadata {pair!r} is not KEY=VALUE.", hints=["For example --metadata ticket=42"]
            )
        if key in metadata:
            raise UsageError(f"--metadata {key!r} is given twice.")
        try:
            metadata[key] = json.loads(value)
        except ValueError:
            metadata[key] = value
    return metadata
