"""Times in the blog's zone: zones of half and quarter hours, the clocks put forward and back, and entries with an earlier time."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from newsroom import selectors
from newsroom.actions.entries import publish_entry
from newsroom.models import Entry, LiveBlog
from newsroom.rendering.board import zone_of
from newsroom.rendering.times import stamp
from tests import factories
from tests.factories import at


@pytest.mark.parametrize(
    ("zone", "moment", "clock", "day"),
    [
        ("Asia/Kolkata", datetime(2026, 3, 14, 18, 45, tzinfo=UTC), "00:15", "2026-03-15"),
        ("Asia/Kathmandu", datetime(2026, 3, 14, 18, 14, tzinfo=UTC), "23:59", "2026-03-14"),
        ("America/St_Johns", datetime(2026, 3, 15, 2, 0, tzinfo=UTC), "23:30", "2026-03-14"),
        ("Australia/Lord_Howe", datetime(2026, 1, 1, 0, 0, tzinfo=UTC), "11:00", "2026-01-01"),
        # Put forward at 01:00 UTC on 29 March: 02:59 is not, 03:00 follows 01:59.
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59", "2026-03-29"),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00", "2026-03-29"),
        # Put back at 01:00 UTC on 25 October: the hour from 02:00 comes twice.
        ("Europe/Berlin", datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "01:59", "2026-10-25"),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30 CEST", "2026-10-25"),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30 CET", "2026-10-25"),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "03:00", "2026-10-25"),
    ],
)
def test_a_moment_has_one_clock_and_one_day(zone: str, moment: datetime, clock: str, day: str):
    shown = stamp(moment, zone)
    assert (shown.clock, shown.day, shown.iso) == (clock, day, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


@pytest.mark.django_db
def test_the_hour_that_comes_twice_is_in_the_order_of_what_happened():
    blog = factories.blog(zone="Europe/London", now=datetime(2026, 10, 24, 12, 0, tzinfo=UTC))
    chief = factories.chief_of(blog)
    moments = [datetime(2026, 10, 25, 1, 10, tzinfo=UTC), datetime(2026, 10, 25, 0, 40, tzinfo=UTC)]
    for moment in moments:
        publish_entry(actor=chief, blog=blog, text=factories.text(), now=datetime(2026, 10, 25, 2, 0, tzinfo=UTC), published_at=moment)
    shown = [re.search(r'class="clock".*?>([^<]*)</time>', entry.fragment)[1] for entry in selectors.feed(blog).entries]
    assert shown == ["01:10 GMT", "01:40 BST"]


@pytest.mark.parametrize(
    ("zone", "label", "start", "end", "name"),
    [
        ("Europe/Berlin", "", datetime(2026, 6, 1, tzinfo=UTC), None, "CEST"),
        ("Europe/Berlin", "", datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC), "CEST"),
        ("Europe/Berlin", "", datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC), "CEST/CET"),
        ("Europe/Berlin", "", datetime(2026, 10, 24, tzinfo=UTC), None, "CEST/CET"),
        ("Europe/London", "UK", datetime(2026, 10, 24, tzinfo=UTC), None, "UK"),
        ("Asia/Tehran", "", datetime(2026, 10, 24, tzinfo=UTC), None, "UTC+03:30"),
    ],
)
def test_the_zone_is_named_truly_for_as_long_as_the_blog_runs(zone, label, start, end, name):
    assert zone_of(LiveBlog(zone=zone, zone_label=label, started_at=start, ended_at=end)) == name


@pytest.mark.django_db
def test_an_earlier_time_takes_its_place_and_says_when_it_happened_as_precisely_as_is_known():
    blog = factories.blog(zone="Asia/Kolkata")
    chief = factories.chief_of(blog)
    first, last = factories.published(blog, "First"), factories.published(blog, "Last", minute=30)
    told = factories.text("Between", happened_at=at(-180), happened_precision="hour")
    between = publish_entry(actor=chief, blog=blog, text=told, now=at(60), published_at=at(10))
    assert [entry.ref for entry in selectors.feed(blog).entries] == [last.ref, between.ref, first.ref]
    html = Entry.objects.get(pk=between.pk).fragment
    assert ">17:40</time>" in html
    assert re.search(r"Happened <time[^>]*>about 14:30", html)
