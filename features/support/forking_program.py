"""A program that uses the library, forks, and goes on in both processes; run as a script."""

from __future__ import annotations

import os
import sys

from cleveragents.container import Container
from cleveragents.domain.retention import RetentionPolicy


def main(number: int) -> int:
    container = Container()
    container.cleanup_service().scan(RetentionPolicy())
    child = os.fork()
    for _ in range(number):
        container.session_service().create(name="forked")
    container.store().close()
    if child == 0:
        return 0
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
