"""The socket, from a commit to a frame, through the real hub, relay and channel layer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections
from pytest_django.fixtures import Settings

from liveblog.wire import hub as hubs
from liveblog.wire import relay
from liveblog.wire.hub import current_hub
from newsroom import announce, catching_up, selectors
from newsroom.actions.blogs import bump_epoch, set_state
from newsroom.actions.entries import withdraw_entry
from newsroom.frames import Numbered
from newsroom.models import Change, LiveBlog
from tests import factories
from tests.factories import at
from tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

blog_of = sync_to_async(factories.blog)
published = sync_to_async(factories.published)
chief_of = sync_to_async(factories.chief_of)


@pytest_asyncio.fixture(autouse=True)
async def a_process_of_its_own() -> AsyncIterator[None]:
    yield
    await relay.stop()
    # The thread that `sync_to_async` works in outlives the test, and its connection with it.
    await sync_to_async(connections.close_all)()


@asynccontextmanager
async def reading(blog: LiveBlog) -> AsyncIterator[tuple[Socket, dict[str, Any]]]:
    socket = Socket(f"/ws/live/{blog.slug}/")
    await socket.open()
    try:
        yield socket, await socket.frame()
    finally:
        await socket.leave()


async def close_code(path: str) -> int:
    socket = Socket(path)
    await socket.open()
    return await socket.close_code()


async def test_hello_names_the_history_and_its_head():
    blog = await blog_of()
    await published(blog)
    async with reading(blog) as (_, hello):
        change = await Change.objects.aget(blog=blog)
        history = {"epoch": blog.epoch, "head": 1, "token": change.token}
        assert hello == {"op": "hello", "protocol": 1, **history, "heartbeat": 25, "clock": hello["clock"]}


async def test_hello_says_what_time_it_is():
    blog = await blog_of()
    before = time.time() * 1000
    async with reading(blog) as (_, hello):
        assert before - 1 < hello["clock"] <= time.time() * 1000


async def test_a_published_entry_reaches_every_reader_with_its_fragment():
    blog = await blog_of()
    async with reading(blog) as (first, _), reading(blog) as (second, _):
        entry = await published(blog, "Ship strikes pier")
        for socket in (first, second):
            frame = await socket.frame()
            assert (frame["op"], frame["seq"], frame["ref"], frame["rev"]) == ("put", 1, entry.ref, 1)
            assert frame["html"] == entry.fragment
            assert frame["order"] == entry.order


async def test_a_reader_of_another_blog_hears_nothing_of_it():
    blog, other = await blog_of(), await blog_of()
    async with reading(other) as (socket, _):
        await published(blog)
        await published(other, "Mine")
        assert "Mine" in (await socket.frame())["html"]


async def test_numbers_arrive_in_order_whatever_the_order_of_the_pushes(monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    held: list[Any] = []
    async with reading(blog) as (socket, _):
        monkeypatch.setattr(announce.sender, "send_soon", held.extend)
        for minute in range(5):
            await published(blog, f"Entry {minute}", minute=minute)
        monkeypatch.undo()
        for message in [held[3], held[1], held[1], held[4], held[0], held[2], held[0]]:
            announce.sender.send_soon([message])
        assert [(await socket.frame())["seq"] for _ in range(5)] == [1, 2, 3, 4, 5]
        assert await socket.is_quiet()


async def test_a_lost_push_is_filled_from_the_database(monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        monkeypatch.setattr(announce.sender, "send_soon", lambda messages: None)
        await published(blog, "Lost")
        monkeypatch.undo()
        await published(blog, "Arrives", minute=1)
        assert [(await socket.frame())["seq"] for _ in range(2)] == [1, 2]


async def test_with_every_push_lost_the_sync_loop_delivers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announce.sender, "send_soon", lambda messages: None)
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        await published(blog, "Nobody announced it")
        assert "Nobody announced it" in (await socket.frame(10))["html"]


async def test_a_withdrawn_text_does_not_come_back_out_of_a_filled_gap(monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    chief = await chief_of(blog)
    # Nobody looks between the two writes, however slow the machine is.
    monkeypatch.setattr(relay, "SYNC_SECONDS", 3600.0)
    monkeypatch.setattr(announce.sender, "send_soon", lambda messages: None)
    async with reading(blog) as (socket, _):
        # Nor does the feed that opens, which looks once more whether it has missed something.
        opening = current_hub().feeds[blog.pk].filling
        assert opening
        await opening
        entry = await published(blog, "Libel")
        await sync_to_async(withdraw_entry)(actor=chief, entry=entry, reason="Wrong.", now=at(1))
        hub, heads = current_hub(), await sync_to_async(selectors.feed_states)([blog.pk])
        hub.compare(hub.feeds[blog.pk], heads[blog.pk])
        frames = [await socket.frame(10) for _ in range(2)]
        assert [frame["op"] for frame in frames] == ["drop", "drop"]
        assert not any("Libel" in str(frame) for frame in frames)


async def test_a_new_epoch_resets_every_reader():
    blog = await blog_of()
    await published(blog)
    async with reading(blog) as (socket, _):
        await sync_to_async(bump_epoch)(blog=blog, now=at(1))
        assert (await socket.frame(10))["op"] == "reset"


async def test_a_rewound_history_resets_every_reader():
    blog = await blog_of()
    await published(blog)
    await published(blog, minute=1)
    async with reading(blog) as (socket, _):
        await Change.objects.filter(blog=blog, seq=2).adelete()
        await LiveBlog.objects.filter(pk=blog.pk).aupdate(seq=1)
        first = await Change.objects.aget(blog=blog)
        assert await socket.frame(10) == {"op": "reset", "head": 1, "token": first.token}


async def test_a_restored_history_that_has_already_grown_past_the_old_head_resets_every_reader(monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    await published(blog)
    await published(blog, minute=1)
    # The sync loop does not look: the push itself must show that it follows another number.
    monkeypatch.setattr(relay, "SYNC_SECONDS", 3600.0)
    async with reading(blog) as (socket, hello):
        assert hello["head"] == 2
        await Change.objects.filter(blog=blog, seq=2).aupdate(token=hello["token"] ^ 1)
        await published(blog, "Of the other history", minute=2)
        assert (await socket.frame())["op"] == "reset"


async def test_a_change_of_state_reaches_open_pages():
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        await sync_to_async(set_state)(actor=await chief_of(blog), blog=blog, state="paused", now=at(1))
        frame = await socket.frame()
        assert (frame["op"], frame["state"]) == ("state", "paused")


async def test_an_entry_too_large_for_a_message_is_announced_by_its_number():
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        entry = await published(blog, blocks=[factories.paragraph("word " * 4000)])
        frame = await socket.frame()
        assert (frame["op"], frame["seq"], frame["ref"]) == ("stale", 1, entry.ref)
        answer = await sync_to_async(catching_up.catch_up)(await LiveBlog.objects.aget(pk=blog.pk), after=0, epoch=blog.epoch, token=0)
        assert answer.frames[0]["html"] == entry.fragment


@pytest.mark.parametrize("path", ["/ws/live/no-such-blog/", "/ws/elsewhere/", "/"])
async def test_what_is_not_there_is_closed_with_4404(path: str):
    assert await close_code(path) == 4404


async def test_a_blog_that_is_not_public_is_as_absent_as_none():
    blog = await blog_of(state="draft")
    assert await close_code(f"/ws/live/{blog.slug}/") == 4404


async def test_one_reader_too_many_is_sent_away_until_there_is_room(settings: Settings, caplog: pytest.LogCaptureFixture):
    settings.MAX_SOCKETS = 1
    blog = await blog_of()
    # Those who find nothing leave nothing taken behind.
    assert await close_code("/ws/live/no-such-blog/") == 4404
    async with reading(blog) as (socket, _):
        assert [await close_code(f"/ws/live/{blog.slug}/") for _ in range(2)] == [4503, 4503]
        assert caplog.text.count("All 1 sockets of this process are taken") == 1
        await published(blog, "Whoever is in stays in")
        assert (await socket.frame())["op"] == "put"
    async with reading(blog) as (_, hello):
        assert hello["op"] == "hello"


async def test_a_client_that_sends_too_much_is_closed():
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        for _ in range(31):
            await socket.say(text="{}")
        assert await socket.close_code() == 4029


async def test_a_binary_frame_is_refused():
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        await socket.say(data=b"\x00")
        assert await socket.close_code() == 4400


async def test_the_hub_forgets_a_blog_that_nobody_reads_and_no_page_was_asked_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hubs, "WATCHED_SECONDS", -1.0)
    blog = await blog_of()
    async with reading(blog):
        hub = relay.start()
        hub.forget_idle()
        assert list(hub.feeds) == [blog.pk]
    hub.forget_idle()
    assert hub.feeds == {}


async def test_a_number_below_the_head_with_another_token_is_of_a_history_that_grows_again():
    """After a restore a process that writes would go on serving what it had, its own withdrawals included, until the sync loop looks."""
    blog = await blog_of()
    async with reading(blog) as (socket, _):
        await published(blog)
        await published(blog, minute=1)
        first = await socket.frame()
        await socket.frame()
        hub = current_hub()
        hub.receive(blog_id=blog.pk, epoch=blog.epoch, frame=Numbered(1, first["token"], "{}"))
        assert await socket.is_quiet()
        await Change.objects.filter(blog=blog, seq=2).adelete()
        await Change.objects.filter(blog=blog, seq=1).aupdate(token=first["token"] ^ 1)
        await LiveBlog.objects.filter(pk=blog.pk).aupdate(seq=1)
        hub.receive(blog_id=blog.pk, epoch=blog.epoch, frame=Numbered(1, first["token"] ^ 1, "{}"))
        assert (await socket.frame())["op"] == "reset"
