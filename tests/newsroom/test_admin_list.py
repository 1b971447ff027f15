"""The list of entries, the history, and the forms of blogs and bylines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.actions.drafts import schedule_entry
from newsroom.actions.entries import correct_entry, withdraw_entry
from newsroom.actions.rerendering import rerender_entry
from newsroom.models import Byline, Entry, LiveBlog
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db

LIST = reverse("admin:newsroom_entry_changelist")


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


def queries(client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(LIST).status_code == 200
    return len(seen)


def test_a_longer_list_asks_the_database_no_more(client, blog):
    factories.published(blog)
    # The first request of a minute also notes that the session is in use.
    queries(client)
    few = queries(client)
    for minute in range(1, 12):
        factories.published(blog, minute=minute, standing="reported")
    assert queries(client) == few


@pytest.mark.parametrize(
    ("query", "found"), [("status=draft", {"Span inspected"}), ("kind=breaking", {"Bridge closed"}), ("q=inspected", {"Span inspected"})]
)
def test_the_list_is_narrowed(client, blog, query, found):
    factories.published(blog, kind="breaking")
    factories.draft(blog, "Span inspected")
    page = client.get(f"{LIST}?{query}")
    assert {entry.headline for entry in page.context["cl"].result_list} == found


def test_status_and_standing_are_in_the_list(client, blog):
    factories.published(blog, standing="disputed")
    page = client.get(LIST).content.decode()
    assert "status--published" in page
    assert "Disputed" in page


def test_the_list_pins_one_entry_and_not_two(client, blog):
    first, second = factories.published(blog), factories.published(blog, minute=1)
    client.post(LIST, {"action": "pin", "_selected_action": [first.pk, second.pk]})
    assert LiveBlog.objects.get(pk=blog.pk).pinned is None
    client.post(LIST, {"action": "pin", "_selected_action": [second.pk]})
    assert LiveBlog.objects.get(pk=blog.pk).pinned == second


def test_the_list_marks_several_key_events(client, blog):
    pks = [factories.published(blog, minute=minute).pk for minute in range(2)]
    client.post(LIST, {"action": "mark_key", "_selected_action": pks})
    assert Entry.objects.filter(key_event=True).count() == 2
    client.post(LIST, {"action": "unmark_key", "_selected_action": pks[:1]})
    assert Entry.objects.filter(key_event=True).count() == 1


def test_the_list_asks_for_a_reason_before_it_withdraws(client, blog):
    entry = factories.published(blog)
    asked = client.post(LIST, {"action": "withdraw", "_selected_action": [entry.pk]}, follow=True)
    assert "Readers see it where the entry stood" in asked.content.decode()
    entry.refresh_from_db()
    assert entry.status == "published"


def test_the_history_says_who_when_why_and_what(client, blog):
    entry = factories.published(blog)
    chief = factories.chief_of(blog)
    text = factories.text("Bridge open", blocks=entry.blocks)
    entry = correct_entry(actor=chief, entry=entry, text=text, note="The bridge is open.", base_version=entry.version, now=factories.at(5))
    withdraw_entry(actor=chief, entry=entry, reason="Said twice.", now=factories.at(9))
    page = client.get(reverse("admin:newsroom_entry_history", args=[entry.pk]))
    assert [str(step["reason"]) for step in page.context["steps"]] == ["Withdrawn", "Correction", "Published"]
    assert [(row.theirs, row.yours) for row in page.context["steps"][1]["rows"]] == [("Bridge closed", "Bridge open")]
    words = page.content.decode()
    for expected in (chief.username, "The bridge is open.", "Said twice.", "12:05:00"):
        assert expected in words


def test_a_draft_is_discarded_after_a_question(client, blog):
    draft = factories.draft(blog)
    address = desk.act_address("spike", draft)
    assert client.get(address).status_code == 200
    assert Entry.objects.filter(pk=draft.pk).exists()
    client.post(address)
    assert not Entry.objects.filter(pk=draft.pk).exists()


def test_a_published_entry_is_not_discarded(client, blog):
    entry = factories.published(blog)
    client.post(desk.act_address("spike", entry))
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_bylines_are_signed_in_the_order_of_the_form(client, blog):
    ana, tomas = Byline.objects.create(name="Ana"), Byline.objects.create(name="Tomas")
    client.post(desk.add_address(blog), desk.typed(bylines=[str(tomas.pk), "", str(ana.pk)]))
    assert [row.byline for row in Entry.objects.get().entry_bylines.all()] == [tomas, ana]


def test_a_blog_is_opened_in_the_admin_and_its_opener_is_chief():
    admin = factories.admin()
    client = desk.signed_in(admin)
    sent = {
        "title": "The flood",
        "slug": "the-flood",
        "language": "en",
        "zone": "Europe/Berlin",
        "standing_shown": "doubt",
        "quiet_minutes": 30,
    }
    answer = client.post(reverse("admin:newsroom_liveblog_add"), sent)
    assert answer.status_code == 302
    blog = LiveBlog.objects.get(slug="the-flood")
    assert (blog.zone, blog.standing_shown, blog.state) == ("Europe/Berlin", "doubt", "draft")
    assert blog.memberships.get().user == admin


def test_a_zone_that_does_not_exist_is_refused_and_the_rest_kept():
    client = desk.signed_in(factories.admin())
    sent = {
        "title": "The flood",
        "slug": "the-flood",
        "language": "en",
        "zone": "Europe/Atlantis",
        "standing_shown": "always",
        "quiet_minutes": 30,
    }
    answer = client.post(reverse("admin:newsroom_liveblog_add"), sent)
    assert answer.status_code == 200
    assert "not a time zone" in answer.content.decode()
    assert "The flood" in answer.content.decode()
    assert not LiveBlog.objects.exists()


def test_the_first_page_leads_to_the_blogs_one_works_for_and_to_no_other(client, blog):
    other = factories.blog(title="Elsewhere")
    factories.draft(blog)
    page = client.get(reverse("admin:index")).content.decode()
    assert desk.add_address(blog) in page
    assert blog.get_absolute_url() in page
    assert other.title not in page


def test_the_list_is_in_the_order_of_time_and_a_new_rendering_moves_nothing(client, blog):
    old, new = factories.published(blog, "Old"), factories.published(blog, "New", minute=5)
    factories.draft(blog, "Being written")
    rerender_entry(entry=old, now=factories.at(9), actor=factories.chief_of(blog), reason="render")
    shown = [entry.headline for entry in client.get(LIST).context["cl"].result_list]
    assert shown == ["Being written", "New", "Old"]
    newest_last = [entry.headline for entry in client.get(f"{LIST}?o=6").context["cl"].result_list]
    assert newest_last == ["Old", "New", "Being written"]
    new.refresh_from_db()
    old.refresh_from_db()
    assert old.saved_at > new.saved_at


def test_a_scheduled_entry_stands_where_it_will_be(client, blog):
    factories.draft(blog, "Being written")
    planned = factories.draft(blog, "Planned")
    soon = timezone.now() + timedelta(hours=2)
    schedule_entry(actor=factories.chief_of(blog), entry=planned, base_version=planned.version, at=soon, now=timezone.now())
    assert [entry.headline for entry in client.get(LIST).context["cl"].result_list] == ["Planned", "Being written"]


def test_live_blogs_come_first_where_one_is_chosen(blog):
    editor = factories.member(blog, "editor")
    for title, state in (("Over", "ended"), ("Later", "upcoming"), ("Resting", "paused")):
        factories.blog(title=title, state=state).memberships.create(user=editor, role="editor")
    page = desk.signed_in(editor).get(reverse("admin:newsroom_entry_add"))
    assert [found.title for found in page.context["blogs"]] == [blog.title, "Resting", "Later", "Over"]


def test_the_form_of_a_byline_says_how_its_place_is_printed():
    page = desk.signed_in(factories.admin()).get(reverse("admin:newsroom_byline_add")).content.decode()
    assert "“Seoul” is printed as “reporting from Seoul”" in page


def test_each_row_names_its_blog_shortly_unless_the_list_is_of_one_blog(client, blog):
    LiveBlog.objects.filter(pk=blog.pk).update(kicker="Harbour bridge")
    factories.published(blog)
    assert '<td class="field-story">Harbour bridge</td>' in client.get(LIST).content.decode()
    assert "field-story" not in client.get(f"{LIST}?blog={blog.slug}").content.decode()
