"""What docs/contracts/entry-html.md promises of every fragment."""

from __future__ import annotations

import pytest
from django.utils import translation

from newsroom.models import Kind
from newsroom.rendering.entry import render_entry
from tests.newsroom.fragments import parse, picture, rendered, snapshot, text

QUOTE = {"type": "quote", "id": "b-333333", "text": "It rang.", "speaker": "Lena", "role": "", "source_url": "", "source_label": ""}
WITHDRAWN = {"at": "2026-11-20T15:10:00+00:00", "reason": "There was no second ship."}


@pytest.mark.parametrize("kind", Kind.values)
def test_a_fragment_is_one_line_and_one_article(kind: str) -> None:
    blocks = [text("<p>One.</p>\n<p>Two.</p>"), QUOTE, {"type": "image", "id": "b-444444", "image": "i-22222222"}]
    html = render_entry(snapshot(*blocks, kind=kind, pictures=[picture()], bylines=[{"name": "Ada", "role": "", "place": ""}]))
    assert html.startswith("<article ")
    assert html.endswith("</article>")
    assert "\n" not in html
    assert len(parse(html).all("article")) == 1


def test_the_article_says_what_the_scripts_need() -> None:
    article = rendered(kind="breaking", key_event=True).one("article")
    assert article["id"] == article["data-ref"] == "e-7f3k9q"
    assert (article["data-rev"], article["data-kind"], article["data-order"]) == ("3", "breaking", "1795185120000000-e-7f3k9q")
    assert (article["data-day"], article["data-day-label"]) == ("2026-11-20", "Friday 20 November 2026")
    assert article.get("data-key") == ""
    assert "entry--key" in article.classes


def test_an_ordinary_entry_is_no_key_event() -> None:
    article = rendered().one("article")
    assert article.get("data-key") is None
    assert "entry--key" not in article.classes


def test_the_reader_s_language_changes_nothing() -> None:
    with translation.override("de"):
        there = render_entry(snapshot(text(), kind="breaking", standing="disputed"))
    with translation.override("ar"):
        here = render_entry(snapshot(text(), kind="breaking", standing="disputed"))
    assert there == here
    assert "Breaking" in here


def test_a_headline_names_the_entry_and_is_seen() -> None:
    article = rendered(headline="Bridge <closed>").one("article")
    heading = article.one("h3")
    assert heading["id"] == article["aria-labelledby"]
    assert heading.words == "Bridge <closed>"
    assert "vh" not in heading.classes
    assert heading["dir"] == "auto"


def test_an_entry_without_a_headline_has_a_hidden_name() -> None:
    assert rendered(text(), headline="").one("h3", css="vh").words == "Update, 14:32"
    assert rendered(QUOTE, headline="", kind="quote").one("h3", css="vh").words == "Quote from Lena, 14:32"


def test_the_clock_is_absolute_and_links_to_the_entry() -> None:
    clock = rendered().one("a", css="clock")
    assert clock["href"] == "/live/bridge/e-7f3k9q/"
    assert clock.words == "14:32"
    assert clock.one("time")["datetime"] == "2026-11-20T14:32:00Z"


def test_a_withdrawn_entry_says_that_and_nothing_of_what_it_said() -> None:
    html = render_entry(
        snapshot(text("<p>A second ship.</p>"), headline="Second ship", source="Radio", standing="reported", withdrawn=WITHDRAWN)
    )
    article = parse(html).one("article")
    assert article.one("p", css="notice").words == "This entry was withdrawn at 15:10. There was no second ship."
    assert article.get("data-withdrawn") == ""
    assert article["id"] == "e-7f3k9q"
    assert not any(word in html for word in ("Second ship", "A second ship", "Radio", "Reported"))


def test_the_pinned_copy_has_no_id_anywhere() -> None:
    copy = rendered(text(), QUOTE, pinned=True)
    assert copy.one("article")["data-pinned"] == "e-7f3k9q"
    assert [one for one in copy.all() if one.get("id") or one.get("aria-labelledby")] == []
    assert copy.one("article")["aria-label"] == "Pinned: Bridge closed"


def test_what_a_user_wrote_is_escaped_wherever_it_stands() -> None:
    evil = "<img src=x onerror=alert(1)>"
    line = {"name": evil, "role": evil, "place": evil}
    blocks = [
        {**QUOTE, "text": evil, "speaker": evil, "role": evil, "source_label": evil, "source_url": "https://example.org/"},
        {
            "type": "embed",
            "id": "b-1",
            "url": "https://example.org/",
            "provider": evil,
            "title": evil,
            "author": evil,
            "text": evil,
            "published": evil,
        },
        {"type": "video", "id": "b-2", "url": "https://example.org/", "title": evil, "credit": evil, "duration": None, "poster": ""},
        {"type": "image", "id": "b-3", "image": "i-22222222"},
    ]
    shown = picture(alt=evil, caption=evil, credit=evil)
    note = [{"at": "2026-11-20T14:40:00+00:00", "note": evil}]
    for fragment in (
        rendered(*blocks, headline=evil, source=evil, bylines=[line], corrections=note, pictures=[shown]),
        rendered(*blocks, headline=evil, source=evil, bylines=[line], corrections=note, pictures=[shown], pinned=True),
        rendered(headline=evil, withdrawn={**WITHDRAWN, "reason": evil}),
    ):
        assert [one for one in fragment.all() if one.get("onerror") or one.get("src") == "x"] == []
        assert evil in " ".join([fragment.words, *(one["alt"] for one in fragment.all("img"))])
