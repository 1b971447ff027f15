"""What readers do to one another, in small: what a loop kept busy, or from its turn, shows. `test_full_neighbours.py` measures."""

from __future__ import annotations

from dataclasses import replace

from tests.faults import deaf
from tests.faults.flood import Flood
from tests.faults.judge import Limits
from tests.faults.report import Report
from tests.faults.run import QUICK, play
from tests.faults.stage import Services, Stage

PROMPT = Limits(p99=1.0)
# In parts so short p99 is the one change that came last.
MOST_NOISE_MS = 100.0


def test_ten_readers_who_never_read_harm_nobody(own: Services, report: Report) -> None:
    path = report.history("never_read")
    crowd, found = deaf.by_turns(own, path, rounds=3, changes=90)
    report.passes(path, PROMPT, held_bytes=crowd.held, grown_kib=crowd.grown_kib, **found)
    assert crowd.held > 64 * 1024, "readers whom the server held nothing for prove nothing"
    assert crowd.held <= 128 * 1024
    assert found["beside_p99_ms"] <= 1.2 * found["without_p99_ms"] + MOST_NOISE_MS


def test_a_flood_in_one_blog_does_not_starve_another(stage: Stage, report: Report) -> None:
    flood, path = Flood(readers=300, rate=10.0), report.history("starved")
    play(stage, path, flood, size=replace(QUICK, readers=12, changes=90, writers=1, rate=10.0))
    found = flood.figures(path)
    report.passes(path, PROMPT, **found)
    assert flood.arrived(), "a flood that does not arrive is none"
    assert found["flood_p99_ms"] <= 1.2 * found["calm_p99_ms"] + MOST_NOISE_MS
