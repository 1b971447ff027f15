"""Two editors at one entry."""

from __future__ import annotations

import pytest

from newsroom.models import Entry
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(blog):
    return factories.published(blog)


@pytest.fixture
def both(blog):
    return desk.signed_in(factories.member(blog, "editor", "vera")), desk.signed_in(factories.member(blog, "editor", "tomas"))


def test_a_stale_edit_shows_both_texts_and_overwrites_nothing(both, entry):
    vera, tomas = both
    opened = desk.edited(entry)
    assert vera.post(desk.change_address(entry), opened | {"headline": "Closed until Monday"}).status_code == 302
    answer = tomas.post(desk.change_address(entry), opened | {"headline": "Closed for repairs", "key": ""})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "vera saved this entry after you opened it" in page
    row = next(row for row in answer.context["refusal"].rows if row.label == "Headline")
    assert (row.theirs, row.yours, row.differs) == ("Closed until Monday", "Closed for repairs", True)
    assert answer.context["form"]["headline"].value() == "Closed for repairs"
    assert Entry.objects.get().headline == "Closed until Monday"


def test_saving_again_after_both_texts_were_shown_is_a_decision(both, entry):
    vera, tomas = both
    opened = desk.edited(entry)
    vera.post(desk.change_address(entry), opened | {"headline": "Closed until Monday"})
    refused = tomas.post(desk.change_address(entry), opened | {"headline": "Closed for repairs", "key": ""})
    version = refused.context["form"]["base_version"].value()
    assert (
        tomas.post(desk.change_address(entry), opened | {"headline": "Closed for repairs", "key": "", "base_version": version}).status_code
        == 302
    )
    assert Entry.objects.get().headline == "Closed for repairs"


def test_what_each_changed_elsewhere_is_together_in_the_form(both, blog):
    vera, tomas = both
    entry = factories.published(blog, blocks=[factories.paragraph("One."), factories.paragraph("Two.")])
    first, second = entry.blocks
    opened = desk.edited(entry)
    vera.post(desk.change_address(entry), desk.edited(entry, blocks=[first, {**second, "html": "<p>Two, by Vera.</p>"}], source="Vera"))
    answer = tomas.post(desk.change_address(entry), opened | {"headline": "By Tomas", "key": ""})
    assert "Taken over into the form from vera: Source, Block 2." in answer.content.decode()
    form = answer.context["form"]
    assert (form["headline"].value(), form["source"].value()) == ("By Tomas", "Vera")
    assert [block["html"] for block in desk.shown_blocks(answer.content)] == ["<p>One.</p>", "<p>Two, by Vera.</p>"]


def test_an_edit_of_the_newest_text_shows_no_comparison(both, entry):
    vera, _ = both
    answer = vera.post(desk.change_address(entry), desk.edited(entry, headline="Closed until Monday"))
    assert answer.status_code == 302


def test_a_form_without_a_version_counts_as_stale(both, entry):
    vera, _ = both
    answer = vera.post(desk.change_address(entry), desk.edited(entry, headline="Blind", base_version=""))
    assert answer.status_code == 409
    assert Entry.objects.get().headline == "Bridge closed"


def test_a_draft_that_somebody_published_meanwhile_keeps_what_was_typed(both, blog):
    vera, tomas = both
    draft = factories.draft(blog, "Span inspected")
    opened = desk.edited(draft, "publish")
    vera.post(desk.change_address(draft), opened)
    answer = tomas.post(desk.change_address(draft), opened | {"headline": "Span inspected twice", "key": ""})
    assert answer.status_code == 409
    assert answer.context["form"]["headline"].value() == "Span inspected twice"
    assert [row.label for row in answer.context["refusal"].rows if row.differs] == ["Headline"]
    assert set(answer.context["verbs"]) == {"edit", "correct"}


def test_a_block_that_only_moved_is_said_to_have_moved_and_nothing_else(both, blog):
    vera, tomas = both
    entry = factories.published(blog, blocks=[factories.paragraph("One."), factories.paragraph("Two.")])
    opened = desk.edited(entry)
    vera.post(desk.change_address(entry), opened | {"headline": "Other"})
    turned = desk.edited(entry, blocks=entry.blocks[::-1]) | {"base_version": opened["base_version"], "headline": "Other"}
    answer = tomas.post(desk.change_address(entry), turned)
    assert answer.status_code == 409
    (row,) = [row for row in answer.context["refusal"].rows if row.differs]
    assert (row.label, row.theirs, row.yours) == ("Order of the blocks", "2, 1", "1, 2")
