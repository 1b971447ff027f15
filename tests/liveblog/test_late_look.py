"""The sync loop's look at the database takes a while, and the hub goes on meanwhile: what it did must not be held against it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError

from liveblog.wire import relay
from liveblog.wire.feed import Feed
from liveblog.wire.hub import Hub
from newsroom import selectors
from newsroom.frames import Numbered
from newsroom.selectors import FeedState, Head


def feed_at(head: int, token: int, *, blog_id: int = 1) -> Feed:
    return Feed(blog_id=blog_id, slug=f"story-{blog_id}", epoch="one", head=head, token=token)


def state(head: int, token: int, epoch: str = "one") -> FeedState:
    return FeedState(1, Head(epoch, head, token), readers_shown=False)


@pytest.fixture
async def rewound(monkeypatch: pytest.MonkeyPatch) -> list[Feed]:
    """The feeds that the hub has wound back."""
    feeds: list[Feed] = []

    async def rewind(hub: Hub, feed: Feed) -> bool:
        feeds.append(feed)
        return False

    monkeypatch.setattr(Hub, "rewind", rewind)
    return feeds


async def judged(feed: Feed, seen: FeedState, since: Head) -> None:
    Hub().compare(feed, seen, since=since)
    if feed.filling:
        await feed.filling


async def test_a_push_that_overtakes_the_look_is_no_rewound_history(rewound: list[Feed]):
    await judged(feed_at(5, 50), state(4, 40), since=Head("one", 4, 40))
    assert rewound == []


@pytest.mark.parametrize("seen", [state(3, 30), state(4, 41), state(9, 90, epoch="two")])
async def test_a_history_that_was_wound_back_before_the_look_is_one(rewound: list[Feed], seen: FeedState):
    feed = feed_at(5, 50)
    await judged(feed, seen, since=Head("one", 4, 40))
    assert rewound == [feed]


async def test_a_feed_that_was_wound_back_meanwhile_is_not_wound_back_again(rewound: list[Feed]):
    await judged(feed_at(2, 20), state(2, 20), since=Head("one", 4, 40))
    assert rewound == []


async def test_a_feed_that_opens_during_the_look_is_not_given_up(monkeypatch: pytest.MonkeyPatch):
    hub = Hub()
    hub.feeds[1] = feed_at(1, 10)
    looked, opened = threading.Event(), threading.Event()

    def look(blog_ids: list[int]) -> dict[int, FeedState]:
        looked.set()
        opened.wait(5)
        return {blog_id: state(1, 10) for blog_id in blog_ids}

    monkeypatch.setattr(relay, "SYNC_SECONDS", 0.0)
    monkeypatch.setattr(selectors, "feed_states", look)
    judged_once = asyncio.Event()
    compare = Hub.compare

    def seen(*arguments: object, **since: object) -> None:
        compare(*arguments, **since)  # type: ignore[arg-type]
        judged_once.set()

    monkeypatch.setattr(Hub, "compare", seen)
    loop = asyncio.create_task(relay.sync(hub))
    await asyncio.to_thread(looked.wait, 5)
    hub.feeds[2] = feed_at(7, 70, blog_id=2)
    opened.set()
    await asyncio.wait_for(judged_once.wait(), 5)
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop
    assert set(hub.feeds) == {1, 2}


async def by_the_loop(hub: Hub, feed: Feed) -> None:
    hub.compare(feed, state(5, 51))
    assert feed.filling
    await feed.filling


async def by_the_hub(hub: Hub, feed: Feed) -> None:
    await hub.rewind(feed)


@pytest.mark.parametrize("wind_back", [by_the_loop, by_the_hub])
async def test_rows_of_a_history_that_was_wound_back_meanwhile_go_to_nobody(monkeypatch: pytest.MonkeyPatch, wind_back: Callable):
    hub, feed = Hub(), feed_at(5, 50)
    asked, answered = threading.Event(), threading.Event()

    def numbers(blog_id: int, epoch: str, after: int, token: int) -> list[Numbered]:
        if token == 51:
            return []
        asked.set()
        answered.wait(5)
        return [Numbered(6, 60, "of the old history")]

    monkeypatch.setattr(selectors, "numbers_after", numbers)
    monkeypatch.setattr(selectors, "feed_state", lambda slug: state(5, 51))
    hub._fill_soon(feed, patience=0.0)
    filling = feed.filling
    assert filling
    await asyncio.to_thread(asked.wait, 5)
    await wind_back(hub, feed)
    answered.set()
    await asyncio.wait({filling}, timeout=5)
    assert filling.done()
    assert feed.position == Head("one", 5, 51)


async def test_a_winding_back_that_the_database_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    hub, feed = Hub(), feed_at(5, 50)
    looks = iter([OperationalError("gone"), state(4, 41)])
    monkeypatch.setattr(selectors, "numbers_after", lambda *position: [])

    def look(slug: str) -> FeedState:
        found = next(looks)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(selectors, "feed_state", look)
    for position in (Head("one", 5, 50), Head("one", 4, 41)):
        hub.compare(feed, state(4, 41))
        assert feed.filling
        await feed.filling
        assert feed.position == position
    assert "Could not wind story-1 back: gone" in caplog.text


async def test_a_winding_back_under_way_is_not_begun_anew(monkeypatch: pytest.MonkeyPatch):
    hub, feed = Hub(), feed_at(5, 50)
    monkeypatch.setattr(selectors, "feed_state", lambda slug: state(4, 41))
    monkeypatch.setattr(selectors, "numbers_after", lambda *position: [])
    hub.compare(feed, state(4, 41))
    first = feed.filling
    await asyncio.sleep(0)
    hub.compare(feed, state(4, 41))
    assert first
    assert feed.filling is first
    await first
    assert (feed.position, feed.rewinds) == (Head("one", 4, 41), 1)


async def test_a_late_push_of_a_history_that_was_lost_before_sends_nobody_to_a_new_page(monkeypatch: pytest.MonkeyPatch):
    hub, feed = Hub(), feed_at(5, 50)
    hub.feeds[1] = feed
    asked: list[int] = []

    def numbers(blog_id: int, epoch: str, after: int, token: int) -> list[Numbered]:
        asked.append(after)
        # Meanwhile the next one is committed and pushed, as on a busy blog.
        return [Numbered(6, 60, "real", follows=50)][after - 5 :]

    monkeypatch.setattr(selectors, "numbers_after", numbers)
    for late, head in ((Numbered(5, 51, "lost"), 6), (Numbered(7, 71, "lost", follows=61), 6)):
        hub.receive(blog_id=1, epoch="one", frame=late)
        assert feed.filling
        await feed.filling
        assert (feed.position, feed.rewinds, feed.parked) == (Head("one", head, 60), 0, {})
    assert asked == [5, 6]


async def test_a_doubt_that_comes_while_the_database_is_asked_is_asked_about_again(monkeypatch: pytest.MonkeyPatch):
    """What is under way may have looked before history was wound back."""
    hub, feed = Hub(), feed_at(5, 50)
    hub.feeds[1] = feed
    answers = iter([[], None, []])

    def numbers(*position: object) -> list[Numbered] | None:
        found = next(answers)
        if found is not None:
            loop.call_soon_threadsafe(lambda: hub.receive(blog_id=1, epoch="one", frame=Numbered(5, 51, "of the new one")))
        return found

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(selectors, "numbers_after", numbers)
    monkeypatch.setattr(selectors, "feed_state", lambda slug: state(5, 51))
    hub._fill_soon(feed, patience=0.0)
    assert feed.filling
    await feed.filling
    assert (feed.position, feed.rewinds) == (Head("one", 5, 51), 1)
