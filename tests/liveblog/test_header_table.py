"""The table of docs/security.md, header by header, as an https site sends it: no more, no less."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from liveblog.feeds.names import FEEDS
from newsroom.models import LiveBlog
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
OWN = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY"}
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self' wss://live.example.org; frame-src https://www.youtube-nocookie.com; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types entry-html; upgrade-insecure-requests"
)
PAGE = {"Cache-Control": "public, max-age=0, s-maxage=3, stale-while-revalidate=5, stale-if-error=60", "Vary": "Accept-Encoding"}
JSON_POLICY = "default-src 'none'; frame-ancestors 'none'"
# What says how the answer is sent, not what may be done with it.
SENDING = {"Content-Type", "Content-Length", "Content-Language", "ETag", "Date"}


@pytest.fixture
def site(settings: Settings) -> Client:
    settings.SITE_URL, settings.ALLOWED_HOSTS, settings.SECURE = "https://live.example.org", ["live.example.org"], True
    settings.EMBED_PLAYERS = ["youtube"]
    return Client(SERVER_NAME="live.example.org")


@pytest.fixture
def blog() -> LiveBlog:
    blog = factories.blog(slug="story")
    factories.published(blog, "Public words")
    return blog


def said(site: Client, path: str) -> dict[str, str]:
    return {name: value for name, value in site.get(path, secure=True).headers.items() if name not in SENDING}


def test_a_reader_s_page(site: Client, blog: LiveBlog) -> None:
    ref = blog.entries.get().ref
    for path in ("/", "/live/story/"):
        assert said(site, path) == {**EVERYWHERE, **OWN, **PAGE, "Content-Security-Policy": READER_POLICY}, path
    # It may be gone: nothing allows a cache to take that for an error that it bridges.
    own = {**PAGE, "Cache-Control": "public, max-age=0, s-maxage=3, stale-while-revalidate=5"}
    assert said(site, f"/live/story/{ref}/") == {**EVERYWHERE, **OWN, **own, "Content-Security-Policy": READER_POLICY}


def test_a_page_of_another_version_is_not_confirmed(site: Client, blog: LiveBlog, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names styles and scripts that an upgrade has replaced."""
    for path, views in (("/live/story/", "liveblog.reader.views"), ("/embed/story/", "liveblog.embed.views")):
        held = {"If-None-Match": site.get(path, secure=True)["ETag"]}
        assert site.get(path, secure=True, headers=held).status_code == 304
        with monkeypatch.context() as upgrade:
            upgrade.setattr(f"{views}.page_version", lambda: "another")
            assert site.get(path, secure=True, headers=held).status_code == 200


def test_a_page_that_is_not_there(site: Client, blog: LiveBlog) -> None:
    found = said(site, "/live/nothing/")
    assert found == {**EVERYWHERE, **OWN, "Content-Security-Policy": READER_POLICY, "Cache-Control": "public, max-age=2"}


def test_what_embeds_fetch(site: Client, blog: LiveBlog) -> None:
    for path in ("/live/story/snapshot", f"/live/story/changes?after=0&epoch={blog.epoch}&token=0"):
        found = said(site, path)
        found.pop("Cache-Control")
        found.pop("Vary", None)
        assert found == {**EVERYWHERE, **OPEN, "Content-Security-Policy": JSON_POLICY}, path


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed(site: Client, blog: LiveBlog, name: str) -> None:
    feed = {"Cache-Control": "public, max-age=30, s-maxage=3, stale-while-revalidate=5", "Vary": "Accept-Encoding"}
    assert said(site, f"/live/story/{name}") == {**EVERYWHERE, **OPEN, **feed, "Content-Security-Policy": JSON_POLICY}


def test_the_embed_s_document(site: Client, blog: LiveBlog) -> None:
    found = said(site, "/embed/story/")
    policy = found.pop("Content-Security-Policy")
    assert found == {**EVERYWHERE, **OPEN, **PAGE}
    assert "'self'" not in policy
    assert "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox" in policy.split("; ")


def test_a_picture_that_is_not_there(site: Client, blog: LiveBlog) -> None:
    found = said(site, "/media/pictures/nothing.jpg")
    assert found["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert found["Cache-Control"] == "no-store"


def test_the_desk(site: Client) -> None:
    found = said(site, "/admin/login/")
    assert {name: found[name] for name in [*EVERYWHERE, *OWN]} == EVERYWHERE | OWN
    assert "no-store" in found["Cache-Control"]
    policy = found["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy)


def test_without_players_nothing_may_be_framed(site: Client, blog: LiveBlog, settings: Settings) -> None:
    settings.EMBED_PLAYERS = []
    assert "frame-src 'none'" in said(site, "/live/story/")["Content-Security-Policy"].split("; ")
