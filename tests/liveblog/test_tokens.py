"""Contrast, computed from tokens.css itself, for light and dark (docs/design.md, Colour)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.source import ROOT, files, name

SHEET = (ROOT / "static/css/tokens.css").read_text()
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9A-F]{6});")
DARK_WISH = re.compile(r":root:not\(\[data-theme=\"light\"\]\) \{(.*?)\}", re.DOTALL)
DARK_THEME = re.compile(r":root\[data-theme=\"dark\"\] \{(.*?)\}", re.DOTALL)

LIGHT = dict(COLOUR.findall(SHEET[: SHEET.index("@media")]))


def dark(where: re.Pattern[str]) -> dict[str, str]:
    found = where.search(SHEET)
    assert found, "tokens.css has no such block"
    return dict(COLOUR.findall(found[1]))


SCHEMES = {"light": LIGHT, "dark": LIGHT | dark(DARK_WISH)}

GROUNDS = ("paper", "sheet", "tint", "yellow-wash")
TEXT = [
    *((colour, ground) for ground in GROUNDS for colour in ("ink", "ink-2", "ink-3", "blue")),
    *(("red", ground) for ground in ("paper", "sheet", "tint")),
    ("paper", "ink"),
    ("on-red", "red-fill"),
    ("on-blue", "blue"),
    ("on-yellow", "yellow"),
]
LINES = [(colour, ground) for ground in ("paper", "sheet", "tint") for colour in ("control", "blue", "ink-3", "ink")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("colour", "ground"), TEXT)
def test_text_is_legible(scheme: str, colour: str, ground: str) -> None:
    values = SCHEMES[scheme]
    assert contrast(values[colour], values[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("colour", "ground"), LINES)
def test_controls_and_marks_can_be_seen(scheme: str, colour: str, ground: str) -> None:
    values = SCHEMES[scheme]
    assert contrast(values[colour], values[ground]) >= 3


def test_a_wish_for_dark_and_a_choice_of_dark_look_the_same() -> None:
    assert dark(DARK_WISH) == dark(DARK_THEME) != {}


def test_yellow_and_rules_could_not_carry_words() -> None:
    assert contrast(LIGHT["yellow"], LIGHT["paper"]) < 3
    assert contrast(LIGHT["rule"], LIGHT["paper"]) < 3


def sheets() -> list[Path]:
    return [path for path in files(".css", under=("static/css",)) if path.name != "desk.css"]


def test_no_sheet_writes_in_them() -> None:
    written = re.compile(r"(?<![\w-])color:\s*var\(--(?:yellow|yellow-wash|rule|control|red-fill)\)")
    assert {name(path) for path in sheets() if written.search(path.read_text())} == set()


def test_every_token_that_is_used_exists() -> None:
    """A variable is set in tokens.css or in a sheet of ours; one with a fallback may be set by whoever embeds it."""
    known = {found for path in sheets() for found in re.findall(r"(--[\w-]+):", path.read_text())}
    used = {(name(path), found) for path in sheets() for found in re.findall(r"var\((--[\w-]+)\)", path.read_text())}
    assert {(path, token) for path, token in used if token not in known} == set()
