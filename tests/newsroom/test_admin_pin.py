"""Pinning at the desk: one entry at a time, and the editor is told which one makes way."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.actions.entries import pin_entry
from newsroom.models import LiveBlog
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


@pytest.fixture
def entry(blog):
    return factories.published(blog)


@pytest.fixture
def known(blog):
    """The entry that is pinned already."""
    found = factories.published(blog, "What we know so far", minute=1)
    pin_entry(actor=factories.chief_of(blog), entry=found, now=factories.at(2))
    return found


def on_its_page(client, entry):
    return client.post(desk.act_address("pin", entry), {"on": "1"}, follow=True)


def in_the_list(client, entry):
    return client.post(reverse("admin:newsroom_entry_changelist"), {"action": "pin", "_selected_action": [entry.pk]}, follow=True)


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("pin", [on_its_page, in_the_list])
def test_the_entry_that_makes_way_is_named(client, blog, entry, known, pin):
    assert said(pin(client, entry)) == ["Pinned: it stands first on the page, instead of “What we know so far”."]
    assert LiveBlog.objects.get(pk=blog.pk).pinned == entry


@pytest.mark.parametrize("pin", [on_its_page, in_the_list])
def test_where_nothing_was_pinned_nothing_makes_way(client, blog, entry, pin):
    assert said(pin(client, entry)) == ["Pinned: it stands first on the page."]
    assert LiveBlog.objects.get(pk=blog.pk).pinned == entry


@pytest.mark.parametrize("pin", [on_its_page, in_the_list])
def test_an_entry_does_not_make_way_for_itself(client, known, pin):
    assert said(pin(client, known)) == ["Pinned: it stands first on the page."]


@pytest.mark.parametrize("pin", [on_its_page, in_the_list])
def test_a_draft_is_not_pinned_and_nothing_makes_way(client, blog, known, pin):
    (sentence,) = said(pin(client, factories.draft(blog)))
    assert "Only a published entry can be pinned." in sentence
    assert LiveBlog.objects.get(pk=blog.pk).pinned == known
