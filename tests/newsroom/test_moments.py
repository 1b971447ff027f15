"""A time that cannot be meant is refused where it is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsroom.actions.blogs import edit_blog, open_blog, set_state
from newsroom.errors import Invalid
from newsroom.models import Entry, LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def field_refused(action) -> str:
    with pytest.raises(Invalid) as refusal:
        action()
    return refusal.value.faults[0].field


@pytest.mark.parametrize("year", [1, 202, 1899, 1989])
def test_nothing_is_published_before_the_web(year: int):
    blog = factories.blog()
    assert field_refused(lambda: factories.published(blog, published_at=datetime(year, 1, 1, tzinfo=UTC))) == "published_at"
    assert not Entry.objects.exists()


def test_an_event_may_lie_centuries_back_but_not_before_counting():
    blog = factories.blog()
    assert "1066" in factories.published(blog, happened_at=datetime(1066, 10, 14, tzinfo=UTC), happened_precision="day").fragment
    assert field_refused(lambda: factories.published(blog, happened_at=datetime(6, 1, 1, tzinfo=UTC))) == "happened_at"


def test_a_start_is_planned_in_this_century():
    blog = factories.blog()
    moment = datetime(9999, 12, 31, tzinfo=UTC)
    assert field_refused(lambda: edit_blog(actor=factories.chief_of(blog), blog=blog, now=at(0), planned_start=moment)) == "planned_start"


@pytest.mark.parametrize(
    ("name", "value"), [("slug", "My_Blog"), ("slug", "-x"), ("language", "../.."), ("language", "C"), ("zone", "Mars/Base")]
)
def test_a_blog_has_an_address_a_language_and_a_zone_that_others_understand(name: str, value: str):
    fields = {"slug": "story", "title": "Story", name: value}
    assert field_refused(lambda: open_blog(actor=factories.admin(), now=at(0), **fields)) == name
    assert not LiveBlog.objects.exists()


def test_there_is_no_state_of_another_name():
    blog = factories.blog()
    assert field_refused(lambda: set_state(actor=factories.chief_of(blog), blog=blog, state="bogus", now=at(0))) == "state"
