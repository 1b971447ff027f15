from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest
from django.db import OperationalError, connection

from newsroom import announce
from newsroom.actions import entries
from newsroom.actions.media import upload_image
from newsroom.announce import Sender
from newsroom.models import Change
from tests import factories
from tests.newsroom import pictures

pytestmark = pytest.mark.django_db(transaction=True)


class DeafLayer:
    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        raise ConnectionRefusedError("nobody listens")


class HangingLayer:
    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await asyncio.sleep(60)


@pytest.mark.parametrize("layer", [DeafLayer(), HangingLayer()])
def test_a_bus_that_fails_is_counted_and_the_editor_never_notices(layer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announce, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(announce, "TIMEOUT_SECONDS", 0.05)
    sender = Sender()
    monkeypatch.setattr(announce, "sender", sender)

    entry = factories.published(factories.blog())
    sender.flush(timeout=5)
    assert entry.status == "published"
    assert sender.failures == 1


@pytest.mark.parametrize("fault", [OperationalError("the database went away"), ValueError("a key event chokes the board")])
def test_a_board_that_cannot_be_made_refuses_no_write_and_is_counted(monkeypatch: pytest.MonkeyPatch, fault: Exception):
    sender, said = Sender(), []
    monkeypatch.setattr(announce, "sender", sender)
    monkeypatch.setattr(sender, "send_soon", lambda messages, group=announce.GROUP: said.extend(messages))
    blog = factories.blog()
    entry = entries.mark_key_event(actor=factories.chief_of(blog), entry=factories.published(blog), key_event=True, now=factories.at(1))

    def fails(*_: object) -> None:
        raise fault

    said.clear()
    monkeypatch.setattr(announce.frames, "render_board", fails)
    entries.withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="Wrong.", notice=False, now=factories.at(2))
    assert [json.loads(message["text"])["op"] for message in said if message["type"] == "change"] == ["drop"]
    assert sender.failures == 1


def test_a_push_that_never_gets_to_the_bus_is_counted_too(monkeypatch: pytest.MonkeyPatch):
    sender = Sender()
    monkeypatch.setattr(announce, "sender", sender)
    closed = asyncio.new_event_loop()
    closed.close()
    monkeypatch.setattr(sender, "_running_loop", lambda: closed)
    assert factories.published(factories.blog()).status == "published"
    assert sender.failures == 1


def test_between_the_commit_and_what_is_said_of_an_entry_nothing_is_asked_of_the_database(monkeypatch: pytest.MonkeyPatch):
    """Readers wait for each such question, and it can fail when nothing can be undone any more."""
    asked: list[str] = []
    hooks = connection.run_and_clear_commit_hooks

    def watched() -> None:
        with connection.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
            hooks()

    monkeypatch.setattr(connection, "run_and_clear_commit_hooks", watched)
    sent: list[tuple[dict[str, Any], int]] = []
    monkeypatch.setattr(announce.sender, "send_soon", lambda messages, group=announce.GROUP: sent.append((messages[0], len(asked))))
    blog = factories.blog()
    chief = factories.chief_of(blog)
    # A picture that is public already makes no difference.
    image = upload_image(actor=chief, blog=blog, file=io.BytesIO(pictures.jpeg()), now=factories.NOON, alt="The bridge")
    asked.clear()
    entry = factories.published(blog, blocks=[{"type": "image", "image": image.ref}])
    entries.mark_key_event(actor=chief, entry=entry, key_event=True, now=factories.at(1))
    told = [(message["seq"], queries) for message, queries in sent if message["type"] == "change"]
    assert [number for number, _ in told] == [1, 2, 3]
    # The board is rendered when the entry is on its way.
    assert [queries for _, queries in told[:2]] == [0, 0]
    assert told[2][1] > 0
    asked.clear()
    entries.withdraw_entry(actor=chief, entry=entry, reason="Wrong.", now=factories.at(2))
    dropped = next(queries for message, queries in sent if message.get("seq") == 4)
    assert dropped == 0
    assert any("newsroom_image" in sql for sql in asked)


def test_a_number_whose_forerunner_was_pruned_is_taken_on_trust():
    blog = factories.blog()
    factories.published(blog)
    factories.published(blog, minute=1)
    last = Change.objects.filter(blog=blog).order_by("-seq")[0]
    Change.objects.filter(blog=blog, seq__lt=last.seq).delete()
    pruned = announce.tokens_before(blog, [last])
    [message] = announce.messages_for(blog, [last], pruned)
    assert (pruned, message["follows"]) == ({2: None}, None)
    last.seq = 1
    assert announce.tokens_before(blog, [last]) == {1: 0}


def test_a_rolled_back_write_is_not_announced(monkeypatch: pytest.MonkeyPatch):
    from django.db import transaction

    sent: list[Any] = []
    monkeypatch.setattr(announce.sender, "send_soon", sent.extend)
    blog = factories.blog()

    @transaction.atomic
    def publish_and_fail() -> None:
        factories.published(blog)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert sent == []
    factories.published(blog)
    assert [message["seq"] for message in sent] == [1]
