from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

COMMENT_LINE = re.compile(r"\s*(\*|/\*|//)")


def in_comment(match: re.Match[str]) -> bool:
    """Whether a match begins on a line that is comment only, as those of JSDoc are."""
    line = match.string.rfind("\n", 0, match.start()) + 1
    return bool(COMMENT_LINE.match(match.string, line, match.start()))


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Files named by their content, compressed once, cached for ever; the imports inside ES modules are renamed with them.

    What a comment imports is left alone: types may refer to each other in a circle, and the hashes of a circle never come to rest.
    """

    support_js_module_import_aggregation = True
    manifest_strict = False

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Callable[[re.Match[str]], str]:
        convert: Callable[[re.Match[str]], Any] = super().url_converter(name, hashed_files, template)

        def converter(match: re.Match[str]) -> str:
            return match["matched"] if in_comment(match) else convert(match)

        return converter
