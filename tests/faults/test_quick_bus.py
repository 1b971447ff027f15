"""A Redis that forgets what it holds and whom it talked to (docs/delivery.md); what hangs is in the full set."""

from __future__ import annotations

from tests.faults import hanging
from tests.faults.history import lines
from tests.faults.judge import Limits
from tests.faults.report import Report
from tests.faults.run import play
from tests.faults.stage import Stage


def test_redis_may_forget_everything_and_everybody(stage: Stage, report: Report) -> None:
    path = play(stage, report.history("redis_forgets"), hanging.redis_forgets, one_desk=True)
    killed = sum(line.get("killed", 0) for line in lines(path))
    report.passes(path, Limits(p99=5.0, withdrawal=5.0), killed=killed)
    assert killed >= 2 * 2, "both servers' lines were cut, more than once"
