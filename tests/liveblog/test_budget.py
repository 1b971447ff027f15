"""What a reader's first visit weighs, compressed (docs/design.md, Fonts and budget)."""

from __future__ import annotations

import gzip
import re

import pytest
from django.template.loader import render_to_string

from liveblog.joined import joined_sheet
from newsroom.models import LiveBlog
from newsroom.rendering.entry import render_entry
from tests.newsroom.fragments import picture, snapshot, text
from tests.source import ROOT

KILO = 1000


def page(entries: int) -> str:
    """A page of entries, each with words of its own, every fourth with a picture and every fifth with a quote."""
    fragments = []
    for number in range(entries):
        words = " ".join(f"{(number * 7919 + at * 104729) % 99991:x}" for at in range(60))
        blocks = [text(f"<p>{words}</p>")]
        pictures = []
        if number % 4 == 0:
            pictures = [picture(f"i-{number:08}", caption=words[:80])]
            blocks.append({"type": "image", "id": "b-1", "image": pictures[0]["ref"]})
        entry = snapshot(*blocks, pictures=pictures, ref=f"e-{number:06}", headline=words[:50], standing="reported")
        fragments.append({"html": render_entry(entry), "day": "2026-11-20", "day_label": "Friday", "new_day": number == 0})
    head = {"epoch": "abc", "seq": 1, "token": 1}
    context = {"blog": LiveBlog(slug="bridge", title="Bridge"), "fragments": fragments, "head": head, "words": {}}
    return render_to_string("reader/blog.html", context)


def test_the_html_of_forty_entries() -> None:
    assert len(gzip.compress(page(40).encode())) <= 25 * KILO


def test_the_one_sheet_that_the_page_names() -> None:
    named = re.findall(r'rel="stylesheet" href="/static/css/([\w-]+)[\w.]*\.css"', page(1))
    assert named == ["page"]
    sheet = joined_sheet("css/page.css", lambda path: (ROOT / "static" / path).read_text())
    assert len(gzip.compress(sheet.encode())) <= 10 * KILO


@pytest.mark.parametrize(
    ("fonts", "most"),
    [(("source-serif-4", "schibsted-grotesk"), 68 * KILO), (("vazirmatn-arabic",), 32_800)],
)
def test_the_fonts(fonts: tuple[str, ...], most: int) -> None:
    assert sum((ROOT / "static/fonts" / f"{font}.woff2").stat().st_size for font in fonts) <= most


def test_every_font_has_its_licence() -> None:
    stems = {path.stem.removesuffix("-arabic") for path in (ROOT / "static/fonts").glob("*.woff2")}
    assert stems == {path.stem.removeprefix("OFL-") for path in (ROOT / "static/fonts").glob("OFL-*.txt")}
