"""One writer of a soak: makes sessions, appends to them for a while, and leaves them behind.

python _abandoner.py NUMBER FILE; the database comes from the environment

Until its standard input ends; then it writes down what it was told is written, and when it last used what.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from _writer import stop_at_end

from cleveragents.container import Container
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.session import Role

AT_ONCE = 5
APPENDS_EACH = (0, 12)
BETWEEN_APPENDS = 0.05


def main() -> None:
    number, file = sys.argv[1:]
    service = Container().session_service()
    chance = random.Random(number)  # noqa: S311 - repeatable
    stopped = threading.Event()
    threading.Thread(target=stop_at_end, args=(stopped,), daemon=True).start()
    made: list[dict[str, object]] = []
    at_work: list[tuple[dict[str, object], int]] = []
    latencies: list[float] = []
    failed = Counter[str]()
    while not stopped.is_set():
        began = time.time()
        try:
            if len(at_work) < AT_ONCE:
                session = service.create(name=f"soak {number}")
                record: dict[str, object] = {
                    "session_id": session.session_id,
                    "written": 0,
                    "last_used": began,
                }
                made.append(record)
                at_work.append((record, chance.randint(*APPENDS_EACH)))
            else:
                which = chance.randrange(AT_ONCE)
                record, left = at_work.pop(which)
                if left:
                    service.append(str(record["session_id"]), Role.USER, f"{number} {'.' * 200}")
                    record["written"] = int(str(record["written"])) + 1
                    record["last_used"] = began
                    at_work.append((record, left - 1))
        except CleverAgentsError as error:
            failed[type(error).__name__] += 1
        latencies.append(time.time() - began)
        time.sleep(BETWEEN_APPENDS)
    Path(file).write_text(json.dumps({"sessions": made, "latencies": latencies, "failed": failed}))


if __name__ == "__main__":
    main()
