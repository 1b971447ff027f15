"""What is typed as tags, judged: any script, one spelling a tag."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from newsroom.errors import Fault

MAX_TAGS = 10
MAX_LENGTH = 40
# The commas of the scripts that have their own.
_COMMAS = re.compile("[,،，、;؛\n\r]")


def split(typed: str) -> list[str]:
    """The names in a line such as “Harbour, Élysée, ميناء”."""
    return [name for part in _COMMAS.split(typed) if (name := " ".join(part.split()).lstrip("#").strip())]


def key_of(name: str) -> str:
    """The name folded: letters, marks and digits of any script, with single hyphens between; empty where it has none.

    “Harbour”, “harbour ” and “HARBOUR” are one tag. Marks count: without its vowel signs a Hindi word is another word.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" else "-" for sign in folded)
    return re.sub("-+", "-", kept).strip("-")[:MAX_LENGTH].rstrip("-")


def tidy(names: Iterable[str]) -> list[str]:
    """Each tag once, as first written, in the order of their keys."""
    first: dict[str, str] = {}
    for name in names:
        name = unicodedata.normalize("NFC", " ".join(name.split()))
        first.setdefault(key_of(name), name)
    return [first[key] for key in sorted(first)]


def faults(names: list[str]) -> list[Fault]:
    found = []
    if len(names) > MAX_TAGS:
        found.append(Fault("tags", f"These are {len(names)} tags; {MAX_TAGS} is the most."))
    for name in names:
        if len(name) > MAX_LENGTH:
            found.append(Fault("tags", f"“{name[:MAX_LENGTH]}…” has {len(name)} characters; {MAX_LENGTH} is the most for a tag."))
        elif not key_of(name):
            found.append(Fault("tags", f"“{name}” has neither a letter nor a digit, so nobody could ask for it."))
    return found
