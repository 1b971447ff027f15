"""What every benchmark lets one choose."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.contestants import have_uvicorn
from bench.report import default_folder


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def names(text: str) -> list[str]:
    return text.split(",")


def parser(what: str | None) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=what)
    result.add_argument("--runs", type=int, default=3, help="rounds; the median of them is judged (3)")
    both = ["daphne", "uvicorn"] if have_uvicorn() else ["daphne"]
    result.add_argument("--servers", type=names, default=both, help="daphne, uvicorn or both by a comma (what is installed)")
    result.add_argument("--out", type=Path, default=default_folder(), help="where the JSON goes (var/bench)")
    return result
