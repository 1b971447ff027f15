"""The judge is judged: a history that is in order passes, and each single thing that is wrong with it is said."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.history import Line
from tests.faults.judge import Limits, judge

KEYS = [str(uuid.UUID(int=number)) for number in range(1, 4)]
ROWS = [["e-2", 1, "2", "bb"], ["e-1", 1, "1", "aa"]]


def shown(**other: object) -> Line:
    page = {"epoch": "x", "seq": 3, "token": 30, "state": "live", "front": "f", "board": "b", "whole": True, "articles": ROWS}
    return {**page, **other}


def story() -> list[Line]:
    """One reader and three writes: two entries, then a third that is withdrawn without a trace."""
    who = {"who": "reader0", "connection": 1}
    found: list[Line] = [
        {"kind": "opened", "t": 0, **who, "asked": 0, "epoch": "x", "seq": 0, "token": 0, "canaries": []},
        {"kind": "hello", "t": 1, **who, "epoch": "x", "head": 0, "token": 0},
        {"kind": "live", "t": 1, **who},
    ]
    for number in (1, 2, 3):
        when = number + 1.0
        ack = {"verb": "publish", "ref": f"e-{number}", "seq": number, "key": KEYS[number - 1], "tries": 1, "here": True}
        moved = {"since": number - 1, "to": number, "epoch": "x", "token": number * 10}
        found += [
            {"kind": "ack", "t": when + 0.1, "asked": when - 0.1, "committed": when, **ack},
            {"kind": "push", "t": when + 0.2, **who, "op": "put", "seq": number, "token": number * 10, "canaries": [f"canary{number}"]},
            {"kind": "applied", "t": when + 0.2, **who, **moved, "how": "push"},
        ]
    return [
        *found,
        {"kind": "secret", "t": 1, "canaries": ["canary-draft"], "until": None},
        {"kind": "pulse", "t": 3, "of": "machine", "lag": 0.001},
        {"kind": "pulse", "t": 3, "of": "crowd", "lag": 0.01},
        {"kind": "quiet", "t": 5},
        {"kind": "settled", "t": 6, "late": []},
        {"kind": "end", "t": 6, "who": "reader0", **shown()},
        {"kind": "fresh", "t": 6, "base": "here", **shown()},
        {
            "kind": "database", "t": 7, "epoch": "x", "seq": 3, "ledger": [[1, 10], [2, 20], [3, 30]],
            "writes": [uuid.UUID(key).hex for key in KEYS], "published": 3, "articles": ROWS,
        },
    ]  # fmt: skip


def written(folder: Path, found: list[Line]) -> Path:
    path = folder / "history.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in found))
    return path


def verdict(folder: Path, found: list[Line], limits: Limits | None = None) -> list[str]:
    return judge(written(folder, found), limits or Limits()).faults


def first(found: list[Line], kind: str, **facts: object) -> Line:
    return next(line for line in found if line["kind"] == kind and all(line.get(name) == value for name, value in facts.items()))


def test_a_history_that_is_in_order_passes(tmp_path: Path) -> None:
    assert verdict(tmp_path, story()) == []


def skip_a_number(found: list[Line]) -> None:
    first(found, "applied", to=2)["since"] = 0


def apply_twice(found: list[Line]) -> None:
    found.append({**first(found, "applied", to=3), "t": 4.5})


def go_back(found: list[Line]) -> None:
    found.append({**first(found, "applied", to=3), "since": 3, "to": 2, "t": 4.5})


def reset_for_nothing(found: list[Line]) -> None:
    found.append({"kind": "reset", "t": 5.5, "who": "reader0", "epoch": "x", "to": 3, "token": 30})


def push_out_of_order(found: list[Line]) -> None:
    first(found, "push", seq=2)["seq"] = 3


def show_a_phantom(found: list[Line]) -> None:
    first(found, "push", seq=2)["token"] = 21


def end_with_another_text(found: list[Line]) -> None:
    first(found, "end")["articles"] = [["e-2", 1, "2", "other"], ROWS[1]]


def end_without_an_entry(found: list[Line]) -> None:
    first(found, "end")["articles"] = ROWS[:1]


def end_with_another_board(found: list[Line]) -> None:
    first(found, "end")["board"] = "other"


def serve_an_old_page(found: list[Line]) -> None:
    first(found, "fresh")["articles"] = ROWS[1:]


def lose_a_write(found: list[Line]) -> None:
    first(found, "database")["writes"].pop()


def leave_a_hole(found: list[Line]) -> None:
    database = first(found, "database")
    database["ledger"] = [[1, 10], [3, 30]]


def answer_a_key_in_two_ways(found: list[Line]) -> None:
    found.append({**first(found, "ack", seq=2), "ref": "e-9", "t": 5})


def publish_twice(found: list[Line]) -> None:
    first(found, "database")["published"] = 4


def leak_a_draft(found: list[Line]) -> None:
    first(found, "push", seq=2)["canaries"] = ["canary-draft"]


def serve_what_was_withdrawn(found: list[Line]) -> None:
    found.append({"kind": "withdrawn", "t": 3, "ref": "e-1", "seq": 2, "canaries": ["canary1"], "base": "there"})
    found.append({"kind": "snapshot", "t": 5, "who": "reader0", "asked": 4.9, "canaries": ["canary1"], "base": "here"})


def serve_what_it_has_withdrawn_itself(found: list[Line]) -> None:
    serve_what_was_withdrawn(found)
    first(found, "snapshot").update(asked=3.01, base="there")


def send_what_the_reader_knows_is_withdrawn(found: list[Line]) -> None:
    found.append({"kind": "withdrawn", "t": 3, "ref": "e-1", "seq": 2, "canaries": ["canary1"], "base": "there"})
    found.append({"kind": "push", "t": 3.5, "who": "reader0", "connection": 1, "op": "put", "canaries": ["canary1"]})


def bring_back_what_was_withdrawn(found: list[Line]) -> None:
    send_what_the_reader_knows_is_withdrawn(found)
    found[-1].update(seq=4, token=40)


def come_late(found: list[Line]) -> None:
    first(found, "applied", to=3)["t"] = 5.9


def come_late_by_another_way(found: list[Line]) -> None:
    """The socket ended before it was applied, and no other stood until it was."""
    first(found, "applied", to=3).update(t=5.9, how="changes")
    found.append({"kind": "away", "t": 4.05, "who": "reader0"})


def come_late_after_a_repeated_write(found: list[Line]) -> None:
    """Whoever answered had not written it: the database says when that was."""
    come_late(found)
    first(found, "ack", seq=3).update(tries=2, here=False, committed=None, t=5.8)
    first(found, "database")["committed"] = [[1, 2.0], [2, 3.0], [3, 4.0]]


def stay_behind(found: list[Line]) -> None:
    first(found, "settled")["late"] = ["reader0"]


def lose_the_orphan(found: list[Line]) -> None:
    found.append({"kind": "fault", "t": 2, "what": "died before the push", "orphans": [99]})


def apply_nothing(found: list[Line]) -> None:
    found[:] = [line for line in found if line["kind"] not in {"applied", "push"}]


WRONG: list[tuple[Callable[[list[Line]], None], str]] = [
    (skip_a_number, "stood at 1 and applied from 0"),
    (apply_twice, "stood at 3 and applied from 2"),
    (go_back, "from 3 back to 2"),
    (reset_for_nothing, "was never wound back"),
    (push_out_of_order, "sent 3 where 2 was due"),
    (show_a_phantom, "never committed"),
    (end_with_another_text, "does not show what the database holds"),
    (end_without_an_entry, "missing ['e-1']"),
    (end_with_another_board, "another board"),
    (serve_an_old_page, "fresh page of here"),
    (lose_a_write, "is not in the database"),
    (leave_a_hole, "the ledger holds 2 numbers up to 3"),
    (answer_a_key_in_two_ways, "answered in 2 ways"),
    (publish_twice, "4 entries are public"),
    (leak_a_draft, "the text of a draft"),
    (serve_what_was_withdrawn, "after its withdrawal"),
    (serve_what_it_has_withdrawn_itself, "0.010 s later by the process that had withdrawn it"),
    (send_what_the_reader_knows_is_withdrawn, "had withdrawn, by push"),
    (bring_back_what_was_withdrawn, "had withdrawn, by push"),
    (come_late, "after its commit or later"),
    (come_late_by_another_way, "after its commit or later"),
    (come_late_after_a_repeated_write, "after its commit or later"),
    (stay_behind, "after all was quiet"),
    (lose_the_orphan, "never announced was not measured"),
    (apply_nothing, "nobody applied anything"),
]


@pytest.mark.parametrize(("spoil", "sentence"), WRONG, ids=[spoil.__name__ for spoil, _ in WRONG])
def test_what_is_wrong_is_said(tmp_path: Path, spoil: Callable[[list[Line]], None], sentence: str) -> None:
    found = story()
    spoil(found)
    assert any(sentence in wrong for wrong in verdict(tmp_path, found))


@pytest.mark.parametrize("of", ["machine", "crowd"])
def test_on_a_machine_that_is_late_itself_a_run_says_nothing_of_times(tmp_path: Path, of: str) -> None:
    found = story()
    come_late(found)
    first(found, "pulse", of=of)["lag"] = 0.3
    judged = judge(written(tmp_path, found), Limits())
    assert f"the {of} was 0.3 s late" in judged.invalid
    # What it would have said is not forgiven, and what is wrong is wrong on any machine.
    assert (judged.wrong, len(judged.late)) == ([], 1)
    lose_a_write(found)
    assert judge(written(tmp_path, found), Limits()).wrong
    assert not judge(written(tmp_path, found), Limits(p99=5.0)).invalid


def test_a_machine_that_nobody_looked_at_is_no_quiet_one(tmp_path: Path) -> None:
    found = [line for line in story() if line["kind"] != "pulse"]
    assert "not looked at" in judge(written(tmp_path, found), Limits()).invalid


def test_who_was_asleep_is_not_waited_for(tmp_path: Path) -> None:
    found = story()
    come_late_by_another_way(found)
    found.append({"kind": "nap", "t": 4.05, "who": "reader0"})
    assert verdict(tmp_path, found) == []


def test_an_outage_of_the_database_is_not_counted_and_what_follows_it_is(tmp_path: Path) -> None:
    found = story()
    come_late(found)
    found.append({"kind": "fault", "t": 4.0, "what": "stopped", "away": True})
    found.append({"kind": "fault", "t": 5.5, "what": "started", "away": False})
    assert verdict(tmp_path, found) == []
    found[-1]["t"] = 4.5
    assert any("came 1.4 s after" in late for late in verdict(tmp_path, found))


def test_while_the_database_is_away_pages_are_as_they_were_and_no_longer(tmp_path: Path) -> None:
    found = story()
    serve_what_was_withdrawn(found)
    first(found, "snapshot")["who"] = "reader1"
    found.append({"kind": "fault", "t": 2.9, "what": "stopped", "away": True})
    assert verdict(tmp_path, found) == []
    found.append({"kind": "fault", "t": 3.1, "what": "started", "away": False})
    assert any("after its withdrawal" in wrong for wrong in verdict(tmp_path, found))


@pytest.mark.parametrize(("number", "when", "forgiven"), [(1, 3.5, True), (1, 5.5, False), (4, 3.5, False)])
def test_who_stood_still_may_push_what_a_page_has_passed_and_for_a_while(tmp_path: Path, number: int, when: float, forgiven: bool) -> None:
    found = story()
    send_what_the_reader_knows_is_withdrawn(found)
    # On a later connection, where these numbers are in their order.
    found[-1].update(seq=number, token=10 * number, t=when, connection=2)
    wrong = judge(written(tmp_path, found), Limits(behind=2.0)).wrong
    assert any("had withdrawn, by push" in sentence for sentence in wrong) is not forgiven


@pytest.mark.parametrize(("named", "wrong"), [(2, []), (1, ["reader0 was sent 3 where 2 was due"])])
def test_a_head_moves_the_promise_to_the_number_it_names(tmp_path: Path, named: int, wrong: list[str]) -> None:
    found = story()
    # The second number is fetched instead of pushed.
    first(found, "push", seq=2).update(op="head", head=named, seq=None, token=None)
    first(found, "applied", to=2)["how"] = "answer"
    assert verdict(tmp_path, found) == wrong


def test_an_orphan_that_comes_late_is_found(tmp_path: Path) -> None:
    found = story()
    found.append({"kind": "fault", "t": 2.5, "what": "died before the push", "orphans": [3]})
    first(found, "ack", seq=3)["here"] = False
    for kind in ("push", "applied"):
        first(found, kind, **{"seq" if kind == "push" else "to": 3})["t"] = 9.9
    assert any("never announced came after 7.4 s" in wrong for wrong in verdict(tmp_path, found))


def test_what_was_lost_by_a_restore_is_no_broken_promise(tmp_path: Path) -> None:
    found = story()
    found.append({"kind": "fault", "t": 5, "what": "restored", "copied": 1.5})
    lose_a_write(found)
    assert not any("acknowledged and is not" in wrong for wrong in verdict(tmp_path, found, Limits(resets=True)))


@pytest.mark.parametrize(("token", "wrong"), [(30, True), (31, False)])
def test_after_a_restore_only_a_number_that_is_in_the_ledger_still_says_what_a_reader_knows(
    tmp_path: Path, token: int, *, wrong: bool
) -> None:
    found = story()
    found.append({"kind": "fault", "t": 4.3, "what": "restored", "copied": 4.25})
    found.append({"kind": "withdrawn", "t": 4.4, "asked": 4.35, "base": "here", "seq": 2, "canaries": ["canary1"]})
    facts = {"who": "reader0", "connection": 1, "epoch": "x"}
    found.append({"kind": "reset", "t": 4.5, **facts, "to": 3, "token": token})
    found.append({"kind": "push", "t": 4.6, **facts, "op": "put", "token": 30, "canaries": ["canary1"]})
    said = verdict(tmp_path, found, Limits(resets=True))
    assert any("a text that 2 had withdrawn" in sentence for sentence in said) == wrong
