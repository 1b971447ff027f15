"""Five editors who publish at once: everything arrives, each one's in the order of writing, and nobody is refused.

For some seconds here; for as long as `EDITORS_SECONDS` says where that is set.
"""

from __future__ import annotations

import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from newsroom.models import AuditLine, Change, Entry, EntryRevision, LiveBlog, Write
from tests import factories
from tests.newsroom import desk
from tests.readers import Page, catch_up

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 5
SECONDS = float(os.environ.get("EDITORS_SECONDS", "2"))


def publish_on(client: Client, blog: LiveBlog, name: str, ready: Barrier) -> list[str]:
    """The refs of what one editor published, in order. Each third press is sent twice, as where an answer was lost."""
    address, refs = reverse("desk:entries", args=[blog.slug]), []
    try:
        connection.ensure_connection()
        ready.wait(20)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            sent = desk.typed(headline=f"{name}, number {len(refs)}", key=uuid.uuid4())
            for _ in range(2 if len(refs) % 3 == 0 else 1):
                answer = client.post(address, sent)
                assert answer.status_code == 200, answer.content
                assert answer.json()["status"] == "published"
            refs.append(answer.json()["ref"])
    finally:
        connection.close()
    return refs


def test_everything_is_there_in_order_and_nothing_was_refused() -> None:
    blog = factories.blog()
    clients = [desk.signed_in(factories.member(blog, "editor", f"editor {number}")) for number in range(EDITORS)]
    reader = Client()
    open_page = Page.of(reader.get(f"/live/{blog.slug}/").content.decode())
    ready = Barrier(EDITORS)
    with ThreadPoolExecutor(EDITORS) as pool:
        jobs = [pool.submit(publish_on, client, blog, f"Editor {number}", ready) for number, client in enumerate(clients)]
        while not all(job.done() for job in jobs):
            catch_up(reader, blog.slug, open_page)
        published = [job.result() for job in jobs]
    catch_up(reader, blog.slug, open_page)
    count = sum(map(len, published))
    assert min(map(len, published)) >= 2, "an editor was kept waiting by the others"

    # The record: one entry, revision, key and line of the audit each, and numbers without a gap.
    assert Entry.objects.filter(status="published", rev=1).count() == count == EntryRevision.objects.count() == Write.objects.count()
    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, count + 1))
    assert AuditLine.objects.filter(verb="publish").count() == count
    # The reader: a page that caught up all the while stands as a fresh one, and each editor's entries stand in the order of writing.
    feed = list(Entry.objects.order_by("order").values_list("ref", flat=True))
    for refs in published:
        assert [ref for ref in feed if ref in set(refs)] == refs
    assert [article.ref for article in open_page.articles] == feed[::-1]
    fresh = Page.of(reader.get(f"/live/{blog.slug}/").content.decode())
    assert fresh.seq == open_page.seq == count
    assert [article.html for article in fresh.articles] == [article.html for article in open_page.articles[: len(fresh.articles)]]
