"""Every element of a foreign page becomes a block or is named among what was not carried."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.importers.guardian import parse_page
from newsroom.importers.story import Story
from tests.newsroom.importing import block, element, page, paragraph, picture


def story_of(*elements: dict[str, Any]) -> Story:
    return parse_page(page(block("b1", *elements)))


def only_block(*elements: dict[str, Any]) -> dict[str, Any]:
    (item,) = story_of(*elements).items
    (made,) = item.first.blocks
    return made


def test_neighbouring_paragraphs_become_one_text() -> None:
    assert only_block(paragraph("<p>One</p>"), paragraph("<p>Two</p>"))["html"] == "<p>One</p><p>Two</p>"


def test_a_text_after_a_picture_is_a_block_of_its_own() -> None:
    (item,) = story_of(paragraph("<p>One</p>"), picture(), paragraph("<p>Two</p>")).items
    assert [made["type"] for made in item.first.blocks] == ["text", "image", "text"]


def test_scripts_go_links_stay_and_both_are_accounted_for() -> None:
    story = story_of(
        paragraph('<p>Hi <a href="https://example.org/">there</a> <a href="javascript:alert(1)">x</a></p><script>alert(1)</script>')
    )
    html = story.items[0].first.blocks[0]["html"]
    assert 'href="https://example.org/"' in html
    assert "script" not in html
    assert {loss.what for loss in story.losses} == {"<script>", "1 link"}


def test_the_largest_picture_is_linked_with_its_words() -> None:
    story = story_of(picture())
    photo = story.photos["picture-kite"]
    assert (photo.url, photo.width, photo.height) == ("https://pictures.example.org/kite/2000.jpg", 2000, 1000)
    assert (photo.alt, photo.caption, photo.credit) == ("A red kite over dunes", "Wind of force six", "Photograph: A. Person")


def test_a_caption_stands_in_for_missing_alternative_text_and_this_is_said() -> None:
    story = story_of(picture(alt=""))
    assert story.photos["picture-kite"].alt == "Wind of force six"
    assert any(loss.what == "an alternative text" for loss in story.losses)


def test_a_picture_without_any_words_is_marked_decorative() -> None:
    photo = story_of(picture(alt="", caption="")).photos["picture-kite"]
    assert photo.decorative
    assert photo.alt == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//example.org/x.jpg", "data:image/png;base64,AAAA", "https://", "https://a b/x.jpg"]
)
def test_a_picture_without_a_web_address_is_lost_and_named(url: str) -> None:
    shot = picture()
    shot["media"]["allImages"] = [{"url": url, "fields": {"width": "10", "height": "10"}}]
    story = story_of(paragraph("<p>Text</p>"), shot)
    assert story.photos == {}
    assert [(loss.what, loss.where) for loss in story.losses] == [("ImageBlockElement", "Block b1, element 2")]


def test_several_pictures_become_a_gallery() -> None:
    made = only_block(element("MultiImage", images=[picture("kite"), picture("sea")]))
    assert made == {"type": "gallery", "images": ["picture-kite", "picture-sea"]}


def test_a_tweet_is_a_card_of_its_words() -> None:
    html = (
        '<blockquote class="twitter-tweet"><p lang="en">Look up!<br>Now <a href="https://t.co/a">#kites</a> '
        '<a href="https://t.co/b">pic.twitter.com/abc</a></p>&mdash; A Kite (@kite) '
        '<a href="https://twitter.com/kite/status/1">May 6, 2025</a></blockquote>'
    )
    card = only_block(element("Tweet", url="https://twitter.com/kite/status/1", html=html))
    assert card["type"] == "embed"
    assert (card["provider"], card["author"], card["published"]) == ("Twitter", "A Kite (@kite)", "2025-05-06")
    assert card["text"] == "Look up!\nNow #kites"


def test_a_film_of_youtube_is_a_link_with_its_title() -> None:
    film = only_block(element("Youtube", assetId="abc-DEF_123", mediaTitle="Kites", duration=95))
    assert film == {
        "type": "video",
        "url": "https://www.youtube.com/watch?v=abc-DEF_123",
        "title": "Kites",
        "credit": "",
        "duration": 95,
        "poster": "",
    }


def test_an_expired_film_is_lost_and_named() -> None:
    story = story_of(paragraph("<p>x</p>"), element("Youtube", assetId="abc-DEF_123", mediaTitle="Kites", expired=True))
    assert "expired" in story.losses[0].why


def test_a_pull_quote_with_a_name_is_a_quote_and_without_one_a_text() -> None:
    named = only_block(element("Pullquote", html="<p>It flies</p>", attribution="Ann Airy"))
    assert (named["type"], named["text"], named["speaker"]) == ("quote", "It flies", "Ann Airy")
    assert only_block(element("Pullquote", html="<p>It flies</p>"))["html"] == "<blockquote><p>It flies</p></blockquote>"


@pytest.mark.parametrize(
    ("made_of", "url", "title"),
    [
        (element("RichLink", url="https://example.org/a", text="More"), "https://example.org/a", "More"),
        (element("Embed", html='<iframe src="https://maps.example.org/x?a=1&amp;b=2"></iframe>'), "https://maps.example.org/x?a=1&b=2", ""),
        (element("Map", originalUrl="https://maps.example.org/m", title="The beach"), "https://maps.example.org/m", "The beach"),
    ],
)
def test_what_another_site_shows_becomes_a_card_with_a_link(made_of: dict[str, Any], url: str, title: str) -> None:
    card = only_block(made_of)
    assert (card["type"], card["url"], card["title"]) == ("embed", url, title)


def test_an_embed_without_an_address_is_lost_and_named() -> None:
    story = story_of(paragraph("<p>x</p>"), element("Embed", html="<div onclick=alert(1)></div>"))
    assert story.losses[0].what == "EmbedBlockElement"


def test_key_takeaways_become_headings_and_their_texts() -> None:
    points = [{"title": "Wind & waves", "elements": [paragraph("<p>Strong</p>")]}]
    assert only_block(element("List", items=points))["html"] == "<h4>Wind &amp; waves</h4><p>Strong</p>"


def test_an_unknown_type_is_named_and_counted_never_dropped() -> None:
    story = story_of(paragraph("<p>x</p>"), element("Hologram", depth=3))
    assert [(loss.where, loss.what) for loss in story.losses] == [("Block b1, element 2", "HologramBlockElement")]
    assert (story.seen["HologramBlockElement"], story.carried["HologramBlockElement"]) == (1, 0)


def test_a_block_of_which_nothing_is_left_is_named() -> None:
    story = story_of(element("Hologram"))
    assert story.items == []
    assert ("Block b1", "the whole block") in [(loss.where, loss.what) for loss in story.losses]
