"""What the contracts promise and what the code speaks are the same words."""

from __future__ import annotations

import re

import pytest

from newsroom.blocks import BLOCK_TYPES
from newsroom.models import Kind, Op, State, Status
from tests.source import ROOT, files, name

EXAMPLES = {"<slug>": "a-story", "<ref>": "e-7f3k9q", "<id>": "1", "<act>": "pin", "…": "pictures/x/320.jpg"}
CONTRACTS = ROOT / "docs" / "contracts"


def contract(title: str) -> str:
    return (CONTRACTS / f"{title}.md").read_text()


def first_cells(text: str) -> set[str]:
    """The code words in the first column of a contract's tables."""
    return {word for line in text.splitlines() if line.startswith("| `") for word in re.findall(r"`([\w-]+)`", line.split("|")[1])}


DESK = "newsroom/desk/"


def spoken_ops(*, desk: bool = False) -> set[str]:
    paths = [path for path in files(".py", under=("newsroom", "liveblog")) if name(path).startswith(DESK) == desk]
    return {op for path in paths for op in re.findall(r'"op": "(\w+)"', path.read_text())}


def test_what_the_desks_socket_says_is_in_its_contract_and_known_to_its_page() -> None:
    spoken = spoken_ops(desk=True)
    assert spoken == first_cells(contract("desk-socket"))
    sources = "".join(path.read_text() for path in files(".py", under=("newsroom/desk",)))
    codes = set(re.findall(r"= (4\d{3})$", sources, re.MULTILINE))
    assert codes
    assert {code for code in codes if code not in contract("desk-socket")} == set()
    page = (ROOT / "static/js/desk/desk.js").read_text()
    assert {op for op in spoken if f'case "{op}":' not in page} == set()


def test_every_frame_that_is_sent_is_in_the_contract() -> None:
    assert {"hello", "put", "head"} <= spoken_ops()
    assert spoken_ops() | set(Op.values) <= first_cells(contract("frames"))


def test_every_frame_of_the_contract_is_known_to_the_page() -> None:
    scripts = "".join(path.read_text() for path in files(".js", under=("static/js",)))
    assert {op for op in first_cells(contract("frames")) if not re.search(rf"""["'.\s]{op}\b""", scripts)} == set()


def test_the_contract_lists_exactly_the_close_codes_there_are() -> None:
    codes = {code for path in files(".py", under=("liveblog/wire",)) for code in re.findall(r"= (4\d{3})$", path.read_text(), re.MULTILINE)}
    _, listed = contract("frames").split("## Close codes")
    assert codes == set(re.findall(r"\b4\d{3}\b", listed))


def test_the_contract_of_the_feeds_names_each() -> None:
    from liveblog.feeds.names import FEEDS

    told, nginx = contract("feeds"), (ROOT / "deploy" / "nginx.conf").read_text()
    assert [name for name in FEEDS if f"| `{name}` |" not in told] == []
    assert rf"/feed\.(?:{'|'.join(name.removeprefix('feed.') for name in FEEDS)})$" in nginx


def test_the_contract_lists_exactly_the_blocks_there_are() -> None:
    assert first_cells(contract("blocks")) == set(BLOCK_TYPES)


@pytest.mark.parametrize("place", ["entry", "feeds"])
def test_each_block_has_one_template_for_pages_and_one_for_feeds(place: str) -> None:
    there = {path.stem for path in (ROOT / "templates" / place / "blocks").glob("*.html")}
    assert there == set(BLOCK_TYPES)


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_is_in_the_contract_of_the_page(kind: str) -> None:
    assert f"`{kind}`" in contract("entry-html")


@pytest.mark.parametrize("word", [*State.values, *Status.values])
def test_each_state_and_status_is_explained(word: str) -> None:
    assert f"`{word}`" in (ROOT / "docs" / "architecture.md").read_text()


def test_the_addresses_of_the_contract_are_the_ones_served() -> None:
    from django.urls import Resolver404, resolve

    listed = re.findall(r"`(/[^`?]*)`", contract("urls"))
    served = [address for address in listed if not address.startswith(("/ws/", "/demo/"))]
    assert len(served) > 8

    def reaches(address: str) -> bool:
        path = (
            address.replace("<slug>", "a-story")
            .replace("<ref>", "e-7f3k9q")
            .replace("<id>", "1")
            .replace("<act>", "pin")
            .replace("…", "pictures/x/320.jpg")
        )
        try:
            resolve(path)
        except Resolver404:
            return False
        return True

    assert [address for address in served if not reaches(address)] == []
