"""The course of a run as the judge looks at it: the lines of a history by what is asked of them, and how long each change took."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.faults.history import Line, lines

# A row may be read before the moment of its commit is written down; what was applied so much earlier is a number of another history.
SLACK_SECONDS = 0.25

Spans = list[tuple[float, float]]


class Course:
    def __init__(self, found: list[Line]) -> None:
        self.lines = sorted(found, key=lambda line: line["t"])
        self.by_kind: dict[str, list[Line]] = defaultdict(list)
        self.readers: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            self.by_kind[line["kind"]].append(line)
            if "who" in line:
                self.readers[line["who"]].append(line)

    def one(self, kind: str) -> Line:
        return self.by_kind[kind][-1]

    @property
    def restored(self) -> Spans:
        """The times between a copy of the database and its restoring: what was written then is rightly gone."""
        return [(line["copied"], line["t"]) for line in self.by_kind["fault"] if "copied" in line]

    def lost_by_restore(self, line: Line) -> bool:
        return any(copied <= line["asked"] <= restored or copied <= line["t"] <= restored for copied, restored in self.restored)

    @property
    def outages(self) -> Spans:
        """When the database was away."""
        found: Spans = []
        for line in self.by_kind["fault"]:
            if line.get("away"):
                found.append((line["t"], math.inf))
            elif line.get("away") is False:
                found[-1] = (found[-1][0], line["t"])
        return found

    @property
    def ledger(self) -> dict[int, int]:
        return dict(self.one("database")["ledger"])

    @property
    def commits(self) -> dict[int, float]:
        """When each number was committed: by the database itself, or where it does not say so by the process that wrote it."""
        known: dict[int, float] = dict(self.one("database").get("committed", []))
        if known:
            return known
        found: dict[int, float] = {}
        for line in self.by_kind["ack"]:
            # A repetition is answered by a process that has written nothing.
            if line["here"] and line["seq"] and not self.lost_by_restore(line):
                found[line["seq"]] = min(line["committed"], found.get(line["seq"], math.inf))
        return found

    def waits(self, committed: dict[int, float]) -> list[float]:
        """How long each of these changes took to each reader who followed by socket when it was committed; sorted.

        Until it was applied, by whatever way: a socket that ended in between is no excuse. Who was asleep or had left is not waited for.
        While the database is away no time counts: what was committed as it went nobody can know before it is back.
        """
        outages = self.outages
        return sorted(wait for own in self.readers.values() for wait in _waits(own, committed, outages))


def waits(path: Path, *each: Spans) -> list[list[float]]:
    """The waits for what was committed in these spans of time; for each list of spans by itself."""
    course = Course(lines(path))
    commits = course.commits
    return [
        course.waits({seq: when for seq, when in commits.items() if any(start <= when <= end for start, end in spans)}) for spans in each
    ]


def by_parts(path: Path, spans: dict[str, Spans]) -> dict[str, float]:
    """`<kind>_p50_ms` and `<kind>_p99_ms` of a run that had several parts of each kind, by turns: the median of the parts.

    Other work of the machine falls into one part or another, and of all parts together p99 says nothing but which.
    """
    parts = [(kind, span) for kind, some in spans.items() for span in some]
    late = list(zip([kind for kind, _ in parts], waits(path, *([span] for _, span in parts)), strict=True))
    return {
        f"{kind}_{name}_ms": round(1000 * median(share(some, part) for other, some in late if other == kind), 1)
        for kind in spans
        for name, part in (("p50", 0.5), ("p99", 0.99))
    }


def share(sorted_values: list[float], part: float) -> float:
    """The value below which that part of them lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * part))]


def _waits(own: list[Line], committed: dict[int, float], outages: Spans) -> Iterator[float]:
    followed: list[list[float]] = []
    naps: list[float] = []
    applied: dict[int, float] = {}
    at = 0
    for line in own:
        match line["kind"]:
            case "live":
                followed.append([line["t"], math.inf])
            case "away":
                if followed:
                    followed[-1][1] = line["t"]
            case "nap":
                naps.append(line["t"])
            case "opened":
                at = line["seq"]
            case "applied" | "reset":
                for seq in range(line.get("since", at) + 1, line["to"] + 1):
                    if line["t"] > committed.get(seq, math.inf) - SLACK_SECONDS:
                        applied.setdefault(seq, line["t"])
                at = line["to"]
    for seq, when in committed.items():
        end = applied.get(seq)
        if end is not None and any(a <= when <= b for a, b in followed) and not any(when < nap < end for nap in naps):
            away = sum(max(0.0, min(end, b) - max(when, a)) for a, b in outages)
            yield max(0.0, end - when - away)
