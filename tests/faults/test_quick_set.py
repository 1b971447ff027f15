"""What must be survived, each with a crowd that reads and a desk that writes (docs/delivery.md). `make faults` runs it full-size."""

from __future__ import annotations

import functools
from dataclasses import replace

from tests.faults import breaking
from tests.faults.history import lines
from tests.faults.judge import Limits
from tests.faults.report import Report
from tests.faults.run import SIZE, play
from tests.faults.stage import Services, Stage, one_embedded_server, two_servers

PROMPT = Limits(p99=1.0)
# Writes that may meet the instant in which a server closes its listener.
MOST_RESET = 2
# Without the push a change waits for the sync loop, which looks every two seconds or so.
LATE = Limits(p99=5.0, withdrawal=5.0)


def test_with_nothing_broken_every_reader_has_every_change_at_once(stage: Stage, report: Report) -> None:
    report.passes(play(stage, report.history("none")), PROMPT)


def test_a_push_that_is_lost_three_times_of_ten_costs_seconds_and_no_change(stage: Stage, report: Report) -> None:
    stage.turn(drop=0.3, roll_back=0.1)
    report.passes(play(stage, report.history("push_loss"), one_desk=True), LATE)


def test_redis_may_die_and_come_back(stage: Stage, report: Report) -> None:
    report.passes(play(stage, report.history("redis_restarts"), breaking.redis_restarts, one_desk=True), LATE)


def test_without_redis_everything_works_and_is_slower(stage: Stage, report: Report) -> None:
    assert stage.redis
    stage.redis.kill()
    report.passes(play(stage, report.history("redis_absent"), one_desk=True), LATE)


def test_a_web_process_may_be_killed(stage: Stage, report: Report) -> None:
    report.passes(play(stage, report.history("web_killed"), breaking.a_server_is_killed), LATE)


def test_a_commit_whose_process_died_before_the_push_is_delivered(stage: Stage, report: Report) -> None:
    path = play(stage, report.history("killed_before_push"), breaking.a_server_dies_before_the_push, one_desk=True)
    figures = report.passes(path, LATE)
    assert figures["orphan_s"] <= 5


def test_the_database_may_stop_at_once_and_come_back(stage: Stage, report: Report) -> None:
    path = play(stage, report.history("database_stopped"), breaking.the_database_stops)
    report.passes(path, LATE)
    story = lines(path)
    stopped, started = (next(line["t"] for line in story if line.get("what") == f"database {word}") for word in ("stopped", "started"))
    dropped = [line for line in story if line["kind"] == "closed" and line["greeted"] and line["code"] and stopped < line["t"] < started]
    assert dropped == [], "sockets stay open while the database is away"
    outages = [line for line in story if line["kind"] == "outage"]
    assert [(line["healthz"], line["readyz"]) for line in outages] == [(200, 503)] * 2
    withdrawals = [line for line in story if line["kind"] == "ack" and line["verb"] == "withdraw"]
    for line in outages:
        # A page is given up only where something was withdrawn between the moment it is of and the outage.
        may_be_gone = any(line["of"] <= each["t"] and each["asked"] <= line["t"] for each in withdrawals)
        assert line["page"] == 200 or (may_be_gone and line["page"] == 503), line
    refused = {line["status"] for line in story if line["kind"] == "trouble"}
    assert refused == {503}, "a write that the outage meets is told to come back"


def test_a_deploy_loses_no_request_and_tells_every_reader(stage: Stage, report: Report) -> None:
    in_flight = SIZE.readers * 2
    deploy = functools.partial(breaking.everything_restarts_politely, in_flight=in_flight)
    size = replace(SIZE, changes=SIZE.changes * 2)
    path = play(stage, report.history("rolling_sigterm"), deploy, size=size, hold=0.2)
    story = lines(path)
    deploys = [line for line in story if line["kind"] == "deployed"]
    report.passes(path, LATE, in_flight=2 * in_flight)
    assert [(line["code"], line["answered"], line["lost"]) for line in deploys] == [(0, in_flight, 0)] * 2
    # A connection that the kernel took after the last accept is reset unread; a proxy asks the next server. More than that is a loss.
    stops = [line for line in story if line.get("what") == "SIGTERM"]
    lost = [line for line in story if line["kind"] == "lost"]
    assert {line["why"] for line in lost} <= {"ClientOSError"}
    assert all(any(0 <= line["t"] - told["t"] < 1 for told in stops) for line in lost)
    assert len(lost) <= MOST_RESET * len(stops)
    for told in stops:
        ended = next(line["t"] for line in deploys if line["base"] == told["base"])
        closed = [line for line in story if line["kind"] == "closed" and line["base"] == told["base"] and told["t"] < line["t"] < ended]
        codes = {line["code"] for line in closed if line["greeted"] and line["code"]}
        assert codes == {4012}


def test_the_layer_inside_the_process_may_overflow(report: Report) -> None:
    with one_embedded_server(FAULT_LAYER="tiny") as stage:
        path = play(stage, report.history("layer_overflow"), breaking.bursts_while_the_loop_stalls)
        dropped = stage.turn()
    report.passes(path, LATE, dropped=dropped)
    assert dropped > 0, "a layer that dropped nothing proves nothing"


def test_a_group_that_the_layer_forgets_is_joined_again(own: Services, report: Report) -> None:
    """Longer than the expiry: a group that is joined once is gone after five seconds, as after a day in production."""
    size = replace(SIZE, changes=max(SIZE.changes, int(SIZE.rate * 11)))
    with two_servers(own, FAULT_LAYER="core") as stage:
        report.passes(play(stage, report.history("group_expiry"), size=size, one_desk=True), PROMPT)


def test_a_history_that_is_wound_back_is_noticed_by_every_reader(stage: Stage, report: Report) -> None:
    path = play(stage, report.history("rewound"), breaking.the_database_is_restored)
    limits = replace(LATE, resets=True)
    figures = report.passes(path, limits)
    assert figures["resets"] >= SIZE.readers / 2
