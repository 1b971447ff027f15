"""`commit_change`: the only function that may alter what readers see."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from newsroom.actions.audit import Facts, difference, facts_of, record
from newsroom.announce import announce_on_commit
from newsroom.desk_news import tell_desks_on_commit
from newsroom.errors import WrongState
from newsroom.models import Change, Entry, LiveBlog, Op, Write
from newsroom.refs import new_token

Touched = Sequence[tuple[Op, Entry | None]]


@dataclass(frozen=True, slots=True)
class Committed:
    """`seq` is the blog's number after the commit; `repeated` says that the key had been used and nothing was written now."""

    seq: int
    response: dict[str, Any] = field(default_factory=dict)
    repeated: bool = False


def commit_change(
    *,
    blog: LiveBlog,
    actor: Any,
    now: datetime,
    verb: str,
    write: Callable[[], Touched],
    respond: Callable[[], dict[str, Any]] = dict,
    key: uuid.UUID | None = None,
    entry: Entry | None = None,
    subject: str = "",
    facts: Callable[[], Facts] = dict,
    then: Callable[[], None] = lambda: None,
) -> Committed:
    """Writes, numbers and announces one change, in one transaction.

    `write` saves the rows (it may lock entries; it must not do anything slow) and returns what readers will see differently, in order:
    each item takes one number. An empty list takes none, and nothing is announced. `respond` is asked afterwards for what a repetition
    with the same `key` shall be answered with.

    `verb` names the change in the audit, which gets a line with what differs afterwards: of the blog, of `entry` (give it wherever the
    change is about one), and of `facts`, which is asked before and after. `subject` is what the line is about, if it is no entry.

    `then` is called last and inside, to register what is done behind COMMIT once readers are told. It asks the database nothing.

    Order inside: the key, the rows, the audit, and then the blog's row, whose lock makes the committed numbers of a blog contiguous and
    holds up every other writer of it until COMMIT. After it comes only what carries those numbers: the ledger, the entries' last number,
    their frames and the answer under the key. `respond` is asked then, so it must say what it knows and ask the database nothing. Whatever
    `write` raises rolls all of it back.
    """
    with transaction.atomic():
        if key is not None:
            first = _first_use(key=key, blog=blog, actor=actor, now=now)
            if first is not None:
                return Committed(seq=first.seq, response=first.response, repeated=True)
        before = {**facts_of(blog, entry), **facts()}
        subject = subject or (entry.ref if entry else "")
        touched = write()
        was, became = difference(before, {**facts_of(blog, entry), **facts()})
        if touched or was or became:
            record(actor=actor, verb=verb, now=now, blog=blog, subject=subject, before=was, after=became)
        seq = blog.seq
        if touched:
            seq = _number(blog, len(touched))
            changes = [
                Change(blog=blog, seq=seq - len(touched) + offset, op=op, entry=entry, token=new_token(), at=now)
                for offset, (op, entry) in enumerate(touched, start=1)
            ]
            Change.objects.bulk_create(changes)
            for change in changes:
                if change.entry is not None:
                    change.entry.last_seq = change.seq
                    change.entry.save(update_fields=["last_seq"])
            blog.seq = seq
            announce_on_commit(blog, changes)
        response = respond()
        tell_desks_on_commit(blog.pk, [subject, response.get("ref", ""), *(item.ref for _, item in touched if item is not None)])
        if key is not None:
            Write.objects.filter(key=key).update(seq=seq, response=response)
        then()
    return Committed(seq=seq, response=response)


def _first_use(*, key: uuid.UUID, blog: LiveBlog, actor: Any, now: datetime) -> Write | None:
    """None where the key is new (and now taken); the first write under it otherwise. A twin in flight is waited for."""
    try:
        with transaction.atomic():
            Write.objects.create(key=key, user_id=actor.pk, blog=blog, at=now)
    except IntegrityError:
        first = Write.objects.get(key=key)
        if first.user_id != actor.pk or first.blog_id != blog.pk:
            raise WrongState("This form was already used by somebody else. Open it again.") from None
        return first
    return None


def _number(blog: LiveBlog, count: int) -> int:
    """Takes the blog's row lock and the next `count` numbers; returns the last of them."""
    table = connection.ops.quote_name(LiveBlog._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET seq = seq + %s WHERE id = %s RETURNING seq", [count, blog.pk])  # noqa: S608 – a table's name
        row = cursor.fetchone()
    return int(row[0])
