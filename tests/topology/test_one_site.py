"""Two web processes behind the proxy are one site to its readers."""

from __future__ import annotations

import statistics
import time

from tests.newsroom.desk import typed
from tests.topology.place import Place
from tests.waiting import until


def published(place: Place, slug: str, headline: str) -> float:
    """Publishes with the desk's form, through the proxy. When it was answered."""
    answer = place.editor.post_form(f"/admin/newsroom/entry/add/?blog={slug}", typed(headline=headline))
    assert answer.status == 302, answer.text[:3000]
    return time.monotonic()


def test_an_entry_reaches_the_readers_of_both_processes_within_a_second(place: Place) -> None:
    slug = place.open_blog()
    delays = []
    with place.readers(slug, 6) as readers:
        for number in range(3):
            answered = published(place, slug, f"Bridge closed {number}")
            for reader in readers:
                assert f"Bridge closed {number}" in reader.next("put")["html"]
            delays.append(time.monotonic() - answered)
    assert statistics.median(delays) < 1
    until(lambda: len(place.proxied(f"/ws/live/{slug}/")) == 6, seconds=5, what="the proxy's log of six sockets")
    assert {web for _, web in place.proxied(f"/ws/live/{slug}/")} == {f"127.0.0.1:{web.port}" for web in place.webs}
