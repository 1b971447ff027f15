"""What the open desks of all processes are told, once it is committed: of drafts too, which take no number and no reader hears of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from newsroom.announce import sender

DESK_GROUP = "liveblog.desk"


def tell_desks_on_commit(blog_id: int, refs: Iterable[str]) -> None:
    """Inside a transaction: tells the open desks of the blog, once it is committed, which entries to look at again. None: the bar alone.

    The message holds no text: what a colleague may see of an entry is for `newsroom.desk` to say, from the database.
    """
    message: dict[str, Any] = {"type": "desk", "blog": blog_id, "refs": sorted({ref for ref in refs if ref})}

    transaction.on_commit(lambda: sender.send_soon([message], DESK_GROUP), robust=True)
