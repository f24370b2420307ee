"""Edits of the ledger, one at a time: `log --verify` notices each."""

from __future__ import annotations

from collections.abc import Iterator

from population import settle
from running import Operator
from scenes import Scenes, columns_of
from sqlalchemy import Column, DateTime
from sqlalchemy.types import Text, TypeDecorator
from tally import BrokenError, Tally, require

from cleveragents.domain.errors import LedgerTamperedError
from cleveragents.infrastructure.database.rows import metadata

_A_LITTLE = {"sqlite": "+ 1", "postgresql": "+ interval '1 microsecond'"}
_A_DAY = {"sqlite": "- 86400000000", "postgresql": "- interval '1 day'"}
Edit = tuple[str, ...]
"""Statements that are run one after the other."""


def edit_ledger(tally: Tally, scenes: Scenes) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    try:
        _make_ledger(operator)
        kept = scene.keep()
        operator.verified_log()
        for kind, edit in [*_edits_of_rows(operator), *_edits_of_the_order(operator)]:
            with tally.trying(kind, "; ".join(edit)):
                for statement in edit:
                    scene.execute(statement)
                _check_noticed(operator)
            scene.put_back(kept)
    finally:
        scene.close()


def _make_ledger(operator: Operator) -> None:
    """Purges with and without an archive, one of a plan, and restores."""
    settle(operator)
    plan = operator.scene.folder / "plan.json"
    with operator.container() as made:
        made.plan_service().save(made.policy(), plan)
        with made.plan_service().opened(plan) as opened:
            applied = made.cleanup_service().apply(opened)
    if applied.run is None:
        raise BrokenError("applying a plan left no entry in the ledger")
    operator.restore(applied.run.run_id, ["spring", "draft"])
    operator.purge(cleanup_archive=False)
    operator.restore(applied.run.run_id, ["memoir"])
    operator.purge()


def _check_noticed(operator: Operator) -> None:
    try:
        log = operator.verified_log()
    except LedgerTamperedError:
        return
    # An archive that expired and is made to look alive is told as missing.
    require(log.archives_elsewhere, "log --verify did not notice")


def _edits_of_rows(operator: Operator) -> Iterator[tuple[str, Edit]]:
    for table, kind in (
        ("cleanup_runs", "changed columns of runs"),
        ("cleanup_database", "changed columns of the head"),
        ("cleanup_archives", "changed columns of archives"),
    ):
        key = metadata.tables[table].primary_key.columns[0]
        for row in operator.scene.rows([table])[table]:
            values = dict(zip(columns_of(table), row, strict=True))
            for column in metadata.tables[table].columns:
                if column.name == "file_bytes" and values["expired_run_id"] is not None:
                    continue  # that file is gone, and nothing else tells its size
                for new in _others(operator, column, values[column.name]):
                    change = f"UPDATE {table} SET {column.name} = {new}"
                    yield kind, (f"{change} WHERE {key.name} = '{values[key.name]}'",)


def _others(operator: Operator, column: Column[object], value: object) -> Iterator[str]:
    """Other values of the same type, and nothing at all where that is allowed."""
    if value is None:
        yield "'something'"
        return
    if column.nullable:
        yield "NULL"
    if column.name == "created_at":  # an archive's: by less it expires no sooner
        yield f"{column.name} {_A_DAY[operator.scene.backend]}"
    elif _is_moment(column):
        yield f"{column.name} {_A_LITTLE[operator.scene.backend]}"
    elif isinstance(column.type, Text):
        yield f"{column.name} || 'x'"
        if value:
            yield "''"
    else:
        yield f"{column.name} + 1000"


def _is_moment(column: Column[object]) -> bool:
    kind = column.type
    return isinstance(kind, DateTime) or (isinstance(kind, TypeDecorator) and isinstance(kind.impl, DateTime))


def _edits_of_the_order(operator: Operator) -> Iterator[tuple[str, Edit]]:
    count = len(operator.scene.rows(["cleanup_runs"])["cleanup_runs"])
    for position in range(1, count + 1):
        removal = f"DELETE FROM cleanup_runs WHERE position = {position}"
        yield "removed runs", (removal,)
        closing_up = [
            f"UPDATE cleanup_runs SET position = {later - 1} WHERE position = {later}"
            for later in range(position + 1, count + 1)
        ]
        yield "removed runs", (removal, *closing_up, "UPDATE cleanup_database SET runs = runs - 1")
    yield "removed runs", ("DELETE FROM cleanup_runs",)
    yield "removed runs", ("DELETE FROM cleanup_runs", "DELETE FROM cleanup_database")
    for first in range(1, count):
        yield (
            "reordered runs",
            (
                f"UPDATE cleanup_runs SET position = -1 WHERE position = {first}",
                f"UPDATE cleanup_runs SET position = {first} WHERE position = {first + 1}",
                f"UPDATE cleanup_runs SET position = {first + 1} WHERE position = -1",
            ),
        )
    for position in range(1, count + 1):
        copy = _copy_of(position, count + 1)
        yield "duplicated runs", (copy,)
        yield "duplicated runs", (copy, "UPDATE cleanup_database SET runs = runs + 1")
    yield "other edits of the head", ("DELETE FROM cleanup_database",)
    yield (
        "other edits of the head",
        (f"INSERT INTO cleanup_database VALUES ('{'0' * 32}', 0, '{'0' * 64}')",),  # one that sorts first
    )
    yield "removed archives", ("DELETE FROM cleanup_archives WHERE expired_run_id IS NULL",)


def _copy_of(position: int, new_position: int) -> str:
    names = ", ".join(columns_of("cleanup_runs"))
    values = names.replace("position", str(new_position), 1).replace("run_id", "run_id || '-again'", 1)
    return f"INSERT INTO cleanup_runs ({names}) SELECT {values} FROM cleanup_runs WHERE position = {position}"
