"""The encoded pictures that readers get: a ladder of widths in each format, without a byte of the original's metadata."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from PIL import Image

from newsroom.media.intake import MAX_WIDTH

WIDTHS = (320, 480, 640, 960, 1280, MAX_WIDTH)
# A step this close below the original's own width would be the same picture twice.
NEARLY = 0.9


class Rendition(TypedDict):
    """As stored in `Image.renditions`. `name` is the file's name in the public storage, `bytes` its size."""

    name: str
    type: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Encoded:
    facts: Rendition
    data: bytes


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    type: str
    extension: str
    options: dict[str, int | bool | str]


JPEG = Format("JPEG", "image/jpeg", "jpg", {"quality": 80, "progressive": True, "optimize": True})
WEBP = Format("WEBP", "image/webp", "webp", {"quality": 78, "method": 4})
# One thread and a high speed: it runs beside a server that has readers to serve.
AVIF = Format("AVIF", "image/avif", "avif", {"quality": 60, "speed": 8, "max_threads": 1})
AT_ONCE = (JPEG, WEBP)
TYPES = {form.extension: form.type for form in (JPEG, WEBP, AVIF)}

# The only names that the public storage holds and the public address serves.
NAME = re.compile(rf"pictures/[A-Za-z0-9_-]{{16,32}}/[1-9][0-9]{{0,3}}\.({'|'.join(TYPES)})")


def ladder(width: int) -> list[int]:
    """The widths to make of an original `width` pixels wide: never above it, its own width last unless it is larger than all."""
    own = min(width, MAX_WIDTH)
    return [step for step in WIDTHS if step < own * NEARLY] + [own]


def encode(pixels: Image.Image, folder: str, formats: tuple[Format, ...] = AT_ONCE) -> Iterator[Encoded]:
    """Each format at each width, one after another so that only one is held. `pixels` as `intake.Incoming` carries them."""
    steps = [(width, max(1, round(pixels.height * width / pixels.width))) for width in ladder(pixels.width)]
    for size in steps:
        picture = pixels if size == pixels.size else pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        for form in formats:
            buffer = io.BytesIO()
            picture.save(buffer, form.name, **form.options)
            data = buffer.getvalue()
            name = f"pictures/{folder}/{size[0]}.{form.extension}"
            yield Encoded({"name": name, "type": form.type, "width": size[0], "height": size[1], "bytes": len(data)}, data)
