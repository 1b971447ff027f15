"""Arrows point down: the import contracts of pyproject.toml hold, and they would notice if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import PACKAGES, ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_import_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("newsroom/rendering/times.py", "import liveblog.planes", "The writing side knows nothing of the reading side"),
        ("liveblog/reader/urls.py", "import newsroom.actions.entries", "never reaches an action"),
        ("newsroom/rendering/times.py", "import newsroom.actions.entries", "arrows point down"),
        ("newsroom/media/intake.py", "import newsroom.models", "picture pipeline is pure"),
    ],
)
def test_an_import_that_points_up_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as text:
        text.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    broken = [told for told in done.stdout.splitlines() if " BROKEN" in told]
    assert any(contract in told for told in broken), done.stdout
