"""From a file to a JSON document of a known format. The file is a stranger's: every way it can be wrong has a sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal, NoReturn

from newsroom.importers.errors import ImportRefused

Format = Literal["liveblog", "guardian"]
Document = dict[str, Any]

# A day's blog with all its original pictures stays far below this.
MAX_BYTES = 512 * 1024 * 1024
# Deep enough for every block of a real page; Python's own limit would end in a traceback.
MAX_DEPTH = 60
_TOO_DEEP = f"The file nests more than {MAX_DEPTH} levels deep. No live blog does; it was not read."
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def _not_a_number(name: str) -> NoReturn:
    raise ImportRefused(f"The file holds {name}, which is not JSON. Export it again.")


def _unfit(document: Any) -> str:
    """Why the document cannot be kept, or "": too deep, or characters that no database stores. Walks without recursion."""
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str) and _NO_TEXT.search(value):
                return "The file holds half a character or a zero byte inside a text. Export it again."
        if not below:
            return ""
        level = below
    return _TOO_DEEP


def parse(raw: bytes) -> Document:
    """The JSON object that `raw` is. Raises `ImportRefused`."""
    try:
        document = json.loads(raw.decode("utf-8-sig"), parse_constant=_not_a_number)
    except UnicodeDecodeError as error:
        raise ImportRefused(f"The file is not UTF-8 text (byte {error.start}), so it is not a JSON export.") from error
    except json.JSONDecodeError as error:
        cut = error.pos >= len(raw.decode("utf-8-sig").rstrip()) - 1 or error.msg.startswith("Unterminated")
        reason = "it ends too early; it was probably cut off on the way" if cut else error.msg[:1].lower() + error.msg[1:]
        raise ImportRefused(f"The file is not whole JSON: line {error.lineno}, column {error.colno}: {reason}.") from error
    except RecursionError as error:
        raise ImportRefused(_TOO_DEEP) from error
    except ValueError as error:
        # Python refuses numbers of thousands of digits.
        raise ImportRefused("The file holds a number far too long to be one. It was not read.") from error
    if not isinstance(document, dict):
        raise ImportRefused("The file is JSON but not a live blog: it should be one object, between { and }.")
    unfit = _unfit(document)
    if unfit:
        raise ImportRefused(unfit)
    return document


def format_of(document: Document) -> Format:
    """Which of the known formats it is. Raises `ImportRefused` for any other."""
    if document.get("format") == "liveblog":
        return "liveblog"
    if isinstance(document.get("blocks"), list) and ("webTitle" in document or "headline" in document):
        return "guardian"
    known = "an export of this software (“format”: “liveblog”) or a Guardian live page’s data (“headline” and “blocks”)"
    keys = ", ".join(str(key)[:30] for key in list(document)[:5]) or "nothing"
    raise ImportRefused(f"The file is JSON but not {known}. It holds: {keys}.")


def read_document(path: Path) -> tuple[Document, Format]:
    """The document in the file and its format. Raises `ImportRefused`."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ImportRefused(f"The file has {size // 1_048_576} MB; {MAX_BYTES // 1_048_576} MB is the most.")
        raw = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"The file {path} cannot be read: {error.strerror or error}.") from error
    if not raw.strip():
        raise ImportRefused("The file is empty.")
    document = parse(raw)
    return document, format_of(document)
