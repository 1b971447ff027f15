"""The load generator sees what a server does wrong: a benchmark's verdict rests on that."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from bench import generator
from bench.generator import Load, Outcome, Target
from tests.bench.misbehaving import spreading

pytestmark = pytest.mark.skipif(
    not shutil.which("gcc") and not os.environ.get("CI"), reason="gcc is missing: install it (Debian: apt-get install gcc libc6-dev)."
)

# Readers, and an even number of entries in the burst: two manners deal in pairs.
LOAD = Load(readers=20, singles=0, burst=10, frame_bytes=300, settle_s=0.1, gap_s=0.05, timeout_s=1)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generator.build(tmp_path_factory.mktemp("generator"))


async def outcome(program: Path, manner: str) -> Outcome:
    async with spreading(manner) as port:
        target = Target([port], "/", port, "/publish", [os.getpid()], greets=False)
        return await asyncio.to_thread(generator.run, program, target, LOAD)


async def test_a_server_without_fault_has_none(program: Path) -> None:
    seen = await outcome(program, "well")
    assert seen.faults == []
    assert seen.get("burst.deliveries") == 200
    assert seen.get("frame_bytes") == 300


@pytest.mark.parametrize(
    ("manner", "fault"),
    [("loses", "lost"), ("doubles", "doubled"), ("reverses", "out of order"), ("closes", "closed")],
)
async def test_what_a_server_does_wrong_is_named(program: Path, manner: str, fault: str) -> None:
    seen = await outcome(program, manner)
    assert any(fault in told for told in seen.faults), seen


async def test_why_publishing_failed_is_told(program: Path) -> None:
    seen = await outcome(program, "refuses")
    told, said = seen.faults
    assert told.endswith(" publishing failed")
    assert "500 no room left" in said


@pytest.mark.parametrize("manner", ["joins", "splits"])
async def test_entries_are_counted_however_frames_are_cut(program: Path, manner: str) -> None:
    seen = await outcome(program, manner)
    assert seen.faults == []
    assert seen.get("burst.deliveries") == 200


async def test_a_generator_that_was_the_bottleneck_says_so(program: Path) -> None:
    seen = await outcome(program, "well")
    busy = {**seen.figures, "burst": {**seen.figures["burst"], "generator_share": generator.MOST_OF_A_CORE + 0.05}}
    assert generator.faults_of(seen.figures) == []
    assert generator.faults_of(busy) == ["the generator itself took 95% of a core"]


async def test_a_server_that_is_not_there_gives_no_figures(program: Path) -> None:
    async with spreading("well") as port:
        pass
    target = Target([port], "/", port, "/publish", [os.getpid()], greets=False)
    seen = await asyncio.to_thread(generator.run, program, target, LOAD)
    assert "gave up" in seen.faults[0]
    assert seen.figures == {}
