"""Withdrawing from the desk: the button pressed twice, or again after a lost answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from newsroom.models import Change, Entry, Status
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


def question(*entries: Entry) -> str:
    return desk.act_address("withdraw", *entries)


def key_of(page: bytes) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page.decode())
    assert found, "the page carries no key"
    return found[1]


def said(answer: Any) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


@pytest.mark.parametrize("count", [1, 2])
def test_a_second_press_is_answered_like_the_first(client, blog, count):
    entries = [factories.published(blog, minute=minute) for minute in range(count)]
    address = question(*entries)
    sent = {"reason": "Said twice.", "notice": "on", "key": key_of(client.get(address).content)}
    first, changes = client.post(address, sent, follow=True), Change.objects.count()
    second = client.post(address, sent, follow=True)
    assert [level for level, _ in said(first)] == ["success"]
    assert said(second) == said(first)
    assert second.redirect_chain == first.redirect_chain
    assert Change.objects.count() == changes
    assert not Entry.objects.filter(status=Status.PUBLISHED).exists()


def test_the_page_of_another_press_finds_nothing_to_withdraw(client, blog):
    entry = factories.published(blog)
    address = question(entry)
    late = key_of(client.get(address).content)
    client.post(address, {"reason": "Said twice.", "key": key_of(client.get(address).content)}, follow=True)
    answer = client.post(address, {"reason": "Wrong.", "key": late}, follow=True)
    assert [level for level, _ in said(answer)] == ["error"]
    entry.refresh_from_db()
    assert entry.withdrawn_reason == "Said twice."


def test_a_refused_reason_keeps_the_key_and_the_words(client, blog):
    address = question(factories.published(blog))
    key = key_of(client.get(address).content)
    answer = client.post(address, {"reason": " ", "notice": "on", "key": key})
    assert answer.status_code == 422
    assert key_of(answer.content) == key
    assert Entry.objects.get().status == Status.PUBLISHED
