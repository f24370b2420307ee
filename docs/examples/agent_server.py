"""An agent server that creates a session before its first message.

    pip install 'cleveragents[fastapi]' uvicorn
    uvicorn agent_server:app

Sessions that never got a message go by themselves. Whatever else is to go, `agents cleanup watch` takes.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from cleveragents.container import Container
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.listing import SessionQuery
from cleveragents.domain.retention import SessionFilter
from cleveragents.domain.session import Message, Role, Session
from cleveragents.integrations.fastapi import (
    EmptySessionCleanup,
    in_thread,
    schedule_empty_session_cleanup,
)

logger = logging.getLogger(__name__)

SOURCE = "api"
SHOWN = 50
REFUSALS = {2: 422, 3: 404, 4: 409}
"""What to answer for the exit code that an error has on the command line."""

container = Container()
sessions = container.session_service()


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield
    container.store().close()


app = FastAPI(title="Agent server", lifespan=lifespan)
cleanup = EmptySessionCleanup(container).serve(app)


class NewSession(BaseModel):
    name: str | None = None
    actor_name: str | None = None


class NewMessage(BaseModel):
    role: Role = Role.USER
    content: str


@app.post("/sessions", status_code=201)
async def create(new: NewSession, background_tasks: BackgroundTasks) -> dict[str, Any]:
    session = await in_thread(sessions.create, name=new.name, actor_name=new.actor_name, source=SOURCE)
    schedule_empty_session_cleanup(background_tasks, session.session_id)
    return shown(session)


@app.post("/sessions/{session_id}/messages", status_code=201)
async def append(session_id: str, new: NewMessage) -> dict[str, Any]:
    session, message = await in_thread(sessions.append, session_id, new.role, new.content)
    return {"session": shown(session), "message": told(message)}


@app.post("/sessions/{session_id}/touch")
async def touch(session_id: str) -> dict[str, Any]:
    return shown(await in_thread(sessions.touch, session_id))


@app.get("/sessions/{session_id}")
async def show(session_id: str) -> dict[str, Any]:
    details = await in_thread(sessions.show, session_id, messages=SHOWN)
    return {**shown(details.session), "messages": [told(message) for message in details.messages]}


@app.get("/sessions")
async def list_all(limit: int = 20, offset: int = 0) -> dict[str, Any]:
    query = SessionQuery(
        matching=SessionFilter(sources=(SOURCE,)),
        having=frozenset(),
        policy=container.policy(),
        now=container.clock().now(),
        limit=limit,
        offset=offset,
    )
    page = await in_thread(sessions.list, query)
    return {"total": page.total, "sessions": [shown(session) for session in page.sessions]}


@app.get("/health")
async def health() -> dict[str, Any]:
    return {"status": "ok", "waiting": cleanup.waiting}


@app.exception_handler(CleverAgentsError)
async def refuse(_request: Request, error: CleverAgentsError) -> JSONResponse:
    if error.exit_code in REFUSALS:
        return JSONResponse({"code": error.code, "message": error.message}, REFUSALS[error.exit_code])
    # What is wrong with the database is for the log, and not for whoever asks.
    logger.error("A request failed", extra={"why": error.message})
    return JSONResponse({"code": error.code, "message": "Try again later."}, 503)


def shown(session: Session) -> dict[str, Any]:
    return {
        "session_id": session.session_id,
        "name": session.name,
        "message_count": session.message_count,
        "first_message_at": session.first_message_at,
        "last_accessed_at": session.last_accessed_at,
    }


def told(message: Message) -> dict[str, Any]:
    return {"sequence": message.sequence, "role": message.role, "content": message.content}
