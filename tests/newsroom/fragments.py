"""Snapshots to render, and a reader of the HTML that comes out."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from newsroom.rendering.entry import render_entry

VOID = {"br", "img", "source"}


def picture(ref: str = "i-22222222", **fields: Any) -> dict[str, Any]:
    """1600 by 1067, with a JPEG and a WebP of two widths each."""
    renditions = [
        {"name": f"pictures/x/{width}.{ending}", "type": f"image/{kind}", "width": width, "height": round(width * 2 / 3), "bytes": 1000}
        for kind, ending in (("jpeg", "jpg"), ("webp", "webp"))
        for width in (640, 1280)
    ]
    return {
        "ref": ref,
        "alt": "Tugs push a ship",
        "decorative": False,
        "caption": "Tugs hold the ship.",
        "credit": "J. Okafor/Ledger",
        "width": 1600,
        "height": 1067,
        "focal_x": 0.5,
        "focal_y": 0.5,
        "renditions": renditions,
        "remote_url": "",
        **fields,
    }


def text(html: str = "<p>The span has moved.</p>") -> dict[str, Any]:
    return {"type": "text", "id": "b-222222", "html": html}


def snapshot(*blocks: dict[str, Any], language: str = "en", pictures: list[dict[str, Any]] | None = None, **fields: Any) -> Any:
    """An update of 14:32 in London, published on Friday 20 November 2026."""
    return {
        "blog": {"slug": "bridge", "language": language, "zone": "Europe/London", "standing_shown": "always"},
        "ref": "e-7f3k9q",
        "rev": 3,
        "order": "1795185120000000-e-7f3k9q",
        "kind": "update",
        "headline": "Bridge closed",
        "standing": "",
        "source": "",
        "blocks": list(blocks),
        "pictures": {one["ref"]: one for one in pictures or []},
        "bylines": [],
        "key_event": False,
        "published_at": "2026-11-20T14:32:00+00:00",
        "happened_at": None,
        "happened_precision": "minute",
        "edited_at": None,
        "corrections": [],
        **fields,
    }


class Element:
    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.inside: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def words(self) -> str:
        return " ".join(self._text().split())

    def _text(self) -> str:
        return "".join(part if isinstance(part, str) else part._text() for part in self.inside)

    def all(self, tag: str = "", *, css: str = "") -> list[Element]:
        """Every element below this one with the tag and the class, in reading order."""
        return [one for one in self._below() if (not tag or one.tag == tag) and (not css or css in one.classes)]

    def one(self, tag: str = "", *, css: str = "") -> Element:
        found = self.all(tag, css=css)
        assert len(found) == 1, f"{len(found)} of {tag}.{css}"
        return found[0]

    def _below(self) -> Iterator[Element]:
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part._below()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parse(html: str) -> Element:
    """The elements of a well-formed fragment; anything left open or closed twice fails."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is not closed"
    return builder.open[0]


def rendered(*blocks: dict[str, Any], pinned: bool = False, **fields: Any) -> Element:
    return parse(render_entry(snapshot(*blocks, **fields), pinned=pinned))
