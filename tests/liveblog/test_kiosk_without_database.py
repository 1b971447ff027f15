"""With the database away pages are served as they were, but never from before a withdrawal that this process has heard of."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, ProgrammingError, connections

from liveblog.asgi import http
from liveblog.kiosk.application import Kiosk
from liveblog.ops.outages import FORGOTTEN_AFTER, OnceASecond
from liveblog.wire import hub as hubs
from liveblog.wire import relay
from liveblog.wire.feed import Feed, Heard
from newsroom import announce, frames, selectors
from newsroom.actions.entries import withdraw_entry
from newsroom.frames import Numbered
from newsroom.models import LiveBlog
from newsroom.selectors import Head
from tests import factories
from tests.factories import at
from tests.liveblog.test_kiosk import get
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)

published = sync_to_async(factories.published)
TOLD = ("feed_state", "feed_states", "numbers_after", "blog_page", "entry_page", "latest")


@pytest_asyncio.fixture
async def kiosk() -> AsyncIterator[Kiosk]:
    yield Kiosk(http)
    await relay.stop()
    await sync_to_async(connections.close_all)()


@pytest.fixture
def database_goes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("the database is gone")

    def go() -> None:
        for name in TOLD:
            monkeypatch.setattr(selectors, name, gone)

    return go


@sync_to_async
def withdraw(blog: LiveBlog, entry: Any) -> None:
    withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="It was wrong.", notice=False, now=at(30))


def feed_of(blog: LiveBlog) -> Feed:
    feed = relay.start().known(blog.slug)
    assert feed
    return feed


async def at_number(blog: LiveBlog, seq: int) -> None:
    async def is_there() -> bool:
        return feed_of(blog).head == seq

    await until_async(is_there)


async def pages_of(kiosk: Kiosk, blog: LiveBlog, entry: Any) -> dict[str, tuple[int, bytes]]:
    """What a blog's older pages, an entry's own, the embed and a feed say."""
    url = f"/live/{blog.slug}/"
    addresses = [(url, f"before={entry.ref}"), (f"{url}{entry.ref}/", ""), (f"/embed/{blog.slug}/", ""), (f"{url}feed.json", "")]
    answers = {path + query: await get(kiosk, path, query) for path, query in addresses}
    return {name: (status, body) for name, (status, _, body) in answers.items()}


async def test_what_was_published_since_takes_no_page_away(kiosk: Kiosk, database_goes: Callable[[], None]):
    blog = await sync_to_async(factories.blog)()
    first, second = await published(blog, "First"), await published(blog, "Second", minute=1)
    before = await pages_of(kiosk, blog, first)
    assert {status for status, _ in before.values()} == {200}
    await published(blog, "Third", minute=2)
    await at_number(blog, 3)
    database_goes()
    assert await pages_of(kiosk, blog, first) == before
    # What nobody has asked for here cannot be shown.
    assert (await get(kiosk, f"/live/{blog.slug}/{second.ref}/"))[0] == 503


async def test_no_page_from_before_a_withdrawal_is_served(kiosk: Kiosk, database_goes: Callable[[], None]):
    blog = await sync_to_async(factories.blog)()
    libel = await published(blog, "Libel")
    await published(blog, "Harmless", minute=1)
    assert {status for status, _ in (await pages_of(kiosk, blog, libel)).values()} == {200}
    await withdraw(blog, libel)
    await published(blog, "After it", minute=2)
    await at_number(blog, 4)
    path = f"/live/{blog.slug}/"
    fresh = await get(kiosk, path)
    await published(blog, "The last", minute=3)
    await at_number(blog, 5)
    database_goes()
    for name, (status, body) in (await pages_of(kiosk, blog, libel)).items():
        assert status == 503, name
        assert b"Libel" not in body
    assert await get(kiosk, path) == fresh, "one that was rendered after the withdrawal"


async def test_a_withdrawal_that_waits_for_the_number_before_it_counts(
    kiosk: Kiosk, database_goes: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    blog = await sync_to_async(factories.blog)()
    libel = await published(blog, "Libel")
    await pages_of(kiosk, blog, libel)
    with monkeypatch.context() as lost:
        lost.setattr(announce.sender, "send_soon", lambda *_: None)
        await published(blog, "Not heard of", minute=1)
    database_goes()
    await withdraw(blog, libel)

    async def is_heard_of() -> bool:
        return 3 in feed_of(blog).parked

    await until_async(is_heard_of)
    assert {status for status, _ in (await pages_of(kiosk, blog, libel)).values()} == {503}


async def test_a_fault_of_ours_is_passed_on_and_no_reason_to_serve_what_is_old(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    blog = await sync_to_async(factories.blog)()
    path = f"/live/{blog.slug}/"
    assert (await get(kiosk, path))[0] == 200
    await published(blog, "New")
    await at_number(blog, 1)

    def wrong(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("django.core.handlers.exception.signals.got_request_exception.send", lambda **_: None)
    monkeypatch.setattr(selectors, "blog_page", wrong)
    assert (await get(kiosk, path))[0] == 500


async def test_a_blog_that_nobody_had_an_eye_on_is_not_served(
    kiosk: Kiosk, database_goes: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    """It may have been withdrawn from in the meantime, and nobody here would have heard."""
    blog = await sync_to_async(factories.blog)()
    path = f"/live/{blog.slug}/"
    await get(kiosk, path)
    with monkeypatch.context() as later:
        later.setattr(hubs, "WATCHED_SECONDS", -1.0)
        assert feed_of(blog)
    relay.start().forget_idle()
    database_goes()
    assert (await get(kiosk, path))[0] == 503


async def test_while_the_database_is_away_no_blog_is_given_up(
    kiosk: Kiosk, database_goes: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(relay, "SYNC_SECONDS", 0.01)
    monkeypatch.setattr(relay, "TEND_SECONDS", 0.01)
    blog = await sync_to_async(factories.blog)()
    path = f"/live/{blog.slug}/"
    page = await get(kiosk, path)
    hub = relay.start()
    database_goes()

    async def is_noticed() -> bool:
        return hub.database_away

    await until_async(is_noticed)
    monkeypatch.setattr(hubs, "WATCHED_SECONDS", -1.0)
    feed = feed_of(blog)
    turns = 0

    def counted() -> None:
        nonlocal turns
        turns += 1

    monkeypatch.setattr(hub.presence, "forget_old", counted)

    async def was_tended() -> bool:
        return turns > 1

    await until_async(was_tended)
    feed.fan_out(Numbered(feed.head + 1, 7, "{}", withdraws=False))
    assert await get(kiosk, path) == page


async def test_a_blog_that_nobody_here_knows_is_asked_for_once(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    """A database that hangs costs six seconds a question: the reader is told to come back after the first."""
    blog = await sync_to_async(factories.blog)()
    asked: list[str] = []

    def counted(*_: Any, **__: Any) -> None:
        asked.append("once")
        raise OperationalError("the database hangs")

    for name in TOLD:
        monkeypatch.setattr(selectors, name, counted)
    status, headers, _ = await get(kiosk, f"/live/{blog.slug}/")
    assert (status, headers["retry-after"], asked) == (503, "2", ["once"])


async def test_a_fault_of_ours_is_no_outage(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    """A column that is missing in the middle of an upgrade: Django's page says so, with every header that pages have."""
    blog = await sync_to_async(factories.blog)()

    def missing(*_: Any, **__: Any) -> None:
        raise ProgrammingError("column does not exist")

    for name in TOLD:
        monkeypatch.setattr(selectors, name, missing)
    status, headers, body = await get(kiosk, f"/live/{blog.slug}/")
    assert (status, "content-security-policy" in headers, b"<html" in body) == (500, True, True)


async def test_a_crowd_that_is_told_to_come_back_is_a_line_of_the_log(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    """One error, shared by all who waited for it, would grow with each of them."""
    blog = await sync_to_async(factories.blog)()

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("the database is gone")

    for name in TOLD:
        monkeypatch.setattr(selectors, name, gone)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    try:
        answers = await asyncio.gather(*(get(kiosk, f"/live/{blog.slug}/") for _ in range(50)))
    finally:
        logging.getLogger().removeHandler(handler)
    assert {status for status, _, _ in answers} == {503}
    # None, where another has just said so; a few, where the machine takes seconds for it.
    assert written.getvalue().count("\n") < 12, written.getvalue()
    assert "Traceback" not in written.getvalue()


class Answered(Exception):
    """As psycopg's errors: with the code that the database gave, where it gave one."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate or None


def logged(
    passing: OnceASecond, at: float, *, code: str | None = None, cause: type[Exception] = OperationalError, **more: Any
) -> str | None:
    try:
        raise cause("no route to host\nIs the server running?") from Answered(code)
    except cause:
        what = "%s: %s", ("Service Unavailable", "/live/a/"), sys.exc_info()
    record = logging.getLogger("django.request").makeRecord("django.request", logging.ERROR, "", 0, *what, extra=more)
    record.created = at
    return logging.Formatter().format(record) if passing.filter(record) else None


def test_of_an_outage_a_line_a_second_stays_and_says_why_and_how_many_there_were():
    passing = OnceASecond()
    line = "Service Unavailable: /live/a/ (OperationalError: no route to host)"
    assert logged(passing, 10.0, status_code=503) == line
    assert [logged(passing, 10.0 + tenth / 10, status_code=503) for tenth in range(3)] == [None] * 3
    # Of another kind, so not one of those.
    assert logged(passing, 10.5, cause=InterfaceError, status_code=503) == line.replace("Operational", "Interface")
    assert logged(passing, 11.1, status_code=503) == f"{line} (3 more like it)"
    assert logged(passing, 11.2, status_code=503) is None
    # Of another outage.
    assert logged(passing, 11.2 + FORGOTTEN_AFTER, status_code=503) == line


def test_what_the_database_has_refused_and_a_fault_of_ours_are_told_in_full_each_time():
    passing = OnceASecond()
    for _ in range(2):
        assert "Traceback" in (logged(passing, 10.0, code="40P01", status_code=503) or "")
        assert "Traceback" in (logged(passing, 10.0, status_code=500) or "")


def a_feed() -> Feed:
    return Feed(blog_id=1, slug="a", epoch="e", head=10, token=100)


def told(feed: Feed, *numbers: tuple[int, bool]) -> None:
    for seq, withdraws in numbers:
        feed.head, feed.token = seq - 1, feed.token
        feed.fan_out(Numbered(seq, seq * 10, "{}", withdraws=withdraws))


async def test_a_feed_knows_what_was_withdrawn_since_it_was_opened_and_vouches_for_nothing_before():
    feed = a_feed()
    opened: Heard = feed.heard
    told(feed, (11, False), (12, False))
    between = feed.heard
    assert feed.withdrew_nothing_since(opened)
    assert feed.withdrew_nothing_since(between)
    for other in ((0, "e", 9, 90, 9), (0, "e", 10, 101, 10), (0, "f", 10, 100, 10), (1, "e", 10, 100, 10), (0, "e", 13, 130, 13)):
        assert not feed.withdrew_nothing_since(other)
    told(feed, (13, True))
    assert not feed.withdrew_nothing_since(between)
    assert feed.withdrew_nothing_since(feed.heard)


async def test_after_a_rewind_no_page_of_the_history_before_is_vouched_for():
    feed = a_feed()
    told(feed, (11, False), (12, False))
    old = feed.heard
    feed.rewind(Head("e", 11, 5))
    assert feed.withdrew_nothing_since(feed.heard)
    told(feed, (12, False), (13, False))
    assert not feed.withdrew_nothing_since(old)
    assert not feed.withdrew_nothing_since((1, "e", 12, 999, 12))


async def test_what_is_kept_of_the_history_before_is_not_taken_for_the_new_ones_at_the_same_number():
    feed = a_feed()
    before = feed.heard
    feed.rewind(feed.position)
    assert feed.heard != before


def test_a_frame_withdraws_unless_it_is_known_not_to():
    numbered = frames.numbered([{"op": op, "seq": 1, "token": 1} for op in ("put", "board", "state", "drop", "new")])
    assert [frame.withdraws for frame in numbered] == [False, False, False, True, True]
    # Too large for a message, and still known.
    [large] = frames.numbered([{"op": "put", "seq": 1, "token": 1, "ref": "e-7f3k9q", "html": "x" * frames.MAX_FRAME_BYTES}])
    assert not large.withdraws
    assert Numbered(1, 1, "{}").withdraws


async def test_a_message_that_does_not_say_is_taken_for_a_withdrawal(kiosk: Kiosk):
    blog = await sync_to_async(factories.blog)()
    await get(kiosk, f"/live/{blog.slug}/")
    feed = feed_of(blog)
    opened = feed.heard
    message = {
        "type": "change",
        "blog": blog.pk,
        "epoch": feed.epoch,
        "seq": feed.head + 1,
        "token": 7,
        "follows": feed.token,
        "text": "{}",
    }
    relay._hear(relay.start(), message)
    assert feed.heard != opened
    assert not feed.withdrew_nothing_since(opened)
