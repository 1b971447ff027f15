"""Two texts of one entry side by side, part by part, for an editor who must choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from newsroom.models import Byline, Kind, Precision, Standing
from newsroom.sanitise import plain_text


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    theirs: str
    yours: str

    @property
    def differs(self) -> bool:
        return self.theirs != self.yours


def compare(theirs: dict[str, Any], yours: dict[str, Any]) -> list[Row]:
    """Every part that at least one text has. Blocks are matched by their ids, so a block that moved is not said to have changed."""
    names = _byline_names([*theirs.get("bylines", []), *yours.get("bylines", [])])
    rows = [Row(label, read(theirs, names), read(yours, names)) for _name, label, read in _parts()]
    return [row for row in rows if row.theirs or row.yours] + _block_rows(theirs.get("blocks"), yours.get("blocks"))


def part_as_text(name: str, text: dict[str, Any]) -> str:
    """One part of a text, by its key, as a person would read it."""
    names = _byline_names(text.get("bylines", []))
    return next((str(read(text, names)) for key, _label, read in _parts() if key == name), "")


def labels(*texts: dict[str, Any]) -> dict[str, str]:
    """What to call each place of the texts: a part by its key, `blocks.<id>`, `blocks.order`.

    A block has the number it has in the last text that holds it."""
    named = {key: label for key, label, _read in _parts()}
    numbers: dict[str, str] = {}
    for text in texts:
        for place, block in enumerate(text.get("blocks") or [], start=1):
            numbers[f"blocks.{block.get('id')}"] = _("Block %(n)s") % {"n": place}
    return {**named, **numbers, "blocks.order": _("Order of the blocks")}


def _parts() -> list[tuple[str, str, Any]]:
    def choice(key: str, choices: Any) -> Any:
        return lambda text, _names: str(dict(choices.choices).get(text.get(key), text.get(key) or ""))

    def plain(key: str) -> Any:
        return lambda text, _names: str(text.get(key) or "")

    def happened(text: dict[str, Any], _names: dict[int, str]) -> str:
        precision = dict(Precision.choices).get(text.get("happened_precision", ""), "")
        return f"{str(text['happened_at'])[:16].replace('T', ' ')} UTC, {precision}" if text.get("happened_at") else ""

    return [
        ("kind", _("Kind"), choice("kind", Kind)),
        ("headline", _("Headline"), plain("headline")),
        ("standing", _("Standing"), choice("standing", Standing)),
        ("source", _("Source"), plain("source")),
        ("bylines", _("Bylines"), lambda text, names: ", ".join(names.get(line, str(line)) for line in text.get("bylines", []))),
        ("tags", _("Tags"), lambda text, _names: ", ".join(text.get("tags") or [])),
        ("happened_at", _("Happened"), happened),
    ]


def _byline_names(lines: list[int | str]) -> dict[int, str]:
    """Of those that are primary keys; what is a name already stays what it is."""
    return {pk: str(line) for pk, line in Byline.objects.in_bulk([line for line in lines if isinstance(line, int)]).items()}


def _block_rows(theirs: Any, yours: Any) -> list[Row]:
    mine = _numbered(yours)
    other = _numbered(theirs)
    order = [*mine, *(name for name in other if name not in mine)]
    rows = [Row(_("Block %(n)s") % {"n": place}, other.get(name, ""), mine.get(name, "")) for place, name in enumerate(order, start=1)]
    shared_theirs = [name for name in other if name in mine]
    shared_yours = [name for name in mine if name in other]
    if shared_theirs != shared_yours:
        number = {name: str(place) for place, name in enumerate(order, start=1)}
        rows.append(Row(_("Order of the blocks"), *(", ".join(number[name] for name in names) for names in (shared_theirs, shared_yours))))
    return rows


def _numbered(blocks: Any) -> dict[str, str]:
    rows = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    return {str(block.get("id") or f"#{place}"): block_as_text(block) for place, block in enumerate(rows)}


def block_as_text(block: dict[str, Any]) -> str:
    """What a person would read of a block, whatever its type."""
    parts: list[str] = []
    for key, value in block.items():
        if key in {"id", "type", "style", "provider"} or value in ("", None):
            continue
        for item in value if isinstance(value, list) else [value]:
            text = str(item)
            parts.append(plain_text(text) if key in {"html", "items"} else text)
    return "\n".join(part for part in parts if part)
