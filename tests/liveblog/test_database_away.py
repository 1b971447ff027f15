"""With the database away a request is told to come back; a fault of ours is a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from newsroom import selectors
from newsroom.models import Entry, Write
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def fails_with(error: Exception):
    def gone(*args: object, **kwargs: object) -> None:
        raise error

    return gone


@pytest.mark.parametrize("path", ["/", "/live/story/", "/live/story/snapshot", "/embed/story/", "/live/story/feed.atom"])
def test_a_page_that_needs_the_database_is_answered_with_503_and_a_time(visitor: Client, path: str):
    with connection.execute_wrapper(fails_with(OperationalError("no route to host"))):
        response = visitor.get(path)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "2", "no-store")
    assert "no route to host" not in response.content.decode()


def test_an_entry_that_meets_the_outage_is_not_saved_and_its_repetition_saves_it_once(visitor: Client):
    blog, sent = factories.blog(), desk.typed()
    address = reverse("desk:entries", args=[blog.slug])
    visitor.force_login(factories.member(blog, "editor"))

    def goes_with_the_entry(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if sql.startswith(f'INSERT INTO "{Entry._meta.db_table}"'):
            raise OperationalError("gone")
        return execute(sql, *more)

    with connection.execute_wrapper(goes_with_the_entry):
        response = visitor.post(address, sent)
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert "nothing was saved" in response.content.decode()
    assert (Entry.objects.count(), Write.objects.filter(key=sent["key"]).count()) == (0, 0)

    answers = [visitor.post(address, sent) for _ in range(2)]
    assert [(answer.status_code, answer.json()["status"]) for answer in answers] == [(200, "published")] * 2
    assert [entry.ref for entry in Entry.objects.all()] == [answers[0].json()["ref"]]
    assert answers[1].json()["ref"] == answers[0].json()["ref"]


def test_a_fault_of_ours_is_a_500(visitor: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selectors, "public_blogs", fails_with(ValueError("a secret detail")))
    response = visitor.get("/")
    assert response.status_code == 500
    assert "a secret detail" not in response.content.decode()
    assert "Retry-After" not in response
