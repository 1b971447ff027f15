"""No page leaves a reader to guess the day of a time, or its zone: any of them may be read years later."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from newsroom.actions.blogs import set_state
from newsroom.actions.entries import pin_entry
from newsroom.models import Entry, LiveBlog
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "Saturday 14 March 2026"


@pytest.fixture
def blog() -> LiveBlog:
    return make.blog(zone_label="UK")


@pytest.fixture
def entry(blog: LiveBlog) -> Entry:
    return make.published(blog, "The span has moved", minute=5)


def words(client: Client, address: str) -> str:
    """The page's text, one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_an_entry_s_own_page_has_the_day_s_rule_above_it_as_the_blog_s_page_does(client: Client, blog: LiveBlog, entry: Entry):
    rule = f'<h2 class="day" data-day="2026-03-14">{DAY}</h2><article class="entry '
    for address in (entry.get_absolute_url(), blog.get_absolute_url()):
        assert client.get(address).content.decode().count(rule) == 1, address


def test_an_entry_s_own_page_says_the_zone_and_how_the_blog_stands(client: Client, blog: LiveBlog, entry: Entry):
    said = words(client, entry.get_absolute_url())
    assert "All times UK" in said
    assert '<span class="tag tag--live">Live</span>' in client.get(entry.get_absolute_url()).content.decode()
    set_state(actor=make.chief_of(blog), blog=blog, state="ended", now=make.at(60))
    page = client.get(entry.get_absolute_url()).content.decode()
    assert '<span class="tag tag--ended">Ended</span>' in page
    assert "tag--live" not in page


def test_the_list_of_blogs_says_the_day_of_each_latest_entry(client: Client, entry: Entry):
    assert f"12:05, {DAY} The span has moved" in words(client, "/")


def test_a_blog_without_an_entry_has_no_time_on_the_list(client: Client, blog: LiveBlog):
    page = client.get("/").content.decode()
    assert blog.title in page
    assert "<time" not in page


def test_the_pinned_entry_says_its_day_whatever_came_after_it(client: Client, blog: LiveBlog, entry: Entry):
    pin_entry(actor=make.chief_of(blog), entry=entry, now=make.at(6))
    make.published(blog, "The next day", minute=24 * 60)
    assert f"Pinned 12:05, {DAY}" in words(client, blog.get_absolute_url())
