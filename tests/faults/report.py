"""The figures of all runs of a session, as a table and as JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.judge import Limits, judge


class Invalid(Exception):
    """A run on a machine that was too busy to judge its times by. It is repeated once (`conftest.py`)."""


COLUMNS = ("readers", "acknowledged", "applied", "resets", "p50_s", "p99_s", "max_s", "quiet_s")


@dataclass
class Report:
    """`prefix` begins the names of the runs of one kind."""

    folder: Path
    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    prefix: str = ""

    def history(self, name: str) -> Path:
        return self.folder / f"{self.prefix}{name}.jsonl"

    def passes(self, path: Path, limits: Limits, **more: float) -> dict[str, float]:
        """Judges the history of a run, fails with every broken promise, and keeps its figures.

        Raises `Invalid` where its times say nothing.
        """
        verdict = judge(path, limits)
        self.rows[path.stem] = {**verdict.figures, **more}
        assert not verdict.wrong, f"{path.stem}\n{verdict}"
        if verdict.invalid:
            raise Invalid(f"{path.stem}\n{verdict}")
        assert not verdict.late, f"{path.stem}\n{verdict}"
        return verdict.figures

    def write(self) -> None:
        if not self.rows:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "figures.json").write_text(json.dumps(self.rows, indent=1))
        head = f"| fault | {' | '.join(COLUMNS)} | more |\n|---|{'--:|' * len(COLUMNS)}---|\n"
        lines = []
        for name, figures in self.rows.items():
            more = ", ".join(f"{key} {value:g}" for key, value in figures.items() if key not in COLUMNS)
            lines.append(f"| {name} | {' | '.join(f'{figures.get(column, 0):g}' for column in COLUMNS)} | {more} |\n")
        (self.folder / "figures.md").write_text(head + "".join(lines))
