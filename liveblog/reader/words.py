"""Every sentence the page's scripts may show, in the blog's language: the scripts have no words of their own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from newsroom.rendering.languages import intl_locale

# One number of each plural category of the languages that the site speaks. A script asks for the category, gettext for a number.
CATEGORIES = {
    "ar": {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11},
    "es": {"one": 1, "many": 1_000_000},
    "fr": {"one": 1, "many": 1_000_000},
}
TWO_FORMS = {"one": 1}
OTHER = 100


def plural(one: str, many: str) -> dict[str, str]:
    """A sentence for each plural category of the active language. `{count}` stays in it: the script fills it in."""
    language = (get_language() or "en").split("-")[0]
    numbers = CATEGORIES.get(language, TWO_FORMS) | {"other": OTHER}
    return {category: ngettext(one, many, number) for category, number in numbers.items()}


def words() -> dict[str, Any]:
    """Call inside `translation.override(blog.language)`. The keys are listed in docs/contracts/entry-html.md."""
    return {
        "locale": intl_locale(get_language() or "en"),
        "live": _("Live"),
        "upcoming": _("Not begun yet: the first update will come by itself"),
        "starts": _("Begins {time}, and the first update will come by itself"),
        "resting": _("Paused by the newsroom: the next update will come by itself"),
        "ended": _("This live blog has ended"),
        "paused": _("New updates wait until you press Pause again"),
        "stopped": _("No longer updating: load the page again"),
        "connecting": _("Connecting"),
        "reconnecting": _("Reconnecting, last update {time}"),
        "polling": plural("Checking every {count} second", "Checking every {count} seconds"),
        "readers": plural("{count} reader now", "{count} readers now"),
        "new": plural("{count} new update", "{count} new updates"),
        "announce_one": _("New: {headline}"),
        "announce_many": plural("{count} new update: {headline}", "{count} new updates, latest: {headline}"),
        "correction_one": _("Correction: {headline}"),
        "correction_many": plural("{count} correction: {headline}", "{count} corrections, latest: {headline}"),
        "read_to": _("You had read to here"),
        "since": _("Since {time}: {news}."),
        "since_new": plural("{count} new", "{count} new"),
        "since_least": plural("at least {count} new", "at least {count} new"),
        "since_corrections": plural("{count} correction", "{count} corrections"),
        "since_withdrawn": plural("{count} withdrawn", "{count} withdrawn"),
        "since_read": _("Read on from there, oldest first"),
        "again": _("As last time: {choice}"),
        "copied": _("The link is copied"),
        "picture": _("Picture"),
        "previous": _("Previous picture"),
        "next": _("Next picture"),
        "close": _("Close"),
    }
