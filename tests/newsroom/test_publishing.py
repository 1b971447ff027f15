from __future__ import annotations

import uuid

import pytest

from newsroom.actions.entries import publish_entry
from newsroom.errors import Invalid
from newsroom.models import Change, Entry, EntryRevision
from tests import factories

pytestmark = pytest.mark.django_db


def faults(error: Invalid) -> dict[str, str]:
    return {fault.field: fault.message for fault in error.faults}


def test_a_published_entry_takes_the_next_number_and_keeps_its_fragment_and_revision():
    blog = factories.blog()
    entry = factories.published(blog, "Ship strikes pier")

    change = Change.objects.get(blog=blog)
    assert (change.seq, change.op, change.entry) == (1, "put", entry)
    assert entry.fragment.startswith("<article")
    assert "Ship strikes pier" in entry.fragment
    assert entry.last_seq == 1
    assert list(EntryRevision.objects.values_list("entry", "rev", "reason")) == [(entry.pk, 1, "publish")]


def test_a_key_event_also_renews_the_board():
    blog = factories.blog()
    factories.published(blog, key_event=True)
    assert list(Change.objects.order_by("seq").values_list("seq", "op")) == [(1, "put"), (2, "board")]


def test_the_same_key_makes_one_entry_and_one_number():
    blog, key = factories.blog(), uuid.uuid4()
    first = factories.published(blog, "Once", key=key)
    second = factories.published(blog, "Once", key=key, minute=1)

    assert first.pk == second.pk
    assert Entry.objects.count() == 1
    assert Change.objects.count() == 1


def test_another_key_makes_another_entry():
    blog = factories.blog()
    factories.published(blog, key=uuid.uuid4())
    factories.published(blog, key=uuid.uuid4(), minute=1)
    assert Entry.objects.count() == 2


def test_an_empty_entry_is_refused_with_a_sentence():
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        factories.published(blog, "", blocks=[])
    assert "empty" in faults(refusal.value)["blocks"]
    assert Entry.objects.count() == 0
    assert Change.objects.count() == 0


def test_a_quote_without_its_speaker_is_refused_at_its_field():
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        factories.published(blog, kind="quote", blocks=[{"type": "quote", "text": "We felt it before we heard it."}])
    assert "speaker" in faults(refusal.value)["blocks.0.speaker"]


def test_every_fault_is_told_at_once():
    blog = factories.blog()
    blocks = [{"type": "poll"}, {"type": "embed", "url": "javascript:alert(1)"}]
    with pytest.raises(Invalid) as refusal:
        factories.published(blog, "x" * 201, blocks=blocks)
    assert {"headline", "blocks.0", "blocks.1.url"} <= set(faults(refusal.value))


@pytest.mark.parametrize(("kind", "word"), [("image", "picture"), ("quote", "quote")])
def test_a_kind_asks_for_the_block_that_makes_it_that_kind(kind: str, word: str):
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        factories.published(blog, kind=kind)
    assert word in faults(refusal.value)["blocks"]


def test_breaking_news_needs_a_headline():
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        factories.published(blog, "", kind="breaking")
    assert "headline" in faults(refusal.value)


def test_a_back_dated_entry_slots_into_its_place():
    blog = factories.blog()
    early, late = factories.published(blog, "Early", minute=0), factories.published(blog, "Late", minute=20)
    between = factories.published(blog, "Between", minute=30, published_at=factories.at(10))
    assert early.order < between.order < late.order


def test_a_time_to_come_is_scheduled_and_not_published():
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        factories.published(blog, published_at=factories.at(60))
    assert "published_at" in faults(refusal.value)


def test_a_draft_becomes_public_once():
    blog = factories.blog()
    draft = factories.draft(blog, "Ready")
    assert Change.objects.count() == 0

    entry = publish_entry(
        actor=factories.chief_of(blog),
        blog=blog,
        text=factories.text("Ready"),
        now=factories.at(1),
        entry=draft,
        base_version=draft.version,
    )
    assert entry.pk == draft.pk
    assert Change.objects.count() == 1
