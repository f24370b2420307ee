"""The two settings files of a scenario's computer."""

from __future__ import annotations

from support.driver import Driver

PLACES = {"project": "cleveragents.toml", "user": "config/cleveragents/config.toml"}
_OUTSIDE_TABLES = {"format"}


def set_in_file(driver: Driver, owner: str, key: str, value: str) -> None:
    """Write one setting, in `[cleanup]` or, with a dot, in another table."""
    table, _, name = key.rpartition(".")
    head = "" if key in _OUTSIDE_TABLES else f"[{table or 'cleanup'}]\n"
    driver.write_file(PLACES[owner], f"{head}{name} = {_as_toml(value)}\n")


def _as_toml(value: str) -> str:
    return value if value in {"true", "false"} or value.isdecimal() else f"'{value}'"
