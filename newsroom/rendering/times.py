"""Times in print: absolute, in the blog's zone and language, never relative and never “now”."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom.rendering.languages import numerals

EUROPEAN = frozenset({"WET", "WEST", "CET", "CEST", "EET", "EEST"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment as a page shows it, in the blog's zone: `iso` (UTC) and `day` for machines, the rest in the blog's language.

    `clock` is HH:MM alone (with the name of its time in the hour that the clocks go through twice, “01:30 BST”), `phrase` the clock within
    a sentence, `full` the clock with its day, `day_label` the day.
    """

    iso: str
    clock: str
    phrase: str
    full: str
    day: str
    day_label: str


def stamp(moment: datetime | str, zone: str) -> Stamp:
    """Call inside `translation.override(blog.language)`: the day's words are in the active language."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    utc = moment.astimezone(zoneinfo.ZoneInfo("UTC"))
    clock = numerals(local.strftime("%H:%M"))
    # Translators: a time within a sentence: “13:52”, in German “13:52 Uhr”.
    phrase = pgettext("time", "%(clock)s") % {"clock": clock}
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        clock, phrase = (f"{said} {_name_at(local, zone)}" for said in (clock, phrase))
    # Translators: a day, as a heading and in a sentence, as a Django date format: “Friday 20 November 2026”.
    day_label = numerals(formats.date_format(local.date(), _("l j F Y")))
    return Stamp(
        iso=utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        clock=clock,
        phrase=phrase,
        # Translators: a time and its day within a sentence: “13:52, Friday 20 November 2026”.
        full=pgettext("time", "%(time)s, %(day)s") % {"time": phrase, "day": day_label},
        day=local.date().isoformat(),
        day_label=day_label,
    )


def zone_name(zone: str, label: str, at: datetime) -> str:
    """How the front matter names the blog's one zone: the editor's word for it, or the zone's abbreviation or offset at `at`.

    An abbreviation is the one that readers of the active language know, where that differs and no other zone shares it.
    """
    return label or _name_at(at.astimezone(zoneinfo.ZoneInfo(zone)), zone)


def _name_at(local: datetime, zone: str) -> str:
    abbreviation = local.strftime("%Z")
    if abbreviation and abbreviation[0] not in "+-":
        # Cairo's clocks show EET too, and nobody there calls it Europe's.
        return (
            abbreviation if abbreviation in EUROPEAN and not zone.startswith("Europe/") else _known_zones().get(abbreviation, abbreviation)
        )
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:]}"


def _known_zones() -> dict[str, str]:
    return {
        # Translators: names of time zones, as they stand after “All times”.
        "UTC": pgettext("time zone", "UTC"),
        "GMT": pgettext("time zone", "GMT"),
        "BST": pgettext("time zone", "BST"),
        "WET": pgettext("time zone", "WET"),
        "WEST": pgettext("time zone", "WEST"),
        "CET": pgettext("time zone", "CET"),
        "CEST": pgettext("time zone", "CEST"),
        "EET": pgettext("time zone", "EET"),
        "EEST": pgettext("time zone", "EEST"),
        "MSK": pgettext("time zone", "MSK"),
        "EST": pgettext("time zone", "EST"),
        "EDT": pgettext("time zone", "EDT"),
        "JST": pgettext("time zone", "JST"),
    }
