"""The same promises on the other server: what ends connections, what stops and what never reads is each server's own code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.faults import deaf
from tests.faults.judge import Limits
from tests.faults.report import Report
from tests.faults.stage import Services, Stage, two_servers
from tests.faults.test_quick_set import (
    test_a_commit_whose_process_died_before_the_push_is_delivered,
    test_a_deploy_loses_no_request_and_tells_every_reader,
    test_a_history_that_is_wound_back_is_noticed_by_every_reader,
    test_a_push_that_is_lost_three_times_of_ten_costs_seconds_and_no_change,
    test_a_web_process_may_be_killed,
    test_the_database_may_stop_at_once_and_come_back,
    test_with_nothing_broken_every_reader_has_every_change_at_once,
)

__all__ = [
    "test_a_commit_whose_process_died_before_the_push_is_delivered",
    "test_a_deploy_loses_no_request_and_tells_every_reader",
    "test_a_history_that_is_wound_back_is_noticed_by_every_reader",
    "test_a_push_that_is_lost_three_times_of_ten_costs_seconds_and_no_change",
    "test_a_web_process_may_be_killed",
    "test_the_database_may_stop_at_once_and_come_back",
    "test_with_nothing_broken_every_reader_has_every_change_at_once",
]


@pytest.fixture(scope="module")
def two(own: Services) -> Iterator[Stage]:
    with two_servers(own, asgi="uvicorn") as stage:
        yield stage


@pytest.fixture
def report(report: Report) -> Report:
    return replace(report, prefix="uvicorn_")


def test_who_never_reads_costs_so_much_memory_and_no_more(own: Services, report: Report) -> None:
    crowd, found = deaf.by_turns(own, report.history("never_read"), rounds=3, changes=180, asgi="uvicorn")
    report.passes(report.history("never_read"), Limits(), held_bytes=crowd.held, **found)
    assert 64 * 1024 < crowd.held <= 128 * 1024
