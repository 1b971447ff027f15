"""With the database away a request is told to come back; a fault of ours is a fault."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client

from newsroom import selectors
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def fails_with(error: Exception):
    def gone(*args: object, **kwargs: object) -> None:
        raise error

    return gone


@pytest.mark.parametrize("path", ["/", "/live/story/", "/live/story/snapshot", "/embed/story/"])
def test_a_page_that_needs_the_database_is_answered_with_503_and_a_time(visitor: Client, path: str):
    with connection.execute_wrapper(fails_with(OperationalError("no route to host"))):
        response = visitor.get(path)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert "no route to host" not in response.content.decode()


def test_a_save_at_the_desk_is_told_that_nothing_was_saved(visitor: Client, monkeypatch: pytest.MonkeyPatch):
    visitor.force_login(factories.admin())
    monkeypatch.setattr("django.contrib.admin.ModelAdmin.get_queryset", fails_with(OperationalError("gone")))
    response = visitor.get("/admin/newsroom/byline/")
    assert response.status_code == 503
    assert "nothing was saved" in response.content.decode()


def test_a_fault_of_ours_is_a_500(visitor: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selectors, "public_blogs", fails_with(ValueError("a secret detail")))
    response = visitor.get("/")
    assert response.status_code == 500
    assert "a secret detail" not in response.content.decode()
    assert "Retry-After" not in response
