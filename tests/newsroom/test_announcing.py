from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import OperationalError

from newsroom import announce
from newsroom.announce import Sender
from newsroom.models import Change
from tests import factories

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


def test_a_push_that_never_gets_to_the_bus_is_counted_too(monkeypatch: pytest.MonkeyPatch):
    sender = Sender()
    monkeypatch.setattr(announce, "sender", sender)
    blog = factories.blog()

    def away(blog: object, changes: object) -> None:
        raise OperationalError("the database went away behind the commit")

    with monkeypatch.context() as patch:
        patch.setattr(announce.frames, "build", away)
        assert factories.published(blog).status == "published"
    assert sender.failures == 1
    closed = asyncio.new_event_loop()
    closed.close()
    monkeypatch.setattr(sender, "_running_loop", lambda: closed)
    assert factories.published(blog, minute=1).status == "published"
    assert sender.failures == 2


def test_a_number_whose_forerunner_was_pruned_is_taken_on_trust(monkeypatch: pytest.MonkeyPatch):
    blog = factories.blog()
    factories.published(blog)
    factories.published(blog, minute=1)
    last = Change.objects.filter(blog=blog).order_by("-seq")[0]
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(announce.sender, "send_soon", lambda messages: sent.extend(messages))
    Change.objects.filter(blog=blog, seq__lt=last.seq).delete()
    announce.announce_now_unsafe(blog, [last])
    last.seq = 1
    announce.announce_now_unsafe(blog, [last])
    assert [message["follows"] for message in sent] == [None, 0]


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
