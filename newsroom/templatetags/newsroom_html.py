"""The two places where a template prints text without escaping it, each with the reason why that is safe; and numbers in print."""

from __future__ import annotations

import json
import re
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from newsroom.rendering.languages import numerals

register = template.Library()
register.filter("numerals", numerals)

_LINE_ENDS = re.compile(r"[ \t]*\r?\n\s*")

# What could end a script element or a line of JavaScript, written so that it stays the same JSON.
_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.filter
def trusted_html(html: str) -> SafeString:
    """HTML of a `text` or `list` block, printed as it is stored.

    It is trusted because no block is stored before `newsroom.sanitise` has cleaned it (`newsroom.blocks` calls it for every writer).
    Use it for nothing else. A line's end becomes a space here, so that squeezing the fragment into one line joins no two words.
    """
    return mark_safe(_LINE_ENDS.sub(" ", html))


@register.filter
def script_json(value: Any) -> SafeString:
    """JSON for a `<script type="application/json">`: a string is taken as JSON already, anything else is encoded."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_SCRIPT_ESCAPES))
