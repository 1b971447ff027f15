"""What the script of a page and the whole of an embed weigh as they are served, compressed (docs/design.md, Fonts and budget)."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from liveblog.static import bare
from tests import factories as make

KILO = 1000


@pytest.fixture
def served(tmp_path: Path, settings: Settings) -> Path:
    """The folder with the files under the names they are served by."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "liveblog.static.HashedStaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def script(folder: Path, stem: str) -> Path:
    """It imports nothing: liveblog.joined has made one of all."""
    (path,) = folder.glob(f"js/{stem}.????????????.js")
    return path


def test_the_script_of_the_reader_s_page(served: Path) -> None:
    assert weight(script(served, "reader")) <= 14 * KILO


@pytest.mark.django_db
def test_the_whole_embed(served: Path) -> None:
    blog = make.blog()
    for minute in range(10):
        make.published(blog, f"Entry {minute}", minute=minute, blocks=[make.paragraph(f"Words of entry {minute}. " * 8)])
    page = Client().get(f"/embed/{blog.slug}/").content
    sheets = [served / "css/tokens.css", served / "css/embed.css"]
    assert "@import" not in sheets[1].read_text()
    assert len(gzip.compress(page, 9)) + sum(map(weight, [*sheets, script(served, "embed-frame")])) <= 20 * KILO


def test_comments_and_margins_are_left_out_and_nothing_else() -> None:
    script = '/**\n * Why.\n */\n  // And why.\n  say("// not a comment"); // kept\n\n  const a = 1; /* kept */\n'
    assert bare(script) == 'say("// not a comment"); // kept\nconst a = 1; /* kept */\n'


def test_no_string_of_a_reader_s_module_runs_over_a_line_s_end() -> None:
    static = Path(__file__).resolve().parent.parent.parent / "static/js"
    broken = {
        path.name
        for path in static.glob("*.js")
        for line in path.read_text().splitlines()
        if not re.match(r"\s*(\*|/\*|//)", line) and line.count("`") % 2
    }
    assert broken == set()
