"""Committed numbers of a blog are contiguous, whoever writes at the same time, and what fails takes none."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from newsroom.actions.changes import commit_change
from newsroom.errors import WrongState
from newsroom.models import Change, Entry, LiveBlog, Op, Write
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 6
EACH = 8


def in_threads(count: int, work):
    """Runs `work(index)` in that many threads at once, each with a database connection of its own."""
    together = threading.Barrier(count)

    def run(index: int):
        together.wait()
        try:
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_writers_at_once_leave_no_gap_and_no_double():
    blog = factories.blog()
    chief = factories.chief_of(blog)

    def write(index: int) -> None:
        for step in range(EACH):
            factories.published(LiveBlog.objects.get(pk=blog.pk), f"{index}.{step}", minute=index + step / 100, actor=chief)

    in_threads(WRITERS, write)
    numbers = list(Change.objects.filter(blog=blog).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, WRITERS * EACH + 1))
    assert LiveBlog.objects.get(pk=blog.pk).seq == WRITERS * EACH
    assert Entry.objects.count() == WRITERS * EACH


def test_one_key_in_several_hands_at_once_makes_one_entry():
    blog, key = factories.blog(), uuid.uuid4()
    chief = factories.chief_of(blog)
    refs = in_threads(4, lambda _: factories.published(LiveBlog.objects.get(pk=blog.pk), "Once", key=key, actor=chief).ref)
    assert len(set(refs)) == 1
    assert Entry.objects.count() == 1
    assert Change.objects.count() == 1
    assert Write.objects.get().response["ref"] == refs[0]


def test_a_write_that_fails_leaves_neither_row_nor_number_nor_key():
    blog, key = factories.blog(), uuid.uuid4()

    def write():
        Entry.objects.create(blog=blog, headline="Half")
        raise WrongState("no")

    with pytest.raises(WrongState):
        commit_change(verb="edit_blog", blog=blog, actor=factories.chief_of(blog), now=at(0), key=key, write=write)
    assert (Entry.objects.count(), Change.objects.count(), Write.objects.count()) == (0, 0, 0)
    assert LiveBlog.objects.get(pk=blog.pk).seq == 0


def test_a_commit_of_nothing_takes_no_number():
    blog = factories.blog()
    committed = commit_change(verb="edit_blog", blog=blog, actor=factories.chief_of(blog), now=at(0), write=list)
    assert committed.seq == 0
    assert not Change.objects.exists()


def test_two_facts_of_one_commit_take_two_numbers_in_order():
    blog = factories.blog()
    committed = commit_change(
        verb="edit_blog",
        blog=blog,
        actor=factories.chief_of(blog),
        now=at(0),
        write=lambda: [(Op.STATE, None), (Op.BOARD, None)],
    )
    assert committed.seq == 2
    assert list(Change.objects.order_by("seq").values_list("seq", "op")) == [(1, "state"), (2, "board")]


def test_the_key_of_another_person_is_not_answered():
    blog, key = factories.blog(), uuid.uuid4()
    factories.published(blog, "Mine", key=key)
    with pytest.raises(WrongState):
        factories.published(blog, "Theirs", key=key, actor=factories.member(blog, "editor"))
