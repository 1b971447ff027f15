"""The suite can fail: each of the mistakes that it is there for is planted in a server, and the judge must find it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.judge import Limits, judge
from tests.faults.report import Report
from tests.faults.run import SEEDED, play
from tests.faults.stage import Services, two_servers

LIMITS = Limits(p99=5.0, withdrawal=5.0)

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


@pytest.mark.parametrize(("bug", "help_", "finding"), CASES, ids=[case[0] for case in CASES])
def test_a_planted_bug_is_found(own: Services, report: Report, bug: str, help_: dict[str, str], finding: str) -> None:
    expiring = "FAULT_LAYER" in help_
    size = replace(SEEDED, changes=int(SEEDED.rate * 14)) if expiring else SEEDED
    with two_servers(own, SEEDED_BUG=bug, **help_) as stage:
        path = play(stage, report.history(f"seeded_{bug}"), size=size)
    verdict = judge(path, replace(LIMITS, p99=1.0) if expiring else LIMITS)
    assert any(finding in sentence for sentence in verdict.wrong), f"{bug} was not found:\n{verdict}"
