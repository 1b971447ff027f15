"""What every public address has in common: it reads and sets no cookie, says the same to everyone, and shows nothing that is not public."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from liveblog.feeds.names import FEEDS
from newsroom.actions.drafts import schedule_entry, submit_entry
from newsroom.actions.entries import withdraw_entry
from newsroom.models import LiveBlog
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "zebrafinch"


@pytest.fixture
def blog() -> LiveBlog:
    """A public blog whose desk holds the canary in every state that is not public."""
    blog = factories.blog(slug="story")
    chief = factories.chief_of(blog)
    factories.published(blog, "Public words")
    factories.draft(blog, f"Draft {CANARY}")
    submit_entry(actor=chief, entry=factories.draft(blog, f"Submitted {CANARY}"), base_version=1, now=at(1))
    schedule_entry(actor=chief, entry=factories.draft(blog, f"Planned {CANARY}"), base_version=1, at=at(600), now=at(1))
    gone = factories.published(blog, f"Withdrawn {CANARY}", minute=2, key_event=True)
    withdraw_entry(actor=chief, entry=gone, reason="It was wrong.", now=at(3))
    factories.blog(slug="hidden", title=f"Hidden {CANARY}", state="draft", chief=chief)
    return blog


def addresses(blog: LiveBlog) -> list[str]:
    refs = [f"/live/story/{ref}/" for ref in blog.entries.values_list("ref", flat=True)]
    return [
        "/",
        "/live/story/",
        "/live/hidden/",
        "/live/story/snapshot",
        f"/live/story/changes?after=0&epoch={blog.epoch}&token=0",
        "/embed/story/",
        "/embed/hidden/",
        "/embed.js",
        *(f"/live/{slug}/{name}" for slug in ("story", "hidden") for name in FEEDS),
        "/healthz",
        "/no/such/address",
        *refs,
    ]


def test_nothing_that_is_not_public_is_in_any_byte(client: Client, blog: LiveBlog):
    for address in addresses(blog):
        response = client.get(address)
        sent = response.content.decode() + str(response.headers)
        assert CANARY not in sent, address
    assert "Public words" in client.get("/live/story/").content.decode()


def test_an_entry_that_is_not_public_is_as_absent_as_one_that_never_was(client: Client, blog: LiveBlog):
    draft = blog.entries.get(headline__startswith="Draft")
    hidden, absent = client.get(f"/live/story/{draft.ref}/"), client.get("/live/story/e-222222/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_no_address_sets_a_cookie_or_varies_by_one(client: Client, blog: LiveBlog):
    client.force_login(factories.chief_of(blog))
    for address in addresses(blog):
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"},
        {"Daphne-Root-Path": "/evil"},
        {"Cookie": "sessionid=stolen; csrftoken=x", "Authorization": "Bearer x"},
        {"Accept-Language": "de", "User-Agent": "other"},
    ],
)
def test_a_forged_header_changes_no_byte(client: Client, blog: LiveBlog, forged: dict[str, str]):
    for address in addresses(blog):
        plain, other = client.get(address), client.get(address, headers=forged)
        assert (other.status_code, other.content) == (plain.status_code, plain.content), address


def test_a_foreign_host_is_refused(client: Client, blog: LiveBlog):
    assert client.get("/live/story/", headers={"Host": "evil.example"}).status_code == 400


def test_only_questions_are_answered(client: Client, blog: LiveBlog):
    for address in ("/", "/live/story/", "/live/story/snapshot", "/embed/story/", "/live/story/feed.atom"):
        assert client.post(address).status_code == 405, address
        assert client.head(address).status_code == 200, address


READER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "public, max-age=0, s-maxage=3, stale-while-revalidate=5, stale-if-error=60",
    "Vary": "Accept-Encoding",
}


def test_the_readers_page_carries_the_table_of_headers(client: Client, blog: LiveBlog):
    response = client.get("/live/story/")
    assert {name: response.get(name) for name in READER} == READER
    policy = response["Content-Security-Policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "script-src 'self'", "style-src 'self'"]
    assert {"frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types entry-html"} <= set(policy)
    assert "unsafe" not in response["Content-Security-Policy"]


def test_a_page_lets_in_the_players_that_are_enabled_and_no_other_frame(client: Client, blog: LiveBlog, settings: Settings):
    settings.EMBED_PLAYERS = ["youtube", "vimeo"]
    answer = client.get("/live/story/")
    frames = "frame-src https://www.youtube-nocookie.com https://player.vimeo.com"
    assert frames in answer["Content-Security-Policy"].split("; ")
    assert 'data-players="youtube vimeo"' in answer.content.decode()
    settings.EMBED_PLAYERS = []
    assert "frame-src 'none'" in client.get("/live/story/")["Content-Security-Policy"].split("; ")
    assert "frame-src" not in client.get("/embed/story/")["Content-Security-Policy"]


def test_a_page_has_no_inline_script_or_style(client: Client, blog: LiveBlog):
    for address in ("/live/story/", "/embed/story/"):
        html = client.get(address).content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        scripts = re.findall(r"<script\b([^>]*)>", html)
        assert scripts
        assert all(re.search(r'src=|type="application/(ld\+)?json"', script) for script in scripts), scripts


def test_the_desk_is_never_cached_or_framed(client: Client):
    response = client.get("/admin/login/")
    assert response["Cache-Control"].startswith(("no-store", "max-age=0, no-cache, no-store"))
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_an_unchanged_page_is_answered_without_its_body(client: Client, blog: LiveBlog):
    etag = client.get("/live/story/")["ETag"]
    again = client.get("/live/story/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    factories.published(LiveBlog.objects.get(pk=blog.pk), "News", minute=9)
    assert client.get("/live/story/", headers={"If-None-Match": etag}).status_code == 200


def test_the_cost_of_a_page_does_not_grow_with_the_blog(client: Client, blog: LiveBlog, django_assert_max_num_queries):
    for minute in range(10, 45):
        factories.published(blog, f"Entry {minute}", minute=minute)
    with django_assert_max_num_queries(6):
        assert client.get("/live/story/").status_code == 200
    assert settings.DEBUG is False
