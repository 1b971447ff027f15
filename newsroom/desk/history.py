"""What an entry said before: its steps, and what differs between any two of them, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.desk.compare import Row, compare
from newsroom.desk.differences import Span, word_difference
from newsroom.models import Entry

REASONS = {
    "publish": gettext_lazy("Published"),
    "edit": gettext_lazy("New wording"),
    "correct": gettext_lazy("Correction"),
    "mark": gettext_lazy("Key event on or off"),
    "withdraw": gettext_lazy("Withdrawn"),
    "restore": gettext_lazy("Restored"),
    "undo": gettext_lazy("Taken back at once"),
    "move": gettext_lazy("Moved in time"),
    "render": gettext_lazy("Rendered anew"),
    "pictures": gettext_lazy("A picture's words or sizes changed"),
    "tags": gettext_lazy("A tag got another name"),
    "import": gettext_lazy("Imported"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`number` is a revision of what was ever public, otherwise a saved version."""

    number: int
    at: datetime
    by: str
    reason: Any


@dataclass(frozen=True, slots=True)
class Changed:
    label: str
    spans: list[Span]


def steps(entry: Entry) -> list[Step]:
    """Newest first: every public text with its reason; of what never was public, the saved texts that are kept."""
    if entry.rev:
        rows = entry.revisions.select_related("by").order_by("-rev")
        return [Step(row.rev, row.at, str(row.by or ""), REASONS.get(row.reason, row.reason)) for row in rows.defer("snapshot")]
    versions = entry.versions.select_related("by").order_by("-version").defer("text")
    return [Step(row.version, row.at, str(row.by or ""), _("Saved")) for row in versions]


def chosen(there: Sequence[Step], older: str, newer: str) -> tuple[int, int]:
    """The two numbers that were asked for, the older first; without a choice, the last two."""
    numbers = [step.number for step in there]
    asked = sorted(int(number) for number in (older, newer) if number.isdecimal() and int(number) in numbers)
    if len(asked) == 2:
        return asked[0], asked[1]
    return (numbers[1] if len(numbers) > 1 else numbers[0], numbers[0]) if numbers else (0, 0)


def difference(entry: Entry, older: int, newer: int) -> list[Changed]:
    """Part by part, what went and what came. Parts that say the same are left out."""
    return [Changed(row.label, word_difference(row.theirs, row.yours)) for row in changed_rows(*_texts(entry, older, newer))]


def changed_rows(older: dict[str, Any], newer: dict[str, Any]) -> list[Row]:
    """Of two texts or two snapshots."""
    before, after = _comparable(older), _comparable(newer)
    rows = [
        *compare(before, {**after, "blocks": _paired(before.get("blocks") or [], after.get("blocks") or [])}),
        *_public_rows(older, newer),
    ]
    return [row for row in rows if row.differs]


def _texts(entry: Entry, *numbers: int) -> list[dict[str, Any]]:
    if entry.rev:
        found = dict(entry.revisions.filter(rev__in=numbers).values_list("rev", "snapshot"))
    else:
        found = dict(entry.versions.filter(version__in=numbers).values_list("version", "text"))
    return [found.get(number, {}) for number in numbers]


def _comparable(text: dict[str, Any]) -> dict[str, Any]:
    # A snapshot signs and tags with facts, a text with primary keys and names.
    signed = [f"{line['name']} {line['place']}".strip() if isinstance(line, dict) else line for line in text.get("bylines") or []]
    tags = [tag["name"] if isinstance(tag, dict) else tag for tag in text.get("tags") or []]
    return {**text, "bylines": signed, "tags": tags}


def _paired(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The later blocks; one that was made anew takes the name of an earlier one of its type that is gone, in their order.

    An import, or a text that was typed afresh, names every block anew: read as changes, not as all gone and all new.
    """
    gone = [block for block in before if block.get("id") not in {other.get("id") for other in after}]
    known = {block.get("id") for block in before}
    paired = []
    for block in after:
        match = next((other for other in gone if other["type"] == block["type"]), None) if block.get("id") not in known else None
        if match:
            gone.remove(match)
        paired.append({**block, "id": match.get("id")} if match else block)
    return paired


def _public_rows(older: dict[str, Any], newer: dict[str, Any]) -> list[Row]:
    before, after = (side.get("pictures") or {} for side in (older, newer))
    return [
        Row(_("Published"), _moment(older.get("published_at")), _moment(newer.get("published_at"))),
        Row(_("Key event"), *(_("yes") if side.get("key_event") else "" for side in (older, newer))),
        Row(_("Withdrawn"), *((side.get("withdrawn") or {}).get("reason", "") for side in (older, newer))),
        *(Row(_("Picture %(ref)s") % {"ref": ref}, _said(before.get(ref)), _said(after.get(ref))) for ref in {**before, **after}),
    ]


def _moment(value: Any) -> str:
    moment = parse_datetime(value) if value else None
    return date_format(timezone.localtime(moment), "j F Y, H:i:s") if moment else ""


def _said(picture: dict[str, Any] | None) -> str:
    return "\n".join(filter(None, (picture.get(name, "") for name in ("alt", "caption", "credit")))) if picture else ""
