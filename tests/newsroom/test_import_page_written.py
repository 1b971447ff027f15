"""A foreign page becomes a blog through the actions: once, whole, and up to date when it comes again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from newsroom.actions.entries import edit_entry, publish_entry, withdraw_entry
from newsroom.actions.texts import EntryText
from newsroom.importers.errors import ImportRefused
from newsroom.importers.guardian import parse_page
from newsroom.importers.report import Report
from newsroom.importers.writer import write_story
from newsroom.models import Byline, Entry, EntryRevision, Image, LiveBlog, Membership
from tests.newsroom.importing import HOUR, MORNING, NOW, an_admin, block, element, page, paragraph, picture

pytestmark = pytest.mark.django_db


def bring_in(document: dict[str, Any], **options: Any) -> Report:
    actor = options.pop("actor", None) or an_admin()
    return write_story(parse_page(document), actor=actor, now=NOW, **options)


def a_page(second: str = "<p>Second</p>", **facts: Any) -> dict[str, Any]:
    return page(
        block("b2", paragraph(second), picture(), hours=1, title="Two", attributes={"keyEvent": True}, contributors=[{"name": "Ola Berg"}]),
        block("b1", paragraph("<p>First</p>"), attributes={"pinned": True}),
        **facts,
    )


def test_the_blog_is_opened_filled_and_ended_at_its_own_times() -> None:
    report = bring_in(a_page())
    blog = LiveBlog.objects.get(slug="kite-festival-live")
    first, second = blog.entries.order_by("order")
    assert (blog.state, blog.started_at, blog.ended_at) == ("ended", first.published_at, second.published_at)
    assert (second.headline, second.key_event, [line.name for line in second.bylines.all()]) == ("Two", True, ["Ola Berg"])
    assert blog.pinned == first
    assert report.entries["new"] == 2
    assert report.opened


def test_a_picture_stays_where_it_is_and_is_linked() -> None:
    bring_in(a_page())
    image = Image.objects.get()
    assert image.remote_url == "https://pictures.example.org/kite/2000.jpg"
    assert image.renditions == []
    assert image.ref in [block["image"] for block in Entry.objects.get(headline="Two").blocks if block["type"] == "image"]


def test_a_picture_without_words_is_published_as_decorative() -> None:
    bring_in(page(block("b1", picture(alt="", caption=""))))
    assert Image.objects.get().decorative


def test_the_same_file_again_changes_nothing_and_says_so() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    before = list(Entry.objects.values_list("ref", "rev", "version")), LiveBlog.objects.get().seq
    report = bring_in(a_page(), actor=admin)
    assert (list(Entry.objects.values_list("ref", "rev", "version")), LiveBlog.objects.get().seq) == before
    assert report.changed_nothing
    assert report.entries == {"unchanged": 2}
    assert "Nothing changed" in report.as_text()


def test_a_text_that_changed_at_its_source_is_edited_here() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    report = bring_in(a_page("<p>Second, better</p>"), actor=admin)
    assert report.entries == {"unchanged": 1, "changed": 1}
    assert Entry.objects.get(headline="Two").blocks[0]["html"] == "<p>Second, better</p>"


def test_what_the_desk_changed_here_is_not_overwritten_by_an_unchanged_source() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    entry = Entry.objects.get(headline="Two")
    ours = EntryText(headline="Two, ours", blocks=entry.blocks)
    edit_entry(actor=admin, entry=entry, text=ours, base_version=entry.version, now=NOW)
    report = bring_in(a_page(), actor=admin)
    assert report.entries == {"unchanged": 1, "kept": 1}
    assert Entry.objects.filter(headline="Two, ours").exists()


def test_what_was_withdrawn_here_does_not_come_back() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    withdraw_entry(actor=admin, entry=Entry.objects.get(headline="Two"), reason="Wrong.", now=NOW)
    report = bring_in(a_page("<p>New words</p>"), actor=admin)
    assert report.entries == {"unchanged": 1, "kept": 1}
    assert Entry.objects.get(headline="Two").status == "withdrawn"


def test_another_page_of_the_same_blog_adds_to_it() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    report = bring_in(page(block("b0", paragraph("<p>Earlier</p>"), hours=-2)), actor=admin)
    assert report.entries == {"new": 1}
    assert [entry.source_id for entry in LiveBlog.objects.get().entries.order_by("order")] == ["guardian:b0", "guardian:b1", "guardian:b2"]


def test_an_edit_made_at_the_source_is_shown_with_its_time() -> None:
    bring_in(page(block("b1", paragraph("<p>Hello</p>"), blockLastUpdated=MORNING + HOUR)))
    entry = Entry.objects.get()
    assert entry.edited_at == entry.published_at + timedelta(milliseconds=HOUR)
    assert "Edited" in entry.fragment


def test_a_stranger_to_the_blog_cannot_bring_it_up_to_date() -> None:
    bring_in(a_page())
    stranger = User.objects.create_user("stranger", is_staff=True)
    with pytest.raises(ImportRefused, match="stranger is not on the team of /live/kite-festival-live/"):
        bring_in(a_page("<p>Changed</p>"), actor=stranger)
    assert set(Entry.objects.values_list("rev", flat=True)) == {1}


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    admin = an_admin()
    dry = bring_in(a_page(), actor=admin, dry_run=True)
    rows = [model.objects.count() for model in (LiveBlog, Entry, EntryRevision, Image, Byline, Membership)]
    assert rows == [0, 0, 0, 0, 0, 0]
    wet = bring_in(a_page(), actor=admin)
    assert dry.as_json() == {**wet.as_json(), "dry_run": True}


def test_a_refusal_half_way_leaves_nothing_of_the_import() -> None:
    document = page(
        block("good", paragraph("<p>Fine</p>"), picture()),
        block("bad", *[element("RichLink", url="https://e.org/", text="x")] * 101, hours=1),
    )
    with pytest.raises(ImportRefused, match=r"guardian:bad: .*at most 100 blocks.*Nothing was imported"):
        bring_in(document)
    assert not LiveBlog.objects.exists()
    assert not Image.objects.exists()
    assert not Byline.objects.exists()


def test_a_refusal_half_way_leaves_a_blog_that_was_there_as_it_was() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    document = page(
        block("b2", paragraph("<p>Changed</p>"), hours=1, title="Two"),
        block("bad", *[element("RichLink", url="https://e.org/", text="x")] * 101, hours=2),
    )
    with pytest.raises(ImportRefused):
        bring_in(document, actor=admin)
    assert Entry.objects.get(headline="Two").rev == 1


def test_an_address_that_another_blog_has_is_refused() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    with pytest.raises(ImportRefused, match="did not come from this source"):
        bring_in(a_page(pageId="elsewhere/kite-festival-live"), actor=admin)
    assert bring_in(a_page(pageId="elsewhere/kite-festival-live"), actor=admin, slug="kites-again").opened


def test_a_blog_that_is_asked_to_be_live_stays_live() -> None:
    bring_in(a_page(), state="live")
    assert LiveBlog.objects.get().state == "live"


def test_an_imported_blog_goes_on_like_any_other() -> None:
    admin = an_admin()
    bring_in(a_page(), actor=admin)
    blog = LiveBlog.objects.get()
    publish_entry(actor=admin, blog=blog, text=EntryText(headline="Ours"), now=NOW)
    assert blog.entries.order_by("-order").first().headline == "Ours"
