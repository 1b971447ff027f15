"""Who opens somebody else's draft at the desk is noted; who opens what is public, or his own, is not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.models import AuditLine, Entry
from tests import factories
from tests.newsroom.desk import change_address, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Entry:
    blog = factories.blog()
    return factories.draft(blog, actor=factories.member(blog, "contributor", "cleo"))


def reads() -> list[tuple[str, str]]:
    return list(AuditLine.objects.filter(verb="read").values_list("who", "subject"))


def test_an_editor_who_opens_it_is_noted(draft: Entry) -> None:
    editor = factories.member(draft.blog, "editor", "erik")
    for _ in range(2):
        assert signed_in(editor).get(change_address(draft)).status_code == 200
    assert reads() == [("erik", draft.ref)]


def test_an_administrator_who_is_on_no_team_is_noted(draft: Entry) -> None:
    assert signed_in(factories.admin("ines")).get(change_address(draft)).status_code == 200
    assert reads() == [("ines", draft.ref)]


def test_its_writer_is_not(draft: Entry) -> None:
    assert signed_in(draft.created_by).get(change_address(draft)).status_code == 200
    assert reads() == []


def test_who_may_not_see_it_is_not(draft: Entry) -> None:
    other = factories.member(draft.blog, "contributor")
    assert signed_in(other).get(change_address(draft)).status_code in {302, 404}
    assert reads() == []


def test_what_is_public_is_not(draft: Entry) -> None:
    entry = factories.published(draft.blog)
    editor = factories.member(draft.blog, "editor")
    assert signed_in(editor).get(change_address(entry)).status_code == 200
    assert reads() == []


def test_who_finds_it_in_a_list_of_the_desk_is_noted_once(draft: Entry) -> None:
    editor = factories.member(draft.blog, "editor", "erik")
    lists = reverse("desk:feed", args=[draft.blog.slug])
    for _ in range(2):
        assert draft.ref in signed_in(editor).get(lists, {"tab": "draft"}).content.decode()
    assert reads() == [("erik", draft.ref)]
    signed_in(draft.created_by).get(lists, {"tab": "draft"})
    assert len(reads()) == 1
