"""Which times can be meant. A slip of the keyboard (the year 0202) must be refused where it is typed, not fail where it is printed."""

from __future__ import annotations

from datetime import datetime

from newsroom.errors import Fault

# No live page is older than the web, and none is planned beyond.
FIRST_YEAR, LAST_YEAR = 1990, 2100
# What an entry tells of may lie further back.
FIRST_YEAR_OF_AN_EVENT = 1000


def impossible(field: str, moment: datetime | None, *, first_year: int = FIRST_YEAR) -> list[Fault]:
    """A fault at `field` where the time cannot be meant; nothing for None."""
    if moment is None or first_year <= moment.year <= LAST_YEAR:
        return []
    return [Fault(field, f"The year {moment.year} cannot be meant. Check the date.")]
