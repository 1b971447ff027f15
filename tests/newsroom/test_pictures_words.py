from __future__ import annotations

import io

import pytest

from newsroom.media.intake import take_in
from newsroom.media.metadata import Words, plain
from tests.newsroom import pictures
from tests.newsroom.pictures import BYLINE, CAPTION, COPYRIGHT, CREDIT


def words(data: bytes) -> Words:
    return take_in(io.BytesIO(data)).words


def test_what_the_agency_wrote_is_read() -> None:
    picture = pictures.with_iptc(
        pictures.jpeg(400, 300),
        {CAPTION: "The apron at Sunan, früh am Morgen.", BYLINE: "Ana Ruiz", CREDIT: "Northern Wire", COPYRIGHT: "2024"},
    )

    assert words(picture) == Words(caption="The apron at Sunan, früh am Morgen.", credit="Ana Ruiz/Northern Wire")


def test_old_records_in_a_single_byte_character_set_are_read() -> None:
    picture = pictures.with_iptc(pictures.jpeg(400, 300), {CAPTION: "Café à Genève"}, charset="cp1252")

    assert words(picture).caption == "Café à Genève"


def test_two_photographers_are_both_named() -> None:
    assert words(pictures.with_iptc(pictures.jpeg(400, 300), {BYLINE: ["Ana Ruiz", "Bo Lind"]})).credit == "Ana Ruiz, Bo Lind"


def test_a_name_that_the_credit_repeats_stands_once() -> None:
    picture = pictures.with_iptc(pictures.jpeg(400, 300), {BYLINE: "Ana Ruiz", CREDIT: "ANA RUIZ/NW"})

    assert words(picture).credit == "ANA RUIZ/NW"


def test_without_byline_and_credit_the_copyright_stands() -> None:
    assert words(pictures.with_iptc(pictures.jpeg(400, 300), {COPYRIGHT: "Northern Wire 2024"})).credit == "Northern Wire 2024"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_xmp_is_read_from_every_format_that_has_it(form: str) -> None:
    packet = pictures.xmp(
        pictures.language("dc:description", "A crowd on the square")
        + "<dc:creator><rdf:Seq><rdf:li>Ana Ruiz</rdf:li></rdf:Seq></dc:creator>"
        + pictures.language("Iptc4xmpCore:AltTextAccessibility", "Thousands of people seen from a roof"),
        'photoshop:Credit="Northern Wire"',
    )

    assert words(pictures.encoded(pictures.drawn(400, 300), form, xmp=packet)) == Words(
        caption="A crowd on the square", credit="Ana Ruiz/Northern Wire", alt="Thousands of people seen from a roof"
    )


def test_a_picture_that_says_nothing_suggests_nothing() -> None:
    assert words(pictures.jpeg(400, 300)) == Words()


def test_where_both_speak_the_agency_records_stand() -> None:
    packet = pictures.xmp(pictures.language("dc:description", "from XMP"))
    picture = pictures.with_iptc(pictures.encoded(pictures.drawn(400, 300), "JPEG", xmp=packet), {CAPTION: "from IPTC"})

    assert words(picture).caption == "from IPTC"


NESTED = "<a>" * 5000 + "</a>" * 5000
LAUGH = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + pictures.xmp(pictures.language("dc:description", "&b;"))


@pytest.mark.parametrize(
    "packet",
    [b"<not xml", LAUGH, pictures.xmp(NESTED), pictures.xmp("<dc:description/>"), b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"<a>" * 10],
    ids=["no xml", "entities", "nested", "empty", "bare", "open"],
)
def test_hostile_metadata_count_as_none_and_the_picture_stands(packet: bytes) -> None:
    incoming = take_in(io.BytesIO(pictures.encoded(pictures.drawn(200, 100), "PNG", xmp=packet)))

    assert incoming.words == Words()
    assert incoming.width == 200


def test_a_caption_is_one_plain_line_within_its_field() -> None:
    record = "First line\r\nsecond\tline \u202eturned\u202c \x00\x07" + "and on and on " * 200

    caption = words(pictures.with_iptc(pictures.jpeg(400, 300), {CAPTION: record})).caption
    assert caption.startswith("First line second line turned and on")
    assert 950 < len(caption) <= 1000
    assert caption.endswith((" on…", " and…"))


def test_angle_brackets_are_words_like_others_and_left_to_the_template() -> None:
    assert plain("a < b & <b>c</b>", 100) == "a < b & <b>c</b>"


def test_letters_that_join_in_other_scripts_are_kept() -> None:
    assert plain("می\u200cخواهم", 100) == "می\u200cخواهم"


def test_a_word_longer_than_the_field_is_cut_where_the_field_ends() -> None:
    assert plain("x" * 300, 200) == "x" * 199 + "…"
