"""Hand-made files for the tests of import, export and rehearsal. Their text is invented."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from PIL import Image as Pixels

# A publisher's real page; its text is not ours to hand on.
REAL_PAGE = Path(os.environ.get("SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data") / "guardian-live-2021.json"
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ELEMENT = "model.dotcomrendering.pageElements."
HOUR = 3_600_000
MORNING = int(datetime(2025, 5, 6, 8, 0, tzinfo=UTC).timestamp() * 1000)


def an_admin(name: str = "admin") -> User:
    return User.objects.create_superuser(name, password="x")


def element(kind: str, **facts: Any) -> dict[str, Any]:
    return {"_type": f"{ELEMENT}{kind}BlockElement", "elementId": f"el-{kind}", **facts}


def paragraph(html: str) -> dict[str, Any]:
    return element("Text", html=html)


def picture(name: str = "kite", **data: str) -> dict[str, Any]:
    sizes = [
        {"url": f"https://pictures.example.org/{name}/{width}.jpg", "fields": {"width": str(width), "height": str(width // 2)}}
        for width in (500, 2000, 1000)
    ]
    facts = {"alt": "A red kite over dunes", "caption": "Wind of force six", "credit": "Photograph: A. Person", **data}
    return element("Image", media={"allImages": sizes}, data=facts) | {"elementId": f"picture-{name}"}


def block(name: str, *elements: dict[str, Any], hours: float = 0, **facts: Any) -> dict[str, Any]:
    attributes = {"pinned": False, "keyEvent": False, "summary": False} | facts.pop("attributes", {})
    first = MORNING + int(hours * HOUR)
    return {"id": name, "attributes": attributes, "blockFirstPublished": first, "elements": list(elements), "contributors": [], **facts}


def page(*blocks: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A page of these blocks, newest first as its publisher lists them."""
    return {
        "headline": "Kite festival, live",
        "standfirst": "<p>Everything from the beach</p>",
        "pageId": "sport/live/2025/may/06/kite-festival-live",
        "editionId": "UK",
        "lang": "en",
        "sectionLabel": "Sport",
        "blocks": list(blocks),
        "keyEvents": [],
        "pagination": {"currentPage": 1, "totalPages": 1},
        "tags": [{"type": "Contributor", "title": "Nora Field"}, {"type": "Keyword", "title": "Kites"}],
        **facts,
    }


def saved(folder: Path, document: Any, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def a_jpeg(colour: str = "teal", size: tuple[int, int] = (200, 140)) -> io.BytesIO:
    buffer = io.BytesIO()
    Pixels.new("RGB", size, colour).save(buffer, "JPEG")
    buffer.seek(0)
    return buffer
