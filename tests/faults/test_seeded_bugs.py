"""The suite can fail: each of the mistakes that it is there for is planted in a server, and the judge must find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults.judge import Limits, judge
from tests.faults.report import Report
from tests.faults.run import SEEDED, Size, play
from tests.faults.stage import Services, two_servers

LIMITS = Limits(p99=5.0, withdrawal=5.0)
# Twice the expiry of a group and some.
EXPIRING_SECONDS = 12


@dataclass(frozen=True)
class Case:
    """A mistake and a part of what the judge must say of it. The rest is what makes it show itself for certain: what is set in the servers,
    the size of the run, what else `play` is told, and the limits.
    """

    bug: str
    finding: str
    set_up: Mapping[str, str] = field(default_factory=dict)
    size: Size = SEEDED
    desk: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = LIMITS

    def play(self, own: Services, report: Report) -> Path:
        with two_servers(own, SEEDED_BUG=self.bug, **self.set_up) as stage:
            return play(stage, report.history(f"seeded_{self.bug}"), size=self.size, **self.desk)


CASES = [
    Case("publish_before_commit", "a token that was never committed", {"FAULT_POINTS": '{"roll_back": 0.15}'}),
    # A server that writes, releases or is asked sees by its own numbers what it has missed: the last changes are another's, unasked for.
    Case(
        "no_sync_loop",
        "after all was quiet",
        {"FAULT_POINTS": '{"drop": 1.0}'},
        replace(SEEDED, polls=0),
        {"one_desk": True, "without": frozenset({"schedule"}), "last": ("publish",) * 4},
    ),
    Case("head_read_after_rows", "does not show what the database holds"),
    # Who is forgotten hears by the sync loop: within a second mostly, where others hear in a tenth.
    Case(
        "group_never_reasserted",
        "after its commit or later",
        {"FAULT_LAYER": "core"},
        replace(SEEDED, changes=int(SEEDED.rate * EXPIRING_SECONDS)),
        {"one_desk": True},
        replace(LIMITS, p99=0.5),
    ),
    # Who polls is told of every withdrawal in this way alone.
    Case("no_tombstone", "does not show what the database holds", size=replace(SEEDED, polls=3)),
    Case("number_of_its_own", "numbers up to"),
    # An edit that nobody is told of is hidden by whatever is done to its entry afterwards.
    Case("bypass_of_commit_change", "does not show what the database holds", desk={"last": ("publish", "edit")}),
    Case("time_filter_instead_of_release", "is not what the database holds"),
]


# Such a run waits more than it computes, and a busy machine only helps a mistake to show.
AT_ONCE = 2

Runs = dict[str, Future[Path]]


@pytest.fixture(scope="module")
def runs(own: Services, report: Report, request: pytest.FixtureRequest) -> Iterator[Runs]:
    """The runs of all bugs that this session asks for, the longest first."""
    asked = [found["case"] for item in request.session.items if "case" in (found := getattr(getattr(item, "callspec", None), "params", {}))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {case.bug: pool.submit(case.play, own, report) for case in sorted(asked, key=lambda case: not case.set_up)}


@pytest.mark.parametrize("case", CASES, ids=[case.bug for case in CASES])
def test_a_planted_bug_is_found(runs: Runs, case: Case) -> None:
    verdict = judge(runs[case.bug].result(), case.limits)
    assert any(case.finding in sentence for sentence in verdict.faults), f"{case.bug} was not found:\n{verdict}"
