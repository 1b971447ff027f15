"""The document that other sites show in a frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from newsroom.actions.blogs import set_state
from newsroom.actions.entries import withdraw_entry
from newsroom.models import LiveBlog
from tests import factories as make

pytestmark = pytest.mark.django_db


def body(blog: LiveBlog, query: str = "") -> str:
    answer = Client().get(f"/embed/{blog.slug}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def refs(html: str) -> list[str]:
    return re.findall(r'<article [^>]*data-ref="([^"]+)"', html)


def attributes(html: str, tag: str) -> dict[str, str | None]:
    """Of the first element of that name."""
    found: list[dict[str, str | None]] = []

    class Finder(HTMLParser):
        def handle_starttag(self, name: str, given: list[tuple[str, str | None]]) -> None:
            if name == tag:
                found.append(dict(given))

    Finder().feed(html)
    return found[0]


def test_it_shows_the_newest_entries_as_the_page_does() -> None:
    blog = make.blog()
    older, newer = make.published(blog, "First", minute=1), make.published(blog, "Second", minute=2)
    html = body(blog)
    assert refs(html) == [newer.ref, older.ref]
    assert newer.fragment in html


def test_it_shows_ten_unless_it_is_asked_for_another_number() -> None:
    blog = make.blog()
    for minute in range(12):
        make.published(blog, f"Entry {minute}", minute=minute)
    assert len(refs(body(blog))) == 10
    assert len(refs(body(blog, "?limit=3"))) == 3
    assert attributes(body(blog, "?limit=3"), "live-feed")["data-limit"] == "3"
    assert attributes(body(blog, "?limit=3"), "live-feed")["data-more"] == "true"
    assert attributes(body(blog, "?limit=12"), "live-feed")["data-more"] == "false"


@pytest.mark.parametrize("limit", ["0", "21", "-1", "3.5", "٣", "1e1", "99999999999999999999", "", "three"])
def test_a_number_that_is_none_is_as_good_as_not_asked(limit: str) -> None:
    assert attributes(body(make.blog(), f"?limit={limit}"), "live-feed")["data-limit"] == "10"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_host_chooses_the_theme(theme: str) -> None:
    assert attributes(body(make.blog(), f"?theme={theme}"), "html")["data-theme"] == theme


@pytest.mark.parametrize("theme", ["auto", "", "night", '"><script>'])
def test_without_a_theme_it_follows_the_reader(theme: str) -> None:
    assert "data-theme" not in attributes(body(make.blog(), f"?theme={theme}"), "html")


def test_its_cursor_is_the_head_of_the_ledger() -> None:
    blog = make.blog()
    make.published(blog)
    blog.refresh_from_db()
    feed = attributes(body(blog), "live-feed")
    assert (feed["data-epoch"], feed["data-seq"]) == (blog.epoch, str(blog.seq))


def test_it_is_in_the_language_and_the_direction_of_the_blog() -> None:
    page = attributes(body(make.blog(language="ar", zone="Asia/Riyadh")), "html")
    assert (page["lang"], page["dir"]) == ("ar", "rtl")


def test_a_link_leaves_the_frame() -> None:
    assert attributes(body(make.blog()), "base") == {"target": "_blank"}


def test_it_loads_no_font_and_its_scripts_from_this_site_alone() -> None:
    html = body(make.blog())
    assert ".woff2" not in html
    assert "base.css" not in html
    assert all(
        address.startswith("/static/") for address in re.findall(r'<(?:script|link rel="stylesheet")[^>]*(?:src|href)="([^"]+)"', html)
    )


def test_what_readers_may_not_know_of_is_absent() -> None:
    hidden = make.blog(state="draft")
    assert Client().get(f"/embed/{hidden.slug}/").content == Client().get("/embed/never-was/").content
    assert Client().get(f"/embed/{hidden.slug}/").status_code == 404


def test_a_blog_made_public_is_there() -> None:
    blog = make.blog(state="draft")
    set_state(actor=make.chief_of(blog), blog=blog, state="live", now=make.at(1))
    assert Client().get(f"/embed/{blog.slug}/").status_code == 200


def test_neither_a_draft_nor_a_withdrawn_text_is_in_it() -> None:
    blog = make.blog()
    make.draft(blog, "Canary one")
    entry = make.published(blog, "Canary two")
    withdraw_entry(actor=make.chief_of(blog), entry=entry, reason="It was wrong.", now=make.at(5))
    html = body(blog)
    assert "Canary" not in html
    assert refs(html) == [entry.ref]


def test_nothing_changed_is_a_304_and_a_change_is_not() -> None:
    blog = make.blog()
    tag = Client().get(f"/embed/{blog.slug}/")["ETag"]
    assert Client().get(f"/embed/{blog.slug}/", headers={"if-none-match": tag}).status_code == 304
    assert Client().get(f"/embed/{blog.slug}/?limit=3", headers={"if-none-match": tag}).status_code == 200
    make.published(blog)
    assert Client().get(f"/embed/{blog.slug}/", headers={"if-none-match": tag}).status_code == 200


def test_a_form_cannot_be_sent_to_it() -> None:
    assert Client().post(f"/embed/{make.blog().slug}/").status_code == 405
