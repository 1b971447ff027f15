"""Rows with a bar to pass, printed as a table and kept as JSON together with what the machine was."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.processes import ROOT

PACKAGES = ("django", "channels", "channels-redis", "daphne", "twisted", "autobahn", "uvicorn", "websockets", "uvloop", "redis", "psycopg")


@dataclass(frozen=True, slots=True)
class Row:
    """One judged figure. `bar` is the most it may be, or with `at_least` the least; None where it is only reported."""

    what: str
    value: float
    bar: float | None = None
    at_least: bool = False
    unit: str = "×"
    note: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.faults:
            return "invalid"
        if math.isnan(self.value):
            return "not measured"
        if self.bar is None:
            return "–"
        return "pass" if (self.value >= self.bar if self.at_least else self.value <= self.bar) else "MISSED"


@dataclass(slots=True)
class Report:
    """What one benchmark found: the judged rows and every single run, under a name that becomes its file's.

    `counters` says that its cost is in instructions where the machine counts them, and not always in CPU time.
    """

    name: str
    counters: bool = False
    rows: list[Row] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    load_before: float = field(default_factory=lambda: os.getloadavg()[0])

    @property
    def cost_by(self) -> str:
        if self.counters and instructions_counted():
            return "instructions"
        return "CPU time" if instructions_counted() else "CPU time (this machine does not count instructions)"

    def add(self, what: str, value: float, bar: float | None = None, **options: Any) -> None:
        self.rows.append(Row(what, value, bar, **options))

    def finish(self, folder: Path) -> Path:
        """Prints the table and writes the file; returns its path."""
        show(self.rows)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        facts = {**machine(), "cost_by": self.cost_by, "load_before": self.load_before, "load_after": os.getloadavg()[0]}
        rows = [{**asdict(row), "value": None if math.isnan(row.value) else row.value, "verdict": row.verdict} for row in self.rows]
        document = {"benchmark": self.name, "at": datetime.now(UTC).isoformat(), "machine": facts, "rows": rows, "runs": self.runs}
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        say(f"\n{facts['cpu']}, {facts['cores']} cores, Linux {facts['kernel']}; cost by {facts['cost_by']}; "
            f"load {facts['load_before']:.1f} before, {facts['load_after']:.1f} after. Every run: {path}")  # fmt: skip
        return path


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 – what a benchmark is for


def show(rows: Iterable[Row]) -> None:
    listed = [("", "measured", "bar", "verdict"), *(_cells(row) for row in rows)]
    widths = [max(len(cells[column]) for cells in listed) for column in range(4)]
    for cells in listed:
        say(
            "  ".join(
                cell.ljust(width) if column == 0 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
            )
        )
    for row in rows:
        for fault in row.faults:
            say(f"  invalid: {row.what}: {fault}")


def _cells(row: Row) -> tuple[str, str, str, str]:
    measured = "–" if math.isnan(row.value) else f"{row.value:.3g} {row.unit}" if abs(row.value) < 1000 else f"{row.value:,.0f} {row.unit}"
    bar = "" if row.bar is None else f"{'≥' if row.at_least else '≤'} {row.bar:g}"
    return (f"{row.what}{f' ({row.note})' if row.note else ''}", measured, bar, row.verdict)


def median(values: Iterable[float]) -> float:
    """The median of what was measured; NaN where nothing was."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


def machine() -> dict[str, Any]:
    """What the figures depend on. The name of the machine is none of it."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ""
    )
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return {
        "cpu": cpu or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory.split()[1]) / 1024**2, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def instructions_counted() -> bool:
    """Whether the kernel offers the processor's counters at all (a virtual machine seldom does)."""
    return any(Path("/sys/bus/event_source/devices").glob("cpu*"))


def default_folder() -> Path:
    return Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench"
