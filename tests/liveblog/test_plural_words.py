"""A counted sentence is right for every number, both where the server says it and where a script does."""

from __future__ import annotations

from typing import Any

import pytest
from babel import Locale
from django.utils import translation
from django.utils.translation import ngettext

from liveblog.reader.words import words
from translations.catalogues import LANGUAGES

NUMBERS = (0, 1, 2, 3, 10, 11, 99, 100, 101, 103, 1_000_000)
ARABIC = {
    0: "لا تحديثات جديدة",
    1: "تحديث جديد واحد",
    2: "تحديثان جديدان",
    3: "3 تحديثات جديدة",
    11: "11 تحديثًا جديدًا",
    100: "100 تحديث جديد",
}


def words_in(language: str) -> dict[str, Any]:
    with translation.override(language):
        return words()


def said(language: str, key: str, count: int) -> str:
    """What the page's script says: the sentence of the number's category, or the general one."""
    sentences = words_in(language)[key]
    category = Locale.parse(language).plural_form(count)
    return sentences.get(category, sentences["other"]).replace("{count}", str(count))


@pytest.mark.parametrize(("count", "sentence"), ARABIC.items())
def test_arabic_has_six_forms(count: int, sentence: str) -> None:
    with translation.override("ar"):
        assert ngettext("{count} new update", "{count} new updates", count).replace("{count}", str(count)) == sentence
    assert said("ar", "new", count) == sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", NUMBERS)
def test_server_and_scripts_choose_the_same_form(language: str, count: int) -> None:
    with translation.override(language):
        assert said(language, "new", count) == ngettext("{count} new update", "{count} new updates", count).replace("{count}", str(count))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_scripts_get_a_sentence_for_every_category_their_language_has(language: str) -> None:
    rule = Locale.parse(language).plural_form
    for sentences in words_in(language).values():
        if isinstance(sentences, dict):
            assert {rule(number) for number in NUMBERS} == set(sentences)


def test_english_says_one_and_many() -> None:
    assert words_in("en")["new"] == {"one": "{count} new update", "other": "{count} new updates"}


@pytest.mark.parametrize(("language", "locale"), [("en", "latn"), ("de", "latn"), ("ar", "latn"), ("ar-EG", "arab"), ("fa", "arabext")])
def test_scripts_are_told_which_digits_the_server_writes(language: str, locale: str) -> None:
    assert words_in(language)["locale"].lower() == f"{language}-u-ca-gregory-nu-{locale}".lower()
