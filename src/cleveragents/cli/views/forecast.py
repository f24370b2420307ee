"""What becomes eligible when, as a bar chart, and what other thresholds would free now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted
from cleveragents.cli.views.layout import Column, sentence, table
from cleveragents.cli.views.threshold import threshold_data, threshold_notes
from cleveragents.domain.duration import format_duration
from cleveragents.domain.forecast import Amount, Forecast
from cleveragents.domain.policy_document import policy_document
from cleveragents.domain.retention import Reason

if TYPE_CHECKING:
    from rich.console import RenderableType

_PLAIN_BAR = 30
_LEAST_BAR, _WIDEST_BAR = 10, 60
_FIGURES: tuple[Column, ...] = (("Sessions", "right"), ("Messages", "right"), ("Size", "right"))
_DANGLING: Column = ("Dangling", "right")
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_UTC = "%Y-%m-%d %H:%M"


def forecasted(forecast: Forecast) -> Answer:
    return Answer(
        data={
            "as_of": forecast.as_of,
            "days": forecast.days,
            "by": forecast.by.value,
            "eligible_now": _record(forecast.eligible_now),
            "buckets": [
                {"from": bucket.begins, "to": bucket.ends, **_record(bucket.amount)}
                for bucket in forecast.buckets
            ],
            "thresholds": [
                {"stale_after": format_duration(compared.stale_after), **_record(compared.amount)}
                for compared in forecast.comparisons
            ],
            "policy": policy_document(forecast.policy),
            "auto_threshold": threshold_data(forecast.policy),
        },
        draw=lambda rich: _drawn(forecast, rich=rich),
        status="warn" if forecast.database_missing else "ok",
        notes=_notes(forecast),
    )


def _record(amount: Amount) -> dict[str, int]:
    return {
        "sessions": amount.sessions,
        "messages": amount.messages,
        "bytes": amount.content_bytes,
        "dangling_messages": amount.dangling_messages,
    }


def _drawn(forecast: Forecast, *, rich: bool) -> Iterator[RenderableType]:
    bold = "bold" if rich else ""
    eligible = counted(forecast.eligible_now.sessions, "session")
    are = "is" if forecast.eligible_now.sessions == 1 else "are"
    yield sentence(
        f"{eligible} of {forecast.scanned:,} {are} eligible now{_with(forecast.eligible_now)}.", bold
    )
    yield sentence("")
    yield from _chart(forecast, rich=rich)
    yield sentence("")
    yield sentence("A purge now would free, if stale_after were:", bold)
    yield _comparisons(forecast, rich=rich)


def _chart(forecast: Forecast, *, rich: bool) -> Iterator[RenderableType]:
    ahead = f"the next {counted(forecast.days, 'day')}"
    if forecast.to_come == Amount():
        yield sentence(f"Nothing more becomes eligible in {ahead}.")
        return
    more = counted(forecast.to_come.sessions, "more session")
    becomes = "becomes" if forecast.to_come.sessions == 1 else "become"
    yield sentence(
        f"In {ahead} {more} {becomes} eligible if nobody touches anything{_with(forecast.to_come)}.",
        "bold" if rich else "",
    )
    has_dangling = bool(forecast.to_come.dangling_messages)
    chart = table(
        (
            f"{forecast.by.value.capitalize()} to (UTC)",
            *_FIGURES,
            *[_DANGLING] * has_dangling,
            ("", "shrinks"),
        ),
        (),
        rich=rich,
    )
    for bucket in forecast.buckets:
        bar = _Bar(bucket.amount.sessions, forecast.fullest)
        _add(chart, f"{bucket.ends:{_UTC}}", _cells(bucket.amount, dangling=has_dangling), bar, rich=rich)
    yield chart


def _comparisons(forecast: Forecast, *, rich: bool) -> Table:
    has_dangling = any(compared.amount.dangling_messages for compared in forecast.comparisons)
    return table(
        (("Stale after", "right"), *_FIGURES, *[_DANGLING] * has_dangling, ""),
        (
            (
                format_duration(compared.stale_after),
                *_cells(compared.amount, dangling=has_dangling),
                "as it is now" if compared.stale_after == forecast.policy.stale_after else "",
            )
            for compared in forecast.comparisons
        ),
        rich=rich,
    )


def _with(amount: Amount) -> str:
    dangling = amount.dangling_messages
    also = f" and {counted(dangling, 'dangling message')}" if dangling else ""
    size = bytes_shown(amount.content_bytes)
    return f", with {counted(amount.messages, 'message')}{also} ({size})" if amount != Amount() else ""


def _cells(amount: Amount, *, dangling: bool) -> tuple[str, ...]:
    return (
        f"{amount.sessions:,}",
        f"{amount.messages:,}",
        bytes_shown(amount.content_bytes),
        *[f"{amount.dangling_messages:,}"] * dangling,
    )


def _add(chart: Table, moment: str, cells: tuple[str, ...], bar: _Bar, *, rich: bool) -> None:
    chart.add_row(Text(moment), *map(Text, cells), bar if rich else Text(bar.plain(_PLAIN_BAR)))


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar as wide as its share of `full`; whatever is not nothing can be seen."""

    size: int
    full: int

    def plain(self, width: int) -> str:
        return "#" * self._of(width)

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        if options.ascii_only:
            yield Text(self.plain(options.max_width))
            return
        whole, eighths = divmod(self._of(options.max_width * 8), 8)
        yield Text("█" * whole + _EIGHTHS[eighths], style="cyan")

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(_LEAST_BAR, min(options.max_width, _WIDEST_BAR))

    def _of(self, width: int) -> int:
        return max(1, round(width * self.size / self.full)) if self.size else 0


def _notes(forecast: Forecast) -> tuple[Note, ...]:
    notes = [*threshold_notes(forecast.policy)]
    if forecast.database_missing:
        notes.append(
            Note("There is no database yet, so there was nothing to look at; none was created.", "warn")
        )
    if Reason.STALE not in forecast.policy.reasons:
        notes.append(
            Note("Only other classes than stale are selected, so its threshold makes no difference.")
        )
    return tuple(notes)
