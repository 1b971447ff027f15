"""A blog's feeds: valid in each format, the same in all three, and true to what is public."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liveblog.feeds.names import FEEDS
from newsroom.actions.bylines import byline_for
from newsroom.actions.drafts import schedule_entry, submit_entry
from newsroom.actions.entries import correct_entry, edit_entry, mark_key_event, withdraw_entry
from newsroom.actions.places import move_entry
from newsroom.actions.rerendering import rerender_entry
from newsroom.actions.reversals import restore_entry
from newsroom.models import Entry, LiveBlog
from tests import factories
from tests.factories import at
from tests.liveblog import feeds
from tests.liveblog.feeds import ATOM, read, words

pytestmark = pytest.mark.django_db

SITE = "https://live.example.org"
CANARY = "zebrafinch"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL, settings.SITE_NAME = SITE, "The Ledger"


@pytest.fixture
def blog() -> LiveBlog:
    return factories.blog(slug="story", title="Harbour bridge", standfirst="The span is closed.", language="en")


def test_the_atom_feed_names_itself_its_blog_and_its_last_change(client: Client, blog: LiveBlog):
    factories.published(blog, minute=7)
    feed = feeds.atom(client)
    assert (feed.tag, feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"]) == (f"{ATOM}feed", "en")
    assert words(feed, f"{ATOM}title") == "Harbour bridge – The Ledger"
    assert words(feed, f"{ATOM}subtitle") == "The span is closed."
    assert words(feed, f"{ATOM}id") == f"{SITE}/live/story/"
    assert words(feed, f"{ATOM}updated") == "2026-03-14T12:07:00+00:00"
    assert {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{ATOM}link")} == {
        "alternate": f"{SITE}/live/story/",
        "self": f"{SITE}/live/story/feed.atom",
    }
    # An entry without a byline has this one: the format asks for an author of each.
    assert words(feed, f"{ATOM}author/{ATOM}name") == "The Ledger"
    assert words(feed, f"{ATOM}icon").startswith(f"{SITE}/static/icons/")


def test_the_rss_feed_has_what_the_format_asks_of_a_channel(client: Client, blog: LiveBlog):
    factories.published(blog, minute=7)
    channel = feeds.rss(client)
    told = {name: words(channel, name) for name in ("title", "link", "description", "language", "lastBuildDate")}
    assert told == {
        "title": "Harbour bridge – The Ledger",
        "link": f"{SITE}/live/story/",
        "description": "The span is closed.",
        "language": "en",
        "lastBuildDate": "Sat, 14 Mar 2026 12:07:00 +0000",
    }
    assert channel.find(f"{ATOM}link[@rel='self']").attrib["href"] == f"{SITE}/live/story/feed.rss"


def test_the_json_feed_has_the_fields_of_its_version(client: Client, blog: LiveBlog):
    ola = byline_for(name="Ola Berg", role="Reporter", place="Bergen")
    entry = factories.published(blog, minute=7, standing="reported", source="The port", bylines=[ola.pk], tags=["Harbour"])
    feed = feeds.json(client)
    (item,) = feed.pop("items")
    assert feed.pop("favicon").startswith(f"{SITE}/static/icons/")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour bridge – The Ledger",
        "home_page_url": f"{SITE}/live/story/",
        "feed_url": f"{SITE}/live/story/feed.json",
        "description": "The span is closed.",
        "language": "en",
        "authors": [{"name": "The Ledger", "url": f"{SITE}/"}],
        "_liveblog": {"updated": "2026-03-14T12:07:00Z"},
    }
    item.pop("content_html")
    assert item == {
        "id": f"{SITE}/live/story/{entry.ref}/",
        "url": f"{SITE}/live/story/{entry.ref}/",
        "title": "Bridge closed",
        "date_published": "2026-03-14T12:07:00Z",
        "date_modified": "2026-03-14T12:07:00Z",
        "authors": [{"name": "Ola Berg", "_liveblog": {"role": "Reporter", "place": "Bergen"}}],
        "tags": ["Update", "Harbour"],
        "_liveblog": {"ref": entry.ref, "kind": "update", "standing": "reported", "source": "The port"},
    }


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("feed.atom", "application/atom+xml; charset=utf-8"),
        ("feed.rss", "application/rss+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
    ],
)
def test_each_is_of_its_own_type_and_kept_for_less_than_a_minute(client: Client, blog: LiveBlog, name: str, content_type: str):
    answer = client.get(f"/live/story/{name}")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (200, content_type, "nosniff")
    control = dict(part.split("=") for part in answer["Cache-Control"].removeprefix("public, ").split(", "))
    # A copy in a cache on the way, and in a reader's program after that.
    assert int(control["s-maxage"]) + int(control["max-age"]) + 2 * int(control["stale-while-revalidate"]) <= 60
    assert "stale-if-error" not in control


@pytest.mark.parametrize("name", FEEDS)
def test_a_blog_that_is_not_public_is_as_absent_as_one_that_never_was(client: Client, blog: LiveBlog, name: str):
    factories.blog(slug="hidden", state="draft")
    hidden, absent = client.get(f"/live/hidden/{name}"), client.get(f"/live/never-was/{name}")
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content) == (404, client.get("/live/never-was/").content)


def test_a_blog_without_an_entry_has_empty_feeds_of_the_time_it_began(client: Client, blog: LiveBlog):
    assert read(client) == []
    assert words(feeds.atom(client), f"{ATOM}updated") == "2026-03-14T12:00:00+00:00"


def test_the_latest_fifty_stand_newest_first_each_under_a_name_of_its_own(client: Client, blog: LiveBlog):
    refs = [factories.published(blog, f"Entry {minute}", minute=minute).ref for minute in range(52)]
    found = read(client)
    assert [entry.url for entry in found] == [f"{SITE}/live/story/{ref}/" for ref in reversed(refs[2:])]
    assert len({entry.id for entry in found}) == 50


def test_an_edit_and_a_correction_leave_the_name_and_show_as_updated(client: Client, blog: LiveBlog):
    chief = factories.chief_of(blog)
    entry = factories.published(blog, "Ship strikes peir")
    (first,) = read(client)
    assert (first.published, first.updated) == (at(0), at(0))
    entry = edit_entry(actor=chief, entry=entry, text=factories.text("Ship strikes pier"), base_version=entry.version, now=at(5))
    (second,) = read(client)
    assert (second.id, second.title, second.published, second.updated) == (first.id, "Ship strikes pier", at(0), at(5))
    correct_entry(
        actor=chief, entry=entry, text=factories.text("Ship strikes pile"), note="It was a <pile>.", base_version=entry.version, now=at(9)
    )
    (third,) = read(client)
    assert (third.id, third.updated) == (first.id, at(9))
    assert 'Correction, <time datetime="2026-03-14T12:09:00Z">12:09, Saturday 14 March 2026 (GMT)</time>.' in third.html
    assert "It was a &lt;pile&gt;." in third.html
    assert feeds.json(client)["items"][0]["_liveblog"]["corrections"] == [{"at": "2026-03-14T12:09:00Z", "note": "It was a <pile>."}]


def test_what_says_nothing_new_is_no_update(client: Client, blog: LiveBlog):
    entry = factories.published(blog)
    mark_key_event(actor=factories.chief_of(blog), entry=entry, key_event=True, now=at(5))
    rerender_entry(entry=Entry.objects.get(pk=entry.pk), now=at(6), actor=factories.chief_of(blog), reason="render")
    assert [found.updated for found in read(client)] == [at(0)]


def test_an_entry_that_moves_or_was_added_later_says_so(client: Client, blog: LiveBlog):
    later = factories.published(blog, "Added", minute=30, published_at=at(10))
    (found,) = read(client)
    assert (found.published, found.updated) == (at(10), at(30))
    move_entry(actor=factories.chief_of(blog), entry=later, published_at=at(8), now=at(40))
    (found,) = read(client)
    assert (found.published, found.updated) == (at(8), at(40))


def test_a_withdrawal_puts_its_notice_in_the_place_of_the_text_and_a_restoration_the_text_back(client: Client, blog: LiveBlog):
    chief = factories.chief_of(blog)
    entry = factories.published(blog, f"Libel {CANARY}", blocks=[factories.paragraph(CANARY)], tags=[CANARY], source=CANARY)
    (before,) = read(client)
    entry = withdraw_entry(actor=chief, entry=entry, reason="It was <wrong>.", now=at(20))
    (notice,) = read(client)
    assert (notice.id, notice.published, notice.updated) == (before.id, at(0), at(20))
    assert notice.title == "Withdrawn entry, 12:00"
    assert "It was &lt;wrong&gt;." in notice.html
    assert (notice.authors, notice.categories) == ((), ())
    for name in FEEDS:
        assert CANARY not in client.get(f"/live/story/{name}").content.decode()
    restore_entry(actor=chief, entry=entry, now=at(30))
    (again,) = read(client)
    assert (again.id, again.title, again.html, again.updated) == (before.id, before.title, before.html, at(30))


def test_what_is_withdrawn_without_a_notice_is_gone(client: Client, blog: LiveBlog):
    factories.published(blog, "Stays")
    gone = factories.published(blog, CANARY, minute=1)
    withdraw_entry(actor=factories.chief_of(blog), entry=gone, reason="", notice=False, now=at(2))
    assert [entry.title for entry in read(client)] == ["Stays"]


def test_nothing_that_is_not_public_is_in_a_feed(client: Client, blog: LiveBlog):
    chief = factories.chief_of(blog)
    shown = factories.published(blog, "Public")
    factories.draft(blog, f"Draft {CANARY}", tags=[CANARY])
    submit_entry(actor=chief, entry=factories.draft(blog, f"Submitted {CANARY}"), base_version=1, now=at(1))
    schedule_entry(actor=chief, entry=factories.draft(blog, f"Planned {CANARY}"), base_version=1, at=at(600), now=at(1))
    assert [entry.url for entry in read(client)] == [f"{SITE}/live/story/{shown.ref}/"]
    for name in FEEDS:
        assert CANARY not in client.get(f"/live/story/{name}").content.decode()


def test_an_entry_that_goes_while_a_feed_is_being_read_is_left_out(client: Client, blog: LiveBlog, monkeypatch: pytest.MonkeyPatch):
    from newsroom import selectors

    factories.published(blog, "Stays")
    gone = factories.published(blog, CANARY, minute=1)
    snapshots = selectors.snapshots

    def withdrawn_meanwhile(entries: Any) -> Any:
        withdraw_entry(actor=factories.chief_of(blog), entry=Entry.objects.get(pk=gone.pk), reason="Wrong", now=at(2))
        return snapshots(entries)

    monkeypatch.setattr(selectors, "snapshots", withdrawn_meanwhile)
    answer = client.get("/live/story/feed.json")
    assert [item["title"] for item in answer.json()["items"]] == ["Stays"]


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_costs_the_same_in_a_long_blog(client: Client, blog: LiveBlog, django_assert_max_num_queries: Any, name: str):
    ola = byline_for(name="Ola Berg")
    for minute in range(60):
        factories.published(blog, f"Entry {minute}", minute=minute, bylines=[ola.pk], tags=["Harbour"])
    with django_assert_max_num_queries(4):
        assert client.get(f"/live/story/{name}").status_code == 200


def test_an_upcoming_blog_is_not_of_a_time_to_come(client: Client):
    factories.blog(slug="next", state="upcoming", planned_start=datetime(2100, 1, 1, tzinfo=UTC))
    updated = datetime.fromisoformat(words(feeds.atom(client, "next"), f"{ATOM}updated"))
    assert updated <= timezone.now()


def test_a_page_and_the_page_of_an_entry_lead_to_the_feeds(client: Client, blog: LiveBlog):
    entry = factories.published(blog)
    for path in ("/live/story/", f"/live/story/{entry.ref}/"):
        html = client.get(path).content.decode()
        for name, kind in zip(FEEDS, ("atom+xml", "rss+xml", "feed+json"), strict=True):
            assert f'<link rel="alternate" type="application/{kind}" title="Harbour bridge (' in html
            assert f'href="/live/story/{name}">' in html.split("<body>")[0]
            assert f'<a href="/live/story/{name}"' in html.split('class="foot"')[1]
    assert "feed.atom" not in client.get("/").content.decode()
