"""What a command has at hand: its services, and the person who runs it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Format, Note
from cleveragents.cli.invocation import Invocation, database_option
from cleveragents.cli.progress import TerminalProgress, can_be_drawn
from cleveragents.domain.adaptive import AUTO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cleveragents.application.services.cleanup_service import CleanupService
    from cleveragents.application.services.database_service import DatabaseService
    from cleveragents.application.services.demo_service import DemoService
    from cleveragents.application.services.expiry_service import ExpiryService
    from cleveragents.application.services.forecast_service import ForecastService
    from cleveragents.application.services.ledger_service import LedgerService
    from cleveragents.application.services.plan_service import PlanService
    from cleveragents.application.services.policy_service import PolicyService
    from cleveragents.application.services.restore_service import RestoreService
    from cleveragents.application.services.session_service import SessionService
    from cleveragents.application.services.store_catalogue import StoreCatalogue
    from cleveragents.application.services.transfer_service import TransferService
    from cleveragents.application.services.vacuum_service import VacuumService
    from cleveragents.domain.retention import RetentionPolicy
    from cleveragents.sweep_container import SweepContainer


class Context:
    """Hands a command its services; the only place of the command line that knows the container."""

    def __init__(self, invocation: Invocation, common: dict[str, Any]) -> None:
        from cleveragents.container import Container
        from cleveragents.domain.run import StartedFrom

        self._invocation = invocation
        self.database_option = database_option(common["database_url"], common["cleanup_store"])
        self._flags = {name: common[name] for name in ("database_url", "log_format", "cleanup_store")}
        self.container = invocation.container = invocation.container or Container()
        self.container.started_from.override(StartedFrom.COMMAND_LINE)
        if can_be_drawn() and not common["quiet"]:
            self.container.progress.override(TerminalProgress())
        self.use()

    def use(self, **flags: Any) -> None:
        """Take the command's own options that are settings too; they win over every other source."""
        self._flags.update(flags)
        self.container.flags.override(self._flags)
        self.container.loaded_settings.reset()

    @property
    def format(self) -> Format:
        return self._invocation.format_or_guess()

    @property
    def is_interactive(self) -> bool:
        return sys.stdin.isatty()

    def tell(self, answer: Answer) -> None:
        """Show people something before the command ends; machines get one document, at the end."""
        from cleveragents.cli.output import draw

        if not self.format.is_for_machines:
            draw(answer.draw(self.format is Format.RICH), self.format, sys.stdout)

    def warn(self, notes: Iterable[Note]) -> None:
        """Tell people on stderr what they should know before they answer."""
        from cleveragents.cli.output import show_notes

        if not self.format.is_for_machines:
            show_notes(notes)

    def confirm(self, question: str) -> bool:
        """Ask on stderr; an empty answer and the end of input mean no."""
        sys.stderr.write(f"{question} [y/N]: ")
        sys.stderr.flush()
        answer = sys.stdin.readline()
        if not answer:
            sys.stderr.write("\n")
        return answer.strip().lower() in {"y", "yes"}

    @property
    def policy(self) -> RetentionPolicy:
        return self.container.policy()

    @property
    def has_auto_threshold(self) -> bool:
        return bool(self.container.settings().cleanup_stale_after == AUTO)

    @property
    def cleanup(self) -> CleanupService:
        return self.container.cleanup_service()

    @property
    def forecast(self) -> ForecastService:
        return self.container.forecast_service()

    @property
    def policy_review(self) -> PolicyService:
        return self.container.policy_service()

    @property
    def store_catalogue(self) -> StoreCatalogue:
        return self.container.store_catalogue()

    @property
    def store_to_clean(self) -> str:
        """What names the store that a cleanup would clean."""
        from cleveragents.domain.store_catalogue import OWN

        return self.container.settings().cleanup_store or OWN

    @property
    def policy_to_check(self) -> RetentionPolicy:
        """The policy of a cleanup, but for a threshold that would have to be worked out."""
        return self.container.policy_without_history()

    @property
    def restore(self) -> RestoreService:
        return self.container.restore_service()

    @property
    def ledger(self) -> LedgerService:
        return self.container.ledger_service()

    @property
    def plans(self) -> PlanService:
        return self.container.plan_service()

    @property
    def sessions(self) -> SessionService:
        return self.container.session_service()

    @property
    def expiry(self) -> ExpiryService:
        return self.container.expiry_service()

    @property
    def transfer(self) -> TransferService:
        return self.container.transfer_service()

    @property
    def demo(self) -> DemoService:
        return self.container.demo_service()

    def sweeps(self, narrowed_as: RetentionPolicy | None = None) -> SweepContainer:
        """What sweeps; its policy is narrowed down as this one is, with thresholds asked anew each time."""
        from cleveragents.sweep_container import sweep_container_of

        return sweep_container_of(self.container, narrowed_as)

    @property
    def now(self) -> datetime:
        return self.container.clock().now()

    @property
    def vacuum(self) -> VacuumService:
        return self.container.vacuum_service()

    @property
    def database(self) -> DatabaseService:
        return self.container.database_service()
