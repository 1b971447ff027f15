"""Each block as readers see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import TemplateDoesNotExist

from tests.newsroom.fragments import Element, rendered, text


def quote(**fields: Any) -> dict[str, Any]:
    return {
        "type": "quote",
        "id": "b-222222",
        "text": "It rang.",
        "speaker": "Lena",
        "role": "",
        "source_url": "",
        "source_label": "",
        **fields,
    }


def embed(**fields: Any) -> dict[str, Any]:
    return {
        "type": "embed",
        "id": "b-222222",
        "url": "https://www.example.org/1",
        "provider": "",
        "title": "",
        "author": "",
        "text": "",
        "published": "",
        **fields,
    }


def test_text_is_printed_as_it_was_cleaned() -> None:
    found = rendered(text('<p>A <strong>word</strong> and <a href="https://example.org/">a link</a>.</p>')).one(css="block--text")
    assert found.one("a")["href"] == "https://example.org/"
    assert found["dir"] == "auto"


def test_a_line_s_end_between_two_words_stays_a_space() -> None:
    assert rendered(text("<p><strong>New</strong>\n<em>York</em></p>")).one("p").words == "New York"


@pytest.mark.parametrize(("style", "tag"), [("bullet", "ul"), ("number", "ol")])
def test_a_list_has_its_style(style: str, tag: str) -> None:
    items = rendered({"type": "list", "id": "b-222222", "style": style, "items": ["One", "<strong>Two</strong>"]}).one(
        tag, css="block--list"
    )
    assert [item.words for item in items.all("li")] == ["One", "Two"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "“It rang.”"), ("de", "„It rang.“"), ("fr", "« It rang. »"), ("ar", "«It rang.»"), ("pt", "“It rang.”")]
)
def test_a_quote_has_the_marks_of_its_language(language: str, words: str) -> None:
    assert rendered(quote(), language=language).one("blockquote").words.replace("\u202f", " ") == words


@pytest.mark.parametrize("typed", ["“It rang.”", '"It rang."', "« It rang. »"])
def test_marks_that_were_typed_are_not_doubled(typed: str) -> None:
    assert rendered(quote(text=typed)).one("blockquote").words == "“It rang.”"


def test_a_quote_of_two_paragraphs_closes_once() -> None:
    first, second = rendered(quote(text="It rang.\n\nThen nothing.")).one("blockquote").all("p")
    assert (first.words, second.words) == ("“It rang.", "“Then nothing.”")


def test_a_quote_names_its_speaker_role_and_source() -> None:
    caption = rendered(quote(role="driver", source_url="https://www.bbc.co.uk/x")).one("figcaption")
    assert caption.words == "Lena, driver bbc.co.uk"
    assert "noopener" in caption.one("a")["rel"]
    assert rendered(quote()).one("figcaption").words == "Lena"


def test_an_embed_is_a_card_that_names_who_holds_it() -> None:
    card = rendered(embed(provider="Mastodon", author="Police", text="Stay away.\nDivers at work.", published="2026-11-19T23:30:00Z")).one(
        css="card"
    )
    assert card.one(css="card-from").words == "Mastodon · Police · Thursday 19 November 2026"
    assert card.one(css="card-link").one("a")["href"] == "https://www.example.org/1"
    assert card.one(css="card-text").all("br")
    assert card.all("script") == card.all("iframe") == []


def test_an_embed_without_a_provider_is_named_by_its_host() -> None:
    card = rendered(embed(title="The impact")).one(css="card")
    assert card.one(css="card-from").words == "example.org"
    assert card.all(css="card-text") == []


def test_a_date_that_is_none_is_shown_as_it_came() -> None:
    assert rendered(embed(published="last week")).one(css="card-from").words == "example.org · last week"


def recording(duration: int | None, kind: str = "audio") -> Element:
    block = {
        "type": kind,
        "id": "b-222222",
        "url": "https://radio.example/1",
        "title": "The call",
        "credit": "Coastguard",
        "duration": duration,
    }
    return rendered(block if kind == "audio" else {**block, "poster": ""}).one(css=f"card--{kind}")


@pytest.mark.parametrize(
    ("seconds", "words"), [(92, "Audio · 1:32 · Coastguard"), (3_845, "Audio · 1:04:05 · Coastguard"), (None, "Audio · Coastguard")]
)
def test_a_recording_says_how_long_it_is_where_that_is_known(seconds: int | None, words: str) -> None:
    assert recording(seconds).one(css="card-from").words == words


def test_a_recording_is_a_link_to_where_it_is() -> None:
    assert recording(None).one("a").words == "Listen at radio.example"
    assert recording(None, "video").one("a").words == "Watch at radio.example"


def test_a_block_without_a_template_is_never_dropped_in_silence() -> None:
    with pytest.raises(TemplateDoesNotExist):
        rendered({"type": "poll", "id": "b-222222"})
