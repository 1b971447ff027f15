from __future__ import annotations

import pytest

from newsroom.blocks import BLOCK_TYPES, MAX_BLOCKS, clean_blocks, missing_parts
from newsroom.errors import Invalid

EXAMPLES = {
    "text": {"html": "<p>Words</p>"},
    "image": {"image": "i-23456789"},
    "gallery": {"images": ["i-23456789", "i-98765432"]},
    "quote": {"text": "Words", "speaker": "Lena Marchetti"},
    "list": {"items": ["One", "Two"]},
    "embed": {"url": "https://example.org/post/1"},
    "audio": {"url": "https://example.org/a.mp3", "title": "The bell"},
    "video": {"url": "https://example.org/v", "title": "The bridge", "duration": 142},
}


def refused(blocks: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        clean_blocks(blocks)
    return {fault.field: fault.message for fault in refusal.value.faults}


@pytest.mark.parametrize("name", BLOCK_TYPES)
def test_each_type_is_kept_complete_and_stays_the_same_when_cleaned_again(name: str):
    cleaned = clean_blocks([{"type": name, **EXAMPLES[name]}])
    assert missing_parts(cleaned) == []
    assert clean_blocks(cleaned) == cleaned


@pytest.mark.parametrize("name", BLOCK_TYPES)
def test_each_type_may_be_empty_in_a_draft_and_is_asked_for_before_publishing(name: str):
    cleaned = clean_blocks([{"type": name}])
    assert next(fault.field.split(".")[:2] for fault in missing_parts(cleaned)) == ["blocks", "0"]


def test_an_unknown_type_is_refused_by_its_name():
    assert "poll" in refused([{"type": "poll"}])["blocks.0"]


def test_an_unknown_key_is_refused_and_not_dropped():
    assert "colour" in refused([{"type": "text", "html": "", "colour": "red"}])["blocks.0.colour"]


def test_a_bad_block_does_not_hide_the_next_ones_faults():
    faults = refused([{"type": "embed", "url": "nonsense"}, "a string", {"type": "audio", "url": "https://x.org/a", "duration": -1}])
    assert list(faults) == ["blocks.0.url", "blocks.1", "blocks.2.duration"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//example.org",
        "ftp://example.org",
        "https://",
        'https://x.org/"onclick',
        "data:text/html,x",
        "https://[abc",
        "https://a:b/",
    ],
)
def test_only_web_addresses_are_links(url: str):
    assert "blocks.0.url" in refused([{"type": "embed", "url": url}])


def test_a_text_beyond_64_kilobytes_is_refused_with_its_size():
    assert "kB" in refused([{"type": "text", "html": "<p>" + "x" * 66_000 + "</p>"}])["blocks.0.html"]


def test_scripts_are_removed_and_links_kept():
    html = '<p>See <a href="https://example.org">here</a><script>alert(1)</script></p>'
    cleaned = clean_blocks([{"type": "text", "html": html}])[0]["html"]
    assert "script" not in cleaned
    assert 'href="https://example.org"' in cleaned


@pytest.mark.parametrize("raw", [None, {}, "[]", 7])
def test_what_is_no_list_is_no_body(raw: object):
    assert list(refused(raw)) == ["blocks"]


def test_there_is_a_most():
    assert str(MAX_BLOCKS) in refused([{"type": "text"}] * (MAX_BLOCKS + 1))["blocks"]


def test_ids_are_made_where_missing_and_never_doubled():
    twins = [{"type": "text", "id": "b-234567"}, {"type": "text", "id": "b-234567"}, {"type": "text"}]
    ids = [block["id"] for block in clean_blocks(twins)]
    assert ids[0] == "b-234567"
    assert len(set(ids)) == 3
