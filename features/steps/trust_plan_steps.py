"""The words about saved plans: what they list, how a store drifts from them, which are refused."""

from __future__ import annotations

from behave import given, then, when

from support import trust_plans as plans
from support.contents import changed_tables, remember
from support.tables import quoted, rows_of
from support.trust_copies import use_another_database

# --- what there is ------------------------------------------------------------------------------


@given("the plan has {what}")
def _(context, what):
    plans.edit(context.driver, what)
    remember(context.driver)


@given("another database with these sessions")
def _(context):
    use_another_database(context.driver)
    context.driver.add_rows(rows_of(context.table))
    remember(context.driver)


# --- what happens -------------------------------------------------------------------------------


@when("I apply the plan with one bit changed, at every {every:d}th byte in turn")
def _(context, every):
    driver = context.driver
    remember(driver)
    driver.remembered["flips"] = plans.tried_flips(driver, "cleanup apply plan.json", every)


# --- what came of it ----------------------------------------------------------------------------


@then("the plan lists, oldest first, {names}")
def _(context, names):
    listed = [session["session_id"] for session in plans.read(context.driver)["sessions"]]
    assert listed == [context.driver.id_of(name) for name in quoted(names)], listed


@then("the plan lists no session")
def _(context):
    assert plans.read(context.driver)["sessions"] == []


@then("its digest is that of its bytes")
def _(context):
    assert plans.read(context.driver)["digest"] == plans.digest_of(context.driver)


@then("the plan holds the guard values, the policy with its hash, and the database's fingerprint")
def _(context):
    driver, plan = context.driver, plans.read(context.driver)
    log = driver.ask("cleanup log")
    policy = driver.ask("cleanup --dry-run")["policy"]
    assert (plan["database"], plan["policy"]) == (log["fingerprint"], policy), plan
    assert len(plan["policy_hash"]) == 64, plan
    for planned in plan["sessions"]:
        session = driver.session(planned["session_id"])
        assert planned["message_count"] == session.message_count, planned
        assert planned["content_bytes"] == session.content_bytes, planned
        assert planned["last_accessed_at"] == session.last_accessed_at.isoformat().replace("+00:00", "Z")


@then("there is no plan")
def _(context):
    assert not list(context.driver.folder.glob("*plan*")), list(context.driver.folder.iterdir())


@then("nobody but its owner can read the plan")
def _(context):
    assert plans.path_of(context.driver).stat().st_mode & 0o777 == 0o600


@then("the plan has drifted")
def _(context):
    driver = context.driver
    plan = driver.data["plan"]
    expected = [
        {"session_id": driver.id_of(row["session"]), "reason": row["reason"]}
        for row in rows_of(context.table)
    ]
    assert plan["drift"] == expected, plan
    assert plan["drift_total"] == len(expected), plan


@then("the plan has not drifted")
def _(context):
    plan = context.driver.data["plan"]
    assert (plan["drift"], plan["drift_total"]) == ([], 0), plan


@then("of {planned:d} planned sessions {purged:d} went, and the rest is drift")
def _(context, planned, purged):
    data = context.driver.data
    plan = data["plan"]
    assert (plan["planned"], data["purged"]) == (planned, purged), data
    assert plan["drift_total"] + data["purged"] + data["skipped_total"] == planned, data


@then("it was refused each time, and nothing was deleted")
def _(context):
    driver = context.driver
    codes = driver.remembered["flips"]
    taken = {place: code for place, code in codes.items() if code != 5}
    assert codes, "nothing was tried"
    assert not taken, f"at these places it ended otherwise: {taken}"
    assert not changed_tables(driver)
