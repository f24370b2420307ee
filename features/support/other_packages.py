"""Packages of other people that are installed on the scenario's computer, and that bring kinds of store."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WRONG = {
    "needs what is not installed": "import no_such_library\n",
    "is not finished": "raise RuntimeError('this is not finished')\n",
    "has no such object": "",
    "has no title": "KIND = object()\n",
    "fails to say where its stores are": """
class Kind:
    title = "Diary"
    unasked = ()

    def usual_places(self):
        raise PermissionError("the diary is private")

KIND = Kind()
""",
    "fails to open its stores": """
class Kind:
    title = "Diary"
    unasked = ()

    def usual_places(self):
        return ["here"]

    def open(self, location, *, busy_timeout):
        raise ZeroDivisionError("the diary has no pages")

KIND = Kind()
""",
}


def install(driver: Any, package: str, module: str, kinds: Mapping[str, str]) -> None:
    """Install a package with one module; `kinds` are the entry points that it brings, by name."""
    folder = driver.folder / f"installed-{package}"
    folder.mkdir()
    name = package.replace("-", "_")
    (folder / f"{name}.py").write_text(module, encoding="utf-8")
    told = folder / f"{name}-2.7.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: 2.7\n", encoding="utf-8"
    )
    points = "\n".join(f"{kind} = {value}" for kind, value in kinds.items())
    (told / "entry_points.txt").write_text(f"[cleveragents.stores]\n{points}\n", encoding="utf-8")
    make_importable(driver, folder, name)


def make_importable(driver: Any, folder: Path, *modules: str) -> None:
    """Let this process and those that it starts find what is in a folder, until the scenario ends."""
    sys.path.insert(0, str(folder))
    driver.at_the_end(lambda: sys.path.remove(str(folder)))
    for module in modules:
        driver.at_the_end(lambda module=module: sys.modules.pop(module, None))
