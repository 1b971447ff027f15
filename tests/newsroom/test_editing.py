from __future__ import annotations

import uuid

import pytest

from newsroom.actions.entries import correct_entry, edit_entry, mark_key_event, pin_entry, unpin_entry, withdraw_entry
from newsroom.actions.rerendering import rerender_entry
from newsroom.errors import Invalid, StaleEntry, WrongState
from newsroom.models import Change, Correction, Entry, EntryRevision, LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(blog: LiveBlog) -> Entry:
    return factories.published(blog, "The span moved 41 cm")


def test_an_edit_makes_the_next_revision_and_is_said_with_its_time(blog, entry):
    edited = edit_entry(
        actor=factories.chief_of(blog), entry=entry, text=factories.text("The span moved"), base_version=entry.version, now=at(52)
    )
    assert (edited.rev, edited.version) == (2, 2)
    assert "12:52" in edited.fragment
    assert list(EntryRevision.objects.filter(entry=entry).values_list("rev", "reason")) == [(2, "edit"), (1, "publish")]
    assert EntryRevision.objects.get(entry=entry, rev=1).snapshot["headline"] == "The span moved 41 cm"


def test_an_edit_that_changes_nothing_takes_no_number(blog, entry):
    typed = factories.text("The span moved 41 cm", blocks=entry.blocks)
    edit_entry(actor=factories.chief_of(blog), entry=entry, text=typed, base_version=entry.version, now=at(52))
    assert Change.objects.filter(blog=blog).count() == 1


def test_a_stale_edit_shows_both_texts_and_overwrites_nothing(blog, entry):
    chief = factories.chief_of(blog)
    edit_entry(actor=chief, entry=entry, text=factories.text("Theirs"), base_version=1, now=at(1))
    with pytest.raises(StaleEntry) as refusal:
        edit_entry(actor=chief, entry=entry, text=factories.text("Yours"), base_version=1, now=at(2))

    assert refusal.value.versions.theirs["headline"] == "Theirs"
    assert refusal.value.versions.yours["headline"] == "Yours"
    assert chief.username in str(refusal.value)
    assert Entry.objects.get(pk=entry.pk).headline == "Theirs"


def test_an_edit_repeated_with_its_key_is_answered_and_not_called_stale(blog, entry):
    key = uuid.uuid4()
    for minute in (1, 2):
        edited = edit_entry(
            actor=factories.chief_of(blog), entry=entry, text=factories.text("Better"), base_version=1, now=at(minute), key=key
        )
    assert (edited.rev, edited.headline) == (2, "Better")


def test_a_new_rendition_of_a_picture_makes_nobodys_edit_stale(blog, entry):
    rerender_entry(entry=entry, now=at(1), actor=factories.chief_of(blog), reason="pictures")
    edited = edit_entry(actor=factories.chief_of(blog), entry=entry, text=factories.text("Better"), base_version=1, now=at(2))
    assert (edited.rev, edited.version) == (3, 2)


def test_a_correction_stands_dated_under_the_entry(blog, entry):
    corrected = correct_entry(
        actor=factories.chief_of(blog),
        entry=entry,
        text=factories.text("The span moved 14 cm"),
        note="An earlier version said 41 cm. It is 14.",
        base_version=1,
        now=at(52),
    )
    assert "An earlier version said 41 cm. It is 14." in corrected.fragment
    assert "12:52" in corrected.fragment
    assert Correction.objects.get(entry=entry).at == at(52)


def test_a_correction_without_its_note_is_refused(blog, entry):
    with pytest.raises(Invalid) as refusal:
        correct_entry(actor=factories.chief_of(blog), entry=entry, text=factories.text(), note="  ", base_version=1, now=at(1))
    assert refusal.value.faults[0].field == "note"
    assert Correction.objects.count() == 0


def test_a_withdrawal_leaves_its_notice_and_not_a_word_of_the_text(blog, entry):
    withdrawn = withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="The source took it back.", now=at(70))
    assert "The source took it back." in withdrawn.fragment
    assert "41 cm" not in withdrawn.fragment
    assert "inspecting" not in withdrawn.fragment
    assert EntryRevision.objects.get(entry=entry, rev=1).snapshot["headline"] == "The span moved 41 cm"


def test_a_withdrawal_needs_its_reason_where_a_notice_stands(blog, entry):
    with pytest.raises(Invalid):
        withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="", now=at(70))
    assert withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="", now=at(70), notice=False).status == "withdrawn"


def test_a_withdrawn_entry_is_neither_edited_nor_pinned_nor_withdrawn_again(blog, entry):
    chief = factories.chief_of(blog)
    gone = withdraw_entry(actor=chief, entry=entry, reason="Wrong.", now=at(1))
    with pytest.raises(WrongState):
        edit_entry(actor=chief, entry=gone, text=factories.text("Back"), base_version=gone.version, now=at(2))
    with pytest.raises(WrongState):
        pin_entry(actor=chief, entry=gone, now=at(2))
    with pytest.raises(WrongState):
        withdraw_entry(actor=chief, entry=gone, reason="Twice.", now=at(2))


def test_withdrawing_the_pinned_entry_unpins_it(blog, entry):
    chief = factories.chief_of(blog)
    pin_entry(actor=chief, entry=entry, now=at(1))
    withdraw_entry(actor=chief, entry=entry, reason="Wrong.", now=at(2))
    assert LiveBlog.objects.get(pk=blog.pk).pinned is None
    assert list(Change.objects.filter(blog=blog).order_by("seq").values_list("op", flat=True)) == ["put", "board", "drop", "board"]


def test_pinning_twice_takes_one_number_and_unpinning_nothing_takes_none(blog, entry):
    chief = factories.chief_of(blog)
    unpin_entry(actor=chief, blog=blog, now=at(1))
    pin_entry(actor=chief, entry=entry, now=at(2))
    pin_entry(actor=chief, entry=entry, now=at(3))
    assert Change.objects.filter(blog=blog, op="board").count() == 1


def test_a_mark_changes_the_fragment_but_not_the_version(blog, entry):
    marked = mark_key_event(actor=factories.chief_of(blog), entry=entry, key_event=True, now=at(1))
    assert "data-key" in marked.fragment
    assert (marked.rev, marked.version) == (2, 1)
    assert "data-key" not in mark_key_event(actor=factories.chief_of(blog), entry=marked, key_event=False, now=at(2)).fragment
