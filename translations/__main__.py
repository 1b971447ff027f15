"""`make messages`: brings the catalogues up to the sources, compiles them, and says what is left to translate."""

from __future__ import annotations

import sys

from translations.catalogues import DESK_WORDS, LANGUAGES, as_mo, as_po, path_of, stored, template, unfinished, updated


def main() -> int:
    found = template()
    left = 0
    for language in LANGUAGES:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = updated(language, found)
        path.write_bytes(as_po(catalogue))
        path.with_suffix(".mo").write_bytes(as_mo(catalogue))
        missing = unfinished(catalogue)
        left += len(missing)
        print(f"{language}: {len(found)} messages, {len(missing)} to translate")
        for message in missing:
            print(f"  {message}")
    DESK_WORDS.with_suffix(".mo").write_bytes(as_mo(stored("en_GB", DESK_WORDS)))
    if left:
        print("Fill in the empty msgstr of these (CONTRIBUTING.md, “Say something new to readers”) and run this again.", file=sys.stderr)
    return min(left, 1)


if __name__ == "__main__":
    sys.exit(main())
