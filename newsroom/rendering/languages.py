"""What a language asks of a page besides words: its direction, and its digits in print. What machines read keeps 0 to 9."""

from __future__ import annotations

from django.utils.translation import get_language

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "yi"})

DIGITS = {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}

# Arabic news sites write 0 to 9 more often than not; whoever wants ٠ to ٩ gives the blog the code of a country that does.
EASTERN_ARABIC = frozenset("ar-" + country for country in ("bh", "eg", "iq", "jo", "kw", "lb", "om", "ps", "qa", "sa", "sd", "sy", "ye"))


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def numbering(language: str) -> str:
    """The system of digits by its Unicode name: `latn`, `arab` or `arabext`."""
    code = language.lower()
    if code.split("-")[0] == "fa":
        return "arabext"
    return "arab" if code in EASTERN_ARABIC else "latn"


def numerals(value: int | str) -> str:
    """The number, or the text with every digit in it, in the digits of the active language."""
    digits = DIGITS.get(numbering(get_language() or ""))
    return str(value).translate(str.maketrans("0123456789", digits)) if digits else str(value)


def intl_locale(language: str) -> str:
    """What scripts give to `Intl`, so that they write the same digits and the same calendar as the server."""
    return f"{language}-u-ca-gregory-nu-{numbering(language)}"
