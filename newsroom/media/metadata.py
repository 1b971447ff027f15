"""What the photographer or the agency wrote into the file: caption, credit and alternative text, as suggestions for the desk."""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from PIL import Image, IptcImagePlugin

ALT_LENGTH = 500
CAPTION_LENGTH = 1000
CREDIT_LENGTH = 200
MAX_XMP_BYTES = 256 * 1024

_BYLINE, _CREDIT, _COPYRIGHT, _CAPTION = (2, 80), (2, 110), (2, 116), (2, 120)
_CHARACTER_SET, _UTF_8 = (1, 90), b"\x1b%G"
_UNREADABLE = (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError, ParseError, struct.error)
_SPACE = re.compile(r"\s+")
# Marks that turn the direction of what follows: they would reorder the page around a caption.
_TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text, each within the length of its field; empty where the file says nothing."""

    caption: str = ""
    credit: str = ""
    alt: str = ""


def plain(text: str, length: int) -> str:
    """One line of plain text without control characters, cut at a word when it is longer than `length`."""
    kept = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or (unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"} and character not in _TURNS)
    )
    line = _SPACE.sub(" ", kept).strip()
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    head, space, _tail = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut).rstrip(" ,;:") + "…"


def read_words(image: Image.Image) -> Words:
    """IPTC first, XMP where it is silent. Damaged or hostile metadata count as none: nothing here refuses a picture."""
    iptc, xmp = _iptc(image), _xmp(image)
    byline = iptc["byline"] or xmp["byline"]
    agency = iptc["credit"] or xmp["credit"]
    names = [name for name in (byline, agency) if name]
    # Agencies often repeat the photographer's name in the credit.
    credit = agency if byline and byline.casefold() in agency.casefold() else "/".join(names)
    return Words(
        caption=plain(iptc["caption"] or xmp["caption"], CAPTION_LENGTH),
        credit=plain(credit or iptc["copyright"] or xmp["copyright"], CREDIT_LENGTH),
        alt=plain(xmp["alt"], ALT_LENGTH),
    )


def _iptc(image: Image.Image) -> dict[str, str]:
    try:
        records = IptcImagePlugin.getiptcinfo(image) or {}  # type: ignore[arg-type]
    except _UNREADABLE:
        records = {}
    utf8 = records.get(_CHARACTER_SET) == _UTF_8

    def read(key: tuple[int, int]) -> str:
        value = records.get(key, b"")
        parts = value if isinstance(value, list) else [value]
        return ", ".join(_decode(part, utf8=utf8) for part in parts if part)

    return {"caption": read(_CAPTION), "byline": read(_BYLINE), "credit": read(_CREDIT), "copyright": read(_COPYRIGHT)}


def _decode(raw: bytes, *, utf8: bool) -> str:
    """Records without the UTF-8 mark are often UTF-8 all the same; what is not can only be a Western single-byte text."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace") if utf8 else raw.decode("cp1252", "replace")


def _xmp(image: Image.Image) -> dict[str, str]:
    facts: dict[str, Any] = {}
    raw = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if 0 < len(raw) <= MAX_XMP_BYTES:
        try:
            described = image.getxmp()["xmpmeta"]["RDF"]["Description"]
            for description in described if isinstance(described, list) else [described]:
                facts.update(description)
        except _UNREADABLE:  # entity tricks included: the parser raises a ValueError on them
            facts = {}
    return {
        "caption": _first(facts.get("description")),
        "byline": _all(facts.get("creator")),
        "credit": _first(facts.get("Credit")),
        "copyright": _first(facts.get("rights")),
        "alt": _first(facts.get("AltTextAccessibility")),
    }


def _texts(value: Any, depth: int = 0) -> list[str]:
    """The texts of an XMP value: a plain one, or a list of languages (`Alt`), names (`Seq`) or items (`Bag`)."""
    if isinstance(value, str):
        return [value]
    if depth > 5:
        return []
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, depth + 1)]
    if isinstance(value, dict):
        for key in ("Alt", "Seq", "Bag", "li", "text"):
            if key in value:
                return _texts(value[key], depth + 1)
    return []


def _first(value: Any) -> str:
    return next(iter(_texts(value)), "")


def _all(value: Any) -> str:
    return ", ".join(_texts(value))
