"""Write the reference pages that say what the program itself says; `--check` compares instead.

`reference/cli.md` comes from the commands, `reference/settings.md` from the settings, and
`reference/errors.md` from the tree of errors.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import typer

from cleveragents.cli.app import app
from cleveragents.domain import errors
from cleveragents.domain.duration import format_duration
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.settings.fields import PREFIX, TABLES, Settings
from cleveragents.settings.loading import (
    ENABLED_VARIABLE,
    PROJECT_FILE,
    TEST_PREFIX,
    TTL_VARIABLE,
    USER_FILE,
)

REFERENCE = Path(__file__).resolve().parent / "reference"
GENERATED = "<!-- Made by docs/generate_reference.py from the program. Do not edit. -->\n"
PANELS_OF = {
    "cleanup": ("What is selected", "What holds it back", "How it spares others"),
    "sweep": ("When it sweeps", "What it tells"),
}
COMMON = "Options of every command"

# What the program has no words for. A setting or an error without an entry here stops the generator.
SETTINGS: Mapping[str, str] = {
    "database_url": (
        "Where the sessions live: `sqlite:////folder/file.db` or `postgresql://user:password@host/database`."
    ),
    "database_busy_timeout": "How long to wait for a lock that another process holds.",
    "database_secure_delete": (
        "On SQLite: overwrite what is deleted with zeroes. Slower, but nothing readable stays in the file."
    ),
    "format": "How commands answer. Unset: `rich` on a terminal, `plain` elsewhere.",
    "log_format": "How log lines on stderr look.",
    "cleanup_enabled": (
        "Whether `agents cleanup` may purge. Disabled, it says what it would purge, deletes nothing "
        "and exits 0."
    ),
    "cleanup_stale_after": (
        "A session is stale when it was last accessed longer ago than this. `auto` [works it out]"
        "(../how-to/adaptive.md) from how long sessions lay unused before somebody came back to them."
    ),
    "cleanup_auto_least": "The shortest threshold that `auto` may take.",
    "cleanup_auto_most": (
        "The longest threshold that `auto` may take, which it does wherever the history allows no conclusion."
    ),
    "cleanup_return_rate": (
        "`auto` takes the shortest age at which the share of sessions that were used again is below this."
    ),
    "cleanup_empty_after": (
        "A session without messages is empty when it was last accessed longer ago than this."
    ),
    "cleanup_orphaned_after": (
        "A session whose parent no longer exists is orphaned when it was last accessed longer ago than this."
    ),
    "cleanup_keep_last": "Protect the newest N sessions of each actor.",
    "cleanup_mode": (
        "In the mode `report` nothing is ever deleted: `agents cleanup` and `agents cleanup apply` say what "
        "they would delete, and exit 0."
    ),
    "cleanup_max_purge": (
        "The most sessions that one purge may delete. One of more is refused with exit code 5. "
        "`100%` allows everything that the policy selects."
    ),
    "cleanup_archive": (
        "Whether a purge keeps an archive of what it deletes. Without one it cannot be undone."
    ),
    "cleanup_archive_folder": (
        "Where archives are kept, on the host that runs the purge. It is made by the first purge, for its "
        "user alone."
    ),
    "cleanup_archive_retention": (
        "How long archives are kept. Older ones are removed by the next purge, which says so. After a "
        "pause without runs that is longer than half of this and than 32 days, they stay: the clock may "
        "have leapt."
    ),
    "cleanup_unarchived_tables": (
        "Tables of other programs whose rows may go, or change, with the session that they refer to, "
        "although no archive keeps them. A purge that would touch another such table is refused with exit "
        "code 5."
    ),
    "cleanup_plan_max_age": "How old a saved plan may be when it is applied.",
    "cleanup_max_lock": (
        "The longest that one transaction of a purge may keep those who write waiting. One that would take "
        "longer, as measured on this database, is refused with exit code 5; one that does is rolled back."
    ),
    "cleanup_chunk": (
        "The most sessions that one transaction of a purge deletes; there are as many as it takes. Unset: "
        "all in one."
    ),
    "cleanup_pause": "How long to wait between two chunks.",
    "cleanup_rate": "The most sessions that a purge deletes in a time; it waits between chunks.",
    "cleanup_give_back": (
        "Whether a purge gives the space that it frees back to the disk, after its commit and in small "
        "steps. Otherwise the space stays in the file, for new sessions."
    ),
    "cleanup_store": (
        "Which store a cleanup is about: a name of `[stores]`, or a kind and a location, as in "
        "`adk:sqlite:////folder/session.db`. Unset: the sessions at the database URL."
    ),
    "cleanup_store_books": (
        "The folder in which the runs in foreign stores are remembered, in one file for each, with their "
        "archives beside it."
    ),
    "stores": (
        "Names for stores: a table of lines `NAME = 'KIND:LOCATION'`. `--store` and `cleanup.store` take "
        "them, and `agents store list` shows them."
    ),
    "sweep_every": "How often `agents cleanup watch` sweeps.",
    "sweep_at": "At what time of day it does, on its host's clock; the interval is then one of whole days.",
    "sweep_jitter": (
        "How long a host waits at most on top of that, so that many hosts do not look at once. It is never "
        "more than half the interval."
    ),
    "sweep_grace": "How long a sweep at work may go on after SIGTERM or Ctrl-C before it is rolled back.",
    "sweep_lease": (
        "After how long other hosts take over from one that died while it swept. It is never less than three "
        "times `cleanup_max_lock`."
    ),
    "sweep_stop_file": "While there is a file of this name, no sweep begins.",
    "sweep_metrics_port": (
        "Where `agents cleanup watch` shows [metrics](../how-to/monitoring.md) for Prometheus, under "
        "`/metrics`. With `--once` it is not used."
    ),
    "sweep_metrics_address": (
        "The address of that port. Anybody who reaches it can read the metrics; `0.0.0.0` is every address "
        "of the host."
    ),
    "sweep_metrics_file": (
        "Where it writes the same metrics, for the text folder of node exporter: after each sweep, and "
        "every minute. They are written under another name and renamed. Counters go on where the file's "
        "end. Where it cannot be written, sweeps go on."
    ),
}
DEFAULTS: Mapping[str, str] = {
    "database_url": "`sessions.db` in the user's data folder",
    "format": "unset",
    "cleanup_keep_last": "unset",
    "cleanup_store": "unset",
    "cleanup_store_books": "`stores` in the user's data folder",
    "stores": "none",
    "cleanup_max_purge": "half of all sessions, or 1,000, whichever is more",
    "cleanup_archive_folder": (
        "beside a SQLite database, with `.archives` after its name; for PostgreSQL, `archives` in the "
        "user's data folder"
    ),
    "cleanup_unarchived_tables": "none",
    "cleanup_max_lock": "unset",
    "cleanup_chunk": "unset",
    "cleanup_pause": "unset",
    "cleanup_rate": "unset",
    "sweep_at": "unset",
    "sweep_stop_file": "the name of an embedded database with `.stop`; unset for a server",
    "sweep_metrics_port": "unset",
    "sweep_metrics_file": "unset",
}
ALLOWED: Mapping[str, str] = {
    "cleanup_stale_after": "a duration, or `auto`",
    "cleanup_return_rate": "a percentage above 0% and up to 100%: `1%`, `0.5%`",
    "cleanup_keep_last": "a whole number from 1 upwards",
    "cleanup_max_purge": "a whole number of sessions, or a whole percentage of all: `5000`, `80%`",
    "cleanup_unarchived_tables": "names with commas between; in files also a list",
    "cleanup_archive_folder": "the whole path of a folder; `~` is the user's home",
    "cleanup_max_lock": "a duration, down to `1ms`",
    "cleanup_chunk": "a whole number from 1 upwards",
    "cleanup_pause": "a duration, down to `1ms`",
    "cleanup_rate": "a whole number of sessions and `/s`, `/m` or `/h`: `500/s`",
    "sweep_at": "hours and minutes: `04:00`",
    "sweep_jitter": "a duration, or `0s` for none",
    "cleanup_store": "a name of `[stores]`, `KIND:LOCATION`, or a kind alone",
    "cleanup_store_books": "the whole path of a folder; `~` is the user's home",
    "stores": "a table",
    "sweep_stop_file": "the whole path of a file; `~` is the user's home",
    "sweep_metrics_port": "a whole number from 1 to 65535",
    "sweep_metrics_address": "an address or a name of this host",
    "sweep_metrics_file": "the whole path of a file that ends in `.prom`; `~` is the user's home",
}
ERRORS: Mapping[str, str] = {
    "error": "A defect in the program; the traceback is on stderr.",
    "usage": (
        "The words of the command cannot be taken: an unknown option, a missing argument, a blank value."
    ),
    "invalid_duration": (
        "A duration without a unit, with an unknown unit, of zero, or longer than a hundred years."
    ),
    "invalid_policy": "A retention policy that would protect nothing, or select nothing.",
    "invalid_value": "A session, a message or a filter that cannot exist as asked for.",
    "invalid_settings": "A settings file or a variable that cannot be read, is unknown or has a bad value.",
    "session_not_found": "No session has this id or an id that starts with it.",
    "file_not_found": "The file or folder to import does not exist.",
    "ambiguous_session": "Several session ids start with this. In JSON, `error.matches` lists them.",
    "session_exists": "A session with the id to import exists already; it was left as it is.",
    "messages_left": (
        "A removed session with the id to import left messages behind, which the new one would inherit. "
        "`agents cleanup --only dangling` removes those that are recorded and past `orphaned_after`."
    ),
    "expiry_hook": "The hook that is told of expiring sessions failed; those sessions come again.",
    "lease_lost": (
        "A sweep went on for longer than its lease, because its process was paused for instance; what it had "
        "not committed was rolled back."
    ),
    "sweep_at_work": "Another process sweeps this database.",
    "sweeps_stopped": "Sweeps are paused, or the stop file is there.",
    "run_at_work": "Another run deletes chunk by chunk in this database right now.",
    "lock_budget": (
        "One transaction would keep those who write waiting for longer than `max_lock` allows, or did so "
        "and was rolled back."
    ),
    "database_busy": "Another transaction was in the way, so this one was ended. Run it again.",
    "database_locked": "Another process held the lock for longer than the busy timeout.",
    "database_error": "The database refused a statement.",
    "database_unavailable": "The database cannot be opened or reached, or it ended the connection.",
    "not_a_database": "The file is damaged, is not a database, or belongs to another program.",
    "store_not_recognised": (
        "What is at the location of a foreign store is of no layout that is known. Nothing of it is guessed, "
        "and nothing was changed."
    ),
    "schema_outdated": "The database has an older schema, or none. `agents db upgrade` migrates it.",
    "schema_too_new": "The database has a schema that this version does not know.",
    "read_only": "The database cannot be written by this user.",
    "disk_full": "The disk is full or failing; the transaction was rolled back.",
    "purge_mismatch": (
        "The database did not delete exactly what was chosen, or a child of a purged session appeared "
        "meanwhile; the transaction was rolled back."
    ),
    "outcome_unknown": (
        "The connection broke while the transaction committed: nobody on this side knows whether it "
        "did. Scan again. The archive is kept."
    ),
    "ledger_behind": (
        "A purge was committed in a foreign store, but its entry could not be written to the ledger, which "
        "lies elsewhere. Its archive is kept, and the next purge of the store enters it."
    ),
    "purge_unproven": (
        "The purge was committed, but sessions that it deleted are in the database again, or nobody could "
        "look. In JSON, `data` tells what was done."
    ),
    "store_missing": "There is nothing at the location of the store.",
    "store_kind": (
        "A kind of store, perhaps another package's, failed where it should have answered; the message says "
        "how."
    ),
    "run_not_found": "No purge in the ledger has this id or an id that starts with it.",
    "no_archive": "The purge kept no archive, its archive expired, or the file is not on this host.",
    "ambiguous_run": "Several run ids start with this.",
    "too_many": "The purge would delete more sessions than `cleanup.max_purge` allows.",
    "clock": (
        "The clock stands before the end of the last run, or more than a day before the newest activity: "
        "ages cannot be trusted."
    ),
    "unarchived_tables": (
        "Rows of other programs' tables would go, or change, with the sessions they refer to, and no archive "
        "keeps them. `cleanup.unarchived_tables` names those that may."
    ),
    "not_enough_space": (
        "What a purge or a full vacuum would write, its log, an archive or a copy, does not fit on the "
        "disk. Nothing was changed."
    ),
    "plan_refused": "The plan is too old, edited, damaged, or for another database.",
    "archive_refused": "The archive is damaged, or not the one that the run wrote; nothing was restored.",
    "archive_unwritable": "The archive cannot be written, so nothing was deleted.",
    "ledger_tampered": "The ledger, or an archive, is not as it was written. `error.detail` names what.",
    "document_refused": (
        "A document to import is truncated, altered, of an unknown version, or not a session; or a session "
        "to export would make a document that no import takes."
    ),
    "extra_missing": "What was asked for needs a package of an extra that is not installed.",
    "metrics_port": "Metrics cannot be shown: the port is taken, or the address is none of this host.",
    "file_unreadable": "The file cannot be read, or is not UTF-8 text.",
    "file_unwritable": "The file cannot be written; a file of that name is as it was.",
    "interrupted": "Ctrl-C; what was not committed by then was rolled back, and the message says so.",
}


def cli_page() -> str:
    root = typer.main.get_command(app)
    parts = [
        GENERATED,
        "# Command line\n",
        f"{_sentence(root.help)}\n",
        (
            "Each command also takes the [options of every command](#options-of-every-command). "
            "Exit codes are explained [here](json.md#exit-codes).\n"
        ),
    ]
    for path, command in _commands(root, ("agents",)):
        parts.extend(_command(path, command))
    some = next(command for path, command in _commands(root, ("agents",)) if path[-1] == "cleanup")
    parts.append(f"## {COMMON}\n")
    parts.append(_options(_in_panel(some.params, COMMON, wanted=True)))
    return "\n".join(parts)


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(child, (*path, name))


def _command(path: tuple[str, ...], command: Any) -> Iterator[str]:
    parameters = _in_panel(command.params, COMMON, wanted=False)
    arguments = [parameter for parameter in parameters if not _is_option(parameter)]
    options = [parameter for parameter in parameters if _is_option(parameter)]
    children = getattr(command, "commands", {})
    name = " ".join(path)
    yield f"## `{name}`\n"
    usage = [name, *(_shape(argument) for argument in arguments), "[OPTIONS]"]
    if not children or command.invoke_without_command:
        yield f"```text\n{' '.join(usage)}\n```\n"
    if len(path) > 1:
        yield f"{_paragraphs(command.help)}\n"
    for child in sorted(children):
        yield f"- [`{name} {child}`](#{'-'.join((*path, child))}): {_sentence(children[child].help)}"
    if children:
        yield ""
    if arguments:
        yield _table(("Argument", "Meaning"), [(f"`{_shape(a)}`", _text(a.help)) for a in arguments])
    if options:
        yield _options(options)


def _in_panel(parameters: Sequence[Any], panel: str, *, wanted: bool) -> list[Any]:
    return [
        p for p in parameters if (getattr(p, "rich_help_panel", None) == panel) is wanted and not p.hidden
    ]


def _options(options: Sequence[Any]) -> str:
    return _table(
        ("Option", "Meaning", "Default", "Variable"),
        [(_spelling(option), _meaning(option), _default(option), _variable(option)) for option in options],
    )


def _is_option(parameter: Any) -> bool:
    return bool(parameter.opts) and parameter.opts[0].startswith("-")


def _shape(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _spelling(option: Any) -> str:
    names = [*option.opts, *option.secondary_opts]
    value = _value(option)
    longest = max(names, key=len) if not option.secondary_opts else ""
    return ", ".join(f"`{name} {value}`" if value and name == longest else f"`{name}`" for name in names)


def _value(option: Any) -> str:
    """What follows the option's name; nothing where it is a switch."""
    if option.is_flag or option.count:
        return ""
    if option.metavar:
        return str(option.metavar)
    choices = _choices(option)
    if choices:
        return "|".join(choices)
    return {int: "NUMBER"}.get(_kind(option), "TEXT")


def _annotation(option: Any) -> tuple[Any, ...]:
    descriptor = getattr(option, "type_descriptor", None)
    annotation = descriptor.annotation if descriptor is not None else type(option.default)
    return get_args(annotation) or (annotation,)


def _kind(option: Any) -> Any:
    return next((kind for kind in _annotation(option) if kind is not type(None)), str)


def _choices(option: Any) -> list[str]:
    kind = _kind(option)
    return [member.value for member in kind] if isinstance(kind, type) and issubclass(kind, StrEnum) else []


def _meaning(option: Any) -> str:
    required = " **Required.**" if option.required else ""
    return _text(option.help) + required


def _default(option: Any) -> str:
    setting = setting_of(option)
    if setting:
        return _setting_default(setting)
    default = option.default
    if default in (None, False, "") or option.required or option.count:
        return ""
    return f"`{default.value if isinstance(default, StrEnum) else default}`"


def _variable(option: Any) -> str:
    setting = setting_of(option)
    return f"`{PREFIX}{setting.upper()}`" if setting else ""


def setting_of(option: Any) -> str | None:
    """The setting that this option overrides."""
    panel = getattr(option, "rich_help_panel", None)
    tables = [table for table, panels in PANELS_OF.items() if panel in panels]
    name = f"{tables[0]}_{option.name}" if tables else option.name if panel == COMMON else ""
    return name if name in Settings.model_fields else None


def settings_page() -> str:
    _complete("setting", Settings.model_fields, SETTINGS)
    flags = _flags()
    parts = [
        GENERATED,
        "# Settings\n",
        (
            "The first source that has a value wins: the flag, the environment variable, "
            f"`{PROJECT_FILE}` in the current folder or else the nearest folder above it that has one, "
            f"`{USER_FILE}` in the user's configuration folder, the default. "
            "On Linux the user's folders are `~/.config/cleveragents` and `~/.local/share/cleveragents`.\n"
        ),
        (
            "A file that does not parse, an unknown key and a bad value stop the command with exit code 2, "
            "also where a higher source has a value that is right. "
            f"So does every variable that begins with `{PREFIX}` or `SESSION_CLEANUP_` and is not named "
            f"here; those that begin with `{TEST_PREFIX}` belong to the tests. The error names the file and "
            "the line, or the variable, and what is allowed. Nothing is changed then.\n"
        ),
        "Durations are a whole number and one unit: `90s`, `30m`, `24h`, `30d`, `2w`.\n",
    ]
    for name in Settings.model_fields:
        parts.append(f"## {name.replace('_', ' ').capitalize()}\n")
        parts.append(f"{SETTINGS[name]}\n")
        parts.append(_table(("", ""), _setting_rows(name, flags)))
    return "\n".join(parts)


def _setting_rows(name: str, flags: Mapping[str, str]) -> list[tuple[str, str]]:
    first = name.split("_", maxsplit=1)[0]
    table = first if first in TABLES else ""
    key = name.removeprefix(f"{table}_") if table else name
    variables = [f"`{PREFIX}{name.upper()}`"] if name != "stores" else ["none"]
    if name == "cleanup_enabled":
        variables.append(f"`{ENABLED_VARIABLE}`")
    if name == "cleanup_empty_after":
        variables.append(f"`{TTL_VARIABLE}` (whole minutes)")
    return [
        ("Flag", flags.get(name, "none")),
        ("Variable", ", ".join(variables)),
        ("In files", _place_in_files(key, table)),
        ("Values", _allowed(name)),
        ("Default", _setting_default(name)),
    ]


def _place_in_files(key: str, table: str) -> str:
    if key == "stores":
        return "`[stores]`"
    return f"`{key}` in `[{table}]`" if table else f"`{key}`, above the tables"


def _flags() -> dict[str, str]:
    found: dict[str, str] = {}
    for _, command in _commands(typer.main.get_command(app), ("agents",)):
        for option in command.params:
            setting = setting_of(option)
            if setting:
                found[setting] = ", ".join(f"`{name}`" for name in (option.opts[0], *option.secondary_opts))
    return found


def _allowed(name: str) -> str:
    if name in ALLOWED:
        return ALLOWED[name]
    annotation = Settings.model_fields[name].annotation
    kinds = get_args(annotation) or (annotation,)
    choices = [value for kind in kinds for value in _values_of(kind) if isinstance(value, str)]
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    if timedelta in kinds:
        return "a duration"
    if bool in kinds:
        return "`true` or `false`"
    return "text"


def _values_of(kind: Any) -> tuple[Any, ...]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return tuple(member.value for member in kind)
    return get_args(kind) or (kind,)


def _setting_default(name: str) -> str:
    if name in DEFAULTS:
        return DEFAULTS[name]
    default = Settings.model_fields[name].default
    if isinstance(default, timedelta):
        return f"`{format_duration(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def errors_page() -> str:
    found = sorted(_errors(CleverAgentsError), key=lambda error: (error.exit_code, error.code))
    _complete("error", [error.code for error in found], ERRORS)
    rows = [
        (f"`{error.code}`", str(error.exit_code), ERRORS[error.code], f"`{error.__name__}`")
        for error in found
    ]
    return "\n".join(
        [
            GENERATED,
            "# Errors\n",
            (
                "Each failure has one code that stays the same between versions. It stands in "
                "`error.code` of a "
                "[JSON answer](json.md). In a program it is the class attribute `code` of the exception. All "
                f"exceptions are in `{errors.__name__}` and descend from `CleverAgentsError`; "
                "each has `message`, "
                "`detail`, `hints` and `exit_code`.\n"
            ),
            (
                "After an error of a purge the sessions are as they were: the transaction was rolled back. "
                "There are two exceptions, `outcome_unknown` and `purge_unproven`. "
                "An error with exit code 5 comes from a [brake](../how-to/brakes.md); `error.suggestions` "
                "begins with the command that would allow it, where there is one.\n"
            ),
            _table(("Code", "Exit code", "What happened", "Class"), rows),
        ]
    )


def _errors(root: type[CleverAgentsError]) -> Iterator[type[CleverAgentsError]]:
    """The tree without classes that only group others."""
    if "code" in vars(root):
        yield root
    for child in root.__subclasses__():
        yield from _errors(child)


def _complete(what: str, known: Sequence[str] | Mapping[str, Any], described: Mapping[str, str]) -> None:
    wrong = set(known) ^ set(described)
    if wrong:
        sys.exit(
            f"Each {what} is described in {Path(__file__).name} once. Look at: {', '.join(sorted(wrong))}"
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _text(text: str | None) -> str:
    return " ".join((text or "").split()).replace("*", "\\*").replace("<", "\\<")


def _sentence(text: str | None) -> str:
    return _text((text or "").split("\n\n")[0])


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(_text(paragraph) for paragraph in (text or "").split("\n\n"))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Write the reference pages from the program.")
    parser.add_argument("--check", action="store_true", help="fail where a committed page differs")
    check = parser.parse_args(arguments).check
    pages = {"cli.md": cli_page(), "settings.md": settings_page(), "errors.md": errors_page()}
    differing = []
    for name, text in pages.items():
        path = REFERENCE / name
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            differing.append(name)
    if differing:
        sys.stderr.write(f"Out of date: {', '.join(differing)}. Run: python docs/generate_reference.py\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
