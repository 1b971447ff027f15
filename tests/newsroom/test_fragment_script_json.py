"""JSON inside a script element can neither end the element nor change on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsroom.templatetags.newsroom_html import script_json


@pytest.mark.parametrize("evil", ["</script><script>", "<!--", "a & b", "line\u2028end\u2029", "plain"])
def test_what_is_printed_is_the_same_json_and_harmless(evil: str) -> None:
    printed = script_json({"word": evil})
    assert not set("<>&\u2028\u2029") & set(printed)
    assert json.loads(printed) == {"word": evil}


@pytest.mark.parametrize("value", [{"a": [1, None]}, [], 'quoted "word"'])
def test_a_string_is_json_already(value: Any) -> None:
    assert json.loads(script_json(json.dumps(value))) == value
