"""A pin that is committed while a withdrawal is being rendered: what was withdrawn goes off the board of every open page too."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from newsroom import announce
from newsroom.actions import entries, publication, reversals
from newsroom.errors import WrongState
from newsroom.models import Entry, Image, LiveBlog
from tests import factories
from tests.factories import at
from tests.readers import Page, shows

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[Entry], object]


def withdraw(entry: Entry) -> object:
    return entries.withdraw_entry(actor=factories.chief_of(entry.blog), entry=entry, reason="It named a witness.", now=at(2.1))


def withdraw_silently(entry: Entry) -> object:
    return entries.withdraw_entry(actor=factories.chief_of(entry.blog), entry=entry, reason="", notice=False, now=at(2.1))


def undo(entry: Entry) -> object:
    return reversals.undo_publication(actor=factories.chief_of(entry.blog), entry=entry, now=at(2.1))


def pin(entry: Entry) -> None:
    entries.pin_entry(actor=factories.chief_of(entry.blog), entry=entry, now=at(2.05))


def unpin(entry: Entry) -> None:
    entries.unpin_entry(actor=factories.chief_of(entry.blog), blog=entry.blog, now=at(2.05))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = []

    def take(messages: Any, group: str = announce.GROUP) -> None:
        frames.extend(json.loads(message["text"]) for message in messages if message["type"] == "change")

    monkeypatch.setattr(announce.sender, "send_soon", take)
    return frames


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """`act` is done once, when the next action has read its entry and not yet written anything."""
    snapshot = publication.take_snapshot
    left = [act]

    def take(*args: Any, **options: Any) -> Any:
        if left:
            left.pop()()
        return snapshot(*args, **options)

    monkeypatch.setattr(publication, "take_snapshot", take)


def fresh(client: Client, blog: LiveBlog) -> Page:
    return Page.of(client.get(f"/live/{blog.slug}/").content.decode())


@pytest.mark.parametrize("act", [withdraw, withdraw_silently, undo])
def test_what_is_pinned_while_it_is_withdrawn_goes_off_every_board(client: Client, act: Act, sent: list[Any], monkeypatch):
    blog = factories.blog()
    factories.published(blog, "It stays", minute=1)
    entry = factories.published(blog, "A witness by name", minute=2)
    page = fresh(client, blog)
    sent.clear()
    meanwhile(monkeypatch, lambda: pin(entry))
    act(entry)

    assert [frame["op"] for frame in sent] == ["board", "drop", "board"]
    assert "A witness by name" in sent[0]["html"]
    for frame in sent:
        page.apply(frame)
    assert "A witness by name" not in page.board + page.feed
    assert shows(page) == shows(fresh(client, blog))


@pytest.mark.parametrize("act", [withdraw, withdraw_silently, undo])
def test_what_is_unpinned_meanwhile_or_never_was_pinned_leaves_the_board_alone(client: Client, act: Act, sent: list[Any], monkeypatch):
    blog = factories.blog()
    pin(factories.published(blog, "It stays pinned", minute=1))
    alone = factories.published(blog, "Never pinned", minute=2)
    page = fresh(client, blog)
    sent.clear()
    act(alone)
    assert [frame["op"] for frame in sent] == ["drop"]

    entry = factories.published(blog, "Pinned for a moment", minute=2)
    pin(entry)
    meanwhile(monkeypatch, lambda: unpin(entry))
    act(entry)
    assert [frame["op"] for frame in sent] == ["drop", "put", "board", "board", "drop"]
    for frame in sent:
        page.apply(frame)
    assert shows(page) == shows(fresh(client, blog))


def test_what_is_marked_while_it_is_withdrawn_goes_off_every_board(client: Client, sent: list[Any], monkeypatch):
    blog = factories.blog()
    entry = factories.published(blog, "A witness by name", minute=2)
    page = fresh(client, blog)
    sent.clear()
    chief = factories.chief_of(blog)
    meanwhile(monkeypatch, lambda: entries.mark_key_event(actor=chief, entry=entry, key_event=True, now=at(2.05)))
    withdraw(entry)

    assert [frame["op"] for frame in sent] == ["put", "board", "drop", "board"]
    for frame in sent:
        page.apply(frame)
    assert shows(page) == shows(fresh(client, blog))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there one writes at a time")
def test_a_pin_that_comes_while_the_withdrawal_is_written_waits_and_is_refused(sent: list[Any], monkeypatch):
    blog = factories.blog()
    entry = factories.published(blog, "A witness by name", minute=2)
    sent.clear()
    said: list[BaseException] = []
    begun = threading.Event()

    def pins() -> None:
        begun.set()
        try:
            pin(entry)
        except WrongState as refused:
            said.append(refused)
        finally:
            connection.close()

    other = threading.Thread(target=pins)
    hold = publication.hold_images

    def hold_images(snapshot: Any) -> list[Image]:
        # The entry's row is locked by now.
        other.start()
        assert begun.wait(10)
        return hold(snapshot)

    monkeypatch.setattr(publication, "hold_images", hold_images)
    withdraw(entry)
    other.join(10)
    assert not other.is_alive()
    assert len(said) == 1
    assert [frame["op"] for frame in sent] == ["drop"]
    assert LiveBlog.objects.get(pk=blog.pk).pinned_id is None
