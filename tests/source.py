"""The project's own text files, for the tests that judge them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("newsroom", "liveblog")
ELSEWHERE = ("tests", "templates", "static", "docs", ".ci", "bench", "deploy", "translations")
# Made by others or by a program.
NOT_OURS = ("static/vendor", "static/fonts", "newsroom/migrations")


def files(*endings: str, under: tuple[str, ...] = (*PACKAGES, *ELSEWHERE)) -> Iterator[Path]:
    """Every file of ours with one of these endings."""
    for folder in under:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and path.is_file() and not name(path).startswith(NOT_OURS) and "__pycache__" not in path.parts:
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
