"""Two people's changes to one text: what merges by itself, and what is shown to be decided."""

from __future__ import annotations

import itertools
from typing import Any

from newsroom.desk.merging import Conflict, merge


def block(name: str, words: str = "") -> dict[str, Any]:
    return {"id": f"b-{name}", "type": "text", "html": words or name}


def text(*blocks: dict[str, Any], **parts: Any) -> dict[str, Any]:
    start = {"kind": "update", "headline": "Bridge closed", "happened_at": None, "happened_precision": "minute", "bylines": [1]}
    return start | {"blocks": list(blocks)} | parts


A, B, C = block("a"), block("b"), block("c")


def ids(merged: Any) -> list[str]:
    return [row.get("id", row["html"]) for row in merged.text["blocks"]]


def test_changes_at_different_places_merge_by_themselves():
    done = merge(text(A, B), text(A, block("b", "theirs"), headline="Closed until Monday"), text(block("a", "mine"), B, bylines=[1, 2]))
    assert done.text == text(block("a", "mine"), block("b", "theirs"), headline="Closed until Monday", bylines=[1, 2])
    assert (done.conflicts, done.taken) == ((), ("headline", "blocks.b-b"))


def test_the_same_change_on_both_sides_is_no_conflict():
    both = text(block("a", "same"), headline="Closed until Monday")
    assert merge(text(A), both, both) == merge(both, both, both)


def test_two_headlines_are_a_conflict_that_keeps_mine_and_tells_theirs():
    done = merge(text(A), text(A, headline="Theirs"), text(A, headline="Mine"))
    assert done.text["headline"] == "Mine"
    assert done.conflicts == (Conflict("headline", "Bridge closed", "Theirs", "Mine"),)


def test_two_texts_of_one_block_are_a_conflict_of_that_block_only():
    theirs, mine = text(block("a", "theirs"), block("b", "theirs")), text(block("a", "mine"), B)
    done = merge(text(A, B), theirs, mine)
    assert [row["html"] for row in done.text["blocks"]] == ["mine", "theirs"]
    assert done.conflicts == (Conflict("blocks.b-a", A, block("a", "theirs"), block("a", "mine")),)


def test_when_it_happened_is_one_thing():
    theirs = text(A, happened_at="2026-03-14T09:00:00+00:00", happened_precision="hour")
    assert merge(text(A), theirs, text(A)).text["happened_precision"] == "hour"
    (conflict,) = merge(text(A), theirs, text(A, happened_precision="day")).conflicts
    assert conflict.place == "happened_at"


def test_additions_of_both_sides_stay_where_they_were_put():
    done = merge(text(A, B), text(A, block("x"), B), text(A, B, {"type": "text", "html": "new"}))
    assert ids(done) == ["b-a", "b-x", "b-b", "new"]
    assert not done.conflicts


def test_additions_without_an_id_are_never_taken_for_each_other():
    new = {"type": "text", "html": "one"}
    assert ids(merge(text(A), text(A, new), text(A, {"type": "text", "html": "two"}))) == ["b-a", "one", "two"]


def test_additions_at_the_top_stay_at_the_top():
    assert ids(merge(text(A), text(block("x"), A), text(A, B))) == ["b-x", "b-a", "b-b"]


def test_a_block_that_one_side_removed_is_gone():
    assert ids(merge(text(A, B), text(A), text(A, B))) == ["b-a"]
    assert ids(merge(text(A, B), text(A, B), text(B))) == ["b-b"]
    assert ids(merge(text(A, B), text(A), text(B))) == []


def test_a_block_removed_by_one_and_changed_by_the_other_is_kept_and_shown():
    changed = block("b", "changed")
    for theirs, mine in ((text(A), text(A, changed)), (text(A, changed), text(A))):
        done = merge(text(A, B), theirs, mine)
        assert [row["html"] for row in done.text["blocks"]] == ["a", "changed"]
        assert [conflict.place for conflict in done.conflicts] == ["blocks.b-b"]


def test_an_order_that_one_side_changed_is_taken_with_the_others_additions():
    done = merge(text(A, B, C), text(C, A, B), text(A, block("x"), B, C))
    assert ids(done) == ["b-c", "b-a", "b-x", "b-b"]
    assert (done.conflicts, "blocks.order" in done.taken) == ((), True)
    assert ids(merge(text(A, B, C), text(A, B, C, block("x")), text(C, B, A))) == ["b-c", "b-x", "b-b", "b-a"]


def test_two_orders_are_a_conflict():
    done = merge(text(A, B, C), text(B, A, C), text(C, B, A))
    assert ids(done) == ["b-c", "b-b", "b-a"]
    assert [conflict.place for conflict in done.conflicts] == ["blocks.order"]


def variants() -> list[dict[str, Any]]:
    bodies = [(A, B), (B, A), (A,), (), (A, block("x"), B), (block("a", "other"), B), (A, B, C)]
    return [text(*body, headline=headline) for body in bodies for headline in ("Bridge closed", "Other")]


def test_nothing_is_lost_and_nothing_doubled_whatever_the_two_did():
    base = text(A, B)
    for theirs, mine in itertools.product(variants(), repeat=2):
        done = merge(base, theirs, mine)
        names = ids(done)
        assert len(names) == len(set(names))
        # What either side added or changed is in the text or in a conflict.
        told = [row for conflict in done.conflicts for row in (conflict.theirs, conflict.mine)]
        for row in [*theirs["blocks"], *mine["blocks"]]:
            assert row in base["blocks"] or row in done.text["blocks"] or row in told
        # One side alone decides where the other did nothing.
        assert merge(base, base, mine).text == mine
        assert merge(base, theirs, base).text == theirs
