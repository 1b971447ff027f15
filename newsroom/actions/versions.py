"""What each saved text of an entry said, so that two people's changes to it can be told apart and brought together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from newsroom.actions.texts import as_json, text_of
from newsroom.models import Entry, EntryVersion


def remember_base(entry_pk: int, version: int, now: datetime) -> None:
    """Before a text is replaced: keeps it, where it was saved before versions were kept or is older than they are."""
    if EntryVersion.objects.filter(entry_id=entry_pk, version__lte=version).exists():
        return
    stored = Entry.objects.get(pk=entry_pk)
    EntryVersion.objects.create(entry=stored, version=version, text=as_json(text_of(stored)), by_id=stored.saved_by_id, at=now)


def remember(entry: Entry, *, actor: Any, now: datetime, first: bool = False) -> None:
    """After the rows of an entry were written: keeps its text under its version, if it says something else than the one before.

    `first`: it is a new entry, and there is none before."""
    text = as_json(text_of(entry))
    last = None if first else EntryVersion.objects.filter(entry=entry).order_by("-version").values_list("text", flat=True).first()
    if text != last:
        EntryVersion.objects.create(entry=entry, version=entry.version, text=text, by_id=actor.pk, at=now)


def text_at(entry: Entry, version: int) -> dict[str, Any] | None:
    """The text (`as_json`) that the entry had at that version; None where it is not known."""
    rows = EntryVersion.objects.filter(entry=entry, version__lte=version).order_by("-version")
    return rows.values_list("text", flat=True).first()
