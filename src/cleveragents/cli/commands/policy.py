"""`agents cleanup policy`: what is in force, where it came from, and what it does now."""

from __future__ import annotations

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context
from cleveragents.domain.retention import RetentionPolicy


@answering("cleanup policy", guarded=True)
def policy(context: Context, policy: RetentionPolicy) -> Answer:
    """Show each value of the policy and its safeguards, where it came from, and what it does now.

    Values that protect nothing, contradict, or make one another useless are named. Nothing is changed.
    """
    from cleveragents.cli.views import policy as view

    return view.reviewed(context.policy_review.review(policy))
