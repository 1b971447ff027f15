"""What a process asks the database has an end, whatever holds it up: a thread, a connection, or the database itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from liveblog.wire import asking
from liveblog.wire.hub import Hub
from newsroom import selectors
from newsroom.selectors import FeedState, Head

pytestmark = pytest.mark.django_db(transaction=True)

# More than there are threads to ask it.
BLOGS = 50


@pytest.fixture
def hangs(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The database says nothing, until the event is set."""
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.1)
    event = threading.Event()

    def silent(slug: str) -> FeedState:
        event.wait(5)
        return FeedState(1, Head("one", 3, 30), readers_shown=False)

    monkeypatch.setattr(selectors, "feed_state", silent)
    yield event
    event.set()


async def test_readers_of_ever_more_blogs_do_not_wait_for_one_another(hangs: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()
    told = await asyncio.gather(*(hub.feed_of(f"story-{number}") for number in range(BLOGS)), return_exceptions=True)
    assert {type(error) for error in told} == {OperationalError}
    hangs.set()
    # Those that nobody waits for any more are not asked first.
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 5.0)
    feed = await hub.feed_of("story-1")
    assert feed
    assert feed.head == 3
    if feed.filling:
        feed.filling.cancel()
