"""Which data is measured: the options that say so, and filling a database with it."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from databases import Databases
from sample import Layout, Sample

# Beside a message's text: its keys, its share of the session's row and indexes, and the page's slack.
_ROW_BYTES = 400
# The filled database, a copy, and the log of what a purge touches in it.
_COPIES = 3


def add_size_options(
    parser: argparse.ArgumentParser, *, sessions: Sequence[int], layouts: Sequence[str]
) -> None:
    parser.add_argument("--sessions", type=int, nargs="+", default=sessions)
    parser.add_argument("--messages", type=int, default=10, help="messages in each session")
    parser.add_argument("--message-bytes", type=int, default=1024)
    parser.add_argument(
        "--layout", nargs="+", choices=[layout.value for layout in Layout], default=list(layouts)
    )


def samples_asked_for(options: argparse.Namespace) -> Iterator[Sample]:
    for sessions in options.sessions:
        for layout in options.layout:
            yield Sample.taken_now(
                sessions=sessions,
                messages_each=options.messages,
                message_bytes=options.message_bytes,
                layout=Layout(layout),
            )


@contextmanager
def filled(made: Databases, sample: Sample, folder: Path) -> Iterator[None]:
    """Fill the database that is copied; by another process, whose memory is then not carried over."""
    _require_room(sample, folder)
    try:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as other:
            other.submit(fill, made, sample).result()
        yield
    finally:
        made.empty()


def fill(made: Databases, sample: Sample) -> None:
    made.build(sample)


def _require_room(sample: Sample, folder: Path) -> None:
    needed = sample.sessions * sample.messages_each * (sample.message_bytes + _ROW_BYTES) * _COPIES
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise SystemExit(
            f"{sample.sessions:,} sessions need about {needed >> 30} GiB; {folder} has {free >> 30}. "
            "Take fewer, or smaller --message-bytes."
        )
