"""A threshold that was worked out, and why it is this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Note
from cleveragents.cli.text import counted
from cleveragents.domain.adaptive import ENOUGH, Choice, Why
from cleveragents.domain.duration import format_duration

if TYPE_CHECKING:
    from cleveragents.domain.retention import RetentionPolicy


def threshold_data(policy: RetentionPolicy) -> dict[str, Any] | None:
    """Why `stale_after` is what it is; None where somebody set it."""
    choice = policy.choice
    if choice is None:
        return None
    return {
        "stale_after": format_duration(choice.stale_after),
        "why": choice.why.value,
        "age": format_duration(choice.age),
        "reached": choice.reached,
        "returned": choice.returned,
        "return_rate": str(choice.auto.return_rate),
        "auto_least": format_duration(choice.auto.least),
        "auto_most": format_duration(choice.auto.most),
    }


def threshold_notes(policy: RetentionPolicy) -> tuple[Note, ...]:
    if policy.choice is None:
        return ()
    taken = format_duration(policy.choice.stale_after)
    return (Note(f"stale_after is auto, and {taken} now: {_because(policy.choice)}"),)


def _because(choice: Choice) -> str:
    rate, age = choice.auto.return_rate, format_duration(choice.age)
    match choice.why:
        case Why.BELOW_RATE:
            return (
                f"of {counted(choice.reached, 'session')} that lay unused for longer, {choice.returned:,} "
                f"({_share(choice)}) were used again, which is below the return rate of {rate}."
            )
        case Why.TOO_LITTLE_HISTORY:
            return (
                f"only {counted(choice.reached, 'session')} ever lay unused for longer than {age}, and of "
                f"fewer than {ENOUGH} nothing is concluded, so it is the longest that is allowed."
            )
        case Why.NEVER_BELOW_RATE:
            return (
                f"at no age that {ENOUGH} sessions reached was the share used again below the return rate of "
                f"{rate} (at {age} it was {choice.returned:,} of {choice.reached:,}, {_share(choice)}), so "
                "it is the longest that is allowed."
            )
        case Why.NO_DATABASE:
            return "there is no database to learn from, so it is the longest that is allowed."


def _share(choice: Choice) -> str:
    share = choice.returned * 100 / choice.reached
    return f"{share:.0f}%" if share >= 10 else f"{share:.2g}%"  # noqa: PLR2004 - two figures are enough
