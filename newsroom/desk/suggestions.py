"""A line to type in that offers what fits: a time zone, a language."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Kept by the database of zones for old programs; each of them is in it under the name of a city as well.
OLD_AREAS = frozenset({"Etc", "US", "Canada", "Brazil", "Chile", "Mexico", "SystemV", "posix", "right"})


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """The names that are offered, in order. More than these are taken."""
    cities = (name for name in zoneinfo.available_timezones() if "/" in name and name.partition("/")[0] not in OLD_AREAS)
    return tuple((name, "") for name in ("UTC", *sorted(cities)))


def languages() -> list[tuple[str, str]]:
    """Those there are words in, each by its code and its own name."""
    return list(settings.LANGUAGES)


class Suggesting(forms.TextInput):
    """A text field with a `<datalist>` of values and what they are called. It forbids nothing: judging is whose form it is."""

    def __init__(self, offers: Callable[[], Iterable[tuple[str, str]]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", **(attrs or {})})
        self.offers = offers

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None) -> SafeString:
        offered = f"{(attrs or {}).get('id', name)}_offers"
        field = super().render(name, value, {**(attrs or {}), "list": offered}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.offers())
        return format_html('{}<datalist id="{}">{}</datalist>', field, offered, options)
