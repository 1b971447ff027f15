"""The desk's page and what its scripts send: who may, what it costs, what comes back."""

from __future__ import annotations

import uuid
from datetime import UTC

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.actions.drafts import submit_entry
from newsroom.actions.readers import note_readers
from newsroom.desk.looking import past_readers
from newsroom.desk.story_form import FEW, StoryForm
from newsroom.models import Byline, Entry, LiveBlog, Membership
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


def address(blog, **query):
    return reverse("admin:newsroom_liveblog_desk", args=[blog.pk], query=query)


def press(client, entry, act, **sent):
    return client.post(
        reverse("desk:act", args=[entry.blog.slug, entry.ref, act]), {"key": str(uuid.uuid4()), "version": entry.version, **sent}
    )


def post(client, blog, verb="publish", **fields):
    return client.post(reverse("desk:entries", args=[blog.slug]), desk.typed(verb, **fields))


@pytest.fixture
def editor(blog):
    return desk.signed_in(factories.member(blog, "editor", "vera"))


def test_the_page_asks_the_database_no_more_for_a_long_blog(blog, editor, django_assert_max_num_queries):
    factories.published(blog)
    # The first request of a minute also notes that the session is in use.
    editor.get(address(blog))
    with django_assert_max_num_queries(12):
        assert editor.get(address(blog)).status_code == 200
    for minute in range(40):
        factories.published(blog, f"Entry {minute}", minute=minute)
    with django_assert_max_num_queries(12):
        page = editor.get(address(blog)).content.decode()
    assert page.count("data-slip=") == 30
    chief = desk.signed_in(factories.chief_of(blog))
    chief.get(address(blog))
    with django_assert_max_num_queries(12):
        assert 'data-part="story-form"' in chief.get(address(blog)).content.decode()


def test_a_publication_costs_no_more_in_a_long_blog(blog, editor, django_assert_max_num_queries):
    post(editor, blog)
    for minute in range(40):
        factories.published(blog, f"Entry {minute}", minute=minute, key_event=minute % 4 == 0)
    with django_assert_max_num_queries(34):
        assert post(editor, blog).status_code == 200


def test_older_entries_follow_without_a_gap(blog, editor):
    written = [factories.published(blog, f"Entry {minute}", minute=minute).ref for minute in range(35)]
    first = editor.get(reverse("desk:feed", args=[blog.slug])).json()
    rest = editor.get(reverse("desk:feed", args=[blog.slug]), {"before": first["older"]}).json()
    shown = [row.split('data-slip="')[1][:8] for row in first["rows"] + rest["rows"]]
    assert shown == written[::-1]
    assert rest["older"] == ""


@pytest.mark.parametrize("tab", ["published", "draft", "submitted", "scheduled", "withdrawn", "nonsense"])
def test_an_empty_list_says_how_it_is_filled(blog, editor, tab):
    page = editor.get(address(blog, tab=tab)).content.decode()
    assert 'data-part="empty">' in page


@pytest.mark.parametrize("q", ["órgano", "inspecting", "Bridge"])
def test_the_search_finds_words_of_headline_and_body(blog, editor, q):
    entry = factories.published(blog, "Bridge closed", blocks=[factories.paragraph("El órgano is inspecting.")])
    factories.published(blog, "Other", blocks=[factories.paragraph("No more.")], minute=1)
    rows = editor.get(reverse("desk:feed", args=[blog.slug]), {"q": q}).json()["rows"]
    assert len(rows) == 1
    assert entry.ref in rows[0]


def test_a_stranger_learns_nothing_of_the_desk(blog):
    outsider = desk.signed_in(factories.user())
    assert outsider.get(address(blog)).status_code == 404
    assert outsider.get(reverse("desk:feed", args=[blog.slug])).status_code == 404
    assert post(outsider, blog).status_code == 404
    assert not Entry.objects.exists()


def test_who_is_signed_out_is_told_so_and_nothing_is_written(blog):
    assert post(Client(), blog).status_code == 401
    assert not Entry.objects.exists()


def test_the_session_names_who_it_is_and_gives_a_token_that_works(blog):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.member(blog, "editor", "vera"))
    assert post(client, blog).status_code == 403
    found = client.get(reverse("desk:session")).json()
    answer = client.post(reverse("desk:entries", args=[blog.slug]), desk.typed(), headers={"X-CSRFToken": found["token"]})
    assert (found["user"], answer.status_code) == ("vera", 200)


def test_one_key_is_one_entry_and_one_answer(blog, editor):
    key = uuid.uuid4()
    first, second = post(editor, blog, key=key).json(), post(editor, blog, key=key).json()
    assert (first["ref"], first["undo"]) == (second["ref"], 10)
    assert Entry.objects.get().status == "published"


def test_a_refusal_stands_at_its_field(blog, editor):
    answer = post(editor, blog, kind="breaking", headline="")
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "headline"
    assert not Entry.objects.exists()


def test_a_contributor_files_and_does_not_publish(blog):
    reporter = desk.signed_in(factories.member(blog, "contributor"))
    assert post(reporter, blog).status_code == 403
    assert post(reporter, blog, "submit").json()["status"] == "submitted"
    page = reporter.get(address(blog)).content.decode()
    assert 'value="publish"' not in page


def test_a_contributor_sees_no_draft_of_others(blog):
    draft = factories.draft(blog, "A secret")
    reporter = desk.signed_in(factories.member(blog, "contributor"))
    page = reporter.get(address(blog, tab="draft")).content.decode()
    assert "A secret" not in page
    assert 'data-count="draft">0<' in page
    assert press(reporter, draft, "spike").status_code == 404
    assert Entry.objects.exists()


def test_undo_gives_the_text_back_as_a_draft(blog, editor):
    entry = Entry.objects.get(ref=post(editor, blog).json()["ref"])
    answer = press(editor, entry, "undo").json()
    assert answer["status"] == "draft"
    assert Entry.objects.get(ref=answer["ref"]).headline == "Bridge closed"
    entry.refresh_from_db()
    assert entry.status == "withdrawn"
    withdrawn = editor.get(address(blog, tab="withdrawn")).content.decode()
    assert "Its text went on as a draft" in withdrawn
    assert 'data-ask="restore"' not in withdrawn.split("</ol>")[0]
    refused = press(editor, entry, "restore")
    assert (refused.status_code, "went on as a draft" in refused.json()["faults"][0]["message"]) == (409, True)


def test_the_words_under_an_entry_do_what_they_say(blog, editor):
    entry = factories.published(blog)
    assert press(editor, entry, "pin").status_code == 200
    assert press(editor, entry, "key").status_code == 200
    assert press(editor, entry, "move", at="2026-03-14T10:00").status_code == 200
    entry.refresh_from_db()
    assert (entry.blog.pinned, entry.key_event, entry.published_at) == (entry, True, factories.at(-120))
    assert press(editor, entry, "withdraw", notice="1").status_code == 422
    assert press(editor, entry, "withdraw", notice="1", reason="Wrong bridge.").status_code == 200
    assert press(editor, entry, "restore").json()["status"] == "published"
    assert press(editor, entry, "duplicate").json()["status"] == "draft"
    assert press(editor, entry, "nonsense").status_code == 404


def test_what_was_handed_in_is_approved_or_sent_back(blog, editor):
    writer = factories.member(blog, "contributor")
    first, second = (factories.draft(blog, name, actor=writer) for name in ("One", "Two"))
    for entry in (first, second):
        submit_entry(actor=writer, entry=entry, base_version=entry.version, now=timezone.now())
        entry.refresh_from_db()
    assert press(editor, first, "approve").json()["status"] == "published"
    assert press(editor, second, "send-back").status_code == 422
    assert press(editor, second, "send-back", note="Who says so?").json()["status"] == "draft"
    assert "Who says so?" in desk.signed_in(writer).get(address(blog, tab="draft")).content.decode()
    assert press(desk.signed_in(writer), second, "approve").status_code in {403, 409}


def test_a_chief_wraps_up_and_an_editor_does_not(blog, editor):
    assert post(editor, blog, "wrap-up").status_code == 403
    assert post(desk.signed_in(factories.chief_of(blog)), blog, "wrap-up").status_code == 200
    blog.refresh_from_db()
    assert (blog.state, blog.pinned.kind) == ("ended", "summary")


def test_a_chief_changes_what_stands_above_the_feed_from_the_bar(blog, editor):
    chief = desk.signed_in(factories.chief_of(blog))
    ana = Byline.objects.create(name="Ana")
    sent = {"title": "Harbour bridge open", "zone": "Europe/Lisbon", "language": "en", "quiet_minutes": "20", "edited_by": [ana.pk]}
    address_of = reverse("desk:story", args=[blog.slug])
    assert editor.post(address_of, sent).status_code == 403
    refused = chief.post(address_of, sent | {"zone": "Lisbon", "title": ""}).json()["faults"]
    assert [fault["field"] for fault in refused] == ["title"]
    assert chief.post(address_of, sent | {"zone": "Lisbon"}).json()["faults"][0]["field"] == "zone"
    assert chief.post(address_of, sent | {"planned_end": "2026-07-01T18:00"}).status_code == 200
    blog.refresh_from_db()
    assert (blog.title, blog.quiet_minutes, [*blog.edited_by.all()]) == ("Harbour bridge open", 20, [ana])
    # 18:00 on the clock of the zone that was typed beside it.
    assert blog.planned_end.astimezone(UTC).hour == 17
    assert 'value="Harbour bridge open"' in chief.get(reverse("desk:bar", args=[blog.slug])).json()["html"]
    assert 'name="title"' not in editor.get(reverse("desk:bar", args=[blog.slug])).json()["html"]


def test_zone_and_language_are_offered_and_another_language_stays(blog):
    chief = desk.signed_in(factories.chief_of(blog))
    bar = reverse("desk:bar", args=[blog.slug])
    html = chief.get(bar).json()["html"]
    assert 'list="story_zone_offers"' in html
    assert '<datalist id="story_zone_offers">' in html
    assert '<option value="Europe/Lisbon">' in html
    assert '<option value="de">Deutsch</option>' in html
    LiveBlog.objects.filter(pk=blog.pk).update(language="pt-BR")
    assert '<option value="pt-BR" selected>' in chief.get(bar).json()["html"]
    sent = {"title": "Ponte", "zone": "Europe/Lisbon", "quiet_minutes": "20"}
    story = reverse("desk:story", args=[blog.slug])
    assert chief.post(story, sent | {"language": "pt-BR"}).status_code == 200
    assert [fault["field"] for fault in chief.post(story, sent | {"language": "tlh"}).json()["faults"]] == ["language"]


def test_who_signs_in_this_blog_stands_before_the_rest_of_the_site(blog):
    """Of a site with many names; of few, all stand there."""
    strangers = [Byline.objects.create(name=f"Name {number:02}") for number in range(FEW)]
    assert not StoryForm(blog).shift[1]
    signs, shift = Byline.objects.create(name="Zoë signs"), Byline.objects.create(name="Zoë on shift")
    blog.edited_by.add(shift)
    factories.published(blog, "Signed", bylines=[signs.pk])
    near, others = StoryForm(blog).shift
    assert [box.data["label"] for box in near] == ["Zoë on shift", "Zoë signs"]
    assert [box.data["label"] for box in others] == [str(line) for line in strangers]
    html = desk.signed_in(factories.chief_of(blog)).get(reverse("desk:bar", args=[blog.slug])).json()["html"]
    assert f"{FEW} more names" in html


def test_the_chart_is_of_the_last_hours_and_one_number_a_minute(blog):
    for minutes, count in ((400, 9), (61, 3), (61, 4), (59, 5), (0, 7)):
        note_readers(counts={blog.pk: count}, now=factories.at(-minutes))
    # Nobody read in the minutes that were not noted; one that a new start of the server missed is no such minute.
    assert past_readers(blog.pk, factories.at(0))["counts"] == [[61, 4], [59, 5], [58, 0], [1, 0], [0, 7]]
    assert past_readers(blog.pk, factories.at(30))["counts"][-3:] == [[30, 7], [29, 0], [0, 0]]
    assert past_readers(factories.blog().pk, factories.at(0))["counts"] == []


def test_who_leaves_the_team_finds_no_desk(blog, editor):
    assert editor.get(address(blog)).status_code == 200
    Membership.objects.filter(user__username="vera").delete()
    assert editor.get(address(blog)).status_code == 404
