"""A button pressed twice, or again after a lost answer."""

from __future__ import annotations

import uuid

import pytest

from newsroom.models import Change, Entry, Status
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


@pytest.mark.parametrize("verb", ["publish", "save", "submit"])
def test_the_same_form_sent_twice_makes_one_entry(client, blog, verb):
    sent = desk.typed(verb, key=uuid.uuid4())
    first, second = client.post(desk.add_address(blog), sent), client.post(desk.add_address(blog), sent)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert Entry.objects.count() == 1


def test_two_forms_make_two_entries(client, blog):
    for _ in range(2):
        client.post(desk.add_address(blog), desk.typed())
    assert Entry.objects.count() == 2


def test_each_form_that_is_opened_has_a_key_of_its_own(client, blog):
    keys = {client.get(desk.add_address(blog)).context["form"]["key"].value() for _ in range(2)}
    assert len(keys) == 2


def test_what_was_typed_after_a_lost_answer_is_not_swallowed(client, blog):
    sent = desk.typed(key=uuid.uuid4())
    client.post(desk.add_address(blog), sent)
    answer = client.post(desk.add_address(blog), sent | {"headline": "Bridge closed until Monday"})
    entry = Entry.objects.get()
    assert answer.status_code == 409
    assert entry.headline == "Bridge closed"
    form = answer.context["form"]
    assert form["headline"].value() == "Bridge closed until Monday"
    assert form["base_version"].value() == str(entry.version)
    assert form["key"].value() != sent["key"]
    assert answer.context["action"] == desk.change_address(entry)


def test_a_correction_sent_twice_is_one_correction(client, blog):
    entry = factories.published(blog)
    sent = desk.edited(entry, "correct", headline="Bridge open", note="The bridge is open.")
    for _ in range(2):
        assert client.post(desk.change_address(entry), sent).status_code == 302
    assert entry.corrections.count() == 1


def test_a_schedule_that_is_refused_keeps_the_draft_and_the_next_press_saves_what_was_typed(client, blog):
    refused = client.post(desk.add_address(blog), desk.typed("schedule", scheduled_for="2001-01-01T10:00"))
    assert refused.status_code == 422
    entry = Entry.objects.get()
    assert entry.status == Status.DRAFT
    form = refused.context["form"]
    again = desk.typed(
        "schedule",
        headline="Reworded",
        scheduled_for="2027-01-01T10:00",
        key=form["key"].value(),
        base_version=form["base_version"].value(),
    )
    assert client.post(refused.context["action"], again).status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.headline) == (Status.SCHEDULED, "Reworded")
    assert not Change.objects.filter(blog=blog).exists()
