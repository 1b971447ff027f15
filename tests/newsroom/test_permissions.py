"""Every cell of the table of roles (docs/security.md) as `permissions` decides it. What the doors make of it: test_roles_at_doors.py."""

from __future__ import annotations

import pytest

from newsroom.actions.drafts import save_draft
from newsroom.actions.entries import publish_entry
from newsroom.actions.members import remove_member, set_member
from newsroom.errors import Invalid, NotFound, PermissionRefused
from newsroom.models import Entry, Membership
from newsroom.permissions import VERBS, can, require
from tests import factories
from tests.factories import at
from tests.roles import CHIEF, TABLE, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", TABLE)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str):
    blog = factories.blog()
    who = person(role, blog)
    assert {verb for verb in VERBS if can(who, verb, blog)} == TABLE[role]
    assert not can(who, "no such verb", blog)


def test_a_refusal_names_whom_to_ask():
    blog = factories.blog()
    for role, verb, whom in (
        ("contributor", "publish", "an editor"),
        ("contributor", "purge", "a chief"),
        ("editor", "wrap_up", "a chief"),
    ):
        with pytest.raises(PermissionRefused, match=f"Ask {whom}"):
            require(factories.member(blog, role), verb, blog)


def test_the_table_names_every_verb():
    assert set(VERBS) == CHIEF


@pytest.mark.parametrize("role", ["contributor", "editor", "chief"])
def test_a_role_on_one_blog_is_none_on_another(role: str):
    who = factories.member(factories.blog(), role)
    other = factories.blog()
    with pytest.raises(NotFound):
        require(who, "draft", other)


def test_a_contributor_sees_no_draft_of_another():
    blog = factories.blog()
    own, theirs = factories.member(blog, "contributor"), factories.member(blog, "contributor")
    assert can(own, "draft", blog, factories.draft(blog, actor=own))
    with pytest.raises(NotFound):
        require(own, "draft", blog, factories.draft(blog, actor=theirs))


def test_a_refused_publication_leaves_the_database_as_it_was():
    blog = factories.blog()
    with pytest.raises(PermissionRefused):
        publish_entry(actor=factories.member(blog, "contributor"), blog=blog, text=factories.text(), now=at(0))
    assert not Entry.objects.exists()


def test_a_removed_or_inactive_member_is_out_at_once():
    blog = factories.blog()
    editor = factories.member(blog, "editor")
    remove_member(actor=factories.chief_of(blog), membership=Membership.objects.get(user=editor), now=at(0))
    assert not can(editor, "publish", blog)

    sleeper = factories.member(blog, "editor")
    sleeper.is_active = False
    assert not can(sleeper, "publish", blog)


def test_the_last_chief_stays():
    blog = factories.blog()
    chief = factories.chief_of(blog)
    with pytest.raises(Invalid):
        set_member(actor=chief, blog=blog, user=chief, role="editor", now=at(0))
    set_member(actor=chief, blog=blog, user=factories.user(), role="chief", now=at(0))
    assert set_member(actor=chief, blog=blog, user=chief, role="editor", now=at(0)).role == "editor"


def test_nobody_opens_a_blog_without_the_right():
    with pytest.raises(PermissionRefused):
        factories.blog(chief=factories.user())


def test_an_entry_of_another_blog_is_not_reached_through_ones_own():
    theirs, mine = factories.blog(), factories.blog()
    editor = factories.member(mine, "editor")
    draft = factories.draft(theirs, "Theirs")
    for act in (publish_entry, save_draft):
        with pytest.raises(NotFound):
            act(actor=editor, blog=mine, text=factories.text("Taken"), now=at(0), entry=draft, base_version=draft.version)
    assert Entry.objects.get(pk=draft.pk).headline == "Theirs"
