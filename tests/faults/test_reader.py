"""The reader of the faults is the browser's machine: of what `tests/js/` asks of that one, the rarer half is asked of this one too."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import reader as machine
from tests.faults.blog import Blog
from tests.faults.history import History
from tests.faults.reader import Reader
from tests.readers import Page
from tests.waiting import until_async

EPOCH = "epochaaaaaaa"


def board(seq: int, html: str) -> dict[str, Any]:
    return {"op": "board", "seq": seq, "token": seq * 10, "html": html}


def hello(head: int, protocol: int = 1) -> str:
    return json.dumps({"op": "hello", "protocol": protocol, "epoch": EPOCH, "head": head, "token": head * 10, "heartbeat": 25})


def changes(head: int, *frames: dict[str, Any]) -> str:
    return json.dumps({"epoch": EPOCH, "head": head, "token": head * 10, "next": head, "frames": frames})


def snapshot(seq: int) -> str:
    tag = f'data-epoch="{EPOCH}" data-seq="{seq}" data-token="{seq * 10}" data-state="live" data-more="false"'
    return f'<live-snapshot {tag}><div id="front"></div><div id="board">anew</div><div id="feed"></div></live-snapshot>'


RESET = changes(3, {"op": "reset", "head": 3, "token": 30})


class Told(Reader):
    """Stands at number 3 and is told frames and answers, these by their kind; a question without one waits."""

    def __init__(self, folder: Path) -> None:
        super().__init__("reader0", Blog(["http://here"], "a-story"), History(folder / "history.jsonl"), None)
        self.page = Page(EPOCH, 3, 30, "live", False, "", "old", [])
        self.asked_for: list[str] = []
        self.answers: dict[str, str | int] = {}

    async def _get(self, path: str) -> tuple[str, int, str, Any]:
        kind = path.rpartition("/")[2].partition("?")[0]
        self.asked_for.append(kind)
        # No answer is there in the same turn of the loop, so a reader that asks without a pause cannot hang the test.
        await asyncio.sleep(0)
        while kind not in self.answers:
            await asyncio.sleep(0)
        answer = self.answers[kind]
        return "http://here", *((answer, "") if isinstance(answer, int) else (200, answer)), {}

    async def at_rest(self) -> None:
        async def is_so() -> bool:
            return not self.busy

        await until_async(is_so)


@contextlib.asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Told]:
    reader = Told(folder)
    yield reader
    await reader.close()
    reader.history.close()


async def turns() -> None:
    """Whatever can go on goes on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_reset_forgets_what_waited(tmp_path: Path) -> None:
    for resets in ("pushed", "answered"):
        async with told(tmp_path) as reader:
            reader._receive(json.dumps(board(5, "lost")))
            assert reader.parked
            if resets == "pushed":
                reader._receive('{"op":"reset","head":4,"token":40}')
                assert not reader.parked
            reader.answers = {"changes": RESET, "snapshot": snapshot(4)}
            await turns()
            reader.answers["changes"] = changes(4)
            await reader.at_rest()
            assert (reader.page.seq, reader.page.board) == (4, "anew"), resets


async def test_a_number_that_does_not_follow_the_page_of_an_unaware_process_is_not_gone_on_from(tmp_path: Path) -> None:
    async with told(tmp_path) as reader:
        reader._receive(json.dumps({"op": "reset", "head": 4, "token": 41}))
        reader.answers = {"changes": changes(4), "snapshot": snapshot(4)}
        await reader.at_rest()
        assert (reader.page.seq, reader.page.token) == (4, 40)
        reader._receive(json.dumps(board(5, "of the new history")))
        assert reader.page.board == "anew"
        assert reader.must_reset
        reader.answers = {"changes": changes(5), "snapshot": snapshot(5)}
        await reader.at_rest()
        assert (reader.page.seq, reader.page.token) == (5, 50)


async def test_a_page_that_was_made_anew_asks_again_by_when_every_process_has_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "NOTICED", 0.0)
    async with told(tmp_path) as reader:
        reader.answers = {"changes": changes(4), "snapshot": snapshot(4)}
        reader._receive(json.dumps({"op": "reset", "head": 4, "token": 41}))

        async def asked_again() -> bool:
            return reader.asked_for == ["snapshot", "changes", "changes"]

        await until_async(asked_again)


async def test_what_waits_is_applied_after_an_answer_of_its_own_history(tmp_path: Path) -> None:
    async with told(tmp_path) as reader:
        reader._receive(json.dumps(board(5, "five")))
        reader.answers = {"changes": changes(4, board(4, "four"))}
        await reader.at_rest()
        assert (reader.page.seq, reader.page.board) == (5, "five")


async def test_what_waits_beside_a_frame_of_another_history_is_forgotten(tmp_path: Path) -> None:
    async with told(tmp_path) as reader:
        reader._receive(json.dumps(board(6, "lost")))
        reader._receive(json.dumps({**board(5, "lost"), "token": 51}))
        reader.answers = {"changes": changes(5, board(5, "five")), "snapshot": snapshot(5)}
        await reader.at_rest()
        assert (reader.page.seq, reader.page.board) == (5, "anew")


async def test_what_follows_is_applied_while_a_question_is_under_way_and_its_answer_is_overtaken(tmp_path: Path) -> None:
    for head, asked in ((4, 1), (6, 2)):
        async with told(tmp_path) as reader:
            reader._ask()
            await turns()
            reader._receive(json.dumps(board(4, "four")))
            reader._receive(json.dumps(board(5, "five")))
            assert (reader.page.seq, reader.page.board, reader.busy) == (5, "five", True)
            reader.answers = {"changes": changes(head, board(head, "told"))}
            await reader.at_rest()
            assert (reader.page.seq, reader.page.board) == ((5, "five") if head == 4 else (6, "told"))
            assert reader.asked_for == ["changes"] * asked


async def test_an_answer_that_names_another_token_where_pushes_came_to_is_of_another_history(tmp_path: Path) -> None:
    async with told(tmp_path) as reader:
        reader._ask()
        await turns()
        reader._receive(json.dumps({**board(4, "lost"), "token": 41}))
        reader.answers = {"changes": changes(4, board(4, "four")), "snapshot": snapshot(4)}
        await turns()
        reader.answers["changes"] = changes(4)
        await reader.at_rest()
        assert (reader.page.seq, reader.page.token, reader.page.board) == (4, 40, "anew")


async def test_what_waits_has_a_bound(tmp_path: Path) -> None:
    async with told(tmp_path) as reader:
        for seq in range(5, 700):
            reader._receive(json.dumps(board(seq, "late")))
            assert len(reader.parked) <= machine.MOST_PARKED
        assert reader.want >= 5 + machine.MOST_PARKED


async def test_a_server_of_another_protocol_is_not_followed_nor_asked_until_one_s_own_greets(tmp_path: Path) -> None:
    async with told(tmp_path) as reader:
        reader._receive(hello(4))
        await turns()
        assert reader.asked_for == ["changes"]
        reader._receive(hello(4, protocol=2))
        reader.answers = {"changes": changes(4, board(4, "foreign"))}
        reader._ask()
        await turns()
        assert (reader.foreign, reader.page.board, reader.asked_for) == (True, "old", ["changes"])

        reader.answers = {"changes": changes(4, board(4, "own"))}
        # It lags: its head is the page's, which knows that there is more.
        reader._receive(hello(3))
        await reader.at_rest()
        assert (reader.foreign, reader.page.seq, reader.page.board) == (False, 4, "own")


async def test_every_further_reset_is_followed_by_a_longer_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def backoff(attempt: int) -> float:
        asked.append(attempt)
        return 0.0

    monkeypatch.setattr(machine, "backoff", backoff)
    async with told(tmp_path) as reader:
        reader.answers = {"changes": RESET, "snapshot": snapshot(3)}
        reader._receive('{"op":"reset","head":4,"token":40}')

        async def thrice() -> bool:
            return len(asked) >= 3

        await until_async(thrice)
        assert asked[:3] == [2, 3, 4]
        # That nothing is new says no more of which history that is; the next number does.
        reader.answers["changes"] = changes(3)
        await reader.at_rest()
        assert reader.resets > 3
        reader.answers["changes"] = changes(4, board(4, "four"))
        reader._ask()
        await reader.at_rest()
        assert reader.resets == 0


@pytest.mark.parametrize("status", [404, 410])
async def test_a_blog_that_is_gone_stops_the_reader_for_good(tmp_path: Path, status: int) -> None:
    async with told(tmp_path) as reader:
        reader.answers = {"changes": status}
        reader.sockets = False
        reader.follow()
        await turns()
        await reader.at_rest()
        await reader.nap(0)
        await turns()
        assert (reader.stopped, reader.asked_for, reader.tasks) == (True, ["changes"], set())


@pytest.mark.parametrize("status", [403, 502])
async def test_a_server_that_fails_or_somebody_in_between_does_not_stop_the_reader(tmp_path: Path, status: int) -> None:
    async with told(tmp_path) as reader:
        reader.answers = {"changes": status}
        reader._ask()
        await turns()
        assert reader.busy
        reader.answers = {"changes": changes(3)}
        reader.wake.set()
        await reader.at_rest()
        assert not reader.stopped
