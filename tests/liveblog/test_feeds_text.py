"""What an entry says in a feed: every kind of block for a reader without styles and scripts, whole, absolute and harmless."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from liveblog.feeds.names import FEEDS
from newsroom.actions.bylines import byline_for
from newsroom.models import Entry, EntryRevision, LiveBlog
from tests import factories
from tests.factories import at
from tests.liveblog import feeds
from tests.liveblog.feeds import read
from tests.newsroom.full_blog import full_blog

pytestmark = pytest.mark.django_db

SITE = "https://live.example.org"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def blog() -> LiveBlog:
    return factories.blog(slug="story")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], html

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_block_is_there_whole_and_every_address_absolute(client: Client):
    blog = full_blog(factories.admin())
    everything = next(entry for entry in read(client, blog.slug) if entry.title == "Everything “at once”")
    tags = Tags(everything.html).seen
    for said in ("<strong>blocks</strong>", "A teal field", "See the picture at", "So", "Ann Airy", "Poet", "Verse", "<em>two</em>", "Net",
                 "Post", "Sound", "1:01", "Film", "Listen at", "Watch at", "<small>Photograph: Us</small>"):  # fmt: skip
        assert said in everything.html, said
    addresses = [value for _, attributes in tags for name, value in attributes.items() if name in {"href", "src", "cite"}]
    assert len(addresses) > 8
    assert [address for address in addresses if not re.match(r"https?://", address or "")] == []
    pictures = [attributes for tag, attributes in tags if tag == "img"]
    assert all((attributes["src"] or "").startswith(f"{SITE}/media/pictures/") for attributes in pictures)
    assert all(attributes["width"] and attributes["height"] for attributes in pictures)


def test_nothing_that_only_the_page_can_use_is_in_it(client: Client):
    blog = full_blog(factories.admin())
    for entry in read(client, blog.slug):
        for tag, attributes in Tags(entry.html).seen:
            assert tag not in {"script", "style", "iframe", "details", "button", "form", "article", "picture", "source"}
            assert {name for name in attributes if name.startswith(("data-", "on", "aria-")) or name in {"class", "id", "style"}} == set()
        assert "Share" not in entry.html


def test_how_sure_we_are_who_writes_and_where_it_comes_from_stand_in_the_text(client: Client, blog: LiveBlog):
    ola = byline_for(name="Ola Berg", role="Reporter", place="Bergen")
    factories.published(blog, "Fire", kind="breaking", standing="unverified", source="The port", bylines=[ola.pk], happened_at=at(-60))
    (entry,) = read(client)
    assert entry.title == "[Unverified] Fire"
    assert entry.authors == ("Ola Berg",)
    assert entry.categories == ("Breaking",)
    first = entry.html.index("<strong>Breaking</strong> · <strong>Unverified</strong> (We have not been able to check this.)")
    byline = entry.html.index("<b>Ola Berg</b>, Reporter, reporting from Bergen")
    happened = entry.html.index('Happened <time datetime="2026-03-14T11:00:00Z">11:00, Saturday 14 March 2026 (GMT)</time>')
    text, source = entry.html.index("Engineers"), entry.html.index("The port")
    assert first < byline < happened < text < source


def test_a_blog_that_shows_only_doubts_names_no_certainty(client: Client):
    blog = factories.blog(slug="doubts", standing_shown="doubt")
    factories.published(blog, "One", standing="confirmed")
    factories.published(blog, "Two", minute=1, standing="disputed")
    two, one = read(client, "doubts")
    assert "Confirmed" not in one.html
    assert "Disputed" in two.html
    assert (one.title, two.title) == ("One", "[Disputed] Two")
    assert ["standing" in item["_liveblog"] for item in feeds.json(client, "doubts")["items"]] == [True, False]


def test_an_entry_without_a_headline_is_named_by_its_beginning_or_its_kind(client: Client, blog: LiveBlog):
    factories.published(blog, "", blocks=[factories.paragraph("One " * 60)])
    quote = {"type": "quote", "text": "So be it", "speaker": "Ann Airy"}
    factories.published(blog, "", minute=1, kind="quote", blocks=[quote])
    card = {"type": "embed", "url": "https://example.org/x"}
    factories.published(blog, "", minute=2, blocks=[card])
    assert [entry.title for entry in read(client)] == ["Update, 12:02", "“So be it” – Ann Airy", "One " * 21 + "One…"]


def test_hostile_words_stay_words(client: Client, blog: LiveBlog):
    evil = "</title>]]><script>alert(1)</script>&amp; \"'<img src=x onerror=alert(1)>"
    chief = factories.chief_of(blog)
    LiveBlog.objects.filter(pk=blog.pk).update(title=evil, standfirst=evil)
    line = byline_for(name=evil[:80], role=evil[:80])
    blocks = [factories.paragraph(f"Text {evil}"), {"type": "quote", "text": evil, "speaker": evil}]
    factories.published(blog, evil, actor=chief, source=evil, standing="reported", bylines=[line.pk], blocks=blocks)
    (entry,) = read(client)
    assert entry.title == evil
    assert entry.authors == (evil[:80],)
    assert {tag for tag, _ in Tags(entry.html).seen} <= {"div", "p", "strong", "bdi", "b", "small", "blockquote"}
    assert feeds.words(feeds.rss(client), "description") == evil
    assert f'title="{evil}' not in client.get("/live/story/").content.decode()


def test_what_xml_cannot_write_is_left_out(client: Client, blog: LiveBlog):
    """Stored by an older version or by hand: what comes in today is judged."""
    entry = factories.published(blog, "Harbour")
    revision = EntryRevision.objects.get(entry=entry)
    revision.snapshot["headline"] = "Har\x0bbour\x01 \ufffe"
    revision.snapshot["blocks"][0]["html"] = "<p>Half\x0c way</p>"
    EntryRevision.objects.filter(pk=revision.pk).update(snapshot=revision.snapshot)
    (found,) = read(client)
    assert found.title == "Harbour "
    assert "<p>Half way</p>" in found.html


@pytest.mark.parametrize(
    ("language", "headline"), [("ar", "إغلاق الجسر أمام حركة المرور"), ("fa", "پل بسته شد"), ("ja", "橋は通行止め 🚢")]
)
def test_every_script_arrives_as_it_was_written(client: Client, language: str, headline: str):
    blog = factories.blog(slug="theirs", language=language, title=headline)
    factories.published(blog, headline, blocks=[factories.paragraph(headline)], tags=[headline[:20]])
    (entry,) = read(client, "theirs")
    assert entry.title == headline
    assert headline in entry.html
    assert headline[:20].strip() in entry.categories
    assert entry.html.startswith(f'<div lang="{language}" dir="{"ltr" if language == "ja" else "rtl"}">')
    for name in FEEDS:
        assert headline.encode() in client.get(f"/live/theirs/{name}").content


def test_a_story_that_was_imported_is_of_its_own_time(client: Client, blog: LiveBlog):
    factories.published(blog, "Elsewhere", minute=500, published_at=at(3), source_id="elsewhere:1")
    (entry,) = read(client)
    assert (entry.published, entry.updated) == (at(3), at(3))
    assert Entry.objects.get().revisions.get().at == at(500)
