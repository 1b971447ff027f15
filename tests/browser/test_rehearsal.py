"""A rehearsal in a process of its own reaches an open page, entry by entry and in the original's order."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import ROOT, Site
from tests.newsroom.importing import block, paragraph
from tests.newsroom.importing import page as foreign_page

# At this speed an hour of the original takes three seconds.
SPEED = 1200
TITLES = ["The wind is up", "First kites", "A kite in the sea", "The wind is down"]


@pytest.fixture
def playing(live_site: Site, tmp_path: Path) -> Iterator[str]:
    """The address of a blog that a rehearsal is being played into; its first entry may be there already."""
    slug = f"kites-{secrets.token_hex(4)}"
    blocks = [block(f"b{number}", paragraph(f"<p>{title}.</p>"), hours=number, title=title) for number, title in enumerate(TITLES)]
    path = tmp_path / "page.json"
    path.write_text(json.dumps(foreign_page(*blocks)))
    command = [sys.executable, "manage.py", "rehearse", str(path), "--slug", slug, "--speed", str(SPEED)]
    with subprocess.Popen(command, cwd=ROOT, env=live_site.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert slug in process.stdout.readline()
        yield f"{live_site.url}/live/{slug}/"
        assert process.wait(timeout=60) == 0


def test_each_entry_arrives_on_the_page_that_was_open(playing: str, page: Page) -> None:
    page.goto(playing)
    page.evaluate("window.opened = true")
    expect(page.locator("#feed")).not_to_contain_text(TITLES[-1])
    for title in TITLES:
        expect(page.locator("#feed h3", has_text=title)).to_be_visible(timeout=30_000)
    assert page.locator("#feed h3").all_inner_texts() == TITLES[::-1]
    assert page.evaluate("window.opened")
