"""What happened in a run, as JSON lines: what writers were told, what readers received and applied, and what was broken when.

Times are the machine's monotonic clock in seconds, the same for every process on it. The kinds of line are listed in `judge.py`, which
reads nothing but these.
"""

from __future__ import annotations

import functools
import json
import re
import time
from pathlib import Path
from typing import Any

Line = dict[str, Any]

# In a server's own folder: the numbers that it had committed and not announced when it was made to die.
ORPHANS = "orphans.json"

# A word that stands in one text only, so that a text can be found in any bytes.
CANARY = re.compile(r"canary[0-9a-f]{10}")


class History:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("w")

    def note(self, kind: str, **facts: Any) -> None:
        facts.setdefault("t", time.monotonic())
        self._file.write(json.dumps({"kind": kind, **facts}, separators=(",", ":")) + "\n")

    def close(self) -> None:
        self._file.close()


def lines(path: Path) -> list[Line]:
    with path.open() as file:
        return [json.loads(line) for line in file]


def canaries(text: str) -> list[str]:
    return CANARY.findall(text)


@functools.lru_cache(maxsize=64)
def received(text: str) -> tuple[dict[str, Any], list[str]]:
    """A frame and the canaries in it. It comes to a whole crowd in the same moment, is taken apart once, and nobody alters it."""
    return json.loads(text), canaries(text)
