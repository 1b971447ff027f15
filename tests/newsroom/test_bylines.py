"""A byline that reads otherwise: above every feed that names it at once, and nowhere else."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from newsroom import frames
from newsroom.actions import blogs, bylines, changes
from newsroom.actions.entries import edit_entry
from newsroom.actions.texts import text_of
from newsroom.models import AuditLine, Byline, Change, LiveBlog, Op
from tests import factories
from tests.factories import at
from tests.readers import Page, catch_up, shows
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def rename(byline: Byline, actor: User | None = None, **fields: object) -> None:
    for name, value in fields.items():
        setattr(byline, name, value)
    bylines.save_byline(actor=actor or factories.user(), byline=byline, now=at(9))


def page_of(client: Client, blog: LiveBlog) -> Page:
    return Page.of(client.get(f"/live/{blog.slug}/").content.decode())


def changes_of(blog: LiveBlog) -> list[str]:
    return [*Change.objects.filter(blog=blog, at=at(9)).order_by("seq").values_list("op", flat=True)]


@pytest.mark.parametrize("fields", [{"name": "Ana Lund"}, {"role": "Night editor"}, {"place": "Leith"}])
def test_every_public_blog_it_edits_takes_a_number(client: Client, fields):
    ana, nora = Byline.objects.create(name="Ana Berg"), Byline.objects.create(name="Nora Lind")
    running, ended = factories.blog(edited_by=[ana, nora]), factories.blog(edited_by=[ana], state="ended")
    hidden, others = factories.blog(edited_by=[ana], state="draft"), factories.blog(edited_by=[nora])
    before = {blog: page_of(client, blog) for blog in (running, ended)}
    rename(ana, **fields)

    assert [changes_of(blog) for blog in (running, ended, hidden, others)] == [[Op.STATE], [Op.STATE], [], []]
    for blog, page in before.items():
        assert next(iter(fields.values())) not in page.front
        catch_up(client, blog.slug, page)
        assert next(iter(fields.values())) in page.front
        assert shows(page) == shows(page_of(client, blog))


def test_what_no_reader_sees_takes_no_number():
    ana = Byline.objects.create(name="Ana Berg")
    blog = factories.blog(edited_by=[ana])
    rename(ana)
    rename(ana, user=factories.user())
    rename(Byline(name="Somebody new"))
    assert changes_of(blog) == []


def test_a_byline_that_only_signs_entries_changes_none_that_is_published():
    ana = Byline.objects.create(name="Ana Berg")
    blog = factories.blog()
    entry = factories.published(blog, bylines=[ana.pk])
    rename(ana, name="Ana Lund")
    assert changes_of(blog) == []
    entry.refresh_from_db()
    assert "Ana Berg" in entry.fragment
    text = factories.text("New words", bylines=text_of(entry).bylines)
    edited = edit_entry(actor=factories.chief_of(blog), entry=entry, text=text, base_version=entry.version, now=at(10))
    assert "Ana Lund" in edited.fragment


def test_each_blog_has_a_line_of_it_in_its_own_audit():
    ana = Byline.objects.create(name="Ana Berg", role="Editor")
    blog = factories.blog(edited_by=[ana])
    rename(ana, name="Ana Lund")
    lines = AuditLine.objects.filter(verb="save_byline")
    assert {line.blog_id for line in lines} == {None, blog.pk}
    assert {(line.subject, line.before["name"], line.after["name"]) for line in lines} == {("Ana Lund, Editor", "Ana Berg", "Ana Lund")}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there one writes at a time")
def test_a_blog_that_gets_the_editor_meanwhile_is_found(monkeypatch: pytest.MonkeyPatch):
    """The shift changes in one transaction and the name in another: what readers are told last has the new name."""
    ana = Byline.objects.create(name="Ana Berg")
    blog = factories.blog()
    chief, who = factories.chief_of(blog), factories.user()
    fronts: list[str] = []
    announce_on_commit = changes.announce_on_commit

    def renames() -> None:
        try:
            rename(Byline.objects.get(pk=ana.pk), who, name="Ana Lund")
        finally:
            connection.close()

    other = threading.Thread(target=renames)

    def is_done_or_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            return not other.is_alive() or cursor.fetchone()[0] > 0

    def announce(blog: LiveBlog, numbered: list[Change]) -> None:
        fronts.extend(frame["html"] for frame in frames.build(blog, numbered))
        announce_on_commit(blog, numbered)
        if threading.current_thread() is threading.main_thread():
            # The frame is made; the commit is yet to come.
            other.start()
            until(is_done_or_waits, seconds=10, what="the other change")

    monkeypatch.setattr(changes, "announce_on_commit", announce)
    blogs.edit_blog(actor=chief, blog=blog, now=at(8), edited_by=[ana])
    other.join(10)
    assert ["Ana Lund" in front for front in fronts] == [False, True]
    assert changes_of(blog) == [Op.STATE]
