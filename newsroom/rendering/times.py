"""Times in print: absolute, in the blog's zone and language, never relative and never “now”."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment as a page shows it: `iso` for machines (UTC); `clock` HH:MM, `day` as ISO date and `day_label` in the blog's zone."""

    iso: str
    clock: str
    day: str
    day_label: str


def stamp(moment: datetime | str, zone: str) -> Stamp:
    """Call inside `translation.override(blog.language)`: the day's words are in the active language."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    utc = moment.astimezone(zoneinfo.ZoneInfo("UTC"))
    return Stamp(
        iso=utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        clock=local.strftime("%H:%M"),
        day=local.date().isoformat(),
        # Translators: a day's heading in the feed, as a Django date format.
        day_label=formats.date_format(local.date(), _("l j F Y")),
    )


def zone_name(zone: str, label: str, at: datetime) -> str:
    """How the front matter names the blog's one zone: the editor's word for it, or the zone's abbreviation or offset at `at`."""
    if label:
        return label
    local = at.astimezone(zoneinfo.ZoneInfo(zone))
    abbreviation = local.strftime("%Z")
    if abbreviation and abbreviation[0] not in "+-":
        return abbreviation
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:]}"
