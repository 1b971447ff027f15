"""The judge: reads the history of a run, long after it, and says what was promised and not kept (docs/delivery.md).

`python -m tests.faults.judge FILE…` prints the verdict on each. A history is JSON lines; each has `kind` and `t`, those of readers `who`:

| kind | by | says |
|---|---|---|
| `opened` · `snapshot` · `answer` · `push` | reader | bytes received: the canaries in them, when they were asked for, a push's number |
| `hello` · `closed` · `live` · `away` | reader | a connection begins or ends; the reader follows by socket or does not |
| `nap` | reader | it falls asleep |
| `denied` | reader | a question was answered with 500 or more |
| `applied` · `reset` · `end` | reader | its cursor moved from `since` to `to` · it has a new page · what it shows at the end |
| `ack` · `refused` · `trouble` · `lost` · `unanswered` | writer | what became of a write |
| `withdrawn` · `secret` | writer | which canaries must not be seen from now on, or before `until` |
| `began` · `fault` · `quiet` · `settled` · `fresh` · `database` | the run | its course, and the truth at its end |
| `pulse` | the run | how late the `machine` woke a process that does nothing else, and the crowd's own loop was (`of`) |

Three kinds of sentence come of it. What is `wrong` is wrong on any machine. What is `late` says something of the servers only where the
machine itself was not: else the run is `invalid`, and to be repeated.
"""

from __future__ import annotations

import argparse
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.course import Course, share
from tests.faults.history import Line, lines

READ = {"opened", "snapshot", "answer", "push"}
# Of what is promised, how much the machine itself may be late.
MOST_LAG = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """The pass numbers of a run, in seconds. `withdrawal`: how long after its acknowledgement another process than the one that did it may
    still answer a question with the text. `behind`: how long after it a process that stood still may yet push it, in its turn, to a page
    that has gone past that number elsewhere, and ignores it.
    """

    p99: float = 1.0
    quiet: float = 10.0
    withdrawal: float = 1.0
    behind: float = 0.0
    resets: bool = False
    orphan: float = 5.0

    @property
    def lag(self) -> float:
        """A machine that is later than this one time of a hundred measures itself."""
        return self.p99 * MOST_LAG


@dataclass
class Verdict:
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    invalid: str = ""
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        return [*self.wrong, *self.late]

    def __str__(self) -> str:
        figures = "  ".join(f"{name} {value:g}" for name, value in self.figures.items())
        invalid = [f"INVALID: {self.invalid}"] if self.invalid else []
        late = [f"LATE: {sentence}" for sentence in self.late]
        return "\n".join([*(f"WRONG: {sentence}" for sentence in self.wrong), *late, *invalid, figures])


def judge(path: Path, limits: Limits = Limits()) -> Verdict:
    course = Course(lines(path))
    verdict = Verdict()
    for rule in (cursors, sockets, ends, durability, once, secrecy, withdrawals, quiet):
        verdict.wrong += list(rule(course, limits, verdict.figures))[:5]
    for rule in (staleness, orphans, late_withdrawals):
        verdict.late += list(rule(course, limits, verdict.figures))[:5]
    verdict.invalid = next(_lag(course, limits, verdict.figures), "")
    return verdict


Rule = Iterator[str]
Figures = dict[str, float]


def cursors(course: Course, limits: Limits, figures: Figures) -> Rule:
    """Each reader's cursor moves over every number once and in order; only a reset may set it anew."""
    resets = applied = 0
    for who, own in course.readers.items():
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
    figures["readers"], figures["applied"], figures["resets"] = len(course.readers), applied, resets
    if not applied:
        yield "nobody applied anything"
    if resets and not limits.resets:
        yield f"there were {resets} resets, and this history was never wound back"


def sockets(course: Course, limits: Limits, figures: Figures) -> Rule:
    """On each connection numbers follow the greeting's head without a gap, or that of a later `head`; a reset ends that promise."""
    ledger = course.ledger
    for who, own in course.readers.items():
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
                if not course.restored and ledger.get(line["seq"]) != line["token"]:
                    yield f"{who} was sent number {line['seq']} with a token that was never committed"


def ends(course: Course, limits: Limits, figures: Figures) -> Rule:
    """Every reader ends with what the database holds and a fresh page shows, from every server."""
    truth, pages = course.one("database"), course.by_kind["fresh"]
    if not pages:
        yield "no server gave a fresh page at the end"
    rows = truth["articles"]
    for page in pages:
        if page["articles"] != rows[: len(page["articles"])] or (page["whole"] and len(page["articles"]) != len(rows)):
            yield f"the fresh page of {page['base']} is not what the database holds"
        if page["seq"] != truth["seq"]:
            yield f"the fresh page of {page['base']} stands at {page['seq']}, the database at {truth['seq']}"
    for end in course.by_kind["end"]:
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


def durability(course: Course, limits: Limits, figures: Figures) -> Rule:
    """What was acknowledged is in the database, and its numbers have no hole."""
    truth, ledger = course.one("database"), course.ledger
    written = set(truth["writes"])
    acks = [line for line in course.by_kind["ack"] if not course.lost_by_restore(line)]
    figures["acknowledged"] = len({line["key"] for line in acks})
    for line in acks:
        # A write that found nothing to change has no number and leaves no key.
        if line["seq"] is not None and uuid.UUID(line["key"]).hex not in written:
            yield f"a {line['verb']} was acknowledged and is not in the database"
    if not acks:
        yield "nothing was acknowledged"
    if ledger and (max(ledger) != len(ledger) or max(ledger) != truth["seq"]):
        yield f"the ledger holds {len(ledger)} numbers up to {max(ledger)}, and the blog stands at {truth['seq']}"


def once(course: Course, limits: Limits, figures: Figures) -> Rule:
    """One key is one write: every answer under a key is the same, and every published entry has its own key."""
    answers: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    published, twice = set(), 0
    for line in course.by_kind["ack"]:
        if course.lost_by_restore(line):
            continue
        twice += line["key"] in answers
        answers[line["key"]].add((line["verb"], line.get("ref"), line["seq"]))
        if line["verb"] == "publish":
            published.add(line["ref"])
    figures["repeated"] = twice
    for key, different in answers.items():
        if len(different) > 1:
            yield f"the key {key} was answered in {len(different)} ways: {sorted(map(str, different))}"
    if course.restored or course.by_kind["unanswered"]:
        return
    scheduled = sum(1 for key, found in answers.items() if any(answer[0] == "schedule" for answer in found))
    if course.one("database")["published"] != len(published) + scheduled:
        yield f"{course.one('database')['published']} entries are public, {len(published)} + {scheduled} were acknowledged"


def secrecy(course: Course, limits: Limits, figures: Figures) -> Rule:
    """No draft's text is in any byte received, and no scheduled one's before its time."""
    forbidden = {canary: line["until"] for line in course.by_kind["secret"] for canary in line["canaries"]}
    figures["secrets"] = len(forbidden)
    for line in _received(course):
        for canary in line["canaries"]:
            if canary in forbidden and (forbidden[canary] is None or line["t"] < forbidden[canary]):
                yield f"{line['who']} received the text of a draft by {line['kind']}"


def withdrawals(course: Course, limits: Limits, figures: Figures) -> Rule:
    """A withdrawn text is in no answer of the process that withdrew it, and comes to no reader who was told of it."""
    figures["withdrawn"] = len(course.by_kind["withdrawn"])
    for line, gone, wait in _asked_after(course, limits):
        if line["base"] == gone["base"]:
            yield f"a withdrawn text was served {wait:.3f} s later by the process that had withdrawn it, by {line['kind']}"
    # Numbers of a lost history say nothing: after a restore a reader counts once it stands at a number that is in the ledger still.
    restored, ledger = max((end for _, end in course.restored), default=0.0), course.ledger
    gone = {canary: line for canary, line in _withdrawn(course).items() if line["t"] > restored}
    for who, own in course.readers.items():
        at = 0
        for line in own:
            if line["kind"] in {"opened", "applied", "reset"}:
                to = line["seq"] if line["kind"] == "opened" else line["to"]
                at = to if not restored or ledger.get(to) == line["token"] else 0
            for canary in line["canaries"] if line["kind"] in READ else ():
                if canary in gone and 0 < gone[canary]["seq"] <= at and not _behind(line, gone[canary], at, limits):
                    yield f"{who} was at {at} and received a text that {gone[canary]['seq']} had withdrawn, by {line['kind']}"


def _behind(line: Line, gone: Line, at: int, limits: Limits) -> bool:
    """Whether these are the last bytes of a process that stood still, under a number that the page has passed."""
    return line["kind"] == "push" and 0 < (line.get("seq") or 0) <= at and line["t"] <= gone["t"] + limits.behind


def late_withdrawals(course: Course, limits: Limits, figures: Figures) -> Rule:
    """Nor is it in an answer of any other process, soon after."""
    figures["withdrawn_seen_s"] = round(max((wait for _, _, wait in _asked_after(course, limits)), default=0.0), 3)
    if figures["withdrawn_seen_s"] > limits.withdrawal:
        yield f"a withdrawn text was still served {figures['withdrawn_seen_s']} s after its withdrawal"


def _withdrawn(course: Course) -> dict[str, Line]:
    """What was done to each text that was withdrawn and, as far as a restore let it, stayed so."""
    return {
        canary: line for line in course.by_kind["withdrawn"] if not any(a <= line["t"] <= b for a, b in course.restored)
        for canary in line["canaries"]
    }  # fmt: skip


def _asked_after(course: Course, limits: Limits) -> Iterator[tuple[Line, Line, float]]:
    """Each answer with a withdrawn text to a question asked after the withdrawal: the answer, the withdrawal, the seconds between.

    While the database is away another process serves pages as they were, and until it has found the database again.
    """
    gone = _withdrawn(course)
    for line in _received(course):
        if "asked" not in line:
            continue
        away = any(a <= line["t"] and line["asked"] <= b + limits.withdrawal for a, b in course.outages)
        for canary in line["canaries"]:
            told = gone.get(canary)
            if told and line["asked"] > told["t"] and not (away and line["base"] != told["base"]):
                yield line, told, line["asked"] - told["t"]


def staleness(course: Course, limits: Limits, figures: Figures) -> Rule:
    """From the commit until it is applied, for readers who followed by socket when it was committed."""
    found = course.waits(course.commits)
    if not found:
        yield "nothing was measured of how late changes come"
        return
    for name, part in (("p50", 0.5), ("p99", 0.99)):
        figures[f"{name}_s"] = round(share(found, part), 3)
    figures["max_s"] = round(found[-1], 3)
    if figures["p99_s"] > limits.p99:
        yield f"one change of a hundred came {figures['p99_s']} s after its commit or later; {limits.p99} s is promised"


def _lag(course: Course, limits: Limits, figures: Figures) -> Iterator[str]:
    for what in ("machine", "crowd"):
        lags = sorted(line["lag"] for line in course.by_kind["pulse"] if line["of"] == what)
        lag = figures[f"{what}_lag_s"] = share(lags, 0.99) if lags else 0.0
        if not lags or lag > limits.lag:
            yield f"the {what} was {lag} s late itself, or was not looked at; for this run {limits.lag:g} s is the most"


def orphans(course: Course, limits: Limits, figures: Figures) -> Rule:
    """A change whose process died before it could announce it comes to the readers of the others, and soon."""
    for death in (line for line in course.by_kind["fault"] if "orphans" in line):
        commits = course.commits
        found = course.waits({seq: commits.get(seq, death["t"]) for seq in death["orphans"]})
        if not found:
            yield "the change that was never announced was not measured"
            return
        figures["orphan_s"] = round(max([figures.get("orphan_s", 0.0), *found]), 3)
        if figures["orphan_s"] > limits.orphan:
            yield f"a change that was never announced came after {figures['orphan_s']} s"


def quiet(course: Course, limits: Limits, figures: Figures) -> Rule:
    """Soon after the last change and the last fault every reader stands at the head."""
    settled = course.one("settled")
    figures["quiet_s"] = round(settled["t"] - course.one("quiet")["t"], 2)
    if settled["late"]:
        yield f"{len(settled['late'])} readers were not at the head {limits.quiet} s after all was quiet: {settled['late'][:8]}"


def _received(course: Course) -> Iterator[Line]:
    return (line for line in course.lines if line["kind"] in READ)


def main() -> int:
    parser = argparse.ArgumentParser(description="Says what a run promised and did not keep.")
    parser.add_argument("histories", nargs="+", type=Path)
    verdicts = {path: judge(path) for path in parser.parse_args().histories}
    for path, verdict in verdicts.items():
        sys.stdout.write(f"{path}\n{verdict}\n")
    return int(any(verdict.faults or verdict.invalid for verdict in verdicts.values()))


if __name__ == "__main__":
    sys.exit(main())
