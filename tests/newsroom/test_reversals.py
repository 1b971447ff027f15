"""Restore, undo, move and duplicate. What open pages make of them is in tests/liveblog/test_replay.py."""

from __future__ import annotations

import uuid

import pytest

from newsroom.actions.drafts import duplicate_entry
from newsroom.actions.entries import edit_entry, mark_key_event, pin_entry, publish_entry, withdraw_entry
from newsroom.actions.places import move_entry
from newsroom.actions.reversals import restore_entry, undo_publication
from newsroom.actions.texts import text_of
from newsroom.errors import Invalid, WrongState
from newsroom.models import Change, Entry, EntryRevision, LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db

SECOND = 1 / 60


@pytest.fixture
def vera(blog):
    return factories.member(blog, "editor", "vera")


def withdrawn(blog, vera, **fields):
    entry = factories.published(blog, actor=vera, **fields)
    return withdraw_entry(actor=vera, entry=entry, reason="Said twice.", now=at(5))


def test_a_withdrawn_entry_comes_back_as_it_was_with_a_higher_revision(blog, vera):
    gone = withdrawn(blog, vera)
    order, rev = gone.order, gone.rev
    back = restore_entry(actor=vera, entry=gone, now=at(6))
    assert (back.status, back.order, back.rev, back.published_at) == ("published", order, rev + 1, at(0))
    assert (back.withdrawn_at, back.withdrawn_reason) == (None, "")
    assert "Engineers are inspecting" in back.fragment
    assert "Said twice" not in back.fragment
    assert EntryRevision.objects.get(entry=back, rev=back.rev).reason == "restore"


def test_what_is_published_cannot_be_restored(blog, vera):
    with pytest.raises(WrongState):
        restore_entry(actor=vera, entry=factories.published(blog), now=at(6))


def test_an_entry_whose_picture_is_gone_is_not_restored_and_says_why(blog, vera):
    gone = withdrawn(blog, vera)
    Entry.objects.filter(pk=gone.pk).update(blocks=[{"type": "image", "image": "i-23456789", "id": "b-234567"}])
    with pytest.raises(Invalid, match="does not belong to this blog"):
        restore_entry(actor=vera, entry=gone, now=at(6))
    assert Entry.objects.get().status == "withdrawn"


def test_a_second_press_restores_once(blog, vera):
    gone, key = withdrawn(blog, vera), uuid.uuid4()
    restore_entry(actor=vera, entry=gone, now=at(6), key=key)
    before = Change.objects.count()
    assert restore_entry(actor=vera, entry=gone, now=at(7), key=key) == gone
    assert Change.objects.count() == before


def test_undo_takes_the_entry_off_without_a_notice_and_gives_its_text_back_as_a_draft(blog, vera):
    slip = factories.published(blog, "A slip", actor=vera, source="Reuters", key_event=True)
    pin_entry(actor=vera, entry=slip, now=at(0))
    draft = undo_publication(actor=vera, entry=slip, now=at(9 * SECOND))
    slip.refresh_from_db()
    assert (slip.status, slip.notice_shown) == ("withdrawn", False)
    assert LiveBlog.objects.get().pinned is None
    assert (draft.status, draft.headline, draft.source, draft.ref == slip.ref) == ("draft", "A slip", "Reuters", False)
    assert text_of(draft) == text_of(slip)
    assert draft.key_event
    assert list(slip.revisions.order_by("rev").values_list("reason", flat=True)) == ["publish", "undo"]
    assert list(Change.objects.filter(entry=slip).order_by("seq").values_list("op", flat=True)) == ["put", "drop"]
    assert not Change.objects.filter(entry=draft).exists()


def test_what_was_undone_is_not_restored_beside_its_own_draft_and_can_be_duplicated(blog, vera):
    slip = factories.published(blog, "A slip", actor=vera)
    undo_publication(actor=vera, entry=slip, now=at(SECOND))
    with pytest.raises(WrongState, match="its text went on as a draft"):
        restore_entry(actor=vera, entry=slip, now=at(1))
    slip.refresh_from_db()
    assert slip.status == "withdrawn"
    assert duplicate_entry(actor=vera, entry=slip, now=at(1)).headline == "A slip"


def test_undo_is_refused_when_it_comes_too_late(blog, vera):
    slip = factories.published(blog, actor=vera)
    with pytest.raises(WrongState, match="too long ago"):
        undo_publication(actor=vera, entry=slip, now=at(16 * SECOND))
    assert Entry.objects.get().status == "published"


def test_undo_is_for_what_one_published_oneself(blog, vera):
    slip = factories.published(blog, actor=factories.member(blog, "editor"))
    with pytest.raises(WrongState, match="Withdraw it instead"):
        undo_publication(actor=vera, entry=slip, now=at(SECOND))


def test_undo_does_not_take_back_what_somebody_changed_since(blog, vera):
    slip = factories.published(blog, actor=vera)
    edit_entry(actor=vera, entry=slip, text=factories.text("Reworded"), base_version=slip.version, now=at(SECOND))
    with pytest.raises(WrongState, match="changed it since"):
        undo_publication(actor=vera, entry=slip, now=at(2 * SECOND))


def test_a_second_press_of_undo_makes_one_draft(blog, vera):
    slip, key = factories.published(blog, actor=vera), uuid.uuid4()
    first = undo_publication(actor=vera, entry=slip, now=at(SECOND), key=key)
    assert undo_publication(actor=vera, entry=slip, now=at(2 * SECOND), key=key) == first
    assert Entry.objects.count() == 2


def test_the_draft_of_an_undo_can_be_published_again(blog, vera):
    draft = undo_publication(actor=vera, entry=factories.published(blog, actor=vera), now=at(SECOND))
    again = publish_entry(actor=vera, blog=blog, text=text_of(draft), now=at(1), entry=draft, base_version=draft.version)
    assert again.status == "published"


def test_a_moved_entry_stands_at_its_new_time_and_no_open_edit_becomes_stale(blog, vera):
    entry = factories.published(blog, actor=vera, minute=30)
    moved = move_entry(actor=vera, entry=entry, published_at=at(-40), now=at(31))
    assert (moved.published_at, moved.version, moved.rev) == (at(-40), entry.version, entry.rev + 1)
    assert moved.order < entry.order
    assert "11:20" in moved.fragment
    assert "Edited" not in moved.fragment


def test_a_moved_entry_still_says_when_it_happened(blog, vera):
    entry = factories.published(blog, actor=vera, minute=30, happened_at=at(10))
    assert "Happened" in entry.fragment
    there = move_entry(actor=vera, entry=entry, published_at=at(10), now=at(31))
    # Published when it happened, it need not say so.
    assert "Happened" not in there.fragment
    assert "Happened" in move_entry(actor=vera, entry=there, published_at=at(20), now=at(31)).fragment


def test_an_entry_is_not_moved_to_a_time_that_is_yet_to_come(blog, vera):
    entry = factories.published(blog, actor=vera)
    with pytest.raises(Invalid) as refusal:
        move_entry(actor=vera, entry=entry, published_at=at(60), now=at(1))
    assert refusal.value.faults[0].field == "published_at"
    with pytest.raises(WrongState):
        move_entry(actor=vera, entry=factories.draft(blog), published_at=at(0), now=at(1))


def test_moving_to_where_it_stands_takes_no_number(blog, vera):
    entry = factories.published(blog, actor=vera)
    move_entry(actor=vera, entry=entry, published_at=at(0), now=at(1))
    assert Change.objects.count() == 1


def test_a_duplicate_is_a_draft_of_its_own_with_the_same_words(blog, vera):
    entry = factories.published(blog, "Bridge closed", kind="analysis", standing="reported", source="Reuters")
    mark_key_event(actor=vera, entry=entry, key_event=True, now=at(1))
    copy = duplicate_entry(actor=vera, entry=entry, now=at(2))
    assert (copy.status, copy.created_by, copy.key_event, copy.rev) == ("draft", vera, False, 0)
    assert (copy.kind, copy.headline, copy.standing, copy.source) == ("analysis", "Bridge closed", "reported", "Reuters")
    assert [block["html"] for block in copy.blocks] == [block["html"] for block in entry.blocks]
    assert copy.blocks[0]["id"] != entry.blocks[0]["id"]


def test_a_second_press_duplicates_once(blog, vera):
    entry, key = factories.published(blog), uuid.uuid4()
    assert duplicate_entry(actor=vera, entry=entry, now=at(2), key=key) == duplicate_entry(actor=vera, entry=entry, now=at(3), key=key)
    assert Entry.objects.count() == 2
