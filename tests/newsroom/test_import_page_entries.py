"""A foreign page's blocks become entries with their kind, time, marks and people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsroom.importers.errors import ImportRefused
from newsroom.importers.guardian import parse_page, slug_of
from tests.newsroom.importing import HOUR, MORNING, block, page, paragraph, picture

HELLO = paragraph("<p>Hello</p>")


def test_the_page_gives_the_blog_its_head() -> None:
    story = parse_page(page(block("b1", HELLO)))
    assert (story.slug, story.title, story.standfirst) == ("kite-festival-live", "Kite festival, live", "Everything from the beach")
    assert (story.zone, story.zone_label, story.kicker) == ("Europe/London", "UK", "Sport")
    assert [person.name for person in story.editors] == ["Nora Field"]


def test_items_are_oldest_first_at_the_time_of_their_first_publication() -> None:
    story = parse_page(page(block("late", HELLO, hours=2), block("early", HELLO)))
    assert [item.source_id for item in story.items] == ["guardian:early", "guardian:late"]
    assert story.items[0].published_at == datetime(2025, 5, 6, 8, 0, tzinfo=UTC)


def test_marks_kinds_and_people_are_kept() -> None:
    story = parse_page(
        page(
            block("s", HELLO, title="So far", attributes={"summary": True, "pinned": True}),
            block("k", HELLO, hours=1, attributes={"keyEvent": True}, contributors=[{"name": "Ola Berg"}, {"name": "Ola Berg"}]),
            block("p", picture(), hours=2),
        )
    )
    summary, key, shot = story.items
    assert (summary.first.kind, summary.first.headline, summary.pinned, summary.key_event) == ("summary", "So far", True, False)
    assert (key.key_event, [person.name for person in key.first.people]) == (True, ["Ola Berg"])
    assert shot.first.kind == "image"


def test_a_key_event_of_another_page_is_taken_from_the_list_once() -> None:
    elsewhere = block("old", HELLO, hours=-3, attributes={"keyEvent": True})
    here = block("new", HELLO, attributes={"keyEvent": True})
    story = parse_page(page(here, keyEvents=[here, elsewhere]))
    assert [item.source_id for item in story.items] == ["guardian:old", "guardian:new"]


def test_pages_that_are_not_in_the_file_are_named() -> None:
    story = parse_page(page(block("b1", HELLO), pagination={"currentPage": 1, "totalPages": 4}))
    assert [loss.what for loss in story.losses] == ["3 of 4 pages"]


def test_a_later_save_counts_as_an_edit_and_a_prompt_one_does_not() -> None:
    later = block("a", HELLO, blockLastUpdated=MORNING + HOUR)
    prompt = block("b", HELLO, blockLastUpdated=MORNING + 2000)
    edited = {item.source_id: item.edited_at for item in parse_page(page(later, prompt)).items}
    assert edited["guardian:a"] == datetime(2025, 5, 6, 9, 0, tzinfo=UTC)
    assert edited["guardian:b"] is None


def test_a_title_that_is_too_long_is_shortened_and_this_is_said() -> None:
    story = parse_page(page(block("b1", HELLO, title="word " * 60)))
    assert len(story.items[0].first.headline) <= 200
    assert story.items[0].first.headline.endswith("word…")
    assert [loss.what for loss in story.losses] == ["the end of its title"]


@pytest.mark.parametrize(
    ("path", "slug"),
    [("a/b/Some Page!", "some-page"), ("x/" + "long-" * 30, "long-" * 15 + "long"), ("/", ""), ("x/" + "y" * 90, "y" * 80)],
)
def test_a_slug_is_whole_words_of_at_most_eighty_characters(path: str, slug: str) -> None:
    assert slug_of(path) == slug


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"headline": ""}, "no “headline”"),
        ({"pageId": "", "webURL": ""}, "no “pageId”"),
        ({"blocks": [block("same", HELLO), block("same", HELLO)]}, "Two blocks have the id “same”"),
        ({"blocks": [block("", HELLO)]}, "no usable “id”"),
        ({"blocks": [block("b1", HELLO, blockFirstPublished=10**20)]}, "no time that there is"),
        ({"blocks": [block("b1", HELLO, blockFirstPublished=0)]}, "year 1970"),
        ({"blocks": [block("b1", HELLO, blockFirstPublished="yesterday")]}, "no time that there is"),
        ({"blocks": [block("b1", HELLO, blockFirstPublished=[1])]}, "should be a time and is a list"),
        ({"blocks": [block("b1", HELLO, title={"a": 1})]}, "should be a text and is an object"),
        ({"blocks": [{"id": "b1", "blockFirstPublished": MORNING, "elements": "x"}]}, "should be a list and is a text"),
        ({"blocks": ["x"]}, "number 1, should be an object and is a text"),
        ({"blocks": [block("b1", {"html": "<p>x</p>"})]}, "has no “_type”"),
        ({"blocks": [block("b1", paragraph("<p>" + "x" * 10_000_000))]}, "64 kB is the most"),
        ({"blocks": [block("b1", paragraph("<em>" * 200 + "x"))]}, "nests more than"),
        ({"keyEvents": {"a": 1}}, "should be a list and is an object"),
        ({"pinnedPost": "x"}, "should be an object and is a text"),
        ({"tags": [{"type": "Contributor", "title": 7}]}, "should be a text and is a number"),
    ],
)
def test_a_page_of_the_wrong_shape_is_refused_with_the_place(facts: dict[str, object], said: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        parse_page({**page(block("b1", HELLO)), **facts})
    assert said in str(refused.value)
