"""Prove an adapter: `python -m cleveragents.conformance MODULE:MAKER` prints one line for each check."""

from __future__ import annotations

import argparse
import sys
import traceback
from importlib import import_module

from cleveragents.conformance.checking import Check, NotApplicableError, checks
from cleveragents.conformance.maker import Maker
from cleveragents.domain.errors import CleverAgentsError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m cleveragents.conformance",
        description="Prove that an adapter does what is asked of one, on stores that its own library makes.",
    )
    parser.add_argument(
        "maker", metavar="MODULE:MAKER", help="an instance of a subclass of Maker, or such a class"
    )
    parser.add_argument(
        "--only", metavar="WORDS", default="", help="run the checks whose names hold these words"
    )
    parser.add_argument("--list", action="store_true", help="name the checks, and run none")
    parser.add_argument("--traceback", action="store_true", help="show where each failure came from")
    asked = parser.parse_args(arguments)
    try:
        maker = _maker(asked.maker)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        parser.error(f"{asked.maker}: {error}")
    chosen = [check for check in checks(maker) if asked.only in check.name]
    if not chosen:
        parser.error(f"no check is called {asked.only!r}")
    if asked.list:
        sys.stdout.writelines(f"{check}\n" for check in chosen)
        return 0
    ends = [_told(check, with_traceback=asked.traceback) for check in chosen]
    passed, failed = ends.count("ok"), ends.count("FAILED")
    sys.stdout.write(f"{passed} passed, {failed} failed, {ends.count('none')} not applicable\n")
    return 1 if failed else 0


def _maker(named: str) -> Maker:
    module, colon, name = named.partition(":")
    if not colon:
        raise ValueError("write MODULE:MAKER")
    if "" not in sys.path:
        sys.path.insert(0, "")
    found = getattr(import_module(module), name)
    maker = found() if isinstance(found, type) else found
    if not isinstance(maker, Maker):
        raise TypeError(f"{name} is no Maker")
    return maker


def _told(check: Check, *, with_traceback: bool) -> str:
    """Run one check and say how it ended."""
    end, why = "ok", ""
    try:
        check()
    except NotApplicableError as error:
        end, why = "none", str(error)
    except Exception as error:  # noqa: BLE001 - whatever an adapter raises is a failure of its own
        end, why = "FAILED", _why(error)
        if with_traceback:
            traceback.print_exception(error, file=sys.stderr)
    sys.stdout.write(f"{end:6}  {check}{f': {why}' if why else ''}\n")
    sys.stdout.flush()
    return end


def _why(error: Exception) -> str:
    if isinstance(error, AssertionError):
        return str(error)
    told = error.message if isinstance(error, CleverAgentsError) else str(error)
    return " ".join(f"{type(error).__name__}: {told}".split())


if __name__ == "__main__":
    sys.exit(main())
