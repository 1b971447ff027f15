"""The pinned copy: whole where it is short, folded by `details` alone where it is long."""

from __future__ import annotations

from tests.newsroom.fragments import picture, rendered, text

SENTENCE = "The span has moved by eleven centimetres. "


def test_a_short_one_is_shown_whole() -> None:
    copy = rendered(text(f"<p>{SENTENCE}</p>"), pinned=True)
    assert copy.all("details") == []
    assert SENTENCE.strip() in copy.words


def test_one_that_fits_a_desk_folds_on_a_phone() -> None:
    copy = rendered(text(f"<p>{SENTENCE * 5}</p>"), pinned=True)
    assert "pinned-more--narrow" in copy.one("details").classes
    assert copy.all(css="pinned-text--narrow")


def test_a_long_one_folds_everywhere_and_loses_nothing() -> None:
    copy = rendered(text(f"<p>{SENTENCE * 40}Last.</p>"), pinned=True)
    assert "pinned-more--always" in copy.one("details").classes
    assert "Last." in copy.words


def test_a_picture_folds_it() -> None:
    copy = rendered({"type": "image", "id": "b-222222", "image": "i-22222222"}, pictures=[picture()], pinned=True)
    assert copy.all(css="pinned-more--always")


def test_the_entry_itself_can_fold_only_where_it_is_very_long() -> None:
    assert rendered(text(f"<p>{SENTENCE * 40}</p>")).all("details") == []
    entry = rendered(text(f"<p>{SENTENCE * 60}Last.</p>"))
    assert entry.one("details", css="entry-more")["data-fold"] == "entry"
    assert "Last." in entry.words
    assert rendered(text(f"<p>{SENTENCE * 60}</p>"), pinned=True).all(css="entry-more") == []


def test_pictures_make_an_entry_long_and_links_hardly() -> None:
    image, link = (
        {"type": "image", "id": "b-222222", "image": "i-22222222"},
        {"type": "embed", "id": "b-333333", "url": "https://example.org/"},
    )
    assert rendered(image, image, image, pictures=[picture()]).all(css="entry-more")
    assert rendered(image, image, pictures=[picture()]).all(css="entry-more") == []
    assert rendered(link, link, link).all(css="entry-more") == []


def test_a_summary_says_what_it_is_and_of_when() -> None:
    header = rendered(text(), kind="summary", pinned=True).all("header")[0]
    assert header.words == "Pinned · what we know so far 14:32, Friday 20 November 2026"
    assert rendered(text(), pinned=True).all("header")[0].words == "Pinned 14:32, Friday 20 November 2026"


def test_in_the_feed_the_day_stands_above_the_entries_and_not_in_each() -> None:
    assert rendered(text()).one(css="clock").words == "14:32"
