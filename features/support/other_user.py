"""Somebody else who uses the same sessions through a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from cleveragents.domain.session import Role

if TYPE_CHECKING:
    from cleveragents.application.services.session_service import SessionService
    from support.driver import Driver

ACTS: dict[str, Callable[[SessionService, str], object]] = {
    "touches": lambda service, session: service.touch(session),
    "appends to": lambda service, session: service.append(session, Role.USER, "hello again"),
    "pins": lambda service, session: service.pin(session),
    "leases": lambda service, session: service.touch(session, lease=timedelta(minutes=10)),
    "deletes": lambda service, session: service.delete(session),
    "creates a child of": lambda service, session: service.create(name="newborn", parent=session),
}


def act(driver: Driver, deed: str, name: str) -> None:
    """Do one of ACTS to the session of that name."""
    container = driver.container()
    try:
        ACTS[deed](container.session_service(), driver.id_of(name))
    finally:
        container.store().close()
