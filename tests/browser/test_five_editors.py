"""Five editors who publish at once on one server: everything arrives, each one's in the order of writing, and nobody is refused.

For some seconds here; for as long as `EDITORS_SECONDS` says where that is set.
"""

from __future__ import annotations

import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.browser.caller import Caller
from tests.browser.site import Site
from tests.newsroom import desk
from tests.readers import Page, catch_up

EDITORS = 5
SECONDS = float(os.environ.get("EDITORS_SECONDS", "2"))


def at_the_desk(site: Site, blog: str, name: str) -> Caller:
    """Somebody of the blog's team, with the cookies of a browser that has its desk open."""
    site.desk("join", blog=blog, name=name, role="editor")
    caller = Caller(site.url, site.desk("session", name=name)["cookies"])
    number = site.desk("number", blog=blog)["pk"]
    assert caller.get(f"/admin/newsroom/liveblog/{number}/desk/").status_code == 200
    return caller


def publish_on(caller: Caller, blog: str, name: str, ready: Barrier) -> list[str]:
    """The refs of what one editor published, in order. Each third press is sent twice, as where an answer was lost."""
    address, refs = f"/desk/{blog}/entries/", []
    ready.wait(20)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        sent = desk.typed(headline=f"{name}, number {len(refs)}", key=uuid.uuid4())
        for _ in range(2 if len(refs) % 3 == 0 else 1):
            answer = caller.post(address, sent)
            assert answer.status_code == 200, answer.content
            assert answer.json()["status"] == "published"
        refs.append(answer.json()["ref"])
    return refs


def test_everything_is_there_in_order_and_nothing_was_refused(live_site: Site, blog: str) -> None:
    callers = [at_the_desk(live_site, blog, f"{blog}-{number}") for number in range(EDITORS)]
    reader = Caller(live_site.url)
    open_page = Page.of(reader.get(f"/live/{blog}/").content.decode())
    ready = Barrier(EDITORS)
    with ThreadPoolExecutor(EDITORS) as pool:
        jobs = [pool.submit(publish_on, caller, blog, f"Editor {number}", ready) for number, caller in enumerate(callers)]
        while not all(job.done() for job in jobs):
            catch_up(reader, blog, open_page)
        published = [job.result() for job in jobs]
    catch_up(reader, blog, open_page)
    count = sum(map(len, published))
    assert min(map(len, published)) >= 2, "an editor was kept waiting by the others"

    # The record: one entry, revision, key and line of the audit each, and numbers without a gap.
    record = live_site.desk("record", blog=blog)
    assert record["seqs"] == list(range(1, count + 1))
    assert {name: record[name] for name in ("published", "revisions", "writes", "audited")} == dict.fromkeys(
        ("published", "revisions", "writes", "audited"), count
    )
    # The reader: a page that caught up all the while stands as a fresh one, and each editor's entries stand in the order of writing.
    feed = record["feed"]
    for refs in published:
        assert [ref for ref in feed if ref in set(refs)] == refs
    assert [article.ref for article in open_page.articles] == feed[::-1]
    fresh = Page.of(reader.get(f"/live/{blog}/").content.decode())
    assert fresh.seq == open_page.seq == count
    assert [article.html for article in fresh.articles] == [article.html for article in open_page.articles[: len(fresh.articles)]]
