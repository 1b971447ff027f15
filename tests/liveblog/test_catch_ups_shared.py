"""A crowd that comes back at once: one read of the ledger answers all of it, and each reader is told what it would have been told alone."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections

from liveblog.asgi import http
from liveblog.kiosk import catchups
from liveblog.kiosk.application import Kiosk
from liveblog.kiosk.catchups import CatchUps
from liveblog.wire import relay
from liveblog.wire.feed import Feed
from newsroom import announce, catching_up
from newsroom.actions.entries import edit_entry, pin_entry, withdraw_entry
from newsroom.models import Change, LiveBlog
from tests import factories
from tests.factories import at
from tests.liveblog.test_kiosk import get
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)

Cursor = tuple[int, str, int]


def busy_blog() -> LiveBlog:
    """Fifteen numbers: texts, one of them edited, pinned and withdrawn between the others."""
    blog = factories.blog()
    chief = factories.chief_of(blog)
    first = factories.published(blog, "Ship strikes pier")
    for minute in range(1, 6):
        factories.published(blog, f"Entry {minute}", minute=minute)
    first = edit_entry(actor=chief, entry=first, text=factories.text("Ship strikes the pier"), base_version=first.version, now=at(7))
    pin_entry(actor=chief, entry=first, now=at(8))
    gone = factories.published(blog, "Harbour closed", minute=9)
    withdraw_entry(actor=chief, entry=gone, reason="It is open.", notice=False, now=at(10))
    for minute in range(11, 14):
        factories.published(blog, f"Entry {minute}", minute=minute)
    return LiveBlog.objects.get(pk=blog.pk)


def cursors_of(blog: LiveBlog) -> list[Cursor]:
    """Every position of its history."""
    rows = Change.objects.filter(blog=blog).order_by("seq").values_list("seq", "token")
    return [(0, blog.epoch, 0), *((seq, blog.epoch, token) for seq, token in rows)]


class Reads(list[int]):
    """The cursors from which the ledger was read. With an `error` every read ends in it."""

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    reads, really = Reads(), catching_up.stretch_of

    def counted(slug: str, after: int) -> Any:
        reads.append(after)
        if reads.error:
            raise reads.error
        return really(slug, after)

    monkeypatch.setattr(catching_up, "stretch_of", counted)
    return reads


@pytest_asyncio.fixture
async def kiosk() -> AsyncIterator[Kiosk]:
    yield Kiosk(http)
    await relay.stop()
    await sync_to_async(connections.close_all)()


async def ask(kiosk: Kiosk, blog: LiveBlog, cursor: Cursor, more: str = "") -> tuple[int, Any]:
    after, epoch, token = cursor
    status, _, body = await get(kiosk, f"/live/{blog.slug}/changes", f"after={after}&epoch={epoch}&token={token}{more}")
    return status, json.loads(body) if status == 200 else body


async def test_a_crowd_with_every_cursor_there_is_costs_one_read(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    answers = await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors * 20))
    assert reads == [0]
    alone = [await get(http, f"/live/{blog.slug}/changes", f"after={seq}&epoch={epoch}&token={token}") for seq, epoch, token in cursors]
    assert answers == [(200, json.loads(body)) for _, _, body in alone] * 20


async def test_who_comes_later_finds_the_answer_in_what_was_read_for_another(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    for cursor in cursors[3:]:
        assert (await ask(kiosk, blog, cursor))[0] == 200
    assert reads == [3]
    await ask(kiosk, blog, cursors[1])
    assert reads == [3, 1]


async def test_a_new_number_is_read_for_once_more(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    await ask(kiosk, blog, cursors[2])
    await sync_to_async(factories.published)(blog, "Bridge closed", minute=20)
    feed = relay.start().known(blog.slug)
    assert feed

    async def is_heard_of() -> bool:
        return feed.head > cursors[-1][0]

    await until_async(is_heard_of)
    answers = await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors[2:]))
    assert reads == [2, 2]
    assert {answer["next"] for _, answer in answers} == {feed.head}


async def test_a_number_that_the_hub_has_not_heard_of_is_looked_for_and_waited_for_together(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    head = cursors[-1][0]
    assert {status for status, _ in await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors))} == {200}
    late = await asyncio.gather(*(ask(kiosk, blog, cursor, f"&want={head + 1}") for cursor in cursors[1:]))
    assert {status for status, _ in late} == {503}
    assert reads == [0, 1]


async def test_a_page_that_is_ahead_of_this_process_is_not_reset_by_what_was_read_before(
    kiosk: Kiosk, reads: Reads, monkeypatch: pytest.MonkeyPatch
):
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    await ask(kiosk, blog, cursors[2])
    # The push is lost, and the page has the number from another process.
    monkeypatch.setattr(announce.sender, "send_soon", lambda *_: None)
    await sync_to_async(factories.published)(blog, "Bridge closed", minute=20)
    ahead = (await sync_to_async(cursors_of)(blog))[-1]
    status, answer = await ask(kiosk, blog, ahead)
    assert (status, answer["frames"], answer["next"]) == (200, [], ahead[0])
    assert reads == [2, ahead[0]]


async def test_cursors_that_lie_far_apart_are_read_for_from_the_furthest_on(kiosk: Kiosk, reads: Reads, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catching_up, "MAX_CHANGES", 4)
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    answers = await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors))
    assert reads == sorted(set(reads))
    assert len(reads) <= 5
    for cursor, (status, answer) in zip(cursors, answers, strict=True):
        assert status == 200
        assert answer["next"] > cursor[0] or cursor == cursors[-1]


async def test_whoever_asks_from_far_back_without_end_keeps_nobody_waiting(kiosk: Kiosk, reads: Reads, monkeypatch: pytest.MonkeyPatch):
    for module in (catching_up, catchups):
        monkeypatch.setattr(module, "MAX_CHANGES", 4)
    monkeypatch.setattr(catching_up, "TOO_FAR_BEHIND", 10)
    monkeypatch.setattr(catchups, "MOST_SECONDS", 2.0)
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    await get(kiosk, f"/live/{blog.slug}/")
    feed = relay.start().known(blog.slug)
    assert feed
    shared = CatchUps()

    async def flood(after: int) -> None:
        while True:
            # Of a history that nobody knows, so each is looked for.
            await shared.stretch(feed, after=after, epoch="a" * 12, token=1, want=0)
            await asyncio.sleep(0)

    head = cursors[-1][0]
    # Out of reach, further back than a read from there would reach, and near.
    floods = [asyncio.create_task(flood(after)) for after in (0, head - 8, head - 1)]
    try:
        for after, epoch, token in (*cursors[-6:-1], cursors[head - 10]):
            await asyncio.sleep(0)
            found = await shared.stretch(feed, after=after, epoch=epoch, token=token, want=0)
            assert found
            assert found.since(after=after, epoch=epoch, token=token).frames[0]["op"] != "reset"
    finally:
        for task in floods:
            task.cancel()
        await asyncio.gather(*floods, return_exceptions=True)
    assert {0, head - 8, head - 1} <= set(reads)


async def test_who_is_out_of_reach_is_told_to_start_anew_without_a_read(kiosk: Kiosk, reads: Reads, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catching_up, "TOO_FAR_BEHIND", 5)
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    answer = await ask(kiosk, blog, cursors[2])
    assert reads == []
    assert answer == (200, await _asked_of_django(blog, cursors[2]))
    assert [frame["op"] for frame in answer[1]["frames"]] == ["reset"]
    # One of a history that is not known here may be of a newer one.
    reads.clear()
    await ask(kiosk, blog, (2, "a" * 12, 1))
    assert reads == [2]


async def test_without_the_database_all_are_told_to_come_back_and_it_is_asked_once(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    await get(kiosk, f"/live/{blog.slug}/")
    reads.error = OperationalError("the database is gone")
    answers = await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors))
    # Who has the newest number that is known here needs no read to be told so.
    assert [status for status, _ in answers] == [503] * (len(cursors) - 1) + [200]
    assert reads == [0]
    reads.error = None
    assert {status for status, _ in await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors))} == {200}


async def test_who_polls_and_has_missed_nothing_costs_no_read(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    newest = (await sync_to_async(cursors_of)(blog))[-1]
    answer = await ask(kiosk, blog, newest)
    assert reads == []
    assert answer == (200, await _asked_of_django(blog, newest))
    reads.clear()
    # Not so with another token of that number, or where a later one is wanted.
    status, answer = await ask(kiosk, blog, (newest[0], newest[1], newest[2] + 1))
    assert (status, [frame["op"] for frame in answer["frames"]]) == (200, ["reset"])
    assert (await ask(kiosk, blog, newest, f"&want={newest[0] + 1}"))[0] == 503
    assert len(reads) == 2


async def _asked_of_django(blog: LiveBlog, cursor: Cursor) -> Any:
    after, epoch, token = cursor
    return json.loads((await get(http, f"/live/{blog.slug}/changes", f"after={after}&epoch={epoch}&token={token}"))[2])


async def test_who_waits_for_a_read_that_does_not_end_is_told_to_come_back(kiosk: Kiosk, reads: Reads, monkeypatch: pytest.MonkeyPatch):
    """The database says nothing, and every thread that could ask it waits already."""
    blog = await sync_to_async(busy_blog)()
    cursors = await sync_to_async(cursors_of)(blog)
    await get(kiosk, f"/live/{blog.slug}/")
    answers_again, really = threading.Event(), catching_up.stretch_of

    def silent(slug: str, after: int) -> Any:
        answers_again.wait(10)
        return really(slug, after)

    monkeypatch.setattr(catching_up, "stretch_of", silent)
    monkeypatch.setattr(catchups, "MOST_SECONDS", 0.05)
    try:
        assert {status for status, _ in await asyncio.gather(*(ask(kiosk, blog, cursor) for cursor in cursors[:5]))} == {503}
    finally:
        answers_again.set()
    monkeypatch.setattr(catchups, "MOST_SECONDS", 5.0)
    assert (await ask(kiosk, blog, cursors[2]))[0] == 200
    assert reads == [0], "what was begun for them has answered"


async def test_one_who_leaves_does_not_take_the_read_from_the_others(kiosk: Kiosk, reads: Reads):
    blog = await sync_to_async(busy_blog)()
    await get(kiosk, f"/live/{blog.slug}/")
    feed = relay.start().known(blog.slug)
    assert feed
    shared = CatchUps()
    leaver = asyncio.create_task(shared.stretch(feed, after=5, epoch=blog.epoch, token=0, want=0))
    stayer = asyncio.create_task(shared.stretch(feed, after=2, epoch=blog.epoch, token=0, want=0))
    await asyncio.sleep(0)
    leaver.cancel()
    found = await stayer
    assert found
    assert found.answers(2)
    assert reads == [2]


@pytest.mark.parametrize("most", [200, 4])
def test_a_stretch_answers_a_cursor_as_a_read_from_there_would(most: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catching_up, "MAX_CHANGES", most)
    blog = busy_blog()
    cursors = cursors_of(blog)
    foreign = [(5, blog.epoch, 1), (5, "a" * 12, cursors[5][2]), (99, blog.epoch, 1)]
    shared = 0
    for start in range(len(cursors)):
        stretch = catching_up.read_stretch(blog, after=start)
        for after, epoch, token in [*cursors, *foreign]:
            if not stretch.answers(after):
                continue
            shared += after > start
            alone = catching_up.catch_up(blog, after=after, epoch=epoch, token=token)
            found = stretch.since(after=after, epoch=epoch, token=token)
            # What a shorter stretch does not reach is asked for next; as far as it reaches it says the same.
            assert found.head == alone.head
            assert found.next_seq <= alone.next_seq
            assert [frame["op"] == "reset" for frame in found.frames[:1]] == [frame["op"] == "reset" for frame in alone.frames[:1]]
            if found.next_seq == alone.next_seq:
                assert found == alone
    assert shared > len(cursors)


def test_a_cursor_that_the_ledger_holds_no_more_does_not_hide_the_others_from_a_stretch():
    """Whoever asks with it, and however often, the same read answers who has missed little."""
    blog = busy_blog()
    cursors = cursors_of(blog)
    Change.objects.filter(blog=blog, seq__lt=6).delete()
    stretch = catching_up.read_stretch(blog, after=2)
    assert [after for after in range(blog.seq + 1) if stretch.answers(after)] == list(range(2, blog.seq + 1))
    for after, epoch, token in cursors[2:]:
        found = stretch.since(after=after, epoch=epoch, token=token)
        assert found == catching_up.catch_up(blog, after=after, epoch=epoch, token=token)
        assert [frame["op"] for frame in found.frames][:1] == ["reset"] or after >= 6
    assert catching_up.read_stretch(blog, after=0).answers(8)


async def test_who_comes_in_the_very_turn_in_which_a_read_ends_has_one_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task is over then, and the loop has told nobody yet: to wait for it gives no other task its turn."""
    blog = await sync_to_async(busy_blog)()
    feed = Feed(blog_id=blog.pk, slug=blog.slug, epoch=blog.epoch, head=blog.seq, token=0)
    catch_ups, late, waits = CatchUps(), [], 0
    really, shield = catchups.ask_database, asyncio.shield

    async def ends_at_once(*asked: Any) -> Any:
        found = await really(*asked)
        if not late:
            late.append(asyncio.ensure_future(catch_ups.stretch(feed, after=0, epoch="", token=0, want=0)))
        return found

    def counted(task: asyncio.Future[Any]) -> asyncio.Future[Any]:
        nonlocal waits
        waits += 1
        assert waits < 10, "it waits for what is over"
        return shield(task)

    monkeypatch.setattr(catchups, "ask_database", ends_at_once)
    monkeypatch.setattr(asyncio, "shield", counted)
    first = await catch_ups.stretch(feed, after=0, epoch="", token=0, want=0)
    assert first
    assert await late[0] == first
