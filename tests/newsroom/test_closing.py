"""Wrapping a story up: summary, pin and end as one thing."""

from __future__ import annotations

import uuid

import pytest

from newsroom.actions.closing import wrap_up
from newsroom.errors import Invalid, PermissionRefused
from newsroom.models import Change, Entry, LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def test_the_summary_is_published_and_pinned_and_the_blog_ends():
    blog = factories.blog()
    summary = wrap_up(actor=factories.chief_of(blog), blog=blog, text=factories.text("The day in short"), now=at(90))
    blog.refresh_from_db()
    assert (summary.status, summary.kind, blog.pinned, blog.state, blog.ended_at) == ("published", "summary", summary, "ended", at(90))
    assert list(Change.objects.order_by("seq").values_list("op", flat=True)) == ["put", "board", "state"]


def test_a_draft_of_the_summary_is_what_is_published():
    blog = factories.blog()
    chief = factories.chief_of(blog)
    draft = factories.draft(blog, "The day in short")
    summary = wrap_up(actor=chief, blog=blog, text=factories.text("The day"), now=at(90), entry=draft, base_version=draft.version)
    assert (summary, summary.headline, Entry.objects.count()) == (draft, "The day", 1)


def test_an_empty_summary_leaves_everything_as_it_was():
    blog = factories.blog()
    with pytest.raises(Invalid):
        wrap_up(actor=factories.chief_of(blog), blog=blog, text=factories.text("", blocks=[]), now=at(90))
    assert (LiveBlog.objects.get().state, Entry.objects.count(), Change.objects.count()) == ("live", 0, 0)


def test_a_refusal_of_the_last_step_takes_the_first_back(monkeypatch: pytest.MonkeyPatch):
    blog = factories.blog()

    def refuse(**_: object) -> None:
        raise PermissionRefused

    monkeypatch.setattr("newsroom.actions.closing.set_state", refuse)
    with pytest.raises(PermissionRefused):
        wrap_up(actor=factories.chief_of(blog), blog=blog, text=factories.text(), now=at(90))
    assert (LiveBlog.objects.get().pinned, Entry.objects.count(), Change.objects.count()) == (None, 0, 0)


def test_a_second_press_wraps_up_once():
    blog, key = factories.blog(), uuid.uuid4()
    chief = factories.chief_of(blog)
    first = wrap_up(actor=chief, blog=blog, text=factories.text(), now=at(90), key=key)
    assert wrap_up(actor=chief, blog=blog, text=factories.text(), now=at(91), key=key) == first
    assert (Entry.objects.count(), Change.objects.count()) == (1, 3)


def test_an_editor_does_not_end_a_story():
    blog = factories.blog()
    with pytest.raises(PermissionRefused):
        wrap_up(actor=factories.member(blog, "editor"), blog=blog, text=factories.text(), now=at(90))
    assert not Entry.objects.exists()
