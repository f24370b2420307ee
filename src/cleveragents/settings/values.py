"""What a setting may say, as types that read it from text and refuse what could be misread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cleveragents.domain.adaptive import AUTO
from cleveragents.domain.adaptive import ReturnRate as ReturnRateValue
from cleveragents.domain.duration import MILLISECOND, SECOND, parse_duration
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.pace import Rate as RateValue
from cleveragents.domain.safeguards import PurgeLimit as PurgeLimitValue
from cleveragents.domain.schedule import parse_time_of_day
from cleveragents.domain.session import MOST

METRICS_SUFFIX = ".prom"
_NO_TIME = "0s"


def _read(value: object, kind: type, parse: Callable[[str], object], example: str) -> object:
    """What `parse` makes of a text; what is of that kind already stays."""
    if isinstance(value, kind):
        return value
    if not isinstance(value, str):
        raise ValueError(f"write {example}")  # noqa: TRY004 - pydantic wants it
    try:
        return parse(value)
    except CleverAgentsError as error:
        raise ValueError(error.message) from error


def _reader(kind: type, parse: Callable[[str], object], example: str) -> BeforeValidator:
    return BeforeValidator(partial(_read, kind=kind, parse=parse, example=example))


def _duration(value: object, finest: timedelta = SECOND) -> object:
    return _read(
        value, timedelta, partial(parse_duration, finest=finest), "a duration as text, for example '30d'"
    )


def _duration_or_none(value: object) -> object:
    """A duration, or `0s` for none at all."""
    is_none = isinstance(value, str) and value.strip() == _NO_TIME
    return timedelta(0) if is_none else _duration(value)


def _duration_or_auto(value: object) -> object:
    is_auto = isinstance(value, str) and value.strip() == AUTO
    return AUTO if is_auto else _duration(value)


def _time_of_day(value: object) -> object:
    if isinstance(value, time) and (value.second or value.microsecond):  # TOML has them too
        raise ValueError("write hours and minutes, for example '04:00'")
    return _read(value, time, parse_time_of_day, "a time of day as text, for example '04:00'")


def _purge_limit(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    example = "a number of sessions or a percentage, for example '80%'"
    return _read(value, PurgeLimitValue, PurgeLimitValue.parse, example)


def _whole_number(value: object) -> object:
    if isinstance(value, (bool, float)):
        raise ValueError("write a whole number")  # noqa: TRY004 - pydantic wants it
    return value


def _names(value: object) -> object:
    """Names as a list, or as one text with commas between."""
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, (list, tuple)) or not all(
        isinstance(each, str) and each.strip() for each in entries
    ):
        raise ValueError("write names with commas between, none of them blank")
    return tuple(each.strip() for each in entries)


def _absolute_path(value: object) -> Path:
    if not isinstance(value, (str, Path)) or not str(value).strip():
        raise ValueError("write the path of a folder")
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ValueError("write the whole path: cron and a shell start in different folders")
    return path


def _metrics_file(value: object) -> Path:
    path = _absolute_path(value)
    if path.suffix != METRICS_SUFFIX:
        raise ValueError(f"write a name that ends in {METRICS_SUFFIX}, which is all that node exporter reads")
    return path


def _address(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write one of this host's addresses, for example '127.0.0.1'")
    return value.strip()


def _store_name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write KIND:LOCATION, for example 'adk:sqlite:////folder/session.db', or a name")
    return value.strip()


def _store_names(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("write a table [stores] with a line NAME = 'KIND:LOCATION' for each")  # noqa: TRY004 - pydantic wants it
    return {name: _store_name(each) for name, each in value.items()}


def _from_one(most: int) -> Any:
    return Field(ge=1, le=most)


Duration = Annotated[timedelta, BeforeValidator(_duration)]
ShortDuration = Annotated[timedelta, BeforeValidator(partial(_duration, finest=MILLISECOND))]
DurationOrNone = Annotated[timedelta, BeforeValidator(_duration_or_none)]
DurationOrAuto = Annotated[timedelta | Literal["auto"], BeforeValidator(_duration_or_auto)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Count = Annotated[int, BeforeValidator(_whole_number), _from_one(MOST)]
Port = Annotated[int, BeforeValidator(_whole_number), _from_one(65_535)]
PurgeLimit = Annotated[PurgeLimitValue, BeforeValidator(_purge_limit)]
Rate = Annotated[RateValue, _reader(RateValue, RateValue.parse, "a rate as text, for example '500/s'")]
ReturnRate = Annotated[
    ReturnRateValue, _reader(ReturnRateValue, ReturnRateValue.parse, "a percentage as text, for example '1%'")
]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
AbsolutePath = Annotated[Path, BeforeValidator(_absolute_path)]
MetricsFile = Annotated[Path, BeforeValidator(_metrics_file)]
StoreName = Annotated[str, BeforeValidator(_store_name)]
StoreNames = Annotated[dict[str, str], BeforeValidator(_store_names)]
Address = Annotated[str, BeforeValidator(_address)]
