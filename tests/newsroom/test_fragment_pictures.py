"""Pictures in a fragment: their files, their reserved space, their words, and no request to anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.newsroom.fragments import Element, picture, rendered

IMAGE = {"type": "image", "id": "b-222222", "image": "i-22222222"}


def shown(**fields: Any) -> Element:
    return rendered(IMAGE, kind="image", pictures=[picture(**fields)])


def test_a_picture_offers_its_widths_in_each_type_and_reserves_its_place() -> None:
    figure = shown().one("figure", css="block--image")
    source, image = figure.one("source"), figure.one("img")
    assert source["type"] == "image/webp"
    assert source["srcset"].endswith("1280.webp 1280w")
    assert image["src"].endswith("/1280.jpg")
    assert image["srcset"].count("w,") == 1
    assert image["sizes"] == source["sizes"]
    assert (image["width"], image["height"]) == ("1600", "1067")
    assert image["alt"] == "Tugs push a ship"


def test_an_avif_is_offered_first() -> None:
    avif = {"name": "pictures/x/640.avif", "type": "image/avif", "width": 640, "height": 427, "bytes": 500}
    assert [one["type"] for one in shown(renditions=[*picture()["renditions"], avif]).all("source")] == ["image/avif", "image/webp"]


def test_a_decorative_picture_is_silent() -> None:
    assert shown(decorative=True).one("img")["alt"] == ""


@pytest.mark.parametrize(
    ("caption", "credit", "words"),
    [
        ("Tugs hold the ship.", "J. Okafor/Ledger", "Tugs hold the ship. Photograph: J. Okafor/Ledger"),
        ("", "Illustration: R. Ade", "Illustration: R. Ade"),
        ("Tugs hold the ship.", "", "Tugs hold the ship."),
    ],
)
def test_a_caption_is_a_sentence_and_then_the_credit(caption: str, credit: str, words: str) -> None:
    assert shown(caption=caption, credit=credit).one("figcaption").words == words


def test_a_picture_without_words_has_no_caption() -> None:
    assert shown(caption="", credit="").all("figcaption") == []


def test_a_tall_picture_does_not_take_the_whole_column() -> None:
    assert shown(width=1067, height=1600).all(css="block--tall")
    assert not shown().all(css="block--tall")


def test_a_picture_of_another_site_is_a_link_and_never_a_request() -> None:
    fragment = shown(renditions=[], remote_url="https://i.example.org/ship.jpg")
    assert fragment.all("img") == fragment.all("source") == []
    link = fragment.one(css="elsewhere").one("a")
    assert link["href"] == "https://i.example.org/ship.jpg"
    assert "i.example.org" in link.words
    assert "noopener" in link["rel"]
    assert "Tugs push a ship" in fragment.words
    assert "Photograph: J. Okafor/Ledger" in fragment.words


def test_a_picture_that_is_gone_leaves_nothing_behind() -> None:
    assert shown(renditions=[]).all("figure") == []
    assert rendered(IMAGE).all("figure") == []


REMOTE: dict[str, Any] = {"renditions": [], "remote_url": "https://i.example.org/ship.jpg", "credit": ""}


@pytest.mark.parametrize("caption", ["Tugs push a ship.", "tugs  push a ship", "Tugs push a ship out to sea at dawn."])
def test_a_picture_of_another_site_is_described_once(caption: str) -> None:
    figure = shown(**REMOTE, alt="Tugs push a ship.", caption=caption).one("figure")
    assert figure.all(css="elsewhere-what") == []
    assert figure.one(css="elsewhere").words == "See the picture at i.example.org"
    assert figure.one("figcaption").words == " ".join(caption.split())


def test_a_picture_of_another_site_keeps_a_description_that_its_caption_does_not_give() -> None:
    figure = shown(**REMOTE, caption="At dawn.").one("figure")
    assert figure.one(css="elsewhere-what").words == "Tugs push a ship"
    assert shown(**REMOTE, caption="").one(css="elsewhere-what").words == "Tugs push a ship"
    assert shown(**REMOTE, alt="", caption="At dawn.").all(css="elsewhere-what") == []


def test_a_picture_of_ours_keeps_its_alternative_text_whatever_the_caption_says() -> None:
    assert shown(caption="Tugs push a ship").one("img")["alt"] == "Tugs push a ship"


def test_a_gallery_shows_what_is_there_cropped_about_its_focal_points() -> None:
    gallery = {"type": "gallery", "id": "b-222222", "images": ["i-22222222", "i-33333333", "i-44444444"]}
    found = rendered(gallery, pictures=[picture(focal_x=0.95, focal_y=0.1), picture("i-33333333")])
    first, second = found.one("ul", css="block--gallery").all("img")
    assert (first["data-fx"], first["data-fy"]) == ("4", "0")
    assert (second["data-fx"], second["data-fy"]) == ("2", "2")
    assert shown().one("img").get("data-fx") is None


def test_the_first_of_an_odd_gallery_fills_the_column_and_asks_for_a_file_of_that_width() -> None:
    def sizes(*refs: str) -> list[str]:
        gallery = {"type": "gallery", "id": "b-222222", "images": list(refs)}
        return [image["sizes"] for image in rendered(gallery, pictures=[picture(ref) for ref in refs]).all("img")]

    whole = shown().one("img")["sizes"]
    three, two = sizes("i-22222222", "i-33333333", "i-44444444"), sizes("i-22222222", "i-33333333")
    assert three[0] == whole
    assert whole not in three[1:] + two


def test_a_video_shows_its_poster_and_fetches_nothing_else() -> None:
    video = {"type": "video", "id": "b-222222", "url": "https://v.example.org/1", "title": "The span", "credit": "", "duration": 192}
    with_poster = rendered({**video, "poster": "i-22222222"}, pictures=[picture()])
    assert with_poster.one(css="card-poster").one("img")["alt"] == "Tugs push a ship"
    assert with_poster.all("video") == with_poster.all("iframe") == []
    assert rendered({**video, "poster": ""}).all("img") == []


def test_the_picture_itself_is_a_click_away() -> None:
    link = shown().one("a", css="zoom")
    assert link["href"].endswith("/1280.jpg")
    assert link.one("img")["alt"]
    assert link.get("aria-label") is None
    assert shown(decorative=True).one("a", css="zoom")["aria-label"] == "Enlarge the picture"
