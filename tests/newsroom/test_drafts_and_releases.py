from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from newsroom.actions import publication, releases
from newsroom.actions.drafts import save_draft, schedule_entry, spike_entry, submit_entry, unschedule_entry
from newsroom.actions.releases import release_due
from newsroom.errors import Invalid, PermissionRefused, StaleEntry, WrongState
from newsroom.models import Byline, Change, Entry, LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def test_a_draft_may_be_incomplete_and_takes_no_number():
    blog = factories.blog()
    draft = factories.draft(blog, "", blocks=[{"type": "quote", "text": "Half a quote"}], kind="quote")
    assert draft.status == "draft"
    assert draft.blocks[0]["speaker"] == ""
    assert not Change.objects.exists()


def test_a_draft_saved_over_a_newer_one_is_refused():
    blog = factories.blog()
    draft = factories.draft(blog, "First")
    chief = factories.chief_of(blog)
    save_draft(actor=chief, blog=blog, text=factories.text("Second"), now=at(1), entry=draft, base_version=1)
    with pytest.raises(StaleEntry):
        save_draft(actor=chief, blog=blog, text=factories.text("Third"), now=at(2), entry=draft, base_version=1)
    assert Entry.objects.get().headline == "Second"


def test_a_contributor_hands_in_and_an_editor_schedules():
    blog = factories.blog()
    writer, editor = factories.member(blog, "contributor"), factories.member(blog, "editor")
    draft = factories.draft(blog, "From the quay", actor=writer)
    handed_in = submit_entry(actor=writer, entry=draft, base_version=draft.version, now=at(1))
    assert handed_in.status == "submitted"
    with pytest.raises(PermissionRefused):
        schedule_entry(actor=writer, entry=handed_in, base_version=handed_in.version, at=at(30), now=at(2))
    planned = schedule_entry(actor=editor, entry=handed_in, base_version=handed_in.version, at=at(30), now=at(2))
    assert (planned.status, planned.scheduled_for) == ("scheduled", at(30))


def test_a_scheduled_entry_becomes_public_when_due_once_and_not_before():
    blog = factories.blog()
    draft = factories.draft(blog, "At noon thirty")
    schedule_entry(actor=factories.chief_of(blog), entry=draft, base_version=1, at=at(30), now=at(1))

    assert release_due(now=at(29)) == []
    assert [entry.headline for entry in release_due(now=at(31))] == ["At noon thirty"]
    assert release_due(now=at(32)) == []
    entry = Entry.objects.get()
    assert (entry.status, entry.published_at) == ("published", at(31))
    assert Change.objects.filter(blog=blog).count() == 1


def test_an_unscheduled_entry_is_not_released():
    blog = factories.blog()
    chief = factories.chief_of(blog)
    planned = schedule_entry(actor=chief, entry=factories.draft(blog), base_version=1, at=at(30), now=at(1))
    unschedule_entry(actor=chief, entry=planned, base_version=planned.version, now=at(2))
    assert release_due(now=at(31)) == []


def test_what_cannot_be_published_cannot_be_scheduled():
    blog = factories.blog()
    draft = factories.draft(blog, "", blocks=[])
    with pytest.raises(Invalid):
        schedule_entry(actor=factories.chief_of(blog), entry=draft, base_version=1, at=at(30), now=at(1))


def test_one_entry_that_cannot_be_released_does_not_hold_up_the_next():
    blog = factories.blog()
    chief = factories.chief_of(blog)
    for minute, name in ((10, "Broken"), (11, "Sound")):
        draft = factories.draft(blog, name)
        schedule_entry(actor=chief, entry=draft, base_version=1, at=at(minute), now=at(1))
    broken = Entry.objects.get(headline="Broken")
    broken.blocks = [{"type": "image", "image": "i-23456789", "id": "b-234567"}]
    broken.save()
    assert [entry.headline for entry in release_due(now=at(12))] == ["Sound"]
    # It waits with the editors instead of failing every second.
    assert Entry.objects.get(pk=broken.pk).status == "submitted"


def test_an_entry_that_fails_without_a_sentence_does_not_hold_up_the_next(monkeypatch: pytest.MonkeyPatch):
    blog = factories.blog()
    for minute, name in ((10, "Fails"), (11, "Sound")):
        schedule_entry(actor=factories.chief_of(blog), entry=factories.draft(blog, name), base_version=1, at=at(minute), now=at(1))
    render = publication.render_entry

    def stumble(snapshot):
        if snapshot["headline"] == "Fails":
            raise ValueError("nobody thought of this")
        return render(snapshot)

    monkeypatch.setattr(publication, "render_entry", stumble)
    assert [entry.headline for entry in release_due(now=at(12))] == ["Sound"]
    assert Entry.objects.get(headline="Fails").status == "submitted"
    assert release_due(now=at(13)) == []


@contextlib.contextmanager
def long_write(blog: LiveBlog) -> Iterator[None]:
    """Somebody else holds the blog's row, in a thread and so on a connection of its own, until told to let go."""
    holds, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                LiveBlog.objects.select_for_update().get(pk=blog.pk)
                holds.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(5)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="there one writes at a time")
def test_a_blog_that_is_being_written_to_holds_up_its_own_entries_alone_and_for_as_long():
    busy, calm = factories.blog(), factories.blog()
    for minute, blog, name in ((10, busy, "First"), (11, busy, "Second"), (12, calm, "Third")):
        schedule_entry(actor=factories.chief_of(blog), entry=factories.draft(blog, name), base_version=1, at=at(minute), now=at(1))
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    with long_write(busy):
        assert [entry.headline for entry in release_due(now=at(13))] == ["Third"]
    assert [entry.headline for entry in release_due(now=at(14))] == ["First", "Second"]
    connection.close()


def test_what_the_database_refuses_stays_scheduled_and_holds_up_nothing(monkeypatch: pytest.MonkeyPatch):
    """A table of another version, in the middle of an update."""
    blog = factories.blog()
    for minute, name in ((10, "Refused"), (11, "Sound")):
        schedule_entry(actor=factories.chief_of(blog), entry=factories.draft(blog, name), base_version=1, at=at(minute), now=at(1))
    commit = releases.commit_revision

    def refused(**about: Any) -> Entry:
        if about["entry"].headline == "Refused":
            raise IntegrityError("null value in column")
        return commit(**about)

    monkeypatch.setattr(releases, "commit_revision", refused)
    assert [entry.headline for entry in release_due(now=at(12))] == ["Sound"]
    assert Entry.objects.get(headline="Refused").status == "scheduled"


def test_without_a_database_nothing_is_tried_any_further(monkeypatch: pytest.MonkeyPatch):
    blog = factories.blog()
    for minute in (10, 11):
        schedule_entry(actor=factories.chief_of(blog), entry=factories.draft(blog, "Waits"), base_version=1, at=at(minute), now=at(1))
    tried = []

    def away(pk: int, now: datetime) -> None:
        tried.append(pk)
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(releases, "_release", away)
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError):
        release_due(now=at(12))
    assert len(tried) == 1
    assert {entry.status for entry in Entry.objects.all()} == {"scheduled"}


def test_a_time_that_has_passed_is_refused():
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        schedule_entry(actor=factories.chief_of(blog), entry=factories.draft(blog), base_version=1, at=at(0), now=at(1))
    assert refusal.value.faults[0].field == "scheduled_for"


def test_a_draft_can_be_spiked_and_a_published_entry_cannot():
    blog = factories.blog()
    spike_entry(actor=factories.chief_of(blog), entry=factories.draft(blog), now=at(1))
    assert not Entry.objects.exists()
    with pytest.raises(WrongState):
        spike_entry(actor=factories.chief_of(blog), entry=factories.published(blog), now=at(1))


def test_bylines_keep_their_order():
    blog = factories.blog()
    second, first = Byline.objects.create(name="B. Second"), Byline.objects.create(name="A. First", role="Moscow producer")
    entry = factories.published(blog, bylines=[first.pk, second.pk])
    assert entry.fragment.index("A. First") < entry.fragment.index("B. Second")
    assert "Moscow producer" in entry.fragment
