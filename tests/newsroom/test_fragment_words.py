"""How sure, when, by whom, and what was changed: the words around an entry's text."""

from __future__ import annotations

import pytest

from tests.newsroom.fragments import rendered, text

ADA = {"name": "Ada Osei", "role": "harbour correspondent", "place": ""}
TOMAS = {"name": "Tomas Lind", "role": "", "place": "Seoul"}


@pytest.mark.parametrize("standing", ["confirmed", "reported", "unverified", "disputed"])
def test_a_standing_is_a_word_with_its_meaning(standing: str) -> None:
    chip = rendered(standing=standing).one("span", css=f"chip--{standing}")
    assert chip.words == standing.capitalize()
    assert chip["title"].endswith(".")


def test_no_standing_no_chip() -> None:
    assert rendered(standing="").all(css="chip") == []


def test_a_blog_may_leave_out_what_is_confirmed_but_not_doubt() -> None:
    facts = {"slug": "bridge", "language": "en", "zone": "Europe/London", "standing_shown": "doubt"}
    assert rendered(standing="confirmed", blog=facts).all(css="chip") == []
    assert rendered(standing="unverified", blog=facts).one(css="chip").words == "Unverified"


@pytest.mark.parametrize(("kind", "word"), [("breaking", "Breaking"), ("analysis", "Analysis"), ("summary", "Summary")])
def test_a_kind_that_readers_should_notice_is_named(kind: str, word: str) -> None:
    assert rendered(kind=kind).one("span", css="tag").words == word


@pytest.mark.parametrize("headline", ["Summary", "summary:", " Summary. "])
def test_a_headline_that_is_the_kind_s_name_is_not_said_twice(headline: str) -> None:
    entry = rendered(kind="summary", headline=headline)
    assert entry.all(css="tag") == []
    assert entry.one("h3").words == headline.strip()


@pytest.mark.parametrize("headline", ["Summary of the night", "Analysis", ""])
def test_a_headline_that_says_more_or_else_leaves_the_kind_its_tag(headline: str) -> None:
    assert rendered(kind="summary", headline=headline).one(css="tag").words == "Summary"


@pytest.mark.parametrize("kind", ["update", "image", "quote"])
def test_a_kind_that_speaks_for_itself_is_not_named(kind: str) -> None:
    assert rendered(kind=kind).all(css="tag") == []


def test_a_byline_has_name_role_and_place() -> None:
    line = rendered(bylines=[ADA, TOMAS]).one("p", css="byline")
    assert line.words == "Ada Osei, harbour correspondent · Tomas Lind, reporting from Seoul"
    assert [bold.words for bold in line.all("b")] == ["Ada Osei", "Tomas Lind"]


def test_the_byline_of_an_analysis_stands_before_its_headline() -> None:
    header = rendered(kind="analysis", bylines=[ADA]).one("header")
    assert [one.tag for one in header.all() if one.tag in ("p", "h3")] == ["p", "h3"]
    header = rendered(kind="update", bylines=[ADA]).one("header")
    assert [one.tag for one in header.all() if one.tag in ("p", "h3")] == ["h3", "p"]


def test_source_and_edit_stand_in_the_footer() -> None:
    assert (
        rendered(source="Radio Harbour", edited_at="2026-11-20T14:40:00+00:00").one("footer").words
        == "Source: Radio Harbour Edited 14:40 Share"
    )


def test_every_entry_can_be_shared_by_its_own_page() -> None:
    entry = rendered(text())
    share = entry.one("footer").one("a")
    assert (share.words, share["href"]) == ("Share", entry.one(css="clock")["href"])
    assert share["aria-describedby"] == entry.one("h3")["id"]
    assert rendered(text(), pinned=True).all("footer") == []


def test_an_edit_of_another_day_names_the_day() -> None:
    assert rendered(edited_at="2026-11-21T09:05:00+00:00").one("footer").words == "Edited 09:05, Saturday 21 November 2026 Share"


def test_each_correction_is_shown_in_full_with_its_time() -> None:
    notes = [
        {"at": "2026-11-20T14:52:00+00:00", "note": "It is 14.\nNot 41."},
        {"at": "2026-11-21T09:00:00+00:00", "note": "Her name is Lena."},
    ]
    first, second = rendered(corrections=notes).all("div", css="correction")
    assert first.words.startswith("Correction, 14:52.")
    assert "It is 14." in first.words
    assert "Not 41." in first.words
    assert second.words == "Correction, 09:00, Saturday 21 November 2026. Her name is Lena."
    assert first["dir"] == "auto"
    assert not first.all("details")


def test_an_edit_alone_is_no_correction() -> None:
    assert rendered(edited_at="2026-11-20T14:40:00+00:00").all(css="correction") == []


@pytest.mark.parametrize(
    ("at", "precision", "words"),
    [
        ("2026-11-20T12:58:00+00:00", "minute", "Happened 12:58"),
        ("2026-11-20T12:00:00+00:00", "hour", "Happened about 12:00"),
        ("2026-11-19T12:58:00+00:00", "minute", "Happened 12:58, Thursday 19 November 2026"),
        ("2026-11-19T00:00:00+00:00", "day", "Happened Thursday 19 November 2026"),
    ],
)
def test_when_it_happened_is_said_as_precisely_as_known(at: str, precision: str, words: str) -> None:
    assert rendered(happened_at=at, happened_precision=precision).one(css="happened").words == words


def test_what_happened_as_it_was_published_needs_no_second_time() -> None:
    assert rendered(happened_at="2026-11-20T14:31:30+00:00").all(css="happened") == []
