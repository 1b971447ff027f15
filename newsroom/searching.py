"""Search within a blog: PostgreSQL's full text in the blog's language, and whole or part words where there is no PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value

from newsroom.models import Entry, SearchText
from newsroom.rendering.snapshot import Snapshot
from newsroom.sanitise import plain_text

MAX_WORDS = 8

# PostgreSQL's configurations by language; the others are searched word for word.
CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "eu": "basque",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def configuration(language: str) -> str:
    return CONFIGURATIONS.get(language.split("-")[0], "simple")


def fold(text: str) -> str:
    return " ".join(text.casefold().split())


def words_of(snapshot: Snapshot) -> str:
    """All that a reader sees of the entry in words, captions and alternative texts included."""
    parts = [snapshot["headline"], snapshot["source"]]
    parts += [f"{line['name']} {line['role']} {line['place']}" for line in snapshot["bylines"]]
    parts += [tag["name"] for tag in snapshot.get("tags", [])]
    for block in snapshot["blocks"]:
        parts += [
            plain_text(str(block[key])) for key in ("html", "text", "speaker", "role", "title", "author", "source_label") if block.get(key)
        ]
        parts += [plain_text(item) for item in block.get("items", [])]
    for picture in snapshot["pictures"].values():
        parts += [picture["caption"], picture["credit"], "" if picture["decorative"] else picture["alt"]]
    parts += [correction["note"] for correction in snapshot["corrections"]]
    return " ".join(part for part in parts if part).replace("\x00", "")


def row_for(snapshot: Snapshot) -> dict[str, Any]:
    """The values of a `SearchText`."""
    words = words_of(snapshot)
    vector = None
    if connection.vendor == "postgresql":
        # A vector holds one megabyte at the most, and what a reader looks for does not stand behind that.
        vector = SearchVector(Value(words[:200_000]), config=configuration(snapshot["blog"]["language"]))
    return {"text": fold(words), "vector": vector}


def found(rows: QuerySet[Entry], asked: str, language: str) -> QuerySet[Entry]:
    """Those of the rows that hold every word of `asked`. On PostgreSQL also its forms, “phrases” and -words that must not occur."""
    texts = SearchText.objects.filter(entry=OuterRef("pk"))
    if connection.vendor == "postgresql":
        query = SearchQuery(asked, config=configuration(language), search_type="websearch")
        return rows.filter(search_text__vector=query)
    for word in fold(asked).replace('"', " ").split()[:MAX_WORDS]:
        texts = texts.filter(text__contains=word)
    return rows.filter(Exists(texts))
