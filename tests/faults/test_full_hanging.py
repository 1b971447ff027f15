"""What is there and does not answer, and several faults at once: part of `make faults` only (see conftest.py)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.faults import hanging, proxy
from tests.faults.history import lines
from tests.faults.judge import Limits
from tests.faults.proxy import Proxy
from tests.faults.report import Report
from tests.faults.run import SIZE, play
from tests.faults.stage import Services, Stage, two_servers

LATE = Limits(p99=5.0, withdrawal=5.0)
# Who reads from a server that stands still has its changes when it goes on; one that wakes may hand out its last bytes once, also to
# who connected in the meantime, knows better from the other server, and ignores them.
STOOD = Limits(p99=10.0, withdrawal=10.0, behind=10.0)
OUTAGE = Limits(p99=10.0, withdrawal=5.0)
PATIENCE_OF_A_PAGE = 15


def test_a_web_process_may_stand_still(stage: Stage, report: Report) -> None:
    report.passes(play(stage, report.history("web_stopped"), hanging.a_server_stands_still), STOOD)


def test_redis_may_stand_still(stage: Stage, report: Report) -> None:
    report.passes(play(stage, report.history("redis_stopped"), hanging.redis_stands_still, one_desk=True), LATE)


def test_redis_may_forget_everything_where_groups_are_kept_in_it(own: Services, report: Report) -> None:
    with two_servers(own, FAULT_LAYER="core") as stage:
        path = play(stage, report.history("redis_forgets_groups"), hanging.redis_forgets, one_desk=True)
    report.passes(path, LATE)


@pytest.fixture
def bus(own: Services) -> Iterator[Proxy]:
    with proxy.on_the_way(own.redis.port) as line:
        yield line


@pytest.fixture
def database(own: Services) -> Iterator[Proxy]:
    with proxy.on_the_way(own.postgres.port) as line:
        yield line


def test_a_bus_that_hangs_or_is_slow_costs_seconds(own: Services, bus: Proxy, report: Report) -> None:
    with two_servers(replace(own, redis_port=bus.port)) as stage:
        path = play(stage, report.history("bus_hangs"), functools.partial(hanging.the_bus_hangs, line=bus), one_desk=True)
    report.passes(path, LATE)


def test_a_database_that_hangs_is_given_up_and_taken_up_again(own: Services, database: Proxy, report: Report) -> None:
    size = replace(SIZE, changes=int(SIZE.rate * 25))
    with two_servers(replace(own, postgres_port=database.port)) as stage:
        path = play(stage, report.history("database_hangs"), functools.partial(hanging.the_database_hangs, line=database), size=size)
    story = lines(path)
    looks = [line for line in story if line["kind"] == "hung"]
    answers = [line["answers"] for line in looks]
    report.passes(path, OUTAGE, longest_answer_s=max(seconds for found in answers for _, _, seconds in found))
    for look in looks:
        # The page as it was, unless a withdrawal that was on its way has been heard of since.
        gone = any(
            line["kind"] == "push" and line["op"] == "drop" and line["seq"] > look["shown"] and line["t"] < look["t"] for line in story
        )
        assert [status for status, _, _ in look["answers"]] == [503 if gone else 200, 503, 200, 503]
    assert all(found[1][1] for found in answers), "when to come back"
    assert all(seconds < PATIENCE_OF_A_PAGE for found in answers for _, _, seconds in found)
    hung, well = (next(line["t"] for line in story if line.get("what") == f"the database {word}") for word in ("hangs", "is slow"))
    dropped = [line for line in story if line["kind"] == "closed" and line["greeted"] and line["code"] and hung < line["t"] < well]
    assert dropped == [], "sockets stay open while the database hangs"
    refused = {line["status"] for line in story if line["kind"] == "trouble"}
    assert refused == {503}, "a write that meets it is told to come back"


def test_several_faults_at_once_lose_nothing(stage: Stage, report: Report) -> None:
    size = replace(SIZE, changes=int(SIZE.rate * 20))
    figures = report.passes(play(stage, report.history("several_at_once"), hanging.several_at_once, size=size), OUTAGE)
    assert figures["orphan_s"] <= 5
