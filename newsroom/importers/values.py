"""Typed access to a stranger's JSON: each value is what it should be, or the refusal names the place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from newsroom.importers.errors import ImportRefused
from newsroom.moments import FIRST_YEAR, LAST_YEAR

# Nobody blogged live before; a date outside is a slip of the export, and would sort the entry out of sight.

_NAMES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number", type(None): "null"}


def name_of(value: Any) -> str:
    return _NAMES.get(type(value), "something else")


def want(value: Any, kind: type, where: str) -> Any:
    """`value`, which must be of `kind`; a boolean does not pass for a number."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ImportRefused(f"{where} should be {_NAMES[kind]} and is {name_of(value)}. Nothing was imported.")
    return value


def text(holder: dict[str, Any], key: str, where: str) -> str:
    """The text under `key`, white space folded and without control characters; absent or null is empty."""
    value = holder.get(key)
    if value is None:
        return ""
    return " ".join("".join(c for c in want(value, str, f"{where}, “{key}”,") if c.isprintable() or c.isspace()).split())


def raw_text(holder: dict[str, Any], key: str, where: str) -> str:
    """The text under `key` as it is; absent or null is empty."""
    value = holder.get(key)
    return "" if value is None else str(want(value, str, f"{where}, “{key}”,"))


def objects(holder: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """The list of objects under `key`; absent or null is empty."""
    value = holder.get(key)
    if value is None:
        return []
    rows: list[Any] = want(value, list, f"{where}, “{key}”,")
    return [want(row, dict, f"{where}, “{key}”, number {number},") for number, row in enumerate(rows, 1)]


def record(holder: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    """The object under `key`; absent or null is empty."""
    value = holder.get(key)
    return {} if value is None else dict(want(value, dict, f"{where}, “{key}”,"))


def flag(holder: dict[str, Any], key: str, where: str) -> bool:
    value = holder.get(key)
    return False if value is None else bool(want(value, bool, f"{where}, “{key}”,"))


def whole(value: Any) -> int:
    """A count given as a number or as digits in a text; 0 where it is neither."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, float):
        return int(value) if abs(value) < 1e9 else 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def moment(value: Any, where: str) -> datetime:
    """A time given as milliseconds since 1970 or ISO 8601 with its zone, between 1990 and 2100."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000, UTC)
        elif isinstance(value, str):
            found = datetime.fromisoformat(value)
        else:
            raise ImportRefused(f"{where} should be a time and is {name_of(value)}. Nothing was imported.")
        if found.tzinfo is None:
            raise ImportRefused(f"{where} is a time without its zone. Nothing was imported.")
        found = found.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ImportRefused(f"{where} is no time that there is ({str(value)[:40]}). Nothing was imported.") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ImportRefused(f"{where} lies in the year {found.year}, which cannot be. Nothing was imported.")
    return found


def web_address(value: Any, *, longest: int = 1000) -> str:
    """The http(s) address, or "" where it is none that a reader could follow."""
    if not isinstance(value, str) or len(value) > longest:
        return ""
    value = value.strip()
    if any(c.isspace() or c in '"<>\\^`{|}' or not c.isprintable() for c in value):
        return ""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return ""
    return value if parts.scheme.lower() in {"http", "https"} and host and len(host) > 2 and not parts.username else ""


def shorten(value: str, longest: int) -> str:
    """At most `longest` characters, cut at a word, with an ellipsis where something was cut."""
    if len(value) <= longest:
        return value
    head = value[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[longest // 2 :] else head).rstrip(" ,;:–-") + "…"
