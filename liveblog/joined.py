"""One script and one sheet for a page, out of the files that they are written in (docs/decisions, “One script and one sheet”).

Not a compiler: scripts and sheets of ours keep to one form of import, and what is written otherwise is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

Read = Callable[[str], str]

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w.-]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) ([\w$]+))", re.MULTILINE)
OTHERWISE = re.compile(r"^(?:import|export)\b(?!\().*$|\bimport\.meta\b.*$", re.MULTILINE)
SHEET = re.compile(r'^@import url\("([\w.-]+\.css)"\)([^;]*);\n', re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class CannotJoin(Exception):
    """A file is written in a form that is not understood here; the message names it and quotes the line."""


def joined_script(entry: str, read: Read) -> str:
    """The module `entry` (a path such as `js/reader.js`) with all that it imports, as one module that imports nothing.

    Each file keeps a scope of its own and runs once, those that others need first. A dynamic `import()` is left as it is.
    """
    folder, parts = PurePosixPath(entry).parent, dict[str, str]()

    def add(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise CannotJoin(f"{' imports '.join([*above, path])}: a circle.")
        if path in parts:
            return
        text = read(path)
        for match in IMPORT.finditer(text):
            add(str(folder / match[2]), (*above, path))
        parts[path] = text

    add(entry, ())
    return "".join(_scoped(path, text, last=path == entry) for path, text in parts.items())


def _scoped(path: str, text: str, *, last: bool) -> str:
    exported = EXPORT.findall(text)
    body = EXPORT.sub("", IMPORT.sub(_taken, text))
    if odd := OTHERWISE.search(body):
        raise CannotJoin(f'{path}: `{odd[0]}` cannot be joined. Write `import {{ … }} from "./….js";` and `export` before a declaration.')
    if last:
        return body
    return f"const {_scope(path)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"


def _taken(match: re.Match[str]) -> str:
    names, path = match[1], match[2]
    return f"const {{{names.replace(' as ', ': ')}}} = {_scope(path)};" if names else ""


def _scope(path: str) -> str:
    return "$" + re.sub(r"\W", "_", PurePosixPath(path).stem)


def joined_sheet(entry: str, read: Read) -> str:
    """The sheet with each `@import url("….css") media;` replaced by what it names; comments are left out. All lie in one folder."""
    folder = PurePosixPath(entry).parent

    def brought(match: re.Match[str]) -> str:
        sheet, media = read(str(folder / match[1])), match[2].strip()
        if "@import" in CSS_COMMENT.sub("", sheet):
            raise CannotJoin(f"{match[1]} imports sheets itself; name them in {entry}.")
        return f"@media {media} {{\n{sheet}}}\n" if media else sheet

    text = CSS_COMMENT.sub("", SHEET.sub(brought, read(entry)))
    if "@import" in text:
        raise CannotJoin(f'{entry}: an import that cannot be joined. Write `@import url("….css");`.')
    return text
