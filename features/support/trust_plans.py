"""Saved plans as another program would read, edit and damage them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.driver import Driver

FILE = "plan.json"


def path_of(driver: Driver) -> Path:
    return driver.folder / FILE


def read(driver: Driver) -> dict[str, Any]:
    document = json.loads(path_of(driver).read_bytes())
    assert isinstance(document, dict)
    return document


def digest_of(driver: Driver) -> str:
    """SHA-256 of every byte before the digest's own line."""
    return hashlib.sha256(path_of(driver).read_bytes().partition(b'"digest":')[0]).hexdigest()


def _replacing(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, f"{old} is not in\n{text}"
        return text.replace(old, new, 1)

    return change


def _without_line_of(name: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        kept = [line for line in text.splitlines(keepends=True) if f'"{name}"' not in line]
        assert len(kept) < len(text.splitlines()), f"{name} is not in\n{text}"
        return "".join(kept)

    return change


def _with_line_of_twice(name: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        line = next(line for line in text.splitlines(keepends=True) if f'"{name}"' in line)
        return text.replace(line, line * 2, 1)

    return change


EDITS: dict[str, Callable[[str], str]] = {
    "another kind": _replacing("cleveragents.plan", "cleveragents.plot"),
    "a newer format": _replacing('"schema_version": 1', '"schema_version": 2'),
    "another time": _replacing('"created_at": "2026-06-15T12', '"created_at": "2026-06-15T11'),
    "a time that is none": _replacing('"created_at": "2026', '"created_at": "soon'),
    "a shorter threshold": _replacing('"stale_after": "30d"', '"stale_after": "1s"'),
    "another class": _replacing('"stale",\n', ""),
    "another policy hash": _replacing('"policy_hash": "', '"policy_hash": "0'),
    "another count of candidates": _replacing('"candidates": 2', '"candidates": 3'),
    "another count of messages": _replacing('"messages": 4', '"messages": 5'),
    "another session": _replacing('"session_id":"spring"', '"session_id":"winter"'),
    "another last access": _replacing('"last_accessed_at":"2026-05-06', '"last_accessed_at":"2026-06-15'),
    "another count of a session": _replacing('"message_count":2', '"message_count":3'),
    "a session removed": _without_line_of("spring"),
    "a session twice": _with_line_of_twice("summer"),
    "another digest": _replacing('"digest": "', '"digest": "0'),
    "no digest": _without_line_of("digest"),
    "no policy hash": _without_line_of("policy_hash"),
    "one blank more": _replacing("\n", " \n"),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "something after its end": lambda text: text + " ",
    "nothing after its sessions": lambda text: text.partition('"digest"')[0],
    "half of its text": lambda text: text[: len(text) // 2],
    "its last byte cut off": lambda text: text[:-2],
    "a byte that is no UTF-8": lambda text: text[:300] + "\udcff" + text[301:],
    "no text at all": lambda _: "",
    "an empty document": lambda _: "{}",
    "a list": lambda _: "[]",
    "a letter": lambda _: "Dear reader,\n",
}


def edit(driver: Driver, what: str) -> None:
    text = path_of(driver).read_bytes().decode()
    changed = EDITS[what](text)
    assert changed != text
    path_of(driver).write_bytes(changed.encode(errors="surrogateescape"))


def tried_flips(driver: Driver, words: str, every: int) -> dict[int, int]:
    """The exit codes of a command when one bit of the plan is changed, in every so many bytes."""
    path = path_of(driver)
    original = path.read_bytes()
    codes = {}
    for place in range(0, len(original), every):
        damaged = bytearray(original)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        driver.run(words)
        assert driver.exit_code is not None
        codes[place] = driver.exit_code
    path.write_bytes(original)
    return codes
