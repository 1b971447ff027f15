"""What waits for an editor, and how long readers have heard nothing."""

from __future__ import annotations

import pytest

from newsroom.actions.blogs import edit_blog, set_state
from newsroom.actions.drafts import submit_entry
from newsroom.actions.entries import mark_key_event
from newsroom.desk.story import approval_queue, quiet, quiet_since
from newsroom.errors import Invalid
from newsroom.models import Change, Entry, LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def test_the_queue_holds_what_was_handed_in_oldest_first():
    blog = factories.blog()
    editor, writer = factories.member(blog, "editor"), factories.member(blog, "contributor")
    for name in ("First", "Second"):
        draft = factories.draft(blog, name, actor=writer)
        submit_entry(actor=writer, entry=draft, base_version=1, now=at(1))
    factories.draft(blog, "Still being written", actor=writer)
    factories.published(blog)
    assert [entry.headline for entry in approval_queue(blog, actor=editor)] == ["First", "Second"]
    assert not approval_queue(blog, actor=writer)
    assert not approval_queue(blog, actor=factories.user())


@pytest.mark.parametrize(("minutes", "after", "nudge"), [(29.9, 30, False), (30, 30, True), (600, 0, False)])
def test_a_nudge_comes_after_the_blog_s_own_number_of_minutes(minutes, after, nudge):
    assert quiet_since(at(0), now=at(minutes), after=after).nudge is nudge


def test_a_story_is_quiet_since_readers_last_heard_something():
    blog = factories.blog(now=at(-60))
    found = quiet(blog, now=at(-30))
    assert found
    assert (found.minutes, found.nudge) == (30, True)
    entry = factories.published(blog, minute=0)
    mark_key_event(actor=factories.chief_of(blog), entry=entry, key_event=True, now=at(20))
    again = quiet(blog, now=at(25))
    assert again
    assert (again.since, again.minutes, again.nudge) == (at(0), 25, False)


def test_nobody_expects_a_word_of_a_story_that_is_not_live():
    blog = factories.blog()
    paused = set_state(actor=factories.chief_of(blog), blog=blog, state="paused", now=at(1))
    assert quiet(paused, now=at(600)) is None


def test_what_is_the_desk_s_own_takes_no_number():
    blog = factories.blog()
    chief = factories.chief_of(blog)
    edit_blog(actor=chief, blog=blog, now=at(1), planned_end=at(300), second_pair=["breaking"], quiet_minutes=10)
    stored = LiveBlog.objects.get()
    assert (stored.planned_end, stored.second_pair, stored.quiet_minutes) == (at(300), ["breaking"], 10)
    assert not Change.objects.exists()
    edit_blog(actor=chief, blog=blog, now=at(2), planned_start=at(3))
    assert Change.objects.count() == 1
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("planned_end", {"planned_start": at(60), "planned_end": at(30)}),
        ("second_pair", {"second_pair": ["gossip"]}),
        ("quiet_minutes", {"quiet_minutes": 9999}),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused_at_its_field(field, facts):
    blog = factories.blog()
    with pytest.raises(Invalid) as refusal:
        edit_blog(actor=factories.chief_of(blog), blog=blog, now=at(1), **facts)
    assert [fault.field for fault in refusal.value.faults] == [field]
