"""Chiefs see their blog's audit, instance admins all of it; both can narrow it and take it away as CSV."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from django.urls import reverse

from newsroom.actions.accounts import note_account
from newsroom.models import AuditLine, LiveBlog
from tests import factories
from tests.newsroom.desk import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def blog() -> LiveBlog:
    return factories.blog(title="Harbour")


def address(blog: LiveBlog) -> str:
    return reverse("admin:newsroom_liveblog_audit", args=[blog.pk])


def a_chief(blog: LiveBlog) -> Client:
    return signed_in(factories.member(blog, "chief", "clara"))


async def rows(user: User, where: str) -> tuple[Any, list[list[str]]]:
    client = AsyncClient()
    await client.aforce_login(user)
    answer = await client.get(where)
    text = b"".join([part async for part in answer.streaming_content]).decode()
    return answer, list(csv.reader(text.splitlines()))


@pytest.mark.parametrize(("role", "status"), [("contributor", 404), ("editor", 404), ("chief", 200)])
def test_it_is_the_chief_s(blog: LiveBlog, role: str, status: int) -> None:
    assert signed_in(factories.member(blog, role)).get(address(blog)).status_code == status


def test_another_blog_s_chief_sees_nothing_of_it_and_an_admin_all(blog: LiveBlog) -> None:
    other = factories.member(factories.blog(), "chief")
    everything = reverse("admin:newsroom_liveblog_audit_all")
    assert signed_in(other).get(address(blog)).status_code == 404
    assert signed_in(other).get(everything).status_code == 404
    note_account(user=other, verb="sign_in", now=factories.NOON)
    assert "Signed in" in signed_in(factories.admin("ines")).get(everything).content.decode()
    assert "Signed in" not in a_chief(blog).get(address(blog)).content.decode()


def test_it_is_narrowed_by_person_verb_and_entry(blog: LiveBlog) -> None:
    erik = factories.member(blog, "editor", "erik")
    entry, other = factories.published(blog, actor=erik), factories.published(blog)
    chief = a_chief(blog)

    def shown(query: str) -> set[tuple[str, str]]:
        return {(line.verb, line.subject) for line in chief.get(f"{address(blog)}?{query}").context["page"]}

    assert shown("who=erik") == {("publish", entry.ref)}
    assert shown("verb=publish") == {("publish", entry.ref), ("publish", other.ref)}
    assert shown(f"subject={other.ref}") == {("publish", other.ref)}
    assert shown("who=nobody") == set()


def test_a_long_one_is_turned_page_by_page(blog: LiveBlog) -> None:
    AuditLine.objects.bulk_create(AuditLine(at=factories.NOON, verb="read", who="erik", blog=blog, subject=f"e-{n}") for n in range(150))
    chief = a_chief(blog)
    first, second = chief.get(address(blog)).context["page"], chief.get(f"{address(blog)}?page=2").context["page"]
    assert (len(first), first.has_next(), len(second)) == (100, True, 51)


async def test_it_is_taken_away_whole_and_no_cell_is_a_formula(blog: LiveBlog) -> None:
    lines = [AuditLine(at=factories.NOON, verb="read", who="=HYPERLINK(1)", blog=blog, subject=f"@{n}") for n in range(1200)]
    await AuditLine.objects.abulk_create(lines)
    chief = await User.objects.aget(memberships__blog=blog, memberships__role="chief")
    answer, table = await rows(chief, f"{address(blog)}?as=csv&verb=read")
    assert "attachment" in answer["Content-Disposition"]
    assert table[0][:3] == ["at", "who", "verb"]
    assert len(table) == 1201
    assert {row[1] for row in table[1:]} == {"'=HYPERLINK(1)"}
    assert {row[4][:2] for row in table[1:]} == {"'@"}
