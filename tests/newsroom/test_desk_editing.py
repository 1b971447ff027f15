"""An entry opened in the desk's composer: what it gets, what saving it does, and what a colleague's save in between costs (nothing)."""

from __future__ import annotations

import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.actions.entries import withdraw_entry
from newsroom.actions.locks import LOCK_LASTS, hold, let_go
from newsroom.actions.texts import text_of
from newsroom.desk.feed import Viewer
from newsroom.desk.looking import Desk, look_again
from newsroom.models import EntryLock
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


def address(entry):
    return reverse("desk:entry", args=[entry.blog.slug, entry.ref])


def save(client, entry, opened, verb="edit", **changed):
    """What the composer sends: every field that it was given, and those that were changed."""
    sent: dict[str, list[str]] = {}
    for name, value in opened["fields"]:
        sent.setdefault(name, []).append(value)
    facts = {"verb": verb, "key": str(uuid.uuid4()), "base_version": str(opened["version"]), "pictures": "{}"}
    return client.post(address(entry), sent | facts | changed)


def body(entry, *words):
    return json.dumps([{**block, "html": f"<p>{text}</p>"} for block, text in zip(entry.blocks, words, strict=True)])


@pytest.fixture
def editor(blog):
    return desk.signed_in(factories.member(blog, "editor", "vera"))


@pytest.fixture
def colleague(blog):
    return desk.signed_in(factories.member(blog, "editor", "tomas"))


@pytest.fixture
def entry(blog):
    blocks = [factories.paragraph("One."), factories.paragraph("Two.")]
    return factories.published(blog, standing="reported", tags=["Harbour", "Rescue"], happened_at=factories.at(-61), blocks=blocks)


def test_what_is_opened_and_saved_unchanged_says_the_same(editor, entry):
    opened = editor.get(address(entry)).json()
    assert (opened["verbs"], opened["version"]) == (["edit", "correct"], entry.version)
    before = text_of(entry)
    assert save(editor, entry, opened).status_code == 200
    entry.refresh_from_db()
    assert text_of(entry) == before


def test_a_correction_is_published_with_its_note_and_refused_without(editor, entry):
    opened = editor.get(address(entry)).json()
    refused = save(editor, entry, opened, "correct", headline="Bridge open")
    assert (refused.status_code, refused.json()["faults"][0]["field"]) == (422, "note")
    assert save(editor, entry, opened, "correct", headline="Bridge open", note="It was never closed.").status_code == 200
    entry.refresh_from_db()
    assert (entry.headline, entry.corrections.get().note) == ("Bridge open", "It was never closed.")


def test_changes_at_different_places_come_back_together_and_nothing_is_overwritten(editor, colleague, entry):
    opened = editor.get(address(entry)).json()
    assert save(colleague, entry, opened, blocks=body(entry, "One.", "Two, by Tomas.")).status_code == 200
    answer = save(editor, entry, opened, blocks=body(entry, "One, by Vera.", "Two."), headline="Bridge closed until Monday")
    stale = answer.json()["stale"]
    assert (answer.status_code, stale["by"], stale["conflicts"], stale["taken"]) == (409, "tomas", [], ["Block 2"])
    entry.refresh_from_db()
    assert entry.headline == "Bridge closed"
    assert save(editor, entry, stale).status_code == 200
    entry.refresh_from_db()
    assert entry.headline == "Bridge closed until Monday"
    assert [block["html"] for block in entry.blocks] == ["<p>One, by Vera.</p>", "<p>Two, by Tomas.</p>"]


def test_where_both_changed_the_same_both_are_told_and_theirs_can_be_taken(editor, colleague, entry):
    opened = editor.get(address(entry)).json()
    save(colleague, entry, opened, headline="Theirs", blocks=body(entry, "One, theirs.", "Two."), happened_at="2026-03-14T08:00")
    stale = save(editor, entry, opened, headline="Mine", blocks=body(entry, "One, mine.", "Two."), happened_at="2026-03-14T09:00").json()[
        "stale"
    ]
    told = {row["label"]: row for row in stale["conflicts"]}
    assert (told["Headline"]["theirs"], told["Headline"]["mine"]) == ("Theirs", "Mine")
    assert told["Headline"]["fields"] == [["headline", "Theirs"]]
    assert ["happened_at", "2026-03-14T08:00"] in told["Happened"]["fields"]
    assert (told["Block 1"]["theirs"], told["Block 1"]["mine"], told["Block 1"]["block"]["html"]) == (
        "One, theirs.",
        "One, mine.",
        "<p>One, theirs.</p>",
    )
    assert ["headline", "Mine"] in stale["fields"]


def test_without_the_text_that_both_started_from_whatever_differs_is_shown(editor, colleague, entry):
    opened = editor.get(address(entry)).json()
    save(colleague, entry, opened, headline="Theirs")
    entry.versions.all().delete()
    stale = save(editor, entry, opened, source="Mine").json()["stale"]
    assert [row["label"] for row in stale["conflicts"]] == ["Headline", "Source"]


def test_the_same_key_saves_once(editor, entry):
    opened, key = editor.get(address(entry)).json(), str(uuid.uuid4())
    first = save(editor, entry, opened, headline="Once", key=key).json()
    assert save(editor, entry, opened, headline="Once", key=key).json() == first
    assert save(editor, entry, opened, headline="Twice", key=key).status_code == 409


def test_what_was_withdrawn_meanwhile_is_refused_with_a_sentence(editor, entry):
    opened = editor.get(address(entry)).json()
    withdraw_entry(actor=factories.chief_of(entry.blog), entry=entry, reason="Wrong.", now=factories.at(1))
    assert "Withdrawn" in save(editor, entry, opened).json()["faults"][0]["message"]
    assert editor.get(address(entry)).status_code == 409


def test_a_contributor_opens_own_drafts_and_nothing_of_others(blog, entry):
    writer = factories.member(blog, "contributor", "ana")
    own, foreign = factories.draft(blog, "Own", actor=writer), factories.draft(blog, "Foreign")
    client = desk.signed_in(writer)
    opened = client.get(address(own)).json()
    assert opened["verbs"] == ["save", "submit"]
    assert save(client, own, opened, "save", headline="Better").json()["status"] == "draft"
    assert client.get(address(foreign)).status_code == 404
    assert client.get(address(entry)).status_code == 409
    assert save(client, entry, opened).status_code == 409


def test_the_history_tells_any_two_texts_apart_word_by_word(editor, entry):
    past = reverse("desk:history", args=[entry.blog.slug, entry.ref])
    assert "There is one text so far" in editor.get(past).json()["html"]
    for headline, source in (("Bridge closed until Monday", ""), ("Bridge closed until Tuesday", "Harbour authority")):
        opened = editor.get(address(entry)).json()
        assert save(editor, entry, opened, headline=headline, source=source, tags="Harbour").status_code == 200
    last, whole = editor.get(past).json()["html"], editor.get(past, {"older": "3", "newer": "1"}).json()["html"]
    assert "<del>Monday</del><ins>Tuesday</ins>" in last
    assert "<ins>Harbour authority</ins>" in last
    assert "<ins> until Tuesday</ins>" in whole
    assert "<del>, Rescue</del>" in whole
    # A text that was typed afresh: its blocks are new, and read as changed.
    opened = editor.get(address(entry)).json()
    afresh = json.dumps([factories.paragraph("One more."), factories.paragraph("Two.")])
    assert save(editor, entry, opened, blocks=afresh).status_code == 200
    assert "One<ins> more</ins>." in editor.get(past).json()["html"]
    assert "Tags" in editor.get(reverse("admin:newsroom_entry_history", args=[entry.pk])).content.decode()


def test_the_history_of_a_draft_is_of_what_was_saved_and_for_those_who_may_read_it(blog, editor):
    draft = factories.draft(blog, "One")
    opened = editor.get(address(draft)).json()
    assert save(editor, draft, opened, "save", headline="Two").status_code == 200
    past = reverse("desk:history", args=[blog.slug, draft.ref])
    assert "<del>One</del><ins>Two</ins>" in editor.get(past).json()["html"]
    assert desk.signed_in(factories.member(blog, "contributor")).get(past).status_code == 404


def test_desks_hear_who_has_an_entry_open_and_when_nobody_has_any_more(blog, entry):
    vera, tomas = factories.member(blog, "editor", "vera"), factories.member(blog, "editor", "tomas")
    desks = [Desk("", Viewer.of(user, blog), None, None) for user in (vera, tomas)]  # type: ignore[arg-type]

    def told(seen):
        look = look_again(blog.pk, desks, set(), factories.at(10_000), seen)
        heard = {
            str(at.viewer.user): message["holder"] for at, messages in look.messages for message in messages if message["op"] == "entry"
        }
        return heard, look.saved

    _, seen = told({})
    hold(actor=vera, entry=entry, now=timezone.now())
    heard, seen = told(seen)
    assert heard == {"vera": {"name": "vera", "mine": True}, "tomas": {"name": "vera", "mine": False}}
    hold(actor=tomas, entry=entry, now=timezone.now(), take_over=True)
    heard, seen = told(seen)
    assert heard["vera"] == {"name": "tomas", "mine": False}
    # The page is gone without a word: its lock runs out.
    EntryLock.objects.update(seen_at=timezone.now() - LOCK_LASTS)
    heard, seen = told(seen)
    assert heard == {"vera": None, "tomas": None}
    let_go(actor=tomas, entry=entry, now=timezone.now())
    assert told(seen)[0] == {}
