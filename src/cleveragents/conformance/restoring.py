"""Checks of restores: what comes back is what was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cleveragents.conformance.bench import Bench
from cleveragents.conformance.expecting import expect, expect_same


def a_restore_gives_back_what_was(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    report = bench.purge()
    restored = bench.restore(report).restored
    expect(restored.sessions == len(bench.stale), "the report counts other sessions than came back")
    _expect_seen(bench, before)
    bench.maker.append(bench.location, bench.stale[0])
    after = bench.maker.read(bench.location, bench.stale[0])
    expect(after != before[bench.stale[0]], "a session that came back cannot be continued")


def one_session_comes_back_alone(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    report = bench.purge()
    bench.restore(report, bench.stale[1])
    expect_same(bench.maker.ids(bench.location), [bench.stale[1], *bench.fresh], "the sessions after that")
    read = bench.maker.read(bench.location, bench.stale[1])
    expect(read == before[bench.stale[1]], f"{bench.stale[1]!r} is not as it was")


def a_restore_overwrites_nothing(bench: Bench) -> None:
    bench.fill()
    report = bench.purge()
    bench.restore(report, bench.stale[0])
    bench.maker.append(bench.location, bench.stale[0])
    before = bench.maker.read(bench.location, bench.stale[0])
    restored = bench.restore(report).restored
    expect(restored.sessions == len(bench.stale) - 1, "the report counts other sessions than came back")
    expect(restored.skipped_total == 1, "the report does not say that one is there again")
    read = bench.maker.read(bench.location, bench.stale[0])
    expect(read == before, "a session that is there again was overwritten")


def a_second_purge_can_be_undone_too(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    bench.restore(bench.purge())
    bench.restore(bench.purge())
    _expect_seen(bench, before)
    log = bench.container.ledger_service().verified_log(None)
    expect(
        log.verified_runs == len(log.runs) == 2 + 2, "the ledger does not hold two purges and two restores"
    )


def _expect_seen(bench: Bench, before: Mapping[str, object]) -> None:
    after = bench.seen()
    for session_id in sorted({*before, *after}):
        was, is_now = before.get(session_id), after.get(session_id)
        expect(was == is_now, f"{session_id!r} was {was!r} and is {is_now!r}")


RESTORING: Sequence[Callable[[Bench], None]] = (
    a_restore_gives_back_what_was,
    one_session_comes_back_alone,
    a_restore_overwrites_nothing,
    a_second_purge_can_be_undone_too,
)
