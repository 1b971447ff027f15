"""Wrapping a story up: summary, pin and end as one thing."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.db import connection

from newsroom.actions import media, rerendering
from newsroom.actions.closing import wrap_up
from newsroom.actions.words import Words
from newsroom.errors import Invalid, PermissionRefused
from newsroom.models import Change, Entry, LiveBlog
from tests import factories
from tests.factories import at
from tests.newsroom import pictures

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


@pytest.mark.django_db(transaction=True)
def test_other_entries_get_the_new_words_of_a_picture_when_the_blog_is_held_no_more(monkeypatch: pytest.MonkeyPatch):
    """An editor who saves one of them holds it and waits for the blog: who then wanted that entry would wait for the editor."""
    blog = factories.blog()
    chief = factories.chief_of(blog)
    picture = media.upload_image(actor=chief, blog=blog, file=io.BytesIO(pictures.jpeg(400, 300)), now=at(1), alt="Two tugs")
    showing = [{"type": "image", "image": picture.ref}]
    other = factories.published(blog, "Seen before", blocks=showing)
    really, held = rerendering.rerender_entry, []

    def rerender_entry(**facts: Any) -> Entry:
        held.append(connection.in_atomic_block)
        return really(**facts)

    monkeypatch.setattr(rerendering, "rerender_entry", rerender_entry)
    words: Words = {"alt": "Two tugs", "decorative": False, "caption": "At dusk", "credit": "", "focal_x": 0.5, "focal_y": 0.5}
    wrap_up(actor=chief, blog=blog, text=factories.text("The day", blocks=showing), now=at(90), described={picture.ref: words})
    other.refresh_from_db()
    assert "At dusk" in other.fragment
    assert held == [False]
