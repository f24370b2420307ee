"""Why one session stays or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer
from cleveragents.cli.text import shown
from cleveragents.cli.views.layout import facts, sentence, table
from cleveragents.cli.views.threshold import threshold_data, threshold_notes
from cleveragents.domain.document import record_of_session
from cleveragents.domain.duration import describe_age, format_duration
from cleveragents.domain.explanation import Explanation, RuleOutcome
from cleveragents.domain.retention import Protection

if TYPE_CHECKING:
    from rich.console import RenderableType

_WHY_KEPT = {
    Protection.PINNED: "It is pinned.",
    Protection.LEASED: "It is in use: its lease has not run out.",
    Protection.NEWEST: "It is among the newest sessions of its actor that are kept.",
    Protection.ANCESTOR: "A session that stays descends from it.",
    Protection.FUTURE: "It is dated in the future; a clock is or was wrong.",
}


def explained(explanation: Explanation) -> Answer:
    verdict = explanation.verdict
    return Answer(
        data={
            "session": record_of_session(explanation.session),
            "verdict": "purge" if verdict.is_purge else "keep",
            "in_scope": verdict.in_scope,
            "reasons": sorted(reason.value for reason in verdict.reasons),
            "protections": sorted(protection.value for protection in verdict.protections),
            "age_seconds": explanation.age.total_seconds(),
            "rules": [_record(rule) for rule in explanation.rules],
            "eligible_at": explanation.eligible_at,
            "auto_threshold": threshold_data(explanation.policy),
            "as_of": explanation.as_of,
        },
        draw=lambda rich: _drawn(explanation, rich=rich),
        notes=threshold_notes(explanation.policy),
    )


def _record(rule: RuleOutcome) -> dict[str, Any]:
    return {
        "reason": rule.reason.value,
        "applies": rule.applies,
        "threshold_seconds": int(rule.threshold.total_seconds()),
        "selects": rule.selects,
    }


def _drawn(explanation: Explanation, *, rich: bool) -> list[RenderableType]:
    session, verdict = explanation.session, explanation.verdict
    name = shown(session.name) if session.name else session.session_id
    what = "would be purged" if verdict.is_purge else "is kept"
    rules = table(
        ("Rule", ("Threshold", "right"), ("Age", "right"), "Outcome"),
        (
            (
                rule.reason.value,
                format_duration(rule.threshold),
                describe_age(explanation.age),
                _outcome(rule),
            )
            for rule in explanation.rules
        ),
        rich=rich,
    )
    return [sentence(f"{name} {what}.", "bold" if rich else ""), rules, facts(_conclusions(explanation))]


def _outcome(rule: RuleOutcome) -> str:
    if rule.selects:
        return "selects it"
    return "not yet" if rule.applies else "does not apply"


def _conclusions(explanation: Explanation) -> list[tuple[str, str]]:
    session, verdict = explanation.session, explanation.verdict
    lines = [
        ("Session", session.session_id),
        ("Last accessed", f"{session.last_accessed_at:%Y-%m-%d %H:%M:%S} UTC"),
    ]
    lines += [
        ("Protected", _WHY_KEPT[protection]) for protection in Protection if protection in verdict.protections
    ]
    if not verdict.in_scope:
        lines.append(("Filters", "It is outside the filters of this run."))
    lines.append(("Candidate", _when(explanation)))
    return lines


def _when(explanation: Explanation) -> str:
    if explanation.verdict.is_purge:
        return "now"
    if explanation.eligible_at is None:
        return "not as long as this stays so"
    wait = describe_age(explanation.eligible_at - explanation.as_of)
    return f"from {explanation.eligible_at:%Y-%m-%d %H:%M:%S} UTC (in {wait}) if nobody touches it"
