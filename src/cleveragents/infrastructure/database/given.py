"""Ids of sessions that somebody named, as a part of a statement: nothing has to be written for them."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import ARRAY, ColumnElement, Connection, FromClause, Text, func, literal, select

from cleveragents.domain.errors import InvalidValueError
from cleveragents.domain.session import check_text


def ids_given(connection: Connection, ids: Collection[str]) -> FromClause:
    """A table of one column, `session_id`; what comes twice stands there once."""
    known = sorted({each for each in ids if _can_be_one(each)})
    each: ColumnElement[str]
    if connection.dialect.name == "postgresql":
        each = func.unnest(literal(known, ARRAY(Text))).column_valued("each")
    else:
        each = func.json_each(json.dumps(known)).table_valued("value").c.value
    return select(each.label("session_id")).subquery("given")


def _can_be_one(text: str) -> bool:
    """Whether a database takes it as a text at all; there is no session under what it does not take."""
    with suppress(InvalidValueError):
        check_text("A session id", text)
        return True
    return False
