"""Processes that a benchmark starts, and what they and their children cost."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


class DidNotStart(Exception):
    """A server is not there. The message holds the end of what it wrote."""


@contextlib.contextmanager
def started(command: list[str], *, port: int, log: Path, environment: dict[str, str] | None = None, patience: float = 60) -> Iterator[int]:
    """A process that listens on `port`; yields its id once it does. Ended on the way out, by force after ten seconds."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 – our own commands
            command, cwd=ROOT, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
        )
    try:
        end = time.monotonic() + patience
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise DidNotStart(f"{' '.join(command[:4])} … does not listen on {port}:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def tree(pid: int) -> list[int]:
    """A process and all that came of it, as far as they live."""
    result = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        # A thread may end while we look; its children are its process's then.
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                result += tree(int(child))
    return result


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes and their living children, to the nanosecond where /proc/stat counts in hundredths."""
    total = 0.0
    for root in pids:
        for pid in tree(root):
            # Linux: the clock of a process is made of its id (clock_getcpuclockid).
            with contextlib.suppress(OSError):
                total += time.clock_gettime((~pid << 3) | 2)
    return total
