"""What the admin's pages offer each role. That a forged request changes nothing: test_roles_at_doors.py."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.models import Entry, Membership, Role, Status
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db

WRITES = {
    "contributor": {"save", "submit"},
    "editor": {"save", "submit", "schedule", "publish"},
    "chief": {"save", "submit", "schedule", "wrap_up", "publish"},
}


def refs_listed(client) -> set[str]:
    return {entry.ref for entry in client.get(reverse("admin:newsroom_entry_changelist")).context["cl"].result_list}


@pytest.mark.parametrize("role", WRITES)
def test_the_form_offers_what_the_role_may_do(blog, role):
    page = desk.signed_in(factories.member(blog, role)).get(desk.add_address(blog))
    assert set(page.context["verbs"]) == WRITES[role]


def test_a_contributor_sees_what_is_public_and_their_own_drafts(blog):
    me, other = factories.member(blog, "contributor"), factories.member(blog, "contributor")
    published = factories.published(blog)
    mine, theirs = factories.draft(blog, actor=me), factories.draft(blog, actor=other)
    client = desk.signed_in(me)
    assert refs_listed(client) == {published.ref, mine.ref}
    assert client.get(desk.change_address(mine)).status_code == 200
    assert client.get(desk.change_address(theirs)).status_code == 302


def test_an_editor_sees_every_draft_of_the_blog_and_none_of_another(blog):
    draft, elsewhere = factories.draft(blog), factories.draft(factories.blog())
    client = desk.signed_in(factories.member(blog, "editor"))
    assert refs_listed(client) == {draft.ref}
    assert client.get(desk.change_address(elsewhere)).status_code == 302
    assert client.post(desk.change_address(elsewhere), desk.edited(elsewhere, "publish")).status_code == 302
    elsewhere.refresh_from_db()
    assert elsewhere.status == Status.DRAFT


def test_a_member_who_was_removed_is_out_at_once(blog):
    user = factories.member(blog, "editor")
    client = desk.signed_in(user)
    assert client.get(desk.add_address(blog)).context.get("form")
    Membership.objects.filter(user=user).delete()
    assert client.get(desk.add_address(blog)).status_code == 403


def test_an_administrator_who_is_on_no_team_reads_and_does_not_write(blog):
    entry = factories.published(blog)
    client = desk.signed_in(factories.admin())
    assert client.get(desk.change_address(entry)).context["verbs"] == {}
    assert client.post(desk.change_address(entry), desk.edited(entry, headline="Mine")).status_code == 409
    entry.refresh_from_db()
    assert entry.headline == "Bridge closed"


def test_nothing_is_deleted_here(blog):
    entry = factories.published(blog)
    client = desk.signed_in(factories.admin())
    assert client.post(reverse("admin:newsroom_entry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403
    editor = desk.signed_in(factories.member(blog, "editor"))
    actions = editor.get(reverse("admin:newsroom_entry_changelist")).context["action_form"].fields["action"].choices
    assert "pin" in dict(actions)
    assert "delete_selected" not in dict(actions)
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_the_blog_comes_from_the_address_and_not_from_what_is_sent(blog):
    other = factories.blog()
    client = desk.signed_in(factories.member(blog, "editor"))
    assert client.post(desk.add_address(blog), desk.typed(blog=other.slug)).status_code == 302
    assert Entry.objects.get().blog == blog
    refused = client.post(f"{reverse('admin:newsroom_entry_add')}?blog={other.slug}", desk.typed())
    assert refused.status_code == 200
    assert Entry.objects.filter(blog=other).count() == 0


def test_desk_pages_are_kept_by_no_cache(blog):
    client = desk.signed_in(factories.member(blog, "editor"))
    for address in (desk.add_address(blog), reverse("admin:newsroom_entry_changelist")):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_a_chief_adds_a_member_through_the_form_of_the_blog(blog):
    chief, newcomer = factories.member(blog, "chief"), factories.user("newcomer")
    rows = list(blog.memberships.order_by("pk"))
    sent = blog_form(blog, rows) | {f"memberships-{len(rows)}-user": newcomer.pk, f"memberships-{len(rows)}-role": Role.CONTRIBUTOR}
    answer = desk.signed_in(chief).post(reverse("admin:newsroom_liveblog_change", args=[blog.pk]), sent)
    assert answer.status_code == 302
    assert Membership.objects.get(user=newcomer).role == Role.CONTRIBUTOR


def test_the_last_chief_cannot_be_taken_off(blog):
    rows = list(blog.memberships.order_by("pk"))
    sent = blog_form(blog, rows) | {"memberships-0-DELETE": "on", "title": "A new headline"}
    answer = desk.signed_in(factories.chief_of(blog)).post(reverse("admin:newsroom_liveblog_change", args=[blog.pk]), sent)
    assert answer.status_code == 200
    assert "only chief" in answer.content.decode()
    assert "A new headline" in answer.content.decode()
    blog.refresh_from_db()
    assert blog.title != "A new headline"


def blog_form(blog, rows):
    sent = {
        "title": blog.title,
        "standfirst": "",
        "kicker": "",
        "language": "en",
        "zone": blog.zone,
        "zone_label": "",
        "standing_shown": "always",
        "quiet_minutes": 30,
        "memberships-TOTAL_FORMS": len(rows) + 1,
        "memberships-INITIAL_FORMS": len(rows),
    }
    for place, row in enumerate(rows):
        sent |= {f"memberships-{place}-id": row.pk, f"memberships-{place}-user": row.user_id, f"memberships-{place}-role": row.role}
    return sent
