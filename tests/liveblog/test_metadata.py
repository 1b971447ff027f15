"""What machines read of a page: canonical address, cards, schema.org; an entry's own page with its neighbours; nothing withheld in any."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from liveblog.reader.metadata import cut, picture_of
from newsroom.actions.blogs import set_state
from newsroom.actions.drafts import schedule_entry, submit_entry
from newsroom.actions.entries import correct_entry, withdraw_entry
from newsroom.models import LiveBlog
from tests import factories
from tests.factories import at
from tests.newsroom.fragments import picture, snapshot

pytestmark = pytest.mark.django_db

SITE = "http://localhost:8000"
CANARY = "zebrafinch"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def blog() -> LiveBlog:
    return factories.blog(slug="story", title="Harbour “bridge” </script> & more", standfirst="The span is closed.")


def get(client: Client, path: str = "") -> str:
    response = client.get(f"/live/story/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


def linked(html: str) -> Any:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert not re.search(r"[<>&\u2028\u2029]", found)
    return json.loads(found)


def meta(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    return found[1] if found else ""


def test_the_blogs_page_is_a_live_blog_posting_of_the_entries_it_shows(client: Client, blog: LiveBlog):
    chief = factories.chief_of(blog)
    first = factories.published(blog, "One </script><b>", minute=1, tags=["Harbour"])
    second = factories.published(blog, "", minute=2)
    correct_entry(actor=chief, entry=first, text=factories.text("One"), note="It is 14.", base_version=first.version, now=at(5))
    data = linked(get(client))
    assert (data["@type"], data["headline"], data["url"]) == ("LiveBlogPosting", blog.title, f"{SITE}/live/story/")
    assert data["coverageStartTime"] == data["datePublished"] == "2026-03-14T12:00:00Z"
    assert "coverageEndTime" not in data
    assert [update["url"] for update in data["liveBlogUpdate"]] == [f"{SITE}/live/story/{ref}/" for ref in (second.ref, first.ref)]
    newest, oldest = data["liveBlogUpdate"]
    assert newest["headline"] == newest["articleBody"] == "Engineers are inspecting the span."
    assert oldest["correction"] == [{"@type": "CorrectionComment", "text": "It is 14.", "datePublished": "2026-03-14T12:05:00Z"}]
    assert (oldest["datePublished"], oldest["dateModified"]) == ("2026-03-14T12:01:00Z", "2026-03-14T12:05:00Z")
    assert data["dateModified"] == "2026-03-14T12:05:00Z"


def test_coverage_ends_when_it_has_ended_and_begins_where_it_is_planned(client: Client, blog: LiveBlog):
    set_state(actor=factories.chief_of(blog), blog=blog, state="ended", now=at(90))
    assert linked(get(client))["coverageEndTime"] == "2026-03-14T13:30:00Z"
    factories.blog(slug="next", state="upcoming", planned_start=at(600))
    data = linked(client.get("/live/next/").content.decode())
    assert data["coverageStartTime"] == "2026-03-14T22:00:00Z"
    assert "datePublished" not in data
    assert "liveBlogUpdate" not in data


def test_an_entrys_page_has_a_name_a_card_and_a_posting_of_its_own(client: Client, blog: LiveBlog):
    entry = factories.published(blog, 'The "span" & more', minute=1)
    html = get(client, f"{entry.ref}/")
    address = f"{SITE}/live/story/{entry.ref}/"
    assert f'<link rel="canonical" href="{address}">' in html
    assert html.count("<title>") == 1
    assert meta(html, "og:title") == "The &quot;span&quot; &amp; more"
    assert meta(html, "og:description") == meta(html, "description") == "Engineers are inspecting the span."
    assert (meta(html, "og:url"), meta(html, "og:type"), meta(html, "twitter:card")) == (address, "article", "summary")
    assert meta(html, "og:image") == ""
    data = linked(html)
    assert (data["@type"], data["isPartOf"]["url"], data["url"]) == ("BlogPosting", f"{SITE}/live/story/", address)


def test_a_cards_picture_is_the_widest_jpeg_that_fits_with_its_own_size():
    shown = snapshot({"type": "image", "id": "b-1", "image": "i-22222222"}, pictures=[picture()])
    card = picture_of(shown)
    assert card is not None
    assert (card.url, card.width, card.height) == (f"{SITE}/media/pictures/x/1280.jpg", 1280, 853)
    assert card.alt == "Tugs push a ship"
    remote = picture(renditions=[], remote_url="https://elsewhere.example/x.jpg")
    assert picture_of(snapshot({"type": "image", "id": "b-1", "image": "i-22222222"}, pictures=[remote])) is None


def test_an_entry_opens_between_what_came_before_and_after_it(client: Client, blog: LiveBlog):
    refs = [factories.published(blog, f"Entry {minute}", minute=minute).ref for minute in range(9)]
    gone = factories.published(blog, f"Gone {CANARY}", minute=4.5)
    withdraw_entry(actor=factories.chief_of(blog), entry=gone, reason="It was wrong.", now=at(20))
    html = get(client, f"{refs[4]}/")
    found = re.findall(r'<li><a href="/live/story/(e-[^/]+)/">', html)
    assert found == [refs[n] for n in (7, 6, 5, 3, 2, 1)]
    assert CANARY not in html
    assert f'href="/live/story/?at={refs[4]}#{refs[4]}"' in html
    assert re.findall(r'<article [^>]*id="(e-[^"]+)"', html) == [refs[4]]
    assert "What came before" not in get(client, f"{refs[0]}/")


def test_an_older_page_names_itself_and_its_neighbours_and_a_search_is_not_indexed(client: Client, blog: LiveBlog):
    refs = [factories.published(blog, f"Entry {minute}", minute=minute).ref for minute in range(35)]
    older = get(client, f"?before={refs[5]}")
    assert f'<link rel="canonical" href="{SITE}/live/story/?before={refs[5]}">' in older
    assert '<link rel="prev" href="/live/story/">' in older
    assert len(linked(older)["liveBlogUpdate"]) == 5
    front = get(client)
    assert f'<link rel="next" href="/live/story/?before={refs[5]}">' in front
    assert f'<link rel="canonical" href="{SITE}/live/story/">' in front
    assert "noindex" not in front
    search = get(client, "?q=entry")
    assert 'content="noindex, follow"' in search
    assert "ld+json" not in search
    assert f'<link rel="canonical" href="{SITE}/live/story/">' in search


def test_nothing_withheld_is_told_to_machines(client: Client, blog: LiveBlog):
    chief = factories.chief_of(blog)
    secret = {"tags": [CANARY]}
    shown = factories.published(blog, "Public", minute=1)
    factories.draft(blog, f"Draft {CANARY}", **secret)
    submit_entry(actor=chief, entry=factories.draft(blog, f"Submitted {CANARY}", **secret), base_version=1, now=at(1))
    schedule_entry(actor=chief, entry=factories.draft(blog, f"Planned {CANARY}", **secret), base_version=1, at=at(600), now=at(1))
    noticed = factories.published(blog, f"Withdrawn {CANARY}", minute=2, **secret)
    silent = factories.published(blog, f"Silent {CANARY}", minute=3, **secret)
    withdraw_entry(actor=chief, entry=noticed, reason="It was wrong.", now=at(5))
    withdraw_entry(actor=chief, entry=silent, reason="", notice=False, now=at(5))
    for path in ("", f"{shown.ref}/", f"{noticed.ref}/", f"?at={noticed.ref}", f"?before={silent.ref}", "?order=oldest"):
        assert CANARY not in get(client, path), path
    withdrawn = get(client, f"{noticed.ref}/")
    assert "ld+json" not in withdrawn
    assert "og:title" not in withdrawn
    assert 'content="noindex, follow"' in withdrawn
    absent = client.get("/live/story/e-222222/")
    for ref in blog.entries.exclude(ref__in=[shown.ref, noticed.ref]).values_list("ref", flat=True):
        answer = client.get(f"/live/story/{ref}/")
        assert (answer.status_code, answer.content) == (404, absent.content)


def test_an_entrys_page_costs_the_same_in_a_long_blog(client: Client, blog: LiveBlog, django_assert_max_num_queries):
    entry = factories.published(blog, minute=1)
    with django_assert_max_num_queries(5):
        get(client, f"{entry.ref}/")


def test_a_cut_ends_with_a_word():
    assert cut("one two three", 9) == "one two…"
    assert cut("short", 9) == "short"
