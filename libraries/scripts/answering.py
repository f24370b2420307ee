"""What all scripts share: take requests from standard input, answer each by a line of JSON.

A request is a line `[COMMAND, URL, ABOUT]`. Each opens the library's store anew, in a process that has
loaded the library once, because some take ten seconds to load.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

Commands = Mapping[str, Callable[[Any], Any]]
"""Functions, coroutine functions, or generators of either kind, of which each item is a line."""


def answer_requests(open_store: Callable[[str], Commands]) -> None:
    """Serve until standard input ends; `open_store` gets the URL and gives the commands."""
    for line in sys.stdin:
        command, url, about = json.loads(line)
        try:
            asyncio.run(_answer(open_store, command, url, about))
        except Exception:  # noqa: BLE001 - whoever asked wants to know
            _say({"error": traceback.format_exc()})


async def _answer(open_store: Callable[[str], Commands], command: str, url: str, about: Any) -> None:
    answered = open_store(url)[command](about)
    if inspect.isasyncgen(answered):
        async for item in answered:
            _say({"answer": item})
    elif inspect.isgenerator(answered):
        for item in answered:
            _say({"answer": item})
    else:
        _say({"answer": await answered if inspect.isawaitable(answered) else answered})


def _say(what: Any) -> None:
    print(json.dumps(what), flush=True)
