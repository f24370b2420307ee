"""A demo's steps, one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleveragents.cli.answer import Answer
from cleveragents.cli.text import counted, shown
from cleveragents.cli.views import cleanup, session_list
from cleveragents.cli.views.layout import sentence

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.application.services.demo_service import Demonstration


def demonstrated(demo: Demonstration) -> Answer:
    dry_run = cleanup.scanned(demo.dry_run)
    purge = cleanup.purged(demo.purge, list_candidates=False, show_all=False)
    left = session_list.listed(demo.left, demo.purge.as_of)

    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        style = "bold cyan" if rich else ""
        yield sentence(f"{counted(demo.filled, 'made-up session')} in {shown(demo.url)}\n")
        yield sentence("$ agents cleanup --dry-run", style)
        yield from dry_run.draw(rich)
        yield sentence("\n$ agents cleanup --yes", style)
        yield from purge.draw(rich)
        yield sentence(f"\n$ agents session list --limit {len(demo.left.sessions)}", style)
        yield from left.draw(rich)
        yield sentence(f"\nLook around in it: agents session list --database-url {shown(demo.url)}")

    return Answer(
        data={
            "database_url": demo.url,
            "filled": demo.filled,
            "dry_run": dry_run.data,
            "purge": purge.data,
            "left": left.data,
        },
        draw=draw,
    )
