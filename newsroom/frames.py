"""Frames: the public facts of the ledger as they travel (docs/contracts/frames.md).

A push says of an entry what its own number commits. Every frame made later (a gap that is filled, a catch-up) says what the database
says *now* of the thing that a number touched, so a withdrawn text cannot come back out of history, and the page ends as a fresh one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from newsroom.models import Change, Entry, LiveBlog, Op, Status
from newsroom.rendering.board import render_board, render_front

PROTOCOL = 1
MAX_FRAME_BYTES = 16 * 1024
HEARTBEAT_SECONDS = 25
# After these a page from before is older, and shows nothing that was withdrawn.
WITHDRAWS_NOTHING = frozenset({"put", "board", "state"})
# What a frame says of an entry.
SHOWN = ("ref", "rev", "order", "kind", "status", "notice_shown", "fragment")

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Numbered:
    """One encoded frame and its number in the blog's ledger. `follows` is the token of the number before it, where that is not known
    to be right already. `withdraws`: what was public before may be so no more; False only where it is known not to."""

    seq: int
    token: int
    text: str
    follows: int | None = None
    withdraws: bool = True


def encode(frame: Frame) -> str:
    """The one place where a frame becomes text."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def hello(*, epoch: str, head: int, token: int) -> Frame:
    history = {"epoch": epoch, "head": head, "token": token}
    clock = int(time.time() * 1000)
    return {"op": "hello", "protocol": PROTOCOL, **history, "heartbeat": HEARTBEAT_SECONDS, "clock": clock}


def head(*, head: int, token: int) -> Frame:
    return {"op": "head", "head": head, "token": token}


def readers(count: int | None) -> Frame:
    return {"op": "readers", "count": count}


def reset(*, head: int, token: int) -> Frame:
    return {"op": "reset", "head": head, "token": token}


def bye(*, earliest_ms: int, latest_ms: int) -> Frame:
    return {"op": "bye", "reconnect": [earliest_ms, latest_ms]}


def entry_frame(entry: Entry, *, seq: int, token: int) -> Frame:
    """A `put` for what is published, a `drop` for what was withdrawn."""
    if entry.status == Status.WITHDRAWN:
        frame: Frame = {"op": "drop", "seq": seq, "token": token, "ref": entry.ref, "rev": entry.rev}
        return {**frame, "order": entry.order, "html": entry.fragment} if entry.notice_shown else frame
    return {
        "op": "put",
        "seq": seq,
        "token": token,
        "ref": entry.ref,
        "rev": entry.rev,
        "order": entry.order,
        "kind": entry.kind,
        "html": entry.fragment,
    }


def build(blog: LiveBlog, changes: Sequence[Change]) -> list[Frame]:
    """One frame a change, in the order given. At most four queries, whatever the number of changes."""
    refs = {change.entry_id for change in changes if change.entry_id}
    entries = Entry.objects.only(*SHOWN).in_bulk(refs) if refs else {}
    ops = {change.op for change in changes}
    fresh = LiveBlog.objects.select_related("pinned").get(pk=blog.pk) if ops & {Op.BOARD, Op.STATE} else blog
    board = render_board(fresh) if Op.BOARD in ops else ""
    front = render_front(fresh) if Op.STATE in ops else ""
    frames: list[Frame] = []
    for change in changes:
        number = {"seq": change.seq, "token": change.token}
        match change.op:
            case Op.BOARD:
                frames.append({"op": "board", **number, "html": board})
            case Op.STATE:
                frames.append({"op": "state", **number, "state": fresh.state, "html": front})
            case _:
                if change.entry_id is not None:
                    frames.append(entry_frame(entries[change.entry_id], seq=change.seq, token=change.token))
    return frames


def latest_only(changes: Iterable[Change]) -> list[Change]:
    """Each touched thing once, at its last number: what a page that catches up needs."""
    last: dict[tuple[str, int | None], Change] = {}
    for change in changes:
        thing = ("entry", change.entry_id) if change.entry_id else (change.op, None)
        last[thing] = change
    return sorted(last.values(), key=lambda change: change.seq)


def numbered(frames: Iterable[Frame]) -> list[Numbered]:
    """The frames encoded for the socket; one too large for a message is announced by its number only."""
    result = []
    for frame in frames:
        text = encode(frame)
        if len(text.encode()) > MAX_FRAME_BYTES:
            short = {"op": "stale", "seq": frame["seq"], "token": frame["token"]}
            text = encode({**short, "ref": frame["ref"]} if "ref" in frame else short)
        result.append(Numbered(frame["seq"], frame["token"], text, withdraws=frame["op"] not in WITHDRAWS_NOTHING))
    return result
