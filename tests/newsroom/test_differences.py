"""A difference that a person can read: words, not characters, and neither text lost in it."""

from __future__ import annotations

import random
import time

import pytest

from newsroom.desk.differences import Span, word_difference


def told(before: str, after: str) -> str:
    marks = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    return "".join(marks[span.op].format(span.text) for span in word_difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("It is 41.", "It is 14.", "It is [-41-][+14+]."),
        ("", "New", "[+New+]"),
        ("Old", "", "[-Old-]"),
        ("the old pier", "the new northern pier", "the [-old-][+new northern+] pier"),
        ("one two", "three four", "[-one two-][+three four+]"),
        ("Closed", "Closed.", "Closed[+.+]"),
        ("Größe 5 мост", "Größe 6 мост", "Größe [-5-][+6+] мост"),
        ("same", "same", "same"),
        ("", "", ""),
    ],
)
def test_a_change_is_told_in_words(before: str, after: str, said: str):
    assert told(before, after) == said


def test_both_texts_can_be_read_out_of_the_difference():
    draw = random.Random(5)
    for _ in range(300):
        before, after = (" ".join(draw.choices(["tug", "pier", "the", "12", "“so”", "—"], k=draw.randrange(12))) for _ in range(2))
        spans = word_difference(before, after)
        assert "".join(span.text for span in spans if span.op != "ins") == before
        assert "".join(span.text for span in spans if span.op != "del") == after


def test_a_very_long_text_is_told_as_a_whole_and_at_once():
    before, after = "word " * 9000, "other " * 9000
    start = time.perf_counter()
    assert word_difference(before, after) == [Span("del", before), Span("ins", after)]
    assert time.perf_counter() - start < 1
