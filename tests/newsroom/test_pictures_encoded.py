from __future__ import annotations

import io

import pytest
from PIL import Image

from newsroom.media.intake import take_in
from newsroom.media.renditions import AVIF, JPEG, NAME, WEBP, Encoded, encode, ladder
from tests.newsroom import pictures

ALL = (JPEG, WEBP, AVIF)
FOLDER = "0123456789abcdefABCDEF"


def renditions(data: bytes) -> list[Encoded]:
    return list(encode(take_in(io.BytesIO(data)).pixels, FOLDER, ALL))


def opened(encoded: Encoded) -> Image.Image:
    return Image.open(io.BytesIO(encoded.data))


def near(pixel: tuple[int, ...], wanted: tuple[int, int, int], within: int = 12) -> bool:
    return all(abs(value - goal) <= within for value, goal in zip(pixel[:3], wanted, strict=True))


def test_the_facts_are_those_of_the_encoded_files() -> None:
    for encoded in renditions(pictures.jpeg()):
        facts = encoded.facts
        picture = opened(encoded)
        assert picture.size == (facts["width"], facts["height"])
        assert Image.MIME[picture.format or ""] == facts["type"]
        assert facts["bytes"] == len(encoded.data)
        assert facts["name"] == f"pictures/{FOLDER}/{facts['width']}.{facts['name'].rpartition('.')[2]}"
        assert NAME.fullmatch(facts["name"])


def test_every_jpeg_shows_something_before_it_is_whole() -> None:
    assert all(opened(encoded).info.get("progressive") for encoded in renditions(pictures.jpeg()) if encoded.facts["type"] == "image/jpeg")


@pytest.mark.parametrize(
    ("width", "steps"),
    [
        (1, [1]),
        (200, [200]),
        (320, [320]),
        (330, [330]),
        (1000, [320, 480, 640, 1000]),
        (1067, [320, 480, 640, 960, 1067]),
        (1920, [320, 480, 640, 960, 1280, 1920]),
        (6000, [320, 480, 640, 960, 1280, 1920]),
    ],
)
def test_no_width_is_above_the_original_and_none_is_made_twice(width: int, steps: list[int]) -> None:
    assert ladder(width) == steps


@pytest.mark.parametrize("width", [200, 700, 3000])
def test_no_rendition_is_wider_than_the_picture_was(width: int) -> None:
    made = renditions(pictures.jpeg(width, 500))

    assert max(encoded.facts["width"] for encoded in made) == min(width, 1920)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_whichever_way_the_camera_was_held(orientation: int) -> None:
    upright = pictures.drawn(600, 400)
    held = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    incoming = take_in(io.BytesIO(pictures.encoded(held, "JPEG", quality=95, exif=pictures.exif(orientation=orientation))))

    assert (incoming.width, incoming.height) == (600, 400)
    for encoded in encode(incoming.pixels, FOLDER, ALL):
        picture = opened(encoded).convert("RGB")
        assert picture.width > picture.height
        assert near(picture.getpixel((20, 20)), (200, 20, 20))
        assert near(picture.getpixel((picture.width - 20, 20)), (20, 160, 20))
        assert near(picture.getpixel((20, picture.height - 20)), (20, 20, 200))


def test_the_camera_is_right_about_a_large_picture_too() -> None:
    held = pictures.drawn(6000, 4000).transpose(Image.Transpose.ROTATE_90)
    incoming = take_in(io.BytesIO(pictures.encoded(held, "JPEG", exif=pictures.exif(orientation=6))))

    assert (incoming.width, incoming.height, incoming.pixels.size) == (6000, 4000, (1920, 1280))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_original_but_its_pixels_comes_out(form: str) -> None:
    notes = {"exif": pictures.exif(), "xmp": pictures.xmp(pictures.language("dc:description", "Where the source lives"))}
    picture = pictures.encoded(pictures.drawn(700, 500), form, icc_profile=pictures.wide_profile(), **notes)
    if form == "JPEG":
        picture = pictures.with_iptc(picture, {pictures.CAPTION: "Where the source lives"})
    assert b"Telltale" in picture
    assert b"Where the source lives" in picture

    for encoded in renditions(picture):
        for trace in (b"Telltale", b"Photographer", b"source lives", b"Exif\0\0", b"ICC_PROFILE", b"Photoshop", b"xmpmeta", b"wide\0"):
            assert trace not in encoded.data
        shown = opened(encoded)
        assert not shown.getexif()
        assert not {"exif", "xmp", "icc_profile", "photoshop", "comment"} & {key for key, value in shown.info.items() if value}


def test_what_else_a_file_was_does_not_come_out() -> None:
    for encoded in renditions(pictures.polyglot()):
        assert b"<script" not in encoded.data
        assert b"PK\x05\x06" not in encoded.data


def test_wide_colours_are_brought_to_those_that_every_screen_has() -> None:
    """The expected colour is computed here from the profile's own numbers: through XYZ into sRGB."""
    seen = (200, 100, 60)
    linear = [(value / 255) ** pictures.GAMMA for value in seen]
    x, y, z = (sum(weight * light for weight, light in zip(row, linear, strict=True)) for row in pictures.P3_TO_D50)
    d50_to_srgb = ((3.1338561, -1.6168667, -0.4906146), (-0.9787684, 1.9161415, 0.0334540), (0.0719453, -0.2289914, 1.4052427))
    light = [min(1.0, max(0.0, a * x + b * y + c * z)) for a, b, c in d50_to_srgb]
    wanted = tuple(round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055)) for v in light)
    assert not near(wanted, seen, within=8)

    plain = Image.new("RGB", (64, 64), seen)
    with_profile = take_in(io.BytesIO(pictures.encoded(plain, "PNG", icc_profile=pictures.wide_profile())))
    without = take_in(io.BytesIO(pictures.encoded(plain, "PNG")))

    assert near(with_profile.pixels.getpixel((30, 30)), wanted, within=2)
    assert without.pixels.getpixel((30, 30)) == seen


def test_a_broken_profile_is_passed_over() -> None:
    plain = Image.new("RGB", (64, 64), (200, 100, 60))
    incoming = take_in(io.BytesIO(pictures.encoded(plain, "PNG", icc_profile=b"not a profile at all" * 20)))

    assert incoming.pixels.getpixel((30, 30)) == (200, 100, 60)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_what_was_transparent_is_white_in_every_format(form: str) -> None:
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    clear.paste((200, 20, 20, 255), (0, 0, 100, 200))

    for encoded in renditions(pictures.encoded(clear, form)):
        picture = opened(encoded)
        assert picture.mode == "RGB"
        assert near(picture.getpixel((150, 100)), (255, 255, 255))
        assert near(picture.getpixel((50, 100)), (200, 20, 20))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_each_kind_of_png_keeps_its_light_and_dark(mode: str) -> None:
    if mode == "I;16":
        image = Image.new("I;16", (100, 50), 0)
        image.paste(65535, (50, 0, 100, 50))
    else:
        image = Image.new("L", (100, 50), 0)
        image.paste(255, (50, 0, 100, 50))
        image = image.convert(mode)
    pixels = take_in(io.BytesIO(pictures.encoded(image, "PNG"))).pixels

    assert pixels.getpixel((20, 25)) == (0, 0, 0)
    assert pixels.getpixel((80, 25)) == (255, 255, 255)


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    half = Image.new("I;16", (40, 40), 32896)

    assert near(take_in(io.BytesIO(pictures.encoded(half, "PNG"))).pixels.getpixel((20, 20)), (128, 128, 128), within=1)


def test_a_picture_for_print_is_taken_in() -> None:
    incoming = take_in(io.BytesIO(pictures.encoded(pictures.drawn(400, 300, "CMYK"), "JPEG", quality=95)))

    assert near(incoming.pixels.getpixel((20, 20)), (200, 20, 20), within=20)
