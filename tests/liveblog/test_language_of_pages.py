"""Whatever a reader sees or hears of a page is in its language: text, titles, labels and what the scripts will say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from liveblog.ops.errors import server_error
from newsroom.actions.blogs import edit_blog, set_state
from newsroom.actions.bylines import byline_for
from newsroom.actions.entries import correct_entry, edit_entry, mark_key_event, pin_entry, publish_entry, withdraw_entry
from newsroom.actions.media import link_image
from newsroom.actions.texts import EntryText
from newsroom.models import Entry, LiveBlog
from tests import factories
from tests.factories import NOON, at
from translations.catalogues import LANGUAGES, forms, stored

pytestmark = pytest.mark.django_db

# What editors and the operator write here is in no language that the site speaks, so whatever else is on the page is the site's.
THEIRS = "Ж"
SAID = {"title", "alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "data-day-label", "content", "label"}
NOT_SAID = re.compile(r"viewport|robots|theme-color|referrer|twitter:card|article:\w+_time|og:(?:type|url|locale|image(?!:alt).*)")
TYPED = {"pictures.example.org", "example.org", "nowhere-at-all", "Atom", "RSS", "JSON"}
NOT_LATIN = [language for language in LANGUAGES if language in {"ar", "fa"}]

every_language = pytest.mark.parametrize("language", LANGUAGES)


class Said(HTMLParser):
    """Every text and every spoken attribute of a document. What scripts carry is given apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.root: dict[str, str | None] = {}
        self.script = ""
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self._within = f"{tag}#{facts.get('id')}" if tag in {"script", "style"} else ""
        if tag == "html":
            self.root = facts
        if tag != "meta" or not NOT_SAID.fullmatch(facts.get("name") or facts.get("property") or ""):
            self.texts += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script#words":
            self.script += data
        elif not self._within and data.strip():
            self.texts.append(data)


def latin(text: str) -> set[str]:
    """The words of three letters or more, in small letters; hosts as a whole."""
    return {word for word in re.findall(r"[A-Za-z][\w.’-]*[\w]", text) if len(word) > 2}


@cache
def english_only(language: str) -> frozenset[str]:
    """The words that the site's English has and its translation has not."""
    english: set[str] = set()
    own: set[str] = set()
    for message in stored(language):
        if message.id:
            source = [message.id] if isinstance(message.id, str) else list(message.id)
            english |= {word.lower() for text in source for word in latin(re.sub(r"%\(\w+\)s|\{\w+\}|<[^>]*>", " ", text))}
            own |= {word.lower() for text in forms(message) for word in latin(text)}
    return frozenset(english - own)


def foreign(texts: list[str], language: str) -> set[str]:
    """The English words in these texts; in a language of another script every Latin word is one."""
    words = {word for text in texts for word in latin(re.sub(r"%\(\w+\)s|\{\w+\}", " ", text))} - TYPED
    english = english_only(language)
    return words if language in NOT_LATIN else {word for word in words if word.lower() in english}


def sentences(value: Any) -> Iterator[str]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from sentences(inner)
        elif key != "locale":
            yield inner


def full_blog(language: str) -> LiveBlog:
    """One of everything that readers can be shown, written in no language."""
    chief = factories.admin(f"chief-{language}")
    editor = byline_for(name=THEIRS, role=THEIRS, place=THEIRS)
    facts: dict[str, Any] = {"title": THEIRS, "standfirst": THEIRS, "kicker": THEIRS, "zone_label": THEIRS}
    blog = factories.blog(chief=chief, slug=f"blog-{language}", language=language, edited_by=[editor], **facts)
    facts = {"width": 8, "height": 6, "alt": THEIRS, "caption": THEIRS, "credit": THEIRS}
    one, two = (
        link_image(actor=chief, blog=blog, remote_url=f"https://pictures.example.org/{name}.jpg", now=NOON, **facts).ref for name in "ab"
    )
    words = {"type": "text", "html": f"<p>{THEIRS}</p>"}
    link = "https://example.org/x"
    blocks = [
        words,
        {"type": "image", "image": one},
        {"type": "gallery", "images": [one, two]},
        {"type": "quote", "text": THEIRS, "speaker": THEIRS, "role": THEIRS},
        {"type": "list", "style": "number", "items": [THEIRS]},
        {"type": "embed", "url": link, "provider": "", "title": THEIRS, "author": THEIRS, "text": THEIRS, "published": "2026-03-01"},
        {"type": "audio", "url": link, "title": THEIRS, "credit": THEIRS, "duration": 61},
        {"type": "video", "url": link, "title": THEIRS, "credit": THEIRS, "duration": 3700, "poster": ""},
    ]

    def publish(minute: float, **fields: Any) -> Entry:
        text = EntryText(**({"blocks": [words]} | fields))
        return publish_entry(actor=chief, blog=blog, text=text, now=at(minute))

    for minute, (kind, standing) in enumerate(
        [("update", "confirmed"), ("breaking", "reported"), ("analysis", "unverified"), ("summary", "disputed"), ("quote", "")]
    ):
        publish(
            minute, kind=kind, standing=standing, source=THEIRS, bylines=[editor.pk], headline=THEIRS if standing else "", blocks=blocks
        )
    publish(10, kind="image", blocks=blocks)
    publish(11, happened_at=at(-60 * 30), happened_precision="hour")
    publish(12, happened_at=at(-60 * 50), happened_precision="day")
    edited = publish(13, headline=THEIRS)
    edited = edit_entry(actor=chief, entry=edited, text=EntryText(headline=THEIRS, blocks=blocks), base_version=edited.version, now=at(14))
    correct_entry(actor=chief, entry=edited, text=EntryText(blocks=[words]), note=THEIRS, base_version=edited.version, now=at(60 * 20))
    withdraw_entry(actor=chief, entry=publish(15), reason=THEIRS, now=at(16))
    pinned = publish(17, kind="summary", blocks=[words, {"type": "text", "html": f"<p>{THEIRS * 1200}</p>"}])
    mark_key_event(actor=chief, entry=pinned, key_event=True, now=at(18))
    mark_key_event(actor=chief, entry=edited, key_event=True, now=at(18))
    pin_entry(actor=chief, entry=pinned, now=at(19))
    for minute in range(20, 45):
        publish(minute)
    return LiveBlog.objects.get(pk=blog.pk)


def pages(client: Client, blog: LiveBlog) -> dict[str, str]:
    """Every page that belongs to a blog, by address."""
    url = blog.get_absolute_url()
    first = client.get(url).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    entries = [
        f"{url}{ref}/" for ref in Entry.objects.filter(blog=blog, status="published").order_by("order").values_list("ref", flat=True)[:6]
    ]
    withdrawn = Entry.objects.get(blog=blog, status="withdrawn")
    found_by = ("q=Ж", "q=nowhere-at-all", "kind=breaking&order=oldest", "key=1")
    addresses = [
        unescape(older[1]),
        *(f"{url}?{query}" for query in found_by),
        *entries,
        f"{url}{withdrawn.ref}/",
        f"/embed/{blog.slug}/",
        f"{url}snapshot",
    ]
    found = {url: first}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
    return found


@every_language
def test_no_page_of_a_blog_says_an_english_word(client: Client, settings: Settings, language: str) -> None:
    settings.SITE_NAME = THEIRS
    blog = full_blog(language)
    for address, html in pages(client, blog).items():
        said = Said(html)
        assert foreign(said.texts, language) == set(), address
        if said.root:
            assert said.root["lang"] == language, address
            assert said.root["dir"] == ("rtl" if language in NOT_LATIN else "ltr"), address
        if said.script:
            assert foreign(list(sentences(json.loads(said.script))), language) == set()


@every_language
def test_no_feed_of_a_blog_says_an_english_word(client: Client, settings: Settings, language: str) -> None:
    settings.SITE_NAME = THEIRS
    blog = full_blog(language)
    feed = client.get(f"/live/{blog.slug}/feed.json").json()
    assert feed["language"] == language
    assert len(feed["items"]) > 30
    direction = "rtl" if language in NOT_LATIN else "ltr"
    for item in feed["items"]:
        assert item["content_html"].startswith(f'<div lang="{language}" dir="{direction}">')
        said = [*Said(item["content_html"]).texts, item["title"], *item.get("tags", [])]
        assert foreign(said, language) == set(), item["url"]


@every_language
def test_nor_does_a_blog_that_is_still_to_come_or_rests_or_is_over(client: Client, settings: Settings, language: str) -> None:
    settings.SITE_NAME = THEIRS
    chief = factories.admin()
    blog = factories.blog(
        chief=chief, language=language, title=THEIRS, zone_label=THEIRS, state="upcoming", planned_start=NOON + timedelta(days=1)
    )
    for state in ("upcoming", "live", "paused", "ended"):
        set_state(actor=chief, blog=blog, state=state, now=NOON)
        assert foreign(Said(client.get(blog.get_absolute_url()).content.decode()).texts, language) == set(), state


@every_language
def test_the_pages_of_no_blog_speak_the_sites_language(client: Client, settings: Settings, language: str) -> None:
    settings.SITE_NAME, settings.SITE_LANGUAGE = THEIRS, language
    answers = [client.get("/"), client.get("/live/nowhere/"), server_error(RequestFactory().get("/live/x/"))]
    factories.blog(language=language, title=THEIRS)
    answers.append(client.get("/"))
    for answer in answers:
        said = Said(answer.content.decode())
        assert foreign(said.texts, language) == set()
        assert said.root["lang"] == language


def test_a_blog_is_named_in_its_own_language_on_a_front_page_of_another(client: Client) -> None:
    factories.blog(language="ar", title=THEIRS)
    html = client.get("/").content.decode()
    assert '<html lang="en" dir="ltr"' in html
    assert '<li class="blogs-row" lang="ar" dir="rtl">' in html
    assert "مباشر" in html
    assert "All live blogs" in html


def test_the_desk_is_told_of_a_fault_in_english(settings: Settings) -> None:
    settings.SITE_LANGUAGE = "ar"
    said = Said(server_error(RequestFactory().get("/admin/")).content.decode())
    assert said.root["lang"] == "en"
    assert any("At the desk" in text for text in said.texts)


def test_english_words_would_be_seen() -> None:
    assert foreign(["Neueste Meldungen", "Skip to key events"], "de") >= {"Skip", "key", "events"}
    assert foreign(["Analyse · Live · Video"], "de") == set()
    assert foreign(["عاجل Unmarked"], "ar") == {"Unmarked"}


def test_a_blog_that_changes_its_language_is_rendered_anew_in_it(
    client: Client, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SITE_NAME = THEIRS
    chief = factories.admin()
    blog = factories.blog(chief=chief, title=THEIRS)
    publish_entry(actor=chief, blog=blog, text=EntryText(kind="breaking", headline=THEIRS, blocks=[factories.paragraph(THEIRS)]), now=NOON)
    assert "Breaking" in Entry.objects.get().fragment
    with django_capture_on_commit_callbacks(execute=True):
        edit_blog(actor=chief, blog=blog, now=at(1), language="de", zone="Europe/Berlin")
    fragment = Entry.objects.get().fragment
    assert "Eilmeldung" in fragment
    assert "Breaking" not in fragment
    assert "13:00" in fragment
    assert foreign(Said(client.get(blog.get_absolute_url()).content.decode()).texts, "de") == set()
