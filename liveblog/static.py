from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from liveblog.joined import joined_script, joined_sheet

COMMENT_LINE = re.compile(r"\s*(\*|/\*|//)")


def in_comment(match: re.Match[str]) -> bool:
    """Whether a match begins on a line that is comment only, as those of JSDoc are."""
    line = match.string.rfind("\n", 0, match.start()) + 1
    return bool(COMMENT_LINE.match(match.string, line, match.start()))


# Ours for readers: modules at the top of static/js, in which no string runs over a line's end.
READERS_MODULE = re.compile(r"js/[^/]+\.js")
COMMENT_LINES = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/)[ \t]*\n", re.MULTILINE)
MARGIN = re.compile(r"^\s+", re.MULTILINE)


def bare(script: str) -> str:
    """The script without the lines that are comment only and without its margin: a third less for every reader to fetch."""
    return MARGIN.sub("", COMMENT_LINES.sub("", script))


# What pages name, and what each is joined from: a page asks for one file of each kind.
JOINED = {"js/reader.js": joined_script, "js/embed-frame.js": joined_script, "css/page.css": joined_sheet, "css/embed.css": joined_sheet}
HASHED = re.compile(r"\.[0-9a-f]{12}\.")


class QuickCompressor(Compressor):
    """One step below the slowest: a tenth of the time, a few bytes in a hundred more. A start must not wait for the last of them."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        compressed: bytes = brotli.compress(data, quality=9)
        return compressed


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Files named by their content, compressed once, cached for ever; the imports inside ES modules are renamed with them.

    What a comment imports is left alone: types may refer to each other in a circle, and the hashes of a circle never come to rest.
    """

    support_js_module_import_aggregation = True
    manifest_strict = False

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        # As they were written: what lies collected may be joined already, from files that have changed since.
        def source(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                text: str = file.read().decode()
            return bare(text) if READERS_MODULE.fullmatch(name) else text

        texts = {name: source(name) for name in filter(READERS_MODULE.fullmatch, paths)}
        texts |= {name: join(name, source) for name, join in JOINED.items() if name in paths}
        for name, text in texts.items():
            Path(self.path(name)).write_text(text, encoding="utf-8")
            paths[name] = (self, name)
        yield from super().post_process(paths, *args, **options)

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only what pages link to, and only once: under a hashed name the content is for ever the same."""
        new = [name for name in paths if HASHED.search(name) and not Path(self.path(f"{name}.gz")).exists()]
        yield from super().compress_files(new)

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Callable[[re.Match[str]], str]:
        convert: Callable[[re.Match[str]], Any] = super().url_converter(name, hashed_files, template)

        def converter(match: re.Match[str]) -> str:
            return match["matched"] if in_comment(match) else convert(match)

        return converter
