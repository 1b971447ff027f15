"""What the benchmark of pages says of systems that it does not start, and that its README says the same."""

from __future__ import annotations

from bench.pages import ASKED, Costs, elsewhere, judge
from bench.report import Report, Row
from tests.source import ROOT

# A page, in the figures of bench/README.md.
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


def test_the_readme_has_the_row_with_its_figures() -> None:
    text = (ROOT / "bench" / "README.md").read_text()
    assert "A page cost 272 µs on daphne and 101 µs on uvicorn" in text
    figures = " | ".join(f"{row.value:.0f}" for row in foreign(PAGE_US))
    assert f"| {elsewhere()} ÷ ours, 200 ‡ | ≥ 100 | {figures} |" in text
