"""What the benchmark of pages says of systems that it does not start, and that its README says the same."""

from __future__ import annotations

import re

from bench.pages import ASKED, Costs, elsewhere, judge
from bench.report import Report, Row
from tests.source import ROOT

# The processor's time for one page of ours, on each server.
PAGE_US = {"daphne": 272.0, "uvicorn": 101.0}


def foreign(page_us: dict[str, float]) -> list[Row]:
    costs: Costs = {}
    for server, cost in page_us.items():
        costs |= {("ours", server, asked): [cost] for asked in ASKED} | {("stock", server, asked): [5000.0] for asked in ASKED}
    report = Report("pages")
    judge(report, costs, list(page_us))
    return [row for row in report.rows if elsewhere() in row.what]


def test_both_systems_stand_in_one_row_a_server_that_says_where_it_is_from() -> None:
    rows = foreign(PAGE_US)
    assert [row.what.split(", ")[-2] for row in rows] == list(PAGE_US)
    assert {row.verdict for row in rows} == {"pass"}
    assert all("WordPress" in row.what and "Wagtail Live" in row.what and "elsewhere" in row.note for row in rows)


def test_a_page_of_eight_hundred_microseconds_misses_it() -> None:
    assert [row.verdict for row in foreign({"daphne": 800.0})] == ["MISSED"]


def test_the_row_of_the_readme_follows_from_the_pages_that_it_names() -> None:
    text = (ROOT / "bench" / "README.md").read_text()
    named = re.search(r"A page cost (\d+) µs on daphne and (\d+) µs on uvicorn", text)
    assert named
    figures = " | ".join(f"{row.value:.0f}" for row in foreign({"daphne": float(named[1]), "uvicorn": float(named[2])}))
    assert re.search(rf"^\| {re.escape(elsewhere())} ÷ ours, 200 ‡ \| ≥ 100 \| {re.escape(figures)} \|$", text, re.MULTILINE)
