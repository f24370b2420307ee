"""Settings, read once: flag, environment, project file, user file, default, in this order.

Whatever cannot be read or understood stops the command. A setting that was silently ignored is how
other tools deleted what they had been told to keep.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import ValidationError

from cleveragents.domain.duration import format_duration
from cleveragents.domain.errors import CleverAgentsError, InvalidSettingsError
from cleveragents.domain.masking import masked
from cleveragents.settings.fields import PREFIX, TABLES, Settings

TEST_PREFIX = "CLEVERAGENTS_TEST_"
PROJECT_FILE = "cleveragents.toml"
USER_FILE = "config.toml"
# The names under which an ADK-style backend already configures its empty-session cleanup.
ENABLED_VARIABLE = "SESSION_CLEANUP_ENABLED"
TTL_VARIABLE = "SESSION_CLEANUP_TTL_MINUTES"


@dataclass(frozen=True, slots=True)
class Layer:
    """The values of one source, and where each of them stands."""

    values: Mapping[str, Any]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, and for each the place its value came from (`default` if none)."""

    settings: Settings
    places: Mapping[str, str]


def load_settings(flags: Mapping[str, Any] | None = None) -> LoadedSettings:
    """Layer all sources; raises InvalidSettingsError naming the flag, variable, or file and line."""
    layers = [
        _flags(flags or {}),
        _environment(os.environ),
        _file(_project_file()),
        _file(user_config_path("cleveragents", appauthor=False) / USER_FILE),
    ]
    values: dict[str, Any] = {}
    places: dict[str, str] = dict.fromkeys(Settings.model_fields, "default")
    for layer in reversed(layers):
        # Each by itself: a value that cannot be right is told even where a higher source hides it.
        _validated(layer)
        values.update(layer.values)
        places.update(layer.places)
    settings = Settings(**values)
    _check_together(settings, places)
    return LoadedSettings(settings, places)


def _check_together(settings: Settings, places: Mapping[str, str]) -> None:
    """What only several settings together can have wrong, wherever each of them stands."""
    least, most = settings.cleanup_auto_least, settings.cleanup_auto_most
    if least > most:
        raise InvalidSettingsError(
            f"auto_least ({format_duration(least)}, {places['cleanup_auto_least']}) is longer than auto_most "
            f"({format_duration(most)}, {places['cleanup_auto_most']}). Nothing was changed.",
            hints=["The stale threshold auto is looked for between the two."],
        )


def _validated(layer: Layer) -> None:
    try:
        Settings(**layer.values)
    except ValidationError as error:
        raise _rejected(error, layer.places) from error


def _flags(flags: Mapping[str, Any]) -> Layer:
    given = {name: value for name, value in flags.items() if value is not None}
    return Layer(given, {name: _option(name, value) for name, value in given.items()})


def _option(name: str, value: object) -> str:
    option = name.removeprefix("cleanup_").removeprefix("sweep_").replace("_", "-")
    return f"--no-{option}" if value is False else f"--{option}"


def _environment(environ: Mapping[str, str]) -> Layer:
    """Take our variables, in any case; one that looks like ours and is none stops the command."""
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    known = [PREFIX + field.upper() for field in Settings.model_fields]
    for written, value in environ.items():
        variable = written.upper()
        if variable == ENABLED_VARIABLE:
            values.setdefault("cleanup_enabled", value)
            places.setdefault("cleanup_enabled", written)
        elif variable == TTL_VARIABLE:
            minutes = value.strip()
            values.setdefault("cleanup_empty_after", f"{minutes}m" if minutes.isdecimal() else minutes)
            places.setdefault("cleanup_empty_after", f"{written} (whole minutes)")
        elif variable in known:
            name = variable.removeprefix(PREFIX).lower()
            values[name], places[name] = value, written
        elif variable.startswith((PREFIX, "SESSION_CLEANUP_")) and not variable.startswith(TEST_PREFIX):
            # Somebody meant to tell us something, perhaps to keep sessions longer.
            raise _unknown(f"the variable {written}", variable, [*known, ENABLED_VARIABLE, TTL_VARIABLE])
    return Layer(values, places)


def _project_file() -> Path:
    """The nearest one, from the current folder upwards."""
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise InvalidSettingsError(
            "The current folder no longer exists, so no project file can be looked for. Nothing was changed.",
            hints=["Change to a folder that exists."],
        ) from error
    candidates = [folder / PROJECT_FILE for folder in (here, *here.parents)]
    return next((path for path in candidates if path.is_file() or path.is_symlink()), candidates[0])


def _file(path: Path) -> Layer:
    try:
        text = path.read_bytes().decode()
        document = tomllib.loads(text)
    except FileNotFoundError as error:
        if path.is_symlink():
            raise InvalidSettingsError(f"The settings file {path} is a link to nothing.") from error
        return Layer({}, {})
    except UnicodeDecodeError as error:
        raise InvalidSettingsError(f"The settings file {path} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettingsError(
            f"The settings file {path} is not valid TOML.", detail=str(error), hints=["Nothing was changed."]
        ) from error
    except OSError as error:
        raise InvalidSettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, table, value in _entries(document):
        name = f"{table}_{key}" if table else key
        place = f"{path}, line {_line_of(text, table, key)}"
        if name not in Settings.model_fields or (not table and name.split("_")[0] in TABLES):
            raise _unknown(f"{place}: {key!r}", key, _keys_of(table))
        values[name], places[name] = value, f"{place}: {key}"
    return Layer(values, places)


def _entries(document: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    found = []
    for key, value in document.items():
        if key in TABLES and isinstance(value, dict):
            found += [(inner, key, setting) for inner, setting in value.items()]
        else:
            found.append((key, "", value))
    return found


def _keys_of(table: str) -> list[str]:
    names = list(Settings.model_fields)
    if table:
        return [name.removeprefix(f"{table}_") for name in names if name.startswith(f"{table}_")]
    return [
        *(f"[{known}]" for known in TABLES),
        *(name for name in names if name.split("_")[0] not in TABLES),
    ]


def _line_of(text: str, table: str, key: str) -> int:
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line):
            current = header[1]
        stands_here = re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]", line)
        if (stands_here and current == table) or (current == key and not table):
            return number
    return 1


def _unknown(where: str, written: str, known: Sequence[str]) -> InvalidSettingsError:
    near = _nearest(written, known)
    return InvalidSettingsError(
        f"Unknown setting, {where}. Nothing was changed.",
        hints=[f"Did you mean {near}?"] if near else [f"Known are: {', '.join(known)}."],
    )


def _nearest(written: str, known: Sequence[str]) -> str | None:
    """The name that was probably meant; its beginning, or all but its table, counts as much as all of it."""
    # Without what they all begin with, which would make any two look alike.
    word = written.removeprefix(PREFIX)
    names = [name.removeprefix(PREFIX) for name in known]
    meant = {name[: len(word)]: full for name, full in zip(names, known, strict=True)}
    meant |= {name.partition("_")[2]: full for name, full in zip(names, known, strict=True) if "_" in name}
    meant |= dict(zip(names, known, strict=True))
    near = get_close_matches(word, meant, n=1)
    return meant[near[0]] if near else None


def _rejected(error: ValidationError, places: Mapping[str, str]) -> InvalidSettingsError:
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0])
    cause = getattr(problem.get("ctx", {}).get("error"), "__cause__", None)
    return InvalidSettingsError(
        f"{places[name]}: {problem['msg'].removeprefix('Value error, ')}",
        detail=f"The value given is {masked(repr(problem['input']))}. Nothing was changed."
        if name != "database_url"
        else "Nothing was changed.",
        hints=cause.hints if isinstance(cause, CleverAgentsError) else (),
    )
