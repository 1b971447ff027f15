"""An entry as the desk's composer takes it up: what the fields of its form hold, and two people's texts brought together."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.actions.texts import from_json
from newsroom.desk.compare import block_as_text, labels, part_as_text
from newsroom.desk.forms import MINUTES, SECONDS, initial_of
from newsroom.desk.merging import ORDER, Conflict, Merge, merge
from newsroom.desk.pictures import known_pictures
from newsroom.errors import StaleEntry
from newsroom.models import Entry, LiveBlog

Field = tuple[str, str]


def fields_of(values: dict[str, Any]) -> list[Field]:
    """The form's values as a browser would send them, in the zone that is in force."""
    return [(name, _as_sent(item)) for name, value in values.items() for item in _each(name, value)]


def _each(name: str, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return ["on"] if value else []
    return list(value) if name == "bylines" else [value]


def _as_sent(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime(SECONDS if value.second else MINUTES)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)


def opened(entry: Entry) -> dict[str, Any]:
    """The form's fields for an entry, and the facts of its pictures."""
    values = initial_of(entry)
    values.pop("base_version")
    return {"fields": fields_of(values), "pictures": known_pictures(entry.blog, entry.blocks, {})}


def fields_of_text(text: dict[str, Any]) -> list[Field]:
    """The form's fields for a text as `newsroom.actions.texts.as_json` makes it."""
    return fields_of(_values(text))


def together(stale: StaleEntry) -> Merge:
    """Both sides' changes. Where the text that both started from is not known, whatever differs is a conflict, and the sender's stands."""
    theirs, yours, base = stale.versions.theirs, stale.versions.yours, stale.versions.base
    return merge(base if base is not None else _foreign(theirs), theirs, yours)


def brought_together(stale: StaleEntry, blog: LiveBlog) -> dict[str, Any]:
    """What a stale save is answered with: both sides' changes as the form's fields, and what each side said where both changed the same.

    `taken` names what was taken over from the other side; each of `conflicts` has `theirs` and `mine` for reading and, to take theirs
    after all, `fields`, or `block` (None: they removed it) with its `id`.
    """
    theirs, mine, both = stale.versions.theirs, stale.versions.yours, together(stale)
    names = labels(theirs, mine, both.text)
    return {
        "by": stale.by,
        "version": stale.version,
        "fields": fields_of_text(both.text),
        "pictures": known_pictures(blog, [*both.text["blocks"], *(theirs.get("blocks") or [])], {}),
        "taken": list(dict.fromkeys(names.get(place, place) for place in both.taken)),
        "conflicts": [_told(conflict, theirs, mine, names) for conflict in both.conflicts],
    }


def _foreign(text: dict[str, Any]) -> dict[str, Any]:
    # No text has these values, so both sides have changed whatever differs between them.
    return {name: [] if name == "blocks" else {"of": "nobody"} for name in text}


def _values(text: dict[str, Any]) -> dict[str, Any]:
    typed = from_json(text)
    return {
        "kind": typed.kind,
        "headline": typed.headline,
        "blocks": typed.blocks,
        "standing": typed.standing,
        "source": typed.source,
        "bylines": typed.bylines,
        "happened_at": typed.happened_at,
        "happened_precision": typed.happened_precision,
        "tags": ", ".join(typed.tags),
    }


def _told(conflict: Conflict, theirs: dict[str, Any], mine: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    place = conflict.place
    said: dict[str, Any] = {"label": names.get(place, place)}
    if place == ORDER:
        return {**said, "theirs": _("in another order"), "mine": _("in this order"), "order": conflict.theirs}
    if place.startswith("blocks."):
        gone = _("(removed)")
        sides = {"theirs": conflict.theirs, "mine": conflict.mine}
        told = {side: block_as_text(block) if block else gone for side, block in sides.items()}
        return {**said, **told, "id": place.removeprefix("blocks."), "block": conflict.theirs}
    both = ("happened_at", "happened_precision") if place == "happened_at" else (place,)
    values = _values({**mine, **{name: theirs.get(name) for name in both}})
    return {
        **said,
        "theirs": part_as_text(place, theirs),
        "mine": part_as_text(place, mine),
        "fields": fields_of({name: values[name] for name in both}),
    }
