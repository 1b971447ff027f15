"""The one sanitiser. Every writer (desk, API, importers, demo) comes through here, on write; nothing is cleaned again on read.

The cleaner is nh3 (ammonia). It is quadratic on deeply nested input, so size, depth and links are capped before it runs.
"""

from __future__ import annotations

import html
import re

import nh3

# Store it with what was cleaned under it, so that a stricter policy can find older text.
POLICY_VERSION = 1

MAX_BYTES = 64 * 1024
MAX_DEPTH = 50
MAX_LINKS = 500

INLINE_TAGS = {"a", "br", "code", "em", "strong", "sub", "sup"}
TEXT_TAGS = INLINE_TAGS | {"blockquote", "h4", "li", "ol", "p", "ul"}
# What these hold is not text: the element goes with its content.
DROPPED_WHOLE = {"script", "style", "iframe", "noscript", "template", "title", "textarea", "svg", "math", "object", "select"}
SYNONYMS = {"b": "strong", "i": "em", "h1": "h4", "h2": "h4", "h3": "h4", "h5": "h4", "h6": "h4", "div": "p"}

_LINK = re.compile(r"^(https?://[^\s/]|mailto:[^\s@]+@)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_SYNONYM = re.compile(rf"<(/?)({'|'.join(SYNONYMS)})(?=[\s/>])([^<>]*)>", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|li|h4|blockquote|ul|ol|strong|em|code|sub|sup)>(?:\s|&nbsp;|<br>)*</\1>")
_BARE_LINK = re.compile(r"<a(?: rel=\"[^\"]*\")?>(.*?)</a>", re.DOTALL)
_ENDED_BY_THE_NEXT = {"p", "li"}
_VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "source", "col", "area", "base", "embed", "param", "track"}


class TooMuchMarkup(ValueError):
    """The text is beyond what is accepted; `str(error)` is a sentence for the editor."""


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if _LINK.match(value) else None
    return None


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=DROPPED_WHOLE,
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        strip_comments=True,
    )


_TEXT = _cleaner(TEXT_TAGS)
_INLINE = _cleaner(INLINE_TAGS)


def _too_deep(raw: str) -> bool:
    """Whether a browser would nest deeper than MAX_DEPTH: a slash closes nothing in HTML, and an end tag closes only what is open."""
    open_tags: list[str] = []
    for close, tag, _ in _TAG.findall(raw):
        name = tag.lower()
        if close:
            if name in open_tags:
                while open_tags.pop() != name:
                    pass
        elif name not in _VOID:
            if name in _ENDED_BY_THE_NEXT and open_tags[-1:] == [name]:
                open_tags.pop()
            open_tags.append(name)
            if len(open_tags) > MAX_DEPTH:
                return True
    return False


def _bounded(raw: str) -> str:
    raw = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    size = len(raw.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise TooMuchMarkup(f"This text has {size // 1024} kB; {MAX_BYTES // 1024} kB is the most. Split it into two blocks or entries.")
    if _too_deep(raw):
        raise TooMuchMarkup(f"This text nests more than {MAX_DEPTH} levels of formatting. Paste it as plain text.")
    if raw.lower().count("<a") > MAX_LINKS:
        raise TooMuchMarkup(f"This text holds more than {MAX_LINKS} links.")
    return raw.encode("utf-8", "replace").decode("utf-8")


def _tidy(cleaned: str) -> str:
    cleaned = _BARE_LINK.sub(r"\1", cleaned)
    previous = None
    while previous != cleaned:
        previous, cleaned = cleaned, _EMPTY.sub("", cleaned)
    return cleaned.strip()


def sanitise_html(raw: str) -> str:
    """A text block's HTML made safe: scripts gone, links kept, empty paragraphs dropped. Raises `TooMuchMarkup`."""
    raw = _SYNONYM.sub(lambda m: f"<{m[1]}{SYNONYMS[m[2].lower()]}>", _bounded(raw))
    cleaned = _tidy(_TEXT.clean(raw))
    if cleaned and not cleaned.startswith(("<p", "<ul", "<ol", "<blockquote", "<h4")):
        cleaned = _tidy(_TEXT.clean(f"<p>{cleaned}</p>"))
    return cleaned


def sanitise_inline(raw: str) -> str:
    """One line of HTML (a list's item) made safe. Raises `TooMuchMarkup`."""
    raw = _SYNONYM.sub(lambda m: f"<{m[1]}{SYNONYMS[m[2].lower()]}>", _bounded(raw))
    return re.sub(r"\s+", " ", _tidy(_INLINE.clean(raw)))


def plain_text(raw: str) -> str:
    """What a person would read: tags gone, entities resolved, white space folded. Never to be used as HTML."""
    spaced = re.sub(r"<(/p|/li|/h4|/blockquote|br)\b[^>]*>", " ", raw)
    return re.sub(r"\s+", " ", html.unescape(nh3.clean(spaced, tags=set(), clean_content_tags=DROPPED_WHOLE))).strip()
