"""The page of a blog: what is saved, what is refused, and that the page says which."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from newsroom.actions import blogs as actions
from newsroom.actions.members import set_member
from newsroom.admin import blogs as pages
from newsroom.admin import media as picture_pages
from newsroom.models import LiveBlog, Membership
from tests import factories
from tests.newsroom import desk, pictures

pytestmark = pytest.mark.django_db

ADD = reverse("admin:newsroom_liveblog_add")


@pytest.fixture
def chief(blog):
    return desk.signed_in(factories.chief_of(blog))


def page_of(blog: LiveBlog) -> str:
    return reverse("admin:newsroom_liveblog_change", args=[blog.pk])


def typed(blog: LiveBlog | None = None, **fields: Any) -> dict[str, Any]:
    """The page's form as a browser sends it, the team as it is."""
    team = list(Membership.objects.filter(blog=blog).order_by("pk")) if blog else []
    sent = {
        "title": "Harbour bridge closed",
        "slug": "harbour-bridge",
        "standfirst": "",
        "kicker": "",
        "language": "en",
        "zone": "Europe/London",
        "zone_label": "",
        "standing_shown": "always",
        "quiet_minutes": "30",
        "planned_start": "",
        "memberships-TOTAL_FORMS": str(len(team)),
        "memberships-INITIAL_FORMS": str(len(team)),
    }
    for place, member in enumerate(team):
        sent |= {f"memberships-{place}-{name}": value for name, value in (("id", member.pk), ("blog", member.blog_id))}
        sent |= {f"memberships-{place}-user": member.user_id, f"memberships-{place}-role": member.role}
    return sent | fields


@pytest.mark.django_db(transaction=True)
def test_actions_run_outside_any_transaction_of_the_page(monkeypatch):
    blog = factories.blog()
    chief = desk.signed_in(factories.chief_of(blog))
    seen = []

    def watched(action: Any) -> Any:
        def act(**kwargs: Any) -> Any:
            seen.append(connection.in_atomic_block)
            return action(**kwargs)

        return act

    monkeypatch.setattr(pages, "edit_blog_action", watched(actions.edit_blog))
    monkeypatch.setattr(picture_pages, "describe_image", watched(picture_pages.describe_image))
    assert chief.post(page_of(blog), typed(blog, title="Bridge open")).status_code == 302
    image = desk.uploaded(chief, blog, pictures.jpeg())
    words = {"alt": "The span", "caption": "", "credit": "", "focal_x": "0.5", "focal_y": "0.5"}
    assert chief.post(reverse("admin:newsroom_image_change", args=[image.pk]), words).status_code == 302
    assert seen == [False, False]


def test_a_saved_page_is_in_the_log(blog, chief):
    assert chief.post(page_of(blog), typed(blog, title="Bridge open")).status_code == 302
    blog.refresh_from_db()
    assert blog.title == "Bridge open"
    assert "headline" in LogEntry.objects.get().get_change_message().lower()


def test_with_a_refused_team_nothing_of_the_page_is_saved(blog, chief):
    editor = factories.member(blog, "editor")
    # The editor is made a contributor, and the only chief leaves: the second is refused.
    sent = typed(blog, title="Bridge open") | {"memberships-1-role": "contributor", "memberships-0-DELETE": "on"}
    answer = chief.post(page_of(blog), sent)
    assert answer.status_code == 200
    assert "only chief" in answer.content.decode()
    assert "is saved" not in answer.content.decode()
    blog.refresh_from_db()
    assert blog.title == "Harbour bridge closed"
    assert Membership.objects.get(user=editor).role == "editor"
    assert not LogEntry.objects.exists()


def test_a_chief_names_a_successor_and_leaves_in_one_go(blog, chief):
    editor = factories.member(blog, "editor")
    sent = typed(blog, title="Bridge open") | {"memberships-1-role": "chief", "memberships-0-DELETE": "on"}
    assert chief.post(page_of(blog), sent).status_code == 302
    blog.refresh_from_db()
    assert blog.title == "Bridge open"
    assert [(row.user, row.role) for row in blog.memberships.all()] == [(editor, "chief")]


def test_a_team_that_another_hand_made_impossible_meanwhile_is_left_and_the_page_says_what_is_saved(blog, chief, monkeypatch):
    second = factories.member(blog, "chief")

    def edit(**kwargs: Any) -> Any:
        edited = actions.edit_blog(**kwargs)
        set_member(actor=second, blog=blog, user=second, role="editor", now=factories.at(1))
        return edited

    monkeypatch.setattr(pages, "edit_blog_action", edit)
    sent = typed(blog, title="Bridge open") | {"memberships-0-role": "editor"}
    answer = chief.post(page_of(blog), sent)
    assert answer.status_code == 200
    assert "The blog is saved, but its team is as it was: This is the blog&#x27;s only chief" in answer.content.decode()
    blog.refresh_from_db()
    assert blog.title == "Bridge open"
    assert LogEntry.objects.count() == 1
    assert blog.memberships.get(role="chief").user == factories.chief_of(blog)


def test_a_refused_blog_is_not_said_to_be_saved(blog, chief):
    answer = chief.post(page_of(blog), typed(blog, title="Bridge open", planned_start="0202-03-14T09:00"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "is saved" not in page
    assert "Bridge open" in page
    blog.refresh_from_db()
    assert blog.title == "Harbour bridge closed"
    assert not LogEntry.objects.exists()


def test_a_new_blog_is_opened_by_one_action():
    admin = desk.signed_in(factories.admin())
    rules = {"readers_shown": "on", "standing_required": "on", "second_pair": ["breaking", "quote"], "quiet_minutes": "0"}
    assert admin.post(ADD, typed(standing_shown="doubt", planned_end="2026-07-01T18:00", **rules)).status_code == 302
    opened = LiveBlog.objects.get()
    assert (opened.standing_shown, opened.readers_shown, opened.standing_required) == ("doubt", True, True)
    assert (opened.second_pair, opened.quiet_minutes, opened.planned_end.isoformat()) == (
        ["breaking", "quote"],
        0,
        "2026-07-01T17:00:00+00:00",
    )


def test_the_planned_start_is_typed_on_the_blogs_clock(blog, chief):
    assert chief.post(page_of(blog), typed(blog, zone="America/New_York", planned_start="2026-07-01T09:00")).status_code == 302
    blog.refresh_from_db()
    assert blog.planned_start.isoformat() == "2026-07-01T13:00:00+00:00"
    page = chief.get(page_of(blog)).content.decode()
    assert 'value="2026-07-01T09:00"' in page
    assert "clock of the blog" in page


def test_saving_again_moves_no_planned_start(blog, chief):
    for _ in range(2):
        chief.post(page_of(blog), typed(blog, zone="America/New_York", planned_start="2026-07-01T09:00"))
    blog.refresh_from_db()
    assert blog.planned_start.isoformat() == "2026-07-01T13:00:00+00:00"


def test_a_time_that_the_clock_skips_is_refused_at_its_field(blog, chief):
    answer = chief.post(page_of(blog), typed(blog, planned_start="2026-03-29T01:30"))
    assert answer.status_code == 200
    assert "planned_start" in answer.context["adminform"].form.errors
    assert 'value="2026-03-29T01:30"' in answer.content.decode()


def test_who_may_only_read_the_page_gets_its_times_in_the_blogs_zone(blog, chief):
    chief.post(page_of(blog), typed(blog, zone="America/New_York", planned_start="2026-07-01T21:17"))
    reader = desk.signed_in(factories.member(blog, "editor"))
    assert "9:17" in reader.get(page_of(blog)).content.decode()


@pytest.mark.parametrize("state", ["bogus", "", "draft"])
def test_a_state_that_does_not_exist_is_refused_in_a_sentence(blog, chief, state):
    address = reverse("admin:newsroom_liveblog_state", args=[blog.pk])
    answer = chief.post(address, {"state": state}, follow=True)
    assert answer.status_code == 200
    assert [str(message.level_tag) for message in answer.context["messages"]] == ["error"]
    blog.refresh_from_db()
    assert blog.state == "live"


@pytest.mark.parametrize("number", ["1" * 23, "0", "-4", "9223372036854775808", "999"])
@pytest.mark.parametrize("verb", ["publish", "save"])
def test_a_byline_that_cannot_exist_is_refused_at_its_field(blog, chief, number, verb):
    answer = chief.post(desk.add_address(blog), desk.typed(verb, bylines=[number]))
    assert answer.status_code == 422
    assert "bylines" in answer.context["form"].errors


def test_a_version_that_cannot_exist_is_refused(blog, chief):
    draft = factories.draft(blog, "Theirs")
    assert chief.post(desk.change_address(draft), desk.edited(draft, "save", base_version="1" * 30)).status_code in {409, 422}
    draft.refresh_from_db()
    assert draft.headline == "Theirs"


def test_the_form_says_which_languages_have_words(blog, chief):
    assert "There are words in en, de, fr, es, ar, fa;" in chief.get(page_of(blog)).content.decode()


def test_the_form_offers_zones_and_languages_and_takes_others(blog, chief):
    html = chief.get(page_of(blog)).content.decode()
    assert 'list="id_zone_offers"' in html
    assert '<option value="Africa/Addis_Ababa"></option>' in html
    assert '<option value="ar">العربية</option>' in html
