"""What an operator would want named: values that protect nothing, contradict, or undo one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cleveragents.domain.policy_review import Concern, PolicyReview
from cleveragents.domain.retention import Reason
from cleveragents.domain.safeguards import Mode

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NO_SUCH = {
    "actors": "has the actor",
    "sources": "has the source",
    "namespaces": "has the namespace",
    "names": "has a name that matches",
}


def concerns_about(review: PolicyReview) -> tuple[Concern, ...]:
    return (
        *_about_switches(review),
        *_about_thresholds(review),
        *_about_classes(review),
        *_about_filters(review),
        *_about_what_is_selected(review),
        *_about_the_limit(review),
        *_about_the_archive(review),
        *_about_plans(review),
    )


def _about_switches(review: PolicyReview) -> Iterator[Concern]:
    is_purge = review.safeguards.mode is Mode.PURGE
    if not review.safeguards.enabled:
        although = ", although the mode is set to purge" if is_purge and review.is_set("mode") else ""
        yield Concern(f"Cleanup is disabled: nothing is deleted{although}.")
    elif not is_purge:
        yield Concern("In the mode report nothing is deleted.", is_warning=False)


def _about_thresholds(review: PolicyReview) -> Iterator[Concern]:
    policy = review.policy
    for reason in (Reason.EMPTY, Reason.ORPHANED):
        name = f"{reason.value}_after"
        is_useless = policy.threshold(reason) >= policy.stale_after
        if is_useless and {reason, Reason.STALE} <= policy.reasons:
            yield Concern(
                f"{_with_value(review, name)} is not shorter than {_with_value(review, 'stale_after')}: "
                f"the rule {reason.value} selects nothing that stale does not, "
                "except sessions with a stale_after of their own."
            )
    for name in ("return_rate", "auto_least", "auto_most"):
        if policy.choice is None and review.is_set(name):
            yield Concern(f"{name} was set but has no effect: stale_after is not auto.")
    if policy.stale_after < _DAY and Reason.STALE in policy.reasons:
        yield Concern(
            f"{_with_value(review, 'stale_after')} is shorter than a day: "
            "sessions that people will come back to today are selected."
        )
    if policy.empty_after < _MINUTE and Reason.EMPTY in policy.reasons:
        yield Concern(
            f"{_with_value(review, 'empty_after')} is shorter than a minute: "
            "sessions that were just opened are selected."
        )


def _about_classes(review: PolicyReview) -> Iterator[Concern]:
    policy = review.policy
    for reason in Reason:
        name = f"{reason.value}_after"
        # What a file or a variable says is for other runs too; a flag was meant for this one.
        is_meant = review.place(name).startswith("--")
        is_used = reason in policy.reasons or (reason is Reason.ORPHANED and policy.selects_dangling)
        if is_meant and not is_used:
            yield Concern(f"{review.place(name)} has no effect: the class {reason.value} is left out.")
    if policy.narrowed_to and policy.dangling and review.is_only_some:
        what = "nothing is selected" if not policy.reasons else "they are not selected"
        yield Concern(f"Dangling messages belong to no session and match no filter, so {what}.")


def _about_filters(review: PolicyReview) -> Iterator[Concern]:
    if not review.found.scanned:
        return
    missed = [
        (match.kind, match.wanted[0])
        for match in review.matches
        if len(match.wanted) == 1 and not match.sessions
    ]
    for kind, wanted in missed:
        yield Concern(f"No session {_NO_SUCH[kind]} {wanted!r}.")
    if not review.in_scope and not missed:
        yield Concern("No session matches all the filters at once, so nothing can be selected.")


def _about_what_is_selected(review: PolicyReview) -> Iterator[Concern]:
    found = review.found
    if review.keep_last_keeps_all:
        yield Concern(
            f"{_with_value(review, 'keep_last')} protects every session: nothing can ever be selected."
        )
    if found.candidates and found.candidates == found.scanned:
        yield Concern(f"The policy selects every session there is ({found.scanned:,}).")


def _about_the_limit(review: PolicyReview) -> Iterator[Concern]:
    limit, scanned = review.safeguards.max_purge, review.found.scanned
    if limit is not None and limit.is_percentage and limit.amount == 100:  # noqa: PLR2004 - percent
        yield Concern(
            f"{_with_value(review, 'max_purge')} allows everything that the policy selects: it is no brake."
        )
    if scanned and not review.allowed:
        yield Concern(
            f"{_with_value(review, 'max_purge')} of {scanned:,} sessions is none: every purge is refused."
        )
    elif review.is_refused_now:
        yield Concern(
            f"A purge would be refused now: it would take {review.found.candidates:,} of {scanned:,} "
            f"sessions, and max_purge allows {review.allowed:,}."
        )


def _about_the_archive(review: PolicyReview) -> Iterator[Concern]:
    if review.unkept_tables:
        yield Concern(
            f"A purge would be refused now: rows of {', '.join(review.unkept_tables)} would go with "
            "sessions, no archive keeps them, and unarchived_tables does not name them."
        )
    held = review.safeguards
    if held.archive:
        if held.archive_retention < _DAY:
            yield Concern(
                f"{_with_value(review, 'archive_retention')} is shorter than a day: what is deleted by night "
                "may be gone for good when somebody misses it."
            )
        return
    yield Concern("The archive is off: what a purge deletes cannot be restored.", is_warning=False)
    for name in ("archive_folder", "archive_retention"):
        if review.is_set(name):
            yield Concern(f"{_with_value(review, name)} was set but has no effect: the archive is off.")


def _about_plans(review: PolicyReview) -> Iterator[Concern]:
    if review.safeguards.plan_max_age < _MINUTE:
        yield Concern(
            f"{_with_value(review, 'plan_max_age')} is shorter than a minute: "
            "a saved plan is refused before anybody has read it."
        )


def _with_value(review: PolicyReview, name: str) -> str:
    """A value as a sentence names it; where it came from stands beside it in the review."""
    return f"{name} ({next(each.value for each in review.values if each.name == name)})"
