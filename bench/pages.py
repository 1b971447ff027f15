"""`python -m bench.pages`: what a page costs the server, whole and as 304, beside Django's cached view on the same server."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bench import contestants, options
from bench.browser import Browser
from bench.contestants import SLUG
from bench.processes import cpu_seconds
from bench.report import Report, median, say
from bench.stage import Stage, ready

ENTRIES = 40
PATH = f"/live/{SLUG}/"
CONNECTIONS = 8
# What a page costs elsewhere, in milliseconds of CPU: the least that was measured for each. Constants, no run of this benchmark.
ELSEWHERE_MS = {"WordPress with its liveblog plugin": 79.0, "Wagtail Live": 96.0}

# What is asked for: the page as it is, as a browser asks for it, and whether it has changed.
ASKED = ("200", "200 compressed", "304")

Costs = dict[tuple[str, str, str], list[float]]


def charge(port: int, pid: int, *, requests: int, asked: str) -> float:
    """Microseconds of the server's CPU a request, warm."""
    with Browser(port, connections=CONNECTIONS) as browser:
        first = browser.get(PATH)
        if first.status != 200 or SLUG.encode() not in first.body:
            raise RuntimeError(f"{first.status}: this is not the page")
        headers = {"200": {}, "200 compressed": {"Accept-Encoding": "gzip, br"}, "304": {"If-None-Match": first.headers["etag"]}}[asked]
        status = 304 if asked == "304" else 200
        browser.repeat(PATH, requests // 10, expected=status, headers=headers)
        before = cpu_seconds([pid])
        count = browser.repeat(PATH, requests, expected=status, headers=headers)
        return (cpu_seconds([pid]) - before) * 1e6 / count


def measure(stage: Stage, report: Report, *, runs: int, servers: list[str], requests: int) -> Costs:
    """Both contestants serve the very same bytes: the page of ours is fetched once and becomes the stock view's template."""
    costs: Costs = defaultdict(list)
    templates = stage.folder / "templates"
    templates.mkdir()
    for number in range(1, runs + 1):
        for server in servers:
            with contestants.our_server(stage, server) as (port, pid):
                with Browser(port) as browser:
                    page = browser.get(PATH).body
                # The stock page is a template: nothing in it may look like a tag.
                (templates / "page.html").write_bytes(b"{% verbatim %}" + page + b"{% endverbatim %}")
                for asked in ASKED:
                    costs["ours", server, asked].append(charge(port, pid, requests=requests, asked=asked))
            with contestants.stock_server(stage, server, templates=templates) as (port, pid):
                for asked in ASKED:
                    costs["stock", server, asked].append(charge(port, pid, requests=max(requests // 5, 50), asked=asked))
            for asked in ASKED:
                ours, stock = costs["ours", server, asked][-1], costs["stock", server, asked][-1]
                report.runs.append(
                    {"round": number, "server": server, "asked": asked, "ours_us": ours, "stock_us": stock, "bytes": len(page)}
                )
                say(f"  round {number}, {server}, {asked}: ours {ours:.0f} µs, stock {stock:.0f} µs")
    return costs


def elsewhere() -> str:
    return "The cheaper of " + " and ".join(f"{name} ({cost:.0f} ms)" for name, cost in ELSEWHERE_MS.items())


def judge(report: Report, costs: Costs, servers: list[str]) -> None:
    bars = {"daphne": 10, "uvicorn": 40}
    for server in servers:
        for asked in ASKED:
            ours, stock = median(costs["ours", server, asked]), median(costs["stock", server, asked])
            report.add(f"ours on {server}, {asked}: a request", ours, unit="µs CPU")
            report.add(f"stock cached view on {server}, {asked}: a request", stock, unit="µs CPU")
            report.add(f"stock ÷ ours, {server}, {asked}", stock / ours, bars[server] if asked != "200 compressed" else None, at_least=True)
        whole = median(costs["ours", server, "200"])
        cheapest = min(ELSEWHERE_MS.values()) * 1000 / whole
        report.add(f"{elsewhere()} ÷ ours, {server}, 200", cheapest, 100, at_least=True, note="theirs was measured elsewhere")


def main(arguments: list[str] | None = None) -> Report:
    parser = options.parser(__doc__)
    parser.add_argument("--requests", type=int, default=2000, help="requests to ours a run; the stock view gets a fifth (2000)")
    chosen: Any = parser.parse_args(arguments)
    report = Report("pages")
    with ready() as stage:
        stage.open_blogs(f"{SLUG}={ENTRIES}")
        costs = measure(stage, report, runs=chosen.runs, servers=chosen.servers, requests=chosen.requests)
    judge(report, costs, chosen.servers)
    report.finish(chosen.out)
    return report


if __name__ == "__main__":
    main()
