"""A file that is no live blog is refused with a sentence, whatever it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsroom.importers.errors import ImportRefused
from newsroom.importers.reading import format_of, parse, read_document
from tests.newsroom.importing import page, saved


def refusal(raw: bytes) -> str:
    with pytest.raises(ImportRefused) as refused:
        parse(raw)
    return str(refused.value)


def test_a_page_and_an_export_are_told_apart(tmp_path: Path) -> None:
    assert read_document(saved(tmp_path, page()))[1] == "guardian"
    assert format_of({"format": "liveblog", "version": 1}) == "liveblog"


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_character_of_two_halves_is_whole() -> None:
    assert parse(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


@pytest.mark.parametrize("length", [3, 40, 200, -1])
def test_a_truncated_file_is_named_as_one(length: int) -> None:
    assert "cut off" in refusal(json.dumps(page()).encode()[:length])


def test_what_is_wrong_in_the_middle_is_placed() -> None:
    assert "line 2, column" in refusal(b'{"a": 1,\n oops: 2, "b": "long enough to go on for a while"}')


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe\x00{", "not UTF-8"),
        (b'{"a": ["half \\ud83d"]}', "half a character"),
        (b'{"\\u0000": 1}', "zero byte"),
        (b"[1, 2]", "should be one object"),
        (b'{"a": NaN}', "holds NaN"),
        (b'{"a": ' + b"9" * 6000 + b"}", "far too long"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "levels deep"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "levels deep"),
    ],
)
def test_foreign_bytes_are_refused_with_their_reason(raw: bytes, said: str) -> None:
    assert said in refusal(raw)


def test_foreign_json_is_told_what_is_known_here() -> None:
    with pytest.raises(ImportRefused, match="It holds: recipes, author"):
        format_of({"recipes": [], "author": "x"})


def test_an_empty_and_an_absent_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text(" \n")
    with pytest.raises(ImportRefused, match="empty"):
        read_document(tmp_path / "empty.json")
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_document(tmp_path / "none.json")
