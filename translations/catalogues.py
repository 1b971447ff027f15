"""From the sources to catalogues of what readers see, without the gettext programs: extraction, update, and the compiled form.

Everything here is a function of files, so a test can ask whether what is committed is what would be made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
READERS = ROOT / "translations" / "readers"
# Our words for those of allauth's pages, for the desk alone.
DESK_WORDS = ROOT / "translations" / "desk" / "en_GB" / "LC_MESSAGES" / "django.po"
WIDTH = 120

# Each with its plural rule, as CLDR has it for whole numbers; `liveblog.reader.words` knows the categories by name.
PLURALS: Mapping[str, str] = {
    "de": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=3; plural=(n < 2 ? 0 : n % 1000000 == 0 ? 1 : 2);",
    "es": "nplurals=3; plural=(n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2);",
    "ar": "nplurals=6; plural=(n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 >= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 ? 4 : 5);",
    "fa": "nplurals=2; plural=(n > 1);",
}
LANGUAGES = tuple(PLURALS)

CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # liveblog.reader.words: one sentence a plural category.
    "plural": (1, 2),
}
# Most of what a model says is for the desk; what readers see of it is wrapped in this name.
FOR_READERS = {"for_readers": None}


@dataclass(frozen=True)
class Sources:
    """Files by glob, less those whose path starts with one of `but`. `calls` are the functions that hold a message."""

    glob: str
    but: tuple[str, ...] = ()
    calls: Mapping[str, tuple | None] | None = None


# Seen by nobody but those who sign in. What is not named here is taken to be for readers, so a new folder is never left out by mistake.
DESK = ("account", "accounts", "admin", "allauth", "mfa", "usersessions", "400.html", "403.html", "403_csrf.html", "429.html")

# All that makes what readers see.
SOURCES = (
    Sources("liveblog/**/*.py"),
    Sources("newsroom/rendering/**/*.py"),
    Sources("newsroom/models/*.py", calls=FOR_READERS),
    Sources("templates/**/*.html", but=tuple(f"templates/{path}" for path in DESK)),
)


class Catalogue(Catalog):
    """A catalogue whose head says only what a program reads: no date, no name, nothing that differs from one run to the next."""

    @property
    def rule(self) -> str:
        return PLURALS.get(str(self.locale), "nplurals=2; plural=(n != 1);")

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.rule),
        ]

    @property
    def num_plurals(self) -> int:
        return int(self.rule.removeprefix("nplurals=").split(";")[0])


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _paths(sources: Sources) -> Iterator[Path]:
    return (path for path in sorted(ROOT.glob(sources.glob)) if not name(path).startswith(sources.but or ("\0",)))


def _python(path: Path) -> bytes:
    """A template as the calls that it makes, each on its line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"^[ \t]+", "", templatize(text, origin=name(path)), flags=re.MULTILINE)
    return text.encode()


def template() -> Catalog:
    """Every message in the sources, with the files it stands in."""
    catalogue = Catalog(fuzzy=False)
    for sources in SOURCES:
        for path in _paths(sources):
            calls = sources.calls or CALLS
            found = extract("python", io.BytesIO(_python(path)), keywords=calls, comment_tags=["Translators:"], strip_comment_tags=True)
            for _line, message, comments, context in found:
                catalogue.add(message, None, [(name(path), 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(language: str) -> Path:
    return READERS / language / "LC_MESSAGES" / "django.po"


def stored(language: str, path: Path | None = None) -> Catalogue:
    """The catalogue as it is on disk; an empty one where there is none yet."""
    catalogue = Catalogue(locale=language, fuzzy=False)
    path = path or path_of(language)
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    catalogue[message.id] = message
    return catalogue


def updated(language: str, found: Catalog) -> Catalogue:
    """What is on disk brought up to the sources: new messages are empty, old ones go. Nothing is guessed."""
    catalogue = stored(language)
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    english = Locale.parse(language).get_display_name("en")
    catalogue.header_comment = f"# What readers see, in {english}. `make messages` keeps this file in step with the sources."
    return catalogue


def as_po(catalogue: Catalogue) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, width=WIDTH, include_lineno=False)
    return file.getvalue()


def as_mo(catalogue: Catalogue) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def unfinished(catalogue: Catalogue) -> list[str]:
    """The messages without a translation, or with a plural form missing, or only guessed."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not _complete(message, catalogue))]


def forms(message: Message) -> list[str]:
    """What a message is in this language: one string, or one a plural form."""
    said = message.string or ""
    return [said] if isinstance(said, str) else [form or "" for form in said]


def _complete(message: Message, catalogue: Catalogue) -> bool:
    said = forms(message)
    return len(said) == (catalogue.num_plurals if message.pluralizable else 1) and all(said)
