"""The catalogues of what readers see are whole, and in step with the sources. `make messages` brings them there."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings

from translations import catalogues
from translations.catalogues import DESK_WORDS, LANGUAGES, as_mo, as_po, forms, path_of, stored, template, unfinished, updated

FOUND = template()
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+[^>]*>")
# These forms name the number by themselves: “two new updates” is one word in Arabic.
SPEAKS_FOR_ITSELF = {"zero", "one", "two"}
COUNTS = [*range(200), 1_000_000, 2_000_000]

every_language = pytest.mark.parametrize("language", LANGUAGES)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def misfits(message: Message, categories: list[str]) -> list[str]:
    """The forms of a translation that do not hold what the source's sentence holds."""
    source = placeholders(message.id if isinstance(message.id, str) else message.id[1])
    found = []
    for form, category in zip(forms(message), categories, strict=False):
        lacks = source - placeholders(form) - ({"{count}", "%(count)s"} if category in SPEAKS_FOR_ITSELF else set())
        if lacks or placeholders(form) - source:
            found.append(form)
    return found


def categories_of(language: str) -> list[str]:
    """The plural categories in the order of the catalogue's forms: by the first number that has each."""
    rule = Locale.parse(language).plural_form
    return list(dict.fromkeys(rule(number) for number in sorted(COUNTS, key=lambda n: form_of(language, n))))


def form_of(language: str, number: int) -> int:
    """Which form the catalogue's own rule picks, evaluated by what reads it when the site runs."""
    from gettext import c2py

    rule = catalogues.PLURALS[language].split("plural=")[1].rstrip(";")
    return c2py(rule)(number)


def test_the_languages_offered_are_english_and_those_with_a_catalogue() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {"en", *LANGUAGES}
    assert {path.parent.parent.name for path in catalogues.READERS.rglob("*.po")} == set(LANGUAGES)


@every_language
def test_a_catalogue_is_what_its_sources_make_of_it(language: str) -> None:
    assert path_of(language).read_bytes() == as_po(updated(language, FOUND)), (
        "Something readers see was added or changed: run `make messages`."
    )


@every_language
def test_what_is_served_is_compiled_from_what_is_read(language: str) -> None:
    assert path_of(language).with_suffix(".mo").read_bytes() == as_mo(stored(language)), "Run `make messages`."


@every_language
def test_nothing_is_left_to_translate_and_nothing_is_guessed(language: str) -> None:
    assert unfinished(updated(language, FOUND)) == [], "Fill in their msgstr, then run `make messages` (CONTRIBUTING.md)."


def test_a_new_word_in_a_template_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = tmp_path / "templates" / "reader" / "new.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        '{% load i18n %}\n  <p title="{% translate "Never said before" %}">\n{% blocktranslate %}Nor {{ this }}{% endblocktranslate %}'
    )
    (tmp_path / "templates" / "admin").mkdir()
    (tmp_path / "templates" / "admin" / "desk.html").write_text('{% load i18n %}{% translate "For the desk" %}')
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    assert unfinished(updated("de", template())) == ["Never said before", "Nor %(this)s"]


def test_what_only_the_desk_sees_is_not_in_the_readers_catalogues() -> None:
    said = {message.id for message in FOUND}
    assert {"Breaking", "Live"} <= said
    assert said.isdisjoint({"standfirst", "Not public yet", "Draft", "This page was open for too long", "You may not do this"})


@every_language
def test_a_translation_holds_what_the_sentence_holds(language: str) -> None:
    categories = categories_of(language)
    assert {str(message.id): found for message in stored(language) if message.id and (found := misfits(message, categories))} == {}


@pytest.mark.parametrize("wrong", ["Neu: {headlines}", "Neu", "<b>{headline}</b>"])
def test_a_translation_with_other_contents_is_noticed(wrong: str) -> None:
    assert misfits(Message("New: {headline}", wrong), ["other"]) == [wrong]


def test_only_a_form_for_one_number_may_leave_it_out() -> None:
    assert misfits(Message(("{count} day", "{count} days"), ("one day", "days")), ["one", "other"]) == ["days"]


@every_language
def test_the_plural_rule_is_the_one_that_browsers_have(language: str) -> None:
    rule = Locale.parse(language).plural_form
    pairs = {(form_of(language, number), rule(number)) for number in COUNTS}
    assert len(pairs) == len({form for form, _category in pairs}) == len({category for _form, category in pairs})


def test_the_desk_s_own_words_are_compiled_and_each_is_said_of_a_sentence_that_allauth_still_has() -> None:
    ours = stored("en_GB", DESK_WORDS)
    assert DESK_WORDS.with_suffix(".mo").read_bytes() == as_mo(ours)
    with Path(allauth.__file__).parent.joinpath("locale/en/LC_MESSAGES/django.po").open("rb") as file:
        theirs = {message.id for message in read_po(file)}
    assert len(ours) > 50
    assert [message.id for message in ours if message.id not in theirs or unfinished(ours)] == []
