"""Scans and purges of sessions that a program names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cleveragents.cli.views.cleanup import data as cleanup_data
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy
from support.tables import quoted

if TYPE_CHECKING:
    from cleveragents.application.services.cleanup_service import CleanupService
    from support.driver import Driver

_ODD = {"%00": "\0", "%ud800": "\ud800"}


class NamingProgram:
    """A program that embeds the services; what its last call came to stands as a command's answer.

    `error` is what it was refused with.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.error: CleverAgentsError | None = None
        self.run_id: str | None = None

    def scan(self, names: Collection[str]) -> None:
        self._call(lambda service: service.scan(RetentionPolicy(), among=self._ids(names)))

    def purge(self, names: Collection[str], *, policy: RetentionPolicy | None = None, **how: Any) -> None:
        ids = self._ids(names)
        self._call(lambda service: service.purge(policy or RetentionPolicy(), among=ids, **how))

    def undo(self) -> None:
        assert self.run_id is not None
        container = self._driver.container()
        try:
            container.restore_service().restore(self.run_id, dry_run=False)
        finally:
            container.store().close()

    def _ids(self, names: Collection[str]) -> list[str]:
        return [_ODD.get(name) or self._driver.id_of(name) for name in names]

    def _call(self, call: Callable[[CleanupService], CleanupReport]) -> None:
        self.error = None
        container = self._driver.container()
        try:
            report = call(container.cleanup_service())
        except CleverAgentsError as error:
            self.error = error
            return
        finally:
            container.store().close()
        self.run_id = report.run_id
        answer = cleanup_data(report, report.found.sessions)
        self._driver.stdout = json.dumps({"data": answer}, default=str)


def named_in(text: str, driver: Driver) -> list[str]:
    """Read `"spring" and "blank"`, `no session`, or `1000 of them`."""
    with suppress(AttributeError, TypeError):
        count = int(re.fullmatch(r"(\d+) of them", text)[1])  # type: ignore[index]
        return [session.session_id for session in driver.sessions()][:count]
    return quoted(text)
