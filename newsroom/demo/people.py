"""Who reports in the demo blogs. None of them exists."""

from __future__ import annotations

from newsroom.importers.story import Person

EDITOR = Person("Dana Whitcombe", "Live editor")
MOSCOW = Person("Pavel Orlitz", "Moscow producer")
SEOUL = Person("Joon Seo", "Korea correspondent", "Seoul")
EUROPE = Person("Tom Ashdown", "Europe correspondent")
DEFENCE = Person("Mara Lindqvist", "Defence editor")
NEW_YORK = Person("Ines Okafor", "", "New York")
MEDIA = Person("Media watch", "What broadcasters and papers say")

# The Arabic and the German desk.
ARAB_EDITOR = Person("سامي الأحمد", "محرر التغطية")
ARAB_BEIJING = Person("سمر الخطيب", "مراسلة الصين", "بكين")
ARAB_EUROPE = Person("رامي نصّار", "مراسل أوروبا")
ARAB_DEFENCE = Person("هالة درويش", "محررة شؤون الدفاع")
GERMAN_SPORT = Person("Jana Petersen", "Sportreporterin")
