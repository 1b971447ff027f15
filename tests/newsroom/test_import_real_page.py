"""A real page of a publisher comes in with every element accounted for.

Its text is not ours to hand on, so it lies outside the repository: where it is not at hand and nobody said that it is (SHARED_DATA), these
are not collected (conftest.py). `test_import_page_*.py` says of made-up pages all that these say of a real one.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from newsroom.importers.guardian import parse_page
from newsroom.importers.reading import read_document
from newsroom.importers.writer import write_story
from newsroom.models import Entry, LiveBlog
from tests.newsroom.importing import NOW, REAL_PAGE, an_admin


@pytest.fixture
def path() -> Path:
    assert REAL_PAGE.exists(), f"{REAL_PAGE} is not there: set SHARED_DATA to the folder that holds it"
    return REAL_PAGE


def elements_of(document: dict[str, Any]) -> Counter[str]:
    """Counted apart from the importer: the blocks, and the key events that are not among them."""
    blocks = {block["id"]: block for block in [*document["keyEvents"], *document["blocks"]]}
    return Counter(part["_type"].rsplit(".", 1)[1] for block in blocks.values() for part in block["elements"])


def test_every_element_is_counted_and_carried_or_named(path: Path) -> None:
    document, _ = read_document(path)
    story = parse_page(document)
    assert story.seen == elements_of(document)
    named = Counter(loss.what for loss in story.losses)
    assert {kind: story.carried[kind] + named[kind] for kind in story.seen} == dict(story.seen)


@pytest.mark.django_db
def test_it_comes_in_once_with_every_block_as_an_entry(path: Path) -> None:
    document, _ = read_document(path)
    admin = an_admin()
    report = write_story(parse_page(document), actor=admin, now=NOW)
    assert report.entries == {"new": 16}
    assert Entry.objects.filter(blog=LiveBlog.objects.get(), status="published").count() == 16
    assert Entry.objects.filter(key_event=True).count() == 3
    assert write_story(parse_page(document), actor=admin, now=NOW).changed_nothing


@pytest.mark.django_db
def test_no_text_of_it_is_lost(path: Path) -> None:
    document, _ = read_document(path)
    write_story(parse_page(document), actor=an_admin(), now=NOW)
    page = " ".join(Entry.objects.values_list("fragment", flat=True))
    for block in document["blocks"]:
        assert f'data-ref="{Entry.objects.get(source_id="guardian:" + block["id"]).ref}"' in page
        assert (block.get("title") or "") in page


@pytest.mark.django_db
def test_its_dry_run_prints_a_report_and_writes_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    an_admin()
    call_command("import_blog", path, dry_run=True)
    printed = capsys.readouterr().out
    assert "Dry run, nothing written" in printed
    assert "3 of 4 pages" in printed
    assert not LiveBlog.objects.exists()
