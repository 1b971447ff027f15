"""Chiefs see their blog's audit, instance admins all of it; both can narrow it and take it away as CSV."""

from __future__ import annotations

import csv
import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils.html import strip_tags

from newsroom.actions.accounts import note_account
from newsroom.actions.audit import facts_of
from newsroom.actions.entries import pin_entry
from newsroom.actions.members import set_member
from newsroom.desk.audit_words import FACTS
from newsroom.models import AuditLine, Entry, LiveBlog
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


def test_what_changed_is_said_in_words(blog: LiveBlog) -> None:
    vera = factories.member(blog, "editor", "vera")
    entry = factories.published(blog, actor=vera, key_event=True)
    pin_entry(actor=vera, entry=entry, now=factories.at(1))
    set_member(actor=factories.admin("ines"), blog=blog, user=vera, role="contributor", now=factories.at(2))
    page = a_chief(blog).get(address(blog)).content.decode()
    told = {html.unescape(strip_tags(line)) for line in re.findall(r"<div>(.+?→.+?)</div>", page)}
    assert {
        "status: – → Published",
        "key event: – → yes",
        "published: – → 2026-03-14 12:00:00",
        "written by: – → vera",
        "public text, number: – → 1",
        f"pinned entry (blog): – → {entry.ref}",
        "role: Editor → Contributor",
    } <= told


def test_every_fact_of_an_entry_and_its_blog_has_words_that_somebody_chose(blog: LiveBlog) -> None:
    names = facts_of(blog, factories.published(blog)).keys() - FACTS.keys()
    assert len(names) > 15
    columns = {name: (LiveBlog if name.startswith("blog.") else Entry)._meta.get_field(name.removeprefix("blog.")) for name in names}
    # A column without words of its own says its name.
    assert {name for name, column in columns.items() if column._verbose_name is None} == set()  # type: ignore[union-attr]


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
