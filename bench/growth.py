"""`python -m bench.growth`: what page, catch-up and publish cost as a blog grows, and how many queries each takes."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench import contestants, generator, options
from bench.browser import Browser
from bench.generator import Load, Target
from bench.processes import cpu_seconds
from bench.report import Report, median, say
from bench.stage import DATABASE, Stage, ready

BEHIND = 20
CURSOR = re.compile(rb'data-epoch="([^"]+)" data-seq="(\d+)" data-token="(-?\d+)"')

# (server, what, length) to CPU seconds of all processes that took part, PostgreSQL's own included.
Costs = dict[tuple[str, str, int], list[float]]


class Bench:
    """One server, one writer and their database; every figure is the CPU of all three, so that nothing hides in a query."""

    def __init__(self, *, server: tuple[int, int], writer: tuple[int, int], postgres: int) -> None:
        self._pids = [server[1], writer[1], postgres]
        self._browser = Browser(server[0])
        self._writer_port = writer[0]
        self.etag = ""

    def charged(self, work: Callable[[], object]) -> float:
        before = cpu_seconds(self._pids)
        work()
        return cpu_seconds(self._pids) - before

    def publish(self, slug: str) -> None:
        contestants.post(self._writer_port, f"/{slug}", "The first lorries are crossing again. " * 20)

    def page(self, slug: str, *, newer_than: str = "") -> str:
        """Asks until the page is another one than `newer_than`; returns its ETag, which `etag` keeps."""
        end = time.monotonic() + 10
        while (answer := self._browser.get(f"/live/{slug}/")).headers["etag"] == newer_than:
            if time.monotonic() > end:
                raise TimeoutError(f"/live/{slug}/ did not change within 10 s")
            time.sleep(0.01)
        self.etag = answer.headers["etag"]
        return self.etag

    def changes(self, slug: str, cursor: str) -> None:
        answer = self._browser.get(f"/live/{slug}/changes?{cursor}")
        if answer.status != 200 or b'"put"' not in answer.body:
            raise RuntimeError(f"{answer.status} for changes?{cursor}")


def cursor_behind(stage: Stage, slug: str, numbers: int) -> str:
    with psycopg.connect(stage.database_url) as connection:
        row = connection.execute(
            "SELECT b.epoch, c.seq, c.token FROM newsroom_liveblog b JOIN newsroom_change c ON c.blog_id = b.id AND c.seq = b.seq - %s"
            " WHERE b.slug = %s",
            (numbers, slug),
        ).fetchone()
    if row is None:
        raise RuntimeError(f"{slug} has no number {numbers} before its head")
    return f"after={row[1]}&epoch={row[0]}&token={row[2]}"


def measure(stage: Stage, report: Report, costs: Costs, *, name: str, lengths: list[int], rounds: int) -> None:
    """Each round publishes once on every blog in turn and asks for its page and its changes, none of which is ready yet."""
    with contestants.our_server(stage, name) as server, contestants.our_writer(stage) as writer:
        bench = Bench(server=server, writer=writer, postgres=stage.postgres_pid())
        etags = {length: bench.page(slug_of(name, length)) for length in lengths}
        for number in range(rounds + 2):
            found: dict[str, float] = {}
            for length in lengths:
                slug = slug_of(name, length)
                published = bench.charged(partial(bench.publish, slug))
                # The server hears of it by itself; what it does for that is no part of the next figure.
                time.sleep(0.15)
                page = bench.charged(partial(bench.page, slug, newer_than=etags[length]))
                etags[length] = bench.etag
                cursor = cursor_behind(stage, slug, BEHIND)
                time.sleep(0.05)
                changes = bench.charged(partial(bench.changes, slug, cursor))
                found |= {f"publish {length}": published, f"page {length}": page, f"changes {length}": changes}
                if number >= 2:
                    for what, seconds in (("publish", published), ("page", page), ("changes", changes)):
                        costs[name, what, length].append(seconds)
            report.runs.append({"round": number, "server": name, **{what: round(seconds * 1e3, 3) for what, seconds in found.items()}})


def slug_of(server: str, length: int) -> str:
    return f"{server}-{length}"


def judge(report: Report, costs: Costs, *, server: str, lengths: list[int]) -> None:
    for what in ("page", "changes", "publish"):
        for length in lengths:
            report.add(f"{server}: {what} at {length:,} entries", median(costs[server, what, length]) * 1e3, unit="ms CPU")
        most, least = median(costs[server, what, lengths[-1]]), median(costs[server, what, lengths[0]])
        report.add(f"{server}: {what}, {lengths[-1]:,} ÷ {lengths[0]:,} entries", most / least, 1.2)


class QueryCount:
    """Counts the statements that a database was sent, from its own log: no code of ours has to be trusted for it."""

    def __init__(self, stage: Stage) -> None:
        self._log: Path = stage.postgres_log()
        with psycopg.connect(f"{stage.postgres}/postgres", autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {DATABASE} SET log_statement = 'all'")

    def during(self, work: Callable[[], object]) -> int:
        before = self._log.stat().st_size
        work()
        with self._log.open("rb") as log:
            log.seek(before)
            lines = log.read().decode(errors="replace").splitlines()
        statements = [line for line in lines if "LOG:  statement:" in line or "LOG:  execute" in line]
        # A new connection of the pool says its time zone; that is no query of a page.
        return sum(1 for line in statements if re.search(r":\s+(SELECT (?!set_config)|INSERT|UPDATE|DELETE|WITH)", line))


def count_queries(stage: Stage, report: Report, *, name: str, slug: str) -> None:
    def add(what: str, count: float, bar: float | None = None) -> None:
        report.add(f"{name}: queries, {what}", count, bar, unit="")

    program = generator.build(stage.folder)
    queries = QueryCount(stage)
    path = f"/live/{slug}/"
    with contestants.our_server(stage, name) as server, contestants.our_writer(stage) as writer, Browser(server[0]) as browser:
        add("the first page of a process, its position in the ledger included", queries.during(lambda: _ask(browser, path)))
        contestants.post(writer[0], f"/{slug}", "Another lane is open.")
        time.sleep(0.5)
        add("a page after a change", queries.during(lambda: _ask(browser, path)), 6)
        add("20 pages that are ready", queries.during(lambda: _ask(browser, path, 20)), 0)
        changes = f"{path}changes?{cursor_behind(stage, slug, BEHIND)}"
        add("changes for one", queries.during(lambda: _ask(browser, changes)), 6)
        add("the same changes for 100 more", queries.during(lambda: _ask(browser, changes, 100)), 0)
    deaf = {"REDIS_PREFIX": "nobody-listens"}
    with contestants.our_server(stage, name) as server, contestants.our_writer(stage, environment=deaf) as writer:
        counts = {}
        for readers in (20, 400):
            target = Target([server[0]], f"/ws/live/{slug}/", writer[0], f"/{slug}", [server[1]], greets=True)
            load = Load(readers=readers, singles=0, burst=10, frame_bytes=1024, entries_per_second=50)
            # The writer's pushes reach nobody, so all of it comes by the sync loop and the hub's own reading.
            counts[readers] = queries.during(partial(generator.run, program, target, load))
        add("12 unpushed entries that reach 20 readers (the writer's own included)", counts[20])
        add("… and 400 readers", counts[400])
        add("a reader more", max(0, (counts[400] - counts[20]) / 380), 0.05)


def _ask(browser: Browser, path: str, times: int = 1) -> None:
    browser.repeat(path, times, expected=200)


def main(arguments: list[str] | None = None) -> Report:
    parser = options.parser(__doc__)
    parser.add_argument("--lengths", type=options.numbers, default=[100, 1000, 10000], help="entries, by commas")
    parser.add_argument("--rounds", type=int, default=20, help="publishes on each blog (20)")
    chosen: Any = parser.parse_args(arguments)
    report = Report("growth")
    with ready() as stage:
        say("  filling the blogs")
        stage.open_blogs(*(f"{slug_of(server, length)}={length}" for server in chosen.servers for length in chosen.lengths))
        costs: Costs = defaultdict(list)
        for server in chosen.servers:
            measure(stage, report, costs, name=server, lengths=chosen.lengths, rounds=chosen.rounds)
        # Last: from here on PostgreSQL logs every statement, which costs.
        for server in chosen.servers:
            count_queries(stage, report, name=server, slug=slug_of(server, chosen.lengths[0]))
    for server in chosen.servers:
        judge(report, costs, server=server, lengths=chosen.lengths)
    report.finish(chosen.out)
    return report


if __name__ == "__main__":
    main()
