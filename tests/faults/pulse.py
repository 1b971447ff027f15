"""How late this machine wakes a process that does nothing else: `python -m tests.faults.pulse` writes a line a tick until it is ended.

What is measured beside it is measured on that machine: where it is late itself, nobody can say how late a server was.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.faults.history import Line
from tests.faults.programs import ROOT

TICK_SECONDS = 0.02


@contextlib.contextmanager
def beating() -> Iterator[list[Line]]:
    """Such a process; the list holds what it saw once the block is left."""
    found: list[Line] = []
    with tempfile.TemporaryFile("w+") as seen:
        process = subprocess.Popen([sys.executable, "-m", "tests.faults.pulse"], cwd=ROOT, stdout=seen)
        try:
            yield found
        finally:
            process.kill()
            process.wait()
            seen.seek(0)
            # The last line may be half written.
            found += [json.loads(line) for line in seen.read().splitlines(keepends=True) if line.endswith("\n")]


def beat() -> None:
    while True:
        before = time.monotonic()
        time.sleep(TICK_SECONDS)
        now = time.monotonic()
        sys.stdout.write(json.dumps({"t": now, "lag": round(now - before - TICK_SECONDS, 4)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    beat()
