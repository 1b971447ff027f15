"""The judge: reads the history of a run, long after it, and says what was promised and not kept (docs/delivery.md).

`python -m tests.faults.judge FILE…` prints the verdict on each. A history is JSON lines; each has `kind` and `t`, those of readers `who`:

| kind | by | says |
|---|---|---|
| `opened` · `snapshot` · `answer` · `push` | reader | bytes received: the canaries in them, when they were asked for, a push's number |
| `hello` · `closed` · `live` · `away` | reader | a connection begins or ends; the reader follows by socket or does not |
| `denied` | reader | a question was answered with 500 or more |
| `applied` · `reset` · `end` | reader | its cursor moved from `since` to `to` · it has a new page · what it shows at the end |
| `ack` · `refused` · `trouble` · `lost` · `unanswered` | writer | what became of a write |
| `withdrawn` · `secret` | writer | which canaries must not be seen from now on, or before `until` |
| `began` · `fault` · `pulse` · `quiet` · `settled` · `fresh` · `database` | the run | its course, and the truth at its end |
"""

from __future__ import annotations

import argparse
import math
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.history import Line, lines

READ = {"opened", "snapshot", "answer", "push"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The pass numbers of a run, in seconds. `withdrawal`: how long after its acknowledgement a question may still be answered with it."""

    p99: float = 1.0
    quiet: float = 10.0
    withdrawal: float = 1.0
    resets: bool = False
    orphan: float = 5.0


@dataclass
class Verdict:
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        figures = "  ".join(f"{name} {value:g}" for name, value in self.figures.items())
        return "\n".join([*(f"WRONG: {sentence}" for sentence in self.wrong), figures])


def judge(path: Path, limits: Limits = Limits()) -> Verdict:
    history = _History(lines(path))
    verdict = Verdict()
    for rule in (cursors, sockets, ends, durability, once, secrecy, withdrawals, staleness, orphans, quiet):
        verdict.wrong += list(rule(history, limits, verdict.figures))[:5]
    return verdict


class _History:
    """The lines of a run by what the rules ask for."""

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
    def restored(self) -> list[tuple[float, float]]:
        """The times between a copy of the database and its restoring: what was written then is rightly gone."""
        return [(line["copied"], line["t"]) for line in self.by_kind["fault"] if "copied" in line]

    def lost_by_restore(self, line: Line) -> bool:
        return any(copied <= line["asked"] <= restored or copied <= line["t"] <= restored for copied, restored in self.restored)

    @property
    def ledger(self) -> dict[int, int]:
        return dict(self.one("database")["ledger"])

    @property
    def commits(self) -> dict[int, float]:
        """When each number was committed, where that is known."""
        found: dict[int, float] = {}
        for line in self.by_kind["ack"]:
            # A repeated question is answered later than its commit.
            if line["tries"] == 1 and line["seq"] and not self.lost_by_restore(line):
                found[line["seq"]] = min(line["committed"], found.get(line["seq"], math.inf))
        return found


Rule = Iterator[str]
Figures = dict[str, float]


def cursors(history: _History, limits: Limits, figures: Figures) -> Rule:
    """Each reader's cursor moves over every number once and in order; only a reset may set it anew."""
    resets = applied = 0
    for who, own in history.readers.items():
        at: int | None = None
        for line in own:
            if line["kind"] == "opened":
                at = line["seq"]
            elif line["kind"] == "reset":
                at, resets = line["to"], resets + 1
            elif line["kind"] == "applied":
                applied += 1
                if line["since"] != at:
                    yield f"{who} stood at {at} and applied from {line['since']}"
                if line["to"] <= line["since"]:
                    yield f"{who} went from {line['since']} back to {line['to']}"
                if line["how"] == "push" and line["to"] != line["since"] + 1:
                    yield f"{who} took {line['to']} after {line['since']}"
                at = line["to"]
    figures["readers"], figures["applied"], figures["resets"] = len(history.readers), applied, resets
    if not applied:
        yield "nobody applied anything"
    if resets and not limits.resets:
        yield f"there were {resets} resets, and this history was never wound back"


def sockets(history: _History, limits: Limits, figures: Figures) -> Rule:
    """On each connection numbers follow the greeting's head without a gap, or that of a later `head`; a reset ends that promise."""
    ledger = history.ledger
    for who, own in history.readers.items():
        expected: int | None = None
        for line in own:
            if line["kind"] == "hello":
                expected = line["head"] + 1
            elif line["kind"] == "push" and line["op"] == "reset":
                expected = None
            elif line["kind"] == "push" and line["op"] == "head":
                # Who lagged is told the newest number and fetches those before it: the page's cursor is judged above.
                expected = expected and max(expected, line["head"] + 1)
            elif line["kind"] == "push" and "seq" in line:
                if expected is not None and line["seq"] != expected:
                    yield f"{who} was sent {line['seq']} where {expected} was due"
                expected = line["seq"] + 1
                if not history.restored and ledger.get(line["seq"]) != line["token"]:
                    yield f"{who} was sent number {line['seq']} with a token that was never committed"


def ends(history: _History, limits: Limits, figures: Figures) -> Rule:
    """Every reader ends with what the database holds and a fresh page shows, from every server."""
    truth, pages = history.one("database"), history.by_kind["fresh"]
    if not pages:
        yield "no server gave a fresh page at the end"
    rows = truth["articles"]
    for page in pages:
        if page["articles"] != rows[: len(page["articles"])] or (page["whole"] and len(page["articles"]) != len(rows)):
            yield f"the fresh page of {page['base']} is not what the database holds"
        if page["seq"] != truth["seq"]:
            yield f"the fresh page of {page['base']} stands at {page['seq']}, the database at {truth['seq']}"
    for end in history.by_kind["end"]:
        own = end["articles"]
        floor = own[-1][2] if own and not end["whole"] else ""
        if own != [row for row in rows if row[2] >= floor]:
            missing = {row[0] for row in rows if row[2] >= floor} - {article[0] for article in own}
            surplus = {article[0] for article in own} - {row[0] for row in rows}
            yield f"{end['who']} does not show what the database holds (missing {sorted(missing)}, surplus {sorted(surplus)})"
        for page in pages[:1]:
            for part in ("epoch", "seq", "token", "state", "front", "board"):
                if end[part] != page[part]:
                    yield f"{end['who']} ends with another {part} than a fresh page"


def durability(history: _History, limits: Limits, figures: Figures) -> Rule:
    """What was acknowledged is in the database, and its numbers have no hole."""
    truth, ledger = history.one("database"), history.ledger
    written = set(truth["writes"])
    acks = [line for line in history.by_kind["ack"] if not history.lost_by_restore(line)]
    figures["acknowledged"] = len({line["key"] for line in acks})
    for line in acks:
        # A write that found nothing to change has no number and leaves no key.
        if line["seq"] is not None and uuid.UUID(line["key"]).hex not in written:
            yield f"a {line['verb']} was acknowledged and is not in the database"
    if not acks:
        yield "nothing was acknowledged"
    if ledger and (max(ledger) != len(ledger) or max(ledger) != truth["seq"]):
        yield f"the ledger holds {len(ledger)} numbers up to {max(ledger)}, and the blog stands at {truth['seq']}"


def once(history: _History, limits: Limits, figures: Figures) -> Rule:
    """One key is one write: every answer under a key is the same, and every published entry has its own key."""
    answers: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    published, twice = set(), 0
    for line in history.by_kind["ack"]:
        if history.lost_by_restore(line):
            continue
        twice += line["key"] in answers
        answers[line["key"]].add((line["verb"], line.get("ref"), line["seq"]))
        if line["verb"] == "publish":
            published.add(line["ref"])
    figures["repeated"] = twice
    for key, different in answers.items():
        if len(different) > 1:
            yield f"the key {key} was answered in {len(different)} ways: {sorted(map(str, different))}"
    if history.restored or history.by_kind["unanswered"]:
        return
    scheduled = sum(1 for key, found in answers.items() if any(answer[0] == "schedule" for answer in found))
    if history.one("database")["published"] != len(published) + scheduled:
        yield f"{history.one('database')['published']} entries are public, {len(published)} + {scheduled} were acknowledged"


def secrecy(history: _History, limits: Limits, figures: Figures) -> Rule:
    """No draft's text is in any byte received, and no scheduled one's before its time."""
    forbidden = {canary: line["until"] for line in history.by_kind["secret"] for canary in line["canaries"]}
    figures["secrets"] = len(forbidden)
    for line in _received(history):
        for canary in line["canaries"]:
            if canary in forbidden and (forbidden[canary] is None or line["t"] < forbidden[canary]):
                yield f"{line['who']} received the text of a draft by {line['kind']}"


def withdrawals(history: _History, limits: Limits, figures: Figures) -> Rule:
    """A withdrawn text is in no answer to a question asked after the withdrawal, and comes to no reader who was told of it."""
    gone = {
        canary: line for line in history.by_kind["withdrawn"] if not any(a <= line["t"] <= b for a, b in history.restored)
        for canary in line["canaries"]
    }  # fmt: skip
    figures["withdrawn"] = len(history.by_kind["withdrawn"])
    late = [
        line["asked"] - gone[canary]["t"] for line in _received(history) if "asked" in line for canary in line["canaries"] if canary in gone
    ]
    figures["withdrawn_seen_s"] = round(max([0.0, *late]), 3)
    if figures["withdrawn_seen_s"] > limits.withdrawal:
        yield f"a withdrawn text was still served {figures['withdrawn_seen_s']} s after its withdrawal"
    # Numbers of a lost history say nothing: after a restore a reader counts from its reset on.
    restored = max((end for _, end in history.restored), default=0.0)
    gone = {canary: line for canary, line in gone.items() if line["t"] > restored}
    for who, own in history.readers.items():
        at = 0
        knows = not restored
        for line in own:
            knows = knows or (line["t"] > restored and line["kind"] in {"opened", "reset"})
            if line["kind"] in {"applied", "reset"}:
                at = line["to"] if knows else 0
            elif line["kind"] in READ:
                for canary in line["canaries"]:
                    if canary in gone and 0 < gone[canary]["seq"] <= at:
                        yield f"{who} was at {at} and received a text that {gone[canary]['seq']} had withdrawn, by {line['kind']}"


def staleness(history: _History, limits: Limits, figures: Figures) -> Rule:
    """From the commit until it is applied, for readers who followed by socket when it was committed."""
    committed = history.commits
    found = sorted(wait for own in history.readers.values() for wait in _waits(own, committed))
    if not found:
        yield "nothing was measured of how late changes come"
        return
    for name, part in (("p50", 0.5), ("p99", 0.99)):
        figures[f"{name}_s"] = round(share(found, part), 3)
    figures["max_s"] = round(found[-1], 3)
    lags = sorted(line["lag"] for line in history.by_kind["pulse"])
    figures["lag_s"] = lags[int(len(lags) * 0.99)] if lags else 0.0
    # A machine that is busy with other things wakes the readers late, and the servers no sooner.
    if figures["p99_s"] > limits.p99 + 2 * figures["lag_s"]:
        yield f"one change of a hundred came {figures['p99_s']} s after its commit or later; {limits.p99} s is promised"


def waits(path: Path, spans: list[tuple[float, float]]) -> list[float]:
    """How long each change that was committed in one of these spans of time took to each reader who followed by socket; sorted."""
    history = _History(lines(path))
    committed = {seq: when for seq, when in history.commits.items() if any(start <= when <= end for start, end in spans)}
    return sorted(wait for own in history.readers.values() for wait in _waits(own, committed))


def share(sorted_values: list[float], part: float) -> float:
    """The value below which that part of them lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * part))]


def _waits(own: list[Line], committed: dict[int, float]) -> Iterator[float]:
    spans: list[list[float]] = []
    for line in own:
        if line["kind"] == "live":
            spans.append([line["t"], math.inf])
        elif line["kind"] == "away" and spans:
            spans[-1][1] = line["t"]
    for line in own:
        if line["kind"] == "applied":
            for seq in range(line["since"] + 1, line["to"] + 1):
                when = committed.get(seq)
                if when is not None and any(start <= when <= end and line["t"] <= end for start, end in spans):
                    yield max(0.0, line["t"] - when)


def orphans(history: _History, limits: Limits, figures: Figures) -> Rule:
    """A change whose process died before it could announce it comes to the readers of the others, and soon."""
    for death in (line for line in history.by_kind["fault"] if "orphans" in line):
        committed = dict.fromkeys(death["orphans"], death["t"])
        found = [wait for own in history.readers.values() for wait in _waits(own, committed)]
        if not found:
            yield "the change that was never announced was not measured"
            return
        figures["orphan_s"] = round(max([figures.get("orphan_s", 0.0), *found]), 3)
        if figures["orphan_s"] > limits.orphan + 2 * figures.get("lag_s", 0.0):
            yield f"a change that was never announced came after {figures['orphan_s']} s"


def quiet(history: _History, limits: Limits, figures: Figures) -> Rule:
    """Soon after the last change and the last fault every reader stands at the head."""
    settled = history.one("settled")
    figures["quiet_s"] = round(settled["t"] - history.one("quiet")["t"], 2)
    if settled["late"]:
        yield f"{len(settled['late'])} readers were not at the head {limits.quiet} s after all was quiet: {settled['late'][:8]}"


def _received(history: _History) -> Iterator[Line]:
    return (line for line in history.lines if line["kind"] in READ)


def main() -> int:
    parser = argparse.ArgumentParser(description="Says what a run promised and did not keep.")
    parser.add_argument("histories", nargs="+", type=Path)
    verdicts = {path: judge(path) for path in parser.parse_args().histories}
    for path, verdict in verdicts.items():
        sys.stdout.write(f"{path}\n{verdict}\n")
    return int(any(verdict.wrong for verdict in verdicts.values()))


if __name__ == "__main__":
    sys.exit(main())
