"""Rules for what a browser gets: nothing the content security policy forbids, one side of the page no more left than right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.source import ROOT, files, name

INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.IGNORECASE
)
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b|(?:left|right|top|bottom)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b)",
    re.MULTILINE,
)
COLOUR = re.compile(r":[^;{]*(?:#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch)\()", re.IGNORECASE)
LIVE_HTML = re.compile(r"\.(?:innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write")
SAFE = re.compile(r"{{\s*([\w.]+)\|safe\s*}}")

# What is sure to be HTML of our own making: rendered once, by newsroom.rendering.
RENDERED = {"front", "board", "pinned", "fragment", "entry.html"}
# Where a colour may be written down: the tokens, what print makes of them, and the embed, which travels alone.
PALETTES = {"static/css/tokens.css", "static/css/print.css", "static/css/embed.css"}


@pytest.mark.parametrize("bad", ["<p style='x'>", '<a onclick="x()">', "<script>x()</script>", '<script type="module">', "<style>"])
def test_what_the_policy_would_refuse_is_seen(bad: str) -> None:
    assert INLINE.search(bad)


@pytest.mark.parametrize("good", ['<script type="module" src="x.js">', '<script type="application/json" id="words">', '<ol class="a">'])
def test_what_the_policy_allows_is_let_be(good: str) -> None:
    assert not INLINE.search(good)


def test_no_template_has_script_or_style_inside() -> None:
    assert [name(path) for path in files(".html", under=("templates",)) if INLINE.search(path.read_text())] == []


def test_only_rendered_html_is_called_safe() -> None:
    called = {(name(path), what) for path in files(".html", under=("templates",)) for what in SAFE.findall(path.read_text())}
    assert {(path, what) for path, what in called if what not in RENDERED} == set()


def test_one_place_marks_html_as_safe() -> None:
    places = {name(path) for path in files(".py", under=("newsroom", "liveblog")) if re.search(r"\bmark_safe\(", path.read_text())}
    assert places == {"newsroom/templatetags/newsroom_html.py"}


def styles() -> list[Path]:
    return [*files(".css", under=("static/css",))]


def test_no_style_knows_left_from_right() -> None:
    assert {name(path): found for path in styles() if (found := PHYSICAL.findall(path.read_text()))} == {}


def test_colours_are_tokens() -> None:
    assert {name(path) for path in styles() if name(path) not in PALETTES and COLOUR.search(path.read_text())} == set()


def test_no_script_writes_html_into_a_live_page() -> None:
    written = {
        name(path): found for path in files(".js", under=("static/js", "static/embed")) if (found := LIVE_HTML.findall(path.read_text()))
    }
    assert {path: found for path, found in written.items() if path != "static/js/entry-html.js"} == {}


def test_no_page_asks_another_site_for_anything() -> None:
    asked = re.compile(r"""(?:src|href)="https?://|url\(\s*["']?https?://|\bimport\s+["']https?://""")
    linked = {name(path) for path in files(".html", ".css", ".js", under=("templates", "static")) if asked.search(path.read_text())}
    assert {path for path in linked if not re.search(r'<a [^>]*href="https?://', (ROOT / path).read_text())} == set()
