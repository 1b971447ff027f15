"""The suite can fail: each of the mistakes that it is there for is planted in a server, and the judge must find it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.judge import Limits, judge
from tests.faults.report import Report
from tests.faults.run import SEEDED, play
from tests.faults.stage import Services, two_servers

LIMITS = Limits(p99=5.0, withdrawal=5.0)
# Twice the expiry of a group and some.
EXPIRING_SECONDS = 12

# The defect, what helps it to show itself, and a part of what the judge must say.
CASES = [
    ("publish_before_commit", {"FAULT_POINTS": '{"roll_back": 0.15}'}, "a token that was never committed"),
    ("no_sync_loop", {"FAULT_POINTS": '{"drop": 1.0}'}, "after all was quiet"),
    ("head_read_after_rows", {}, "does not show what the database holds"),
    ("group_never_reasserted", {"FAULT_LAYER": "core"}, "after its commit or later"),
    ("no_tombstone", {}, "does not show what the database holds"),
    ("number_of_its_own", {}, "numbers up to"),
    ("bypass_of_commit_change", {}, "does not show what the database holds"),
    ("time_filter_instead_of_release", {}, "is not what the database holds"),
]


# Such a run waits more than it computes, and a busy machine only helps a mistake to show.
AT_ONCE = 2

Runs = dict[str, Future[Path]]


def _play(own: Services, report: Report, bug: str, help_: dict[str, str]) -> Path:
    size = replace(SEEDED, changes=int(SEEDED.rate * EXPIRING_SECONDS)) if _expiring(help_) else SEEDED
    with two_servers(own, SEEDED_BUG=bug, **help_) as stage:
        # Where it is the push that has the defect, nothing else may tell a server what it has missed.
        return play(stage, report.history(f"seeded_{bug}"), size=size, one_desk=_expiring(help_))


def _expiring(help_: dict[str, str]) -> bool:
    return "FAULT_LAYER" in help_


@pytest.fixture(scope="module")
def runs(own: Services, report: Report, request: pytest.FixtureRequest) -> Iterator[Runs]:
    """The runs of all bugs that this session asks for, the longest first."""
    asked = [
        params["bug"] for item in request.session.items if (params := getattr(getattr(item, "callspec", None), "params", {})).get("bug")
    ]
    cases = sorted((case for case in CASES if case[0] in asked), key=lambda case: not case[1])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {bug: pool.submit(_play, own, report, bug, help_) for bug, help_, _ in cases}


@pytest.mark.parametrize(("bug", "help_", "finding"), CASES, ids=[case[0] for case in CASES])
def test_a_planted_bug_is_found(runs: Runs, bug: str, help_: dict[str, str], finding: str) -> None:
    verdict = judge(runs[bug].result(), replace(LIMITS, p99=1.0) if _expiring(help_) else LIMITS)
    assert any(finding in sentence for sentence in verdict.faults), f"{bug} was not found:\n{verdict}"
