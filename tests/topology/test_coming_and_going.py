"""Processes that end, by order or by force, and what readers and editors notice of it."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.newsroom.desk import typed
from tests.topology.place import Place, Web
from tests.topology.visitor import Reader
from tests.waiting import until


def heard(reader: Reader, headline: str) -> bool:
    """Whether the reader gets this entry next."""
    return headline in reader.next("put")["html"]


def test_a_scheduled_entry_is_released_by_the_worker_and_pushed(place: Place) -> None:
    slug = place.open_blog()
    with place.readers(slug, 2) as readers:
        place.desk("schedule", blog=slug, headline="At the hour", seconds=1)
        assert all(heard(reader, "At the hour") for reader in readers)


def test_a_process_killed_takes_no_reader_with_it_for_good(place: Place) -> None:
    slug = place.open_blog()
    with place.readers(slug, 4) as readers:
        place.webs[0].end(by_force=True)
        lost = [reader for reader in readers if not still_open(reader)]
        assert 0 < len(lost) < len(readers)
        place.desk("publish", blog=slug, headline="Told to the others")
        assert all(heard(reader, "Told to the others") for reader in readers if reader not in lost)
        # A page that comes back finds the other process, and a head that says what it has missed.
        with place.readers(slug, 2) as returned:
            assert {reader.hello["head"] for reader in returned} == {1}
            place.desk("publish", blog=slug, headline="Told to all")
            assert all(heard(reader, "Told to all") for reader in returned)


def still_open(reader: Reader) -> bool:
    try:
        reader.frame(within=1)
    except TimeoutError:
        return True
    except ConnectionError:
        return False
    return True


def test_an_upgrade_one_after_the_other_loses_no_request_and_no_entry(place: Place) -> None:
    slug = place.open_blog()
    stopping = threading.Event()
    statuses: list[int] = []
    written: list[int] = []

    def browse() -> None:
        while not stopping.wait(0.1):
            statuses.append(place.visitor.ask(f"/live/{slug}/changes?after=0&epoch=abcdefghjkmn&token=0").status)
            statuses.append(place.visitor.ask("/admin/account/login/").status)

    def write() -> None:
        while not stopping.wait(0.1):
            answer = place.editor.post_form(f"/admin/newsroom/entry/add/?blog={slug}", typed(headline="In between"))
            statuses.append({302: 200}.get(answer.status, answer.status))
            written.append(answer.status)

    with ThreadPoolExecutor(7) as crowd, place.readers(slug, 4) as readers:
        ends = [crowd.submit(reader.end, within=60) for reader in readers]
        busy = [crowd.submit(browse), crowd.submit(browse), crowd.submit(write)]
        try:
            codes = [upgraded(place, web) for web in place.webs]
        finally:
            stopping.set()
        for each in busy:
            each.result()
        # Those of the first process were told to come back, and those of the second later.
        assert [end.result() for end in ends] == [4012] * 4
    assert codes == [0, 0]
    assert len(statuses) > 20
    assert set(statuses) == {200}
    with place.readers(slug, 1) as [later]:
        newest = later.hello["head"]
        # A process that has only just come back may hear of the last entry after its hello, by its own look.
        while newest < len(written):
            newest = later.next("put")["seq"]
        assert newest == len(written)


def upgraded(place: Place, web: Web) -> int:
    """Stops it as Docker does and starts it again. Its exit code."""
    code = web.end()
    place.mend()
    return code


def test_with_no_process_left_the_pages_stay_and_the_desk_says_so(place: Place) -> None:
    slug = place.open_blog()
    place.desk("publish", blog=slug, headline="The last word")
    pages = [f"/live/{slug}/", f"/embed/{slug}/"]
    for page in pages:
        assert "The last word" in place.visitor.ask(page).text
    for web in place.webs:
        web.end(by_force=True)
    until(lambda: place.visitor.ask("/admin/account/login/").status == 502, seconds=5, what="the proxy's knowledge that nobody is there")
    for page in pages:
        answer = place.visitor.ask(page)
        assert (answer.status, "The last word" in answer.text) == (200, True)


def workers_of(place: Place) -> set[str]:
    """The process numbers of the proxy's workers."""
    assert place.proxy.process
    number = place.proxy.process.pid
    return set(Path(f"/proc/{number}/task/{number}/children").read_text().split())


def test_a_new_configuration_leaves_the_open_sockets_alone(place: Place) -> None:
    slug = place.open_blog()
    with place.readers(slug, 2) as readers:
        before = workers_of(place)
        assert place.proxy.process
        os.kill(place.proxy.process.pid, signal.SIGHUP)
        until(lambda: workers_of(place) - before, seconds=10, what="the proxy's new workers")
        place.desk("publish", blog=slug, headline="Still here")
        assert all(heard(reader, "Still here") for reader in readers)


def test_the_health_checks_of_the_file_are_passed_by_what_is_well_and_by_nothing_else(place: Place) -> None:
    for name, web in zip(("web1", "web2"), place.webs, strict=True):
        assert place.is_healthy(name, web.port)
    place.webs[0].end(by_force=True)
    assert not place.is_healthy("web1", place.webs[0].port)
    assert place.is_healthy("worker")
    pulse = place.folder / "pulse"
    os.utime(pulse, (0, 0))
    # The living worker touches it again within a second.
    until(lambda: place.is_healthy("worker"), seconds=5, what="the next pulse")
