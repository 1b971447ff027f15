"""What stands in an address, as the tables have it: importing this teaches `path()` the converters `blog` and `entry`."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter

from newsroom.refs import ALPHABET, SLUG


class BlogSlug(StringConverter):
    regex = SLUG


class EntryRef(StringConverter):
    regex = rf"e-[{ALPHABET}]{{6}}"


register_converter(BlogSlug, "blog")
register_converter(EntryRef, "entry")
