"""A time is printed as the blog's language writes it: its words, its order, its digits, and the name it has for the zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from newsroom.rendering.blocks import duration
from newsroom.rendering.languages import intl_locale, numerals
from newsroom.rendering.times import Stamp, stamp, zone_name

EVENING = datetime(2026, 11, 20, 13, 52, tzinfo=UTC)
ZONE = "Europe/Berlin"


def in_language(language: str) -> Stamp:
    with translation.override(language):
        return stamp(EVENING, ZONE)


@pytest.mark.parametrize(
    ("language", "clock", "phrase", "full"),
    [
        ("en", "14:52", "14:52", "14:52, Friday 20 November 2026"),
        ("de", "14:52", "14:52 Uhr", "Freitag, 20. November 2026, 14:52 Uhr"),
        ("de-AT", "14:52", "14:52 Uhr", "Freitag, 20. November 2026, 14:52 Uhr"),
        ("fr", "14:52", "14:52", "vendredi 20 novembre 2026, 14:52"),
        ("es", "14:52", "14:52", "14:52, viernes, 20 de noviembre de 2026"),
        ("ar", "14:52", "14:52", "14:52، الجمعة 20 نوفمبر 2026"),
        ("ar-EG", "١٤:٥٢", "١٤:٥٢", "١٤:٥٢، الجمعة ٢٠ نوفمبر ٢٠٢٦"),
        ("fa", "۱۴:۵۲", "۱۴:۵۲", "۱۴:۵۲، جمعه ۲۰ نوامبر ۲۰۲۶"),
    ],
)
def test_a_time_and_its_day(language: str, clock: str, phrase: str, full: str) -> None:
    printed = in_language(language)
    assert (printed.clock, printed.phrase, printed.full) == (clock, phrase, full)


@pytest.mark.parametrize("language", ["en", "de", "ar-EG", "fa"])
def test_machines_read_the_same_in_every_language(language: str) -> None:
    printed = in_language(language)
    assert (printed.iso, printed.day) == ("2026-11-20T13:52:00Z", "2026-11-20")


@pytest.mark.parametrize(
    ("language", "name"), [("en", "CET"), ("de", "MEZ"), ("fr", "heure d’Europe centrale"), ("ar", "وسط أوروبا"), ("fa", "اروپای مرکزی")]
)
def test_a_zone_is_called_what_the_language_calls_it(language: str, name: str) -> None:
    with translation.override(language):
        assert zone_name(ZONE, "", EVENING) == name
        assert zone_name(ZONE, "Ortszeit", EVENING) == "Ortszeit"


def test_an_abbreviation_that_several_zones_share_is_not_translated() -> None:
    with translation.override("de"):
        assert zone_name("Asia/Kolkata", "", EVENING) == "IST"
        assert zone_name("Asia/Tehran", "", EVENING) == "UTC+03:30"


def test_numbers_follow_the_digits() -> None:
    with translation.override("fa"):
        assert (numerals(1024), duration(3700)) == ("۱۰۲۴", "۱:۰۱:۴۰")
    with translation.override("ar"):
        assert (numerals(1024), duration(61)) == ("1024", "1:01")


def test_scripts_write_the_same_digits_in_the_same_calendar() -> None:
    assert intl_locale("fa") == "fa-u-ca-gregory-nu-arabext"
    assert intl_locale("ar") == "ar-u-ca-gregory-nu-latn"


def test_the_hour_that_comes_twice_is_named_after_the_whole_time() -> None:
    with translation.override("de"):
        twice = stamp(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ZONE)
    assert (twice.clock, twice.phrase) == ("02:30 MESZ", "02:30 Uhr MESZ")
    assert twice.full == "Sonntag, 25. Oktober 2026, 02:30 Uhr MESZ"
