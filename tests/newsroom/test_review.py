"""From handing in to the readers: sent back with a note, approved, a second pair of eyes, an embargo."""

from __future__ import annotations

import pytest

from newsroom.actions.drafts import save_draft, schedule_entry, submit_entry
from newsroom.actions.entries import edit_entry, publish_entry
from newsroom.actions.releases import release_due
from newsroom.actions.review import approve_entry, send_back, set_embargo
from newsroom.actions.texts import text_of
from newsroom.errors import Invalid, StaleEntry, WrongState
from newsroom.models import Change, Entry, EntryNote
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog():
    return factories.blog(second_pair=["breaking"])


@pytest.fixture
def vera(blog):
    return factories.member(blog, "editor", "vera")


@pytest.fixture
def tomas(blog):
    return factories.member(blog, "editor", "tomas")


def handed_in(blog, writer, headline="From the quay", **fields):
    draft = factories.draft(blog, headline, actor=writer, **fields)
    return submit_entry(actor=writer, entry=draft, base_version=draft.version, now=at(1))


def publish(entry, actor, text=None, minute=2.0):
    entry.refresh_from_db()
    return publish_entry(actor=actor, blog=entry.blog, text=text or text_of(entry), now=at(minute), entry=entry, base_version=entry.version)


def fields_of(refusal):
    return [fault.field for fault in refusal.value.faults]


# Sent back


def test_an_editor_sends_back_with_a_note_that_is_kept(blog, vera):
    entry = handed_in(blog, factories.member(blog, "contributor"))
    back = send_back(actor=vera, entry=entry, note=" Who says so? ", base_version=entry.version, now=at(2))
    assert back.status == "draft"
    note = EntryNote.objects.get()
    assert (note.entry, note.note, note.by, note.at) == (entry, "Who says so?", vera, at(2))
    assert not Change.objects.exists()


def test_a_note_never_reaches_readers(blog, vera):
    entry = handed_in(blog, factories.member(blog, "contributor"))
    send_back(actor=vera, entry=entry, note="SECRET", now=at(2))
    published = publish(entry, vera)
    assert "SECRET" not in published.fragment
    assert "SECRET" not in str(published.revisions.get().snapshot)


@pytest.mark.parametrize("note", ["", "   ", "x" * 1001])
def test_sending_back_says_why_in_a_thousand_characters(blog, vera, note):
    entry = handed_in(blog, factories.member(blog, "contributor"))
    with pytest.raises(Invalid) as refusal:
        send_back(actor=vera, entry=entry, note=note, now=at(2))
    assert fields_of(refusal) == ["note"]
    assert Entry.objects.get().status == "submitted"


def test_only_what_was_handed_in_is_sent_back(blog, vera):
    with pytest.raises(WrongState):
        send_back(actor=vera, entry=factories.draft(blog), note="Why?", now=at(2))


# Approved


def test_an_editor_approves_what_was_handed_in_as_it_was_read(blog, vera):
    writer = factories.member(blog, "contributor")
    entry = handed_in(blog, writer, kind="breaking")
    read = entry.version
    save_draft(actor=writer, blog=blog, text=factories.text("Changed since", kind="breaking"), now=at(2), entry=entry, base_version=read)
    with pytest.raises(StaleEntry):
        approve_entry(actor=vera, entry=entry, base_version=read, now=at(3))
    assert approve_entry(actor=vera, entry=entry, base_version=read + 1, now=at(3)).status == "published"


def test_nobody_approves_a_draft_that_was_not_handed_in(blog, vera):
    with pytest.raises(WrongState):
        approve_entry(actor=vera, entry=factories.draft(blog), base_version=1, now=at(3))


def test_what_is_approved_under_embargo_is_planned_for_its_end(blog, vera):
    entry = handed_in(blog, factories.member(blog, "contributor"))
    entry = set_embargo(actor=vera, entry=entry, until=at(60), now=at(2))
    approved = approve_entry(actor=vera, entry=entry, base_version=entry.version, now=at(3))
    assert (approved.status, approved.scheduled_for) == ("scheduled", at(60))
    assert release_due(now=at(59)) == []
    assert [entry.ref for entry in release_due(now=at(60))] == [approved.ref]


# A second pair of eyes


def test_a_writer_does_not_publish_their_own_breaking_news(blog, vera):
    with pytest.raises(Invalid, match="somebody else publishes it") as refusal:
        publish_entry(actor=vera, blog=blog, text=factories.text(kind="breaking"), now=at(1))
    assert fields_of(refusal) == ["kind"]
    entry = handed_in(blog, vera, kind="breaking")
    for act in (
        lambda: publish(entry, vera),
        lambda: approve_entry(actor=vera, entry=entry, base_version=entry.version, now=at(2)),
        lambda: schedule_entry(actor=vera, entry=entry, base_version=entry.version, at=at(9), now=at(2)),
    ):
        with pytest.raises(Invalid, match="You wrote this one"):
            act()
    assert Entry.objects.get().status == "submitted"


def test_a_colleague_publishes_it_as_it_was_written(blog, vera, tomas):
    assert publish(handed_in(blog, vera, kind="breaking"), tomas).status == "published"


def test_a_colleague_who_changes_it_has_become_its_writer(blog, vera, tomas):
    entry = handed_in(blog, vera, kind="breaking")
    with pytest.raises(Invalid, match="You changed this text"):
        publish(entry, tomas, factories.text("Other words", kind="breaking"))
    text = factories.text("Other words", kind="breaking")
    entry = save_draft(actor=tomas, blog=blog, text=text, now=at(3), entry=entry, base_version=entry.version)
    for writer in (vera, tomas):
        with pytest.raises(Invalid, match="You wrote this one"):
            publish(entry, writer)
    assert publish(entry, factories.member(blog, "editor")).status == "published"


def test_saving_without_a_change_makes_nobody_the_writer(blog, vera, tomas):
    entry = handed_in(blog, vera, kind="breaking")
    entry = save_draft(actor=tomas, blog=blog, text=text_of(entry), now=at(3), entry=entry, base_version=entry.version)
    assert entry.saved_by == tomas
    assert publish(entry, tomas).status == "published"


def test_other_kinds_and_other_blogs_need_none(blog, vera):
    assert factories.published(blog, kind="update", actor=vera).status == "published"
    assert factories.published(factories.blog(), kind="breaking").status == "published"


def test_what_is_public_does_not_become_such_a_kind_by_an_edit(blog, vera):
    entry = factories.published(blog, actor=vera)
    text = factories.text("Suddenly breaking", kind="breaking")
    with pytest.raises(Invalid) as refusal:
        edit_entry(actor=vera, entry=entry, text=text, base_version=entry.version, now=at(2))
    assert fields_of(refusal) == ["kind"]


def test_new_words_in_what_was_approved_and_planned_need_approval_again(blog, vera, tomas):
    entry = handed_in(blog, vera, kind="breaking")
    planned = schedule_entry(actor=tomas, entry=entry, base_version=entry.version, at=at(30), now=at(2))
    text = factories.text("Other words", kind="breaking")
    saved = save_draft(actor=tomas, blog=blog, text=text, now=at(3), entry=planned, base_version=planned.version)
    assert (saved.status, saved.scheduled_for) == ("submitted", None)
    assert release_due(now=at(31)) == []


def test_what_was_planned_before_the_rule_came_is_given_back_with_a_note(vera, blog):
    draft = factories.draft(blog, kind="summary", actor=vera)
    schedule_entry(actor=vera, entry=draft, base_version=1, at=at(30), now=at(2))
    blog.second_pair = ["summary"]
    blog.save()
    assert release_due(now=at(31)) == []
    assert Entry.objects.get().status == "submitted"
    assert (EntryNote.objects.get().by, "needs approval again" in EntryNote.objects.get().note) == (None, True)


def test_what_a_colleague_planned_is_released(blog, vera, tomas):
    entry = handed_in(blog, vera, kind="breaking")
    schedule_entry(actor=tomas, entry=entry, base_version=entry.version, at=at(30), now=at(2))
    assert [entry.headline for entry in release_due(now=at(30))] == ["From the quay"]


# Embargo


def under_embargo(blog, vera, until=60.0):
    return set_embargo(actor=vera, entry=factories.draft(blog, actor=vera), until=at(until), now=at(1))


def test_nobody_publishes_under_embargo_not_even_with_an_earlier_time(blog, vera):
    entry = under_embargo(blog, vera)
    for earlier in (None, at(-10)):
        with pytest.raises(Invalid, match=r"under embargo until 14 March 2026, 13:00 \(Europe/London\)") as refusal:
            publish_entry(
                actor=vera, blog=blog, text=text_of(entry), now=at(59), entry=entry, base_version=entry.version, published_at=earlier
            )
        assert fields_of(refusal) == ["embargo_until"]
    assert publish(entry, vera, minute=60).status == "published"


def test_nobody_plans_for_a_time_under_embargo(blog, vera):
    entry = under_embargo(blog, vera)
    with pytest.raises(Invalid) as refusal:
        schedule_entry(actor=vera, entry=entry, base_version=entry.version, at=at(30), now=at(2))
    assert fields_of(refusal) == ["scheduled_for"]
    assert schedule_entry(actor=vera, entry=entry, base_version=entry.version, at=at(60), now=at(2)).status == "scheduled"


def test_a_release_waits_for_an_embargo_that_came_later(blog, vera):
    planned = schedule_entry(actor=vera, entry=factories.draft(blog, actor=vera), base_version=1, at=at(30), now=at(2))
    set_embargo(actor=vera, entry=planned, until=at(60), now=at(3))
    assert release_due(now=at(59)) == []
    assert Entry.objects.get().status == "scheduled"
    assert len(release_due(now=at(60))) == 1


def test_an_embargo_can_be_lifted_and_set_on_unpublished_entries_only(blog, vera):
    entry = set_embargo(actor=vera, entry=under_embargo(blog, vera), until=None, now=at(2))
    assert entry.embargo_until is None
    with pytest.raises(WrongState):
        set_embargo(actor=vera, entry=publish(entry, vera), until=at(60), now=at(3))


@pytest.mark.parametrize("minute", [0, 367 * 24 * 60])
def test_an_embargo_that_keeps_nothing_back_is_refused(blog, vera, minute):
    with pytest.raises(Invalid) as refusal:
        set_embargo(actor=vera, entry=factories.draft(blog), until=at(minute), now=at(1))
    assert fields_of(refusal) == ["embargo_until"]


def test_who_had_the_entry_open_is_told_of_the_embargo(blog, vera, tomas):
    draft = factories.draft(blog, actor=tomas)
    set_embargo(actor=vera, entry=draft, until=at(60), now=at(1))
    with pytest.raises(StaleEntry):
        publish_entry(actor=tomas, blog=blog, text=text_of(draft), now=at(2), entry=draft, base_version=draft.version)
