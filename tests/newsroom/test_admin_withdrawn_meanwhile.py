"""An entry that was withdrawn, or closed to the editor, while its form was open: the page says what is true, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.actions.entries import publish_entry, withdraw_entry
from newsroom.actions.texts import text_of
from newsroom.models import Entry, Status
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(blog):
    return factories.published(blog)


@pytest.fixture
def vera(blog):
    return factories.member(blog, "editor", "vera")


@pytest.fixture
def tomas(blog):
    return desk.signed_in(factories.member(blog, "editor", "tomas"))


def sent_too_late(tomas, vera, entry, verb="edit", **fields):
    opened = desk.edited(entry, verb, headline="Closed until Monday", **fields)
    withdraw_entry(actor=vera, entry=entry, reason="Said twice.", now=factories.at(5))
    return tomas.post(desk.change_address(entry), opened)


def test_the_page_says_who_withdrew_it_and_keeps_the_text_in_a_form(tomas, vera, entry):
    answer = sent_too_late(tomas, vera, entry)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "“Bridge closed” was withdrawn by vera (14 March 2026, 12:05) while you had it open." in page
    assert "fit what it has become" not in page
    assert "puts your text in its place" not in page
    assert answer.context["form"]["headline"].value() == "Closed until Monday"
    assert desk.shown_blocks(answer.content)[0]["html"] == "<p>Engineers are inspecting the span.</p>"
    assert 'name="verb" value="publish"' in page
    entry.refresh_from_db()
    assert (entry.status, entry.headline) == (Status.WITHDRAWN, "Bridge closed")


def test_that_form_makes_a_new_entry_of_it(tomas, vera, entry, blog):
    refused = sent_too_late(tomas, vera, entry)
    form = refused.context["form"]
    assert refused.context["action"] == desk.add_address(blog)
    sent = desk.typed("publish", headline=form["headline"].value(), key=form["key"].value(), base_version=form["base_version"].value())
    assert tomas.post(refused.context["action"], sent).status_code == 302
    new = Entry.objects.exclude(pk=entry.pk).get()
    assert (new.status, new.headline) == (Status.PUBLISHED, "Closed until Monday")
    entry.refresh_from_db()
    assert entry.status == Status.WITHDRAWN


def test_the_note_of_a_correction_is_not_lost(tomas, vera, entry):
    page = sent_too_late(tomas, vera, entry, "correct", note="It closes on <b>Monday</b>.").content.decode()
    assert "Your correction was: It closes on &lt;b&gt;Monday&lt;/b&gt;." in page


def test_an_edit_of_what_still_stands_is_no_new_entry(tomas, entry):
    assert tomas.post(desk.change_address(entry), desk.edited(entry, headline="Closed until Monday")).status_code == 302
    assert Entry.objects.get().headline == "Closed until Monday"


def test_a_contributor_whose_draft_was_published_meanwhile_is_shown_the_text_to_copy(blog, vera):
    writer = factories.member(blog, "contributor", "nora")
    draft = factories.draft(blog, "Span inspected", actor=writer)
    opened = desk.edited(draft, "save", headline="Span inspected twice")
    publish_entry(actor=vera, blog=blog, text=text_of(draft), now=factories.at(5), entry=draft, base_version=draft.version)
    answer = desk.signed_in(writer).post(reverse("admin:newsroom_entry_change", args=[draft.pk]), opened)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert not answer.context["verbs"]
    assert "You may not change it any more. What you typed is shown here" in page
    assert "Span inspected twice" in page
    for untrue in ("buttons below", "in the form below", "puts your text in its place"):
        assert untrue not in page
