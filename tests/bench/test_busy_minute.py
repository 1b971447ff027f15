"""A minute at twenty entries a second is one only where the machine could write them at that rate."""

from __future__ import annotations

from bench.crowd import BUSY_SECONDS, loads, too_slow
from bench.generator import Outcome

NAME = ("daphne: twenty entries a second", 1000)


def took(seconds: float) -> Outcome:
    return Outcome({"burst": {"seconds": seconds}})


def test_it_is_asked_for_a_minute() -> None:
    load = loads(1000)["twenty entries a second"]
    assert (load.entries_per_second, load.burst / load.entries_per_second) == (20, BUSY_SECONDS)
    assert load.timeout_s > load.burst / load.entries_per_second


def test_a_writer_who_falls_behind_makes_the_row_invalid() -> None:
    assert too_slow({NAME: [took(BUSY_SECONDS), took(1.09 * BUSY_SECONDS)]}, NAME) == []
    assert too_slow({NAME: [took(BUSY_SECONDS), took(75)]}, NAME) == ["the writer took 75 s for 60 s of entries"]
