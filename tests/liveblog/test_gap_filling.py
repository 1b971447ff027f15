"""The hub asks the database for what it has missed, and is pushed more in the meantime."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest

from liveblog.wire.feed import Feed
from liveblog.wire.hub import Hub
from newsroom import selectors
from newsroom.frames import Numbered
from newsroom.selectors import FeedState, Head


class Heard:
    """A reader, as far as the hub knows one."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        self.texts += texts
        return True

    def drained(self) -> bool:
        return True

    def close(self, code: int) -> None:
        raise AssertionError(code)


def number(seq: int, token: int, follows: int | None = None) -> Numbered:
    return Numbered(seq, token, f"{seq}/{token}", follows)


def at_five(hub: Hub) -> Feed:
    feed = Feed(blog_id=1, slug="story", epoch="one", head=5, token=50)
    hub.feeds[1] = feed
    return feed


async def meanwhile(monkeypatch: pytest.MonkeyPatch, hub: Hub, feed: Feed, answers: list[list[Numbered]], push: Callable[[], None]) -> None:
    """Has the hub fill the feed; `push` happens while its first question is under way."""
    asked, go_on = threading.Event(), threading.Event()

    def numbers(*position: object) -> list[Numbered]:
        asked.set()
        go_on.wait(5)
        return answers.pop(0) if answers else []

    monkeypatch.setattr(selectors, "numbers_after", numbers)
    hub._fill_soon(feed, patience=0.0)
    await asyncio.to_thread(asked.wait, 5)
    push()
    go_on.set()
    assert feed.filling
    await asyncio.wait_for(feed.filling, 5)


async def test_an_answer_of_another_history_than_what_was_pushed_meanwhile_is_not_joined_to_it(monkeypatch: pytest.MonkeyPatch):
    """After a failover the old number 6 comes late, while the database answers with the new one: who has the old must start anew."""
    hub, reader = Hub(), Heard()
    feed = at_five(hub)
    feed.readers[reader] = 0
    monkeypatch.setattr(selectors, "feed_state", lambda slug: FeedState(1, Head("one", 7, 71), readers_shown=False))
    new = [number(6, 61), number(7, 71)]
    await meanwhile(
        monkeypatch, hub, feed, [new], lambda: hub.receive(blog_id=1, epoch="one", frame=number(6, 60, follows=50))
    )  # fmt: skip
    feed.flush()
    assert feed.rewinds == 1
    assert reader.texts == ["6/60", '{"op":"reset","head":7,"token":71}']


async def test_a_gap_that_opens_while_another_is_filled_is_filled_too(monkeypatch: pytest.MonkeyPatch):
    hub = Hub()
    feed = at_five(hub)
    answers = [[number(6, 60)], [number(7, 70), number(8, 80)]]
    await meanwhile(monkeypatch, hub, feed, answers, lambda: hub.receive(blog_id=1, epoch="one", frame=number(8, 80, follows=70)))
    assert feed.position == Head("one", 8, 80)
    assert not feed.parked


async def test_what_the_database_does_not_know_is_not_asked_for_again_and_again(monkeypatch: pytest.MonkeyPatch):
    hub = Hub()
    feed = at_five(hub)
    await meanwhile(monkeypatch, hub, feed, [], lambda: hub.receive(blog_id=1, epoch="one", frame=number(8, 80, follows=70)))
    assert feed.position == Head("one", 5, 50)


async def test_a_push_of_an_epoch_that_nobody_has_announced_has_the_database_asked_at_once(monkeypatch: pytest.MonkeyPatch):
    """`bump_epoch` beside running processes: until this one knows, it would serve what is withdrawn under the new epoch."""
    hub = Hub()
    feed = at_five(hub)
    monkeypatch.setattr(selectors, "numbers_after", lambda *position: None if position[1] == "one" else [])
    monkeypatch.setattr(selectors, "feed_state", lambda slug: FeedState(1, Head("two", 6, 61), readers_shown=False))
    hub.receive(blog_id=1, epoch="two", frame=number(6, 61))
    assert feed.filling
    await asyncio.wait_for(feed.filling, 5)
    assert feed.position == Head("two", 6, 61)


async def test_a_position_that_the_database_denies_and_confirms_is_left_to_the_sync_loop(monkeypatch: pytest.MonkeyPatch):
    """The row of the newest number is gone: asking on would go round for ever."""
    hub = Hub()
    feed = at_five(hub)
    asked = []
    monkeypatch.setattr(selectors, "numbers_after", lambda *position: asked.append(position))
    monkeypatch.setattr(selectors, "feed_state", lambda slug: FeedState(1, feed.position, readers_shown=False))
    hub._fill_soon(feed, patience=0.0)
    assert feed.filling
    await asyncio.wait_for(feed.filling, 5)
    assert len(asked) == 1
