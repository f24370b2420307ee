"""One writer: appends messages at a steady pace until its standard input ends, then tells how it went.

python _writer.py NUMBER PER_SECOND SESSION_ID…; the database comes from the environment

Latency counts from the moment at which a message was due, not from when the writer got round to it:
a writer that was kept waiting is late for the next ones too, and its users feel that.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter

from cleveragents.container import Container
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.session import Role

MARK = "written meanwhile by"
_WRITTEN_BYTES = 1024


def main() -> None:
    number, per_second, *session_ids = sys.argv[1:]
    service = Container().session_service()
    which = random.Random(number)  # noqa: S311 - the same sessions each time, not a secret
    text = f"{MARK} {number} ".ljust(_WRITTEN_BYTES, ".")
    service.append(session_ids[0], Role.USER, text)  # whatever is slow the first time
    stopped = threading.Event()
    threading.Thread(target=stop_at_end, args=(stopped,), daemon=True).start()
    print("ready", flush=True)
    written, appends, failed = 1, [], Counter[str]()
    due = time.time()
    while not stopped.is_set():
        due += 1 / float(per_second)
        time.sleep(max(due - time.time(), 0))
        try:
            service.append(which.choice(session_ids), Role.USER, text)
            written += 1
        except CleverAgentsError as error:
            failed[type(error).__name__] += 1
        appends.append((due, time.time() - due))
    print(json.dumps({"written": written, "failed": failed, "appends": appends}))


def stop_at_end(stopped: threading.Event) -> None:
    sys.stdin.read()
    stopped.set()


if __name__ == "__main__":
    main()
