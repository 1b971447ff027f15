from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsroom.errors import Invalid
from newsroom.media.intake import MAX_BYTES, take_in
from tests.newsroom import pictures

# As in the product: pytest forgets the filters that a module sets when it is loaded.
pytestmark = pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        take_in(io.BytesIO(data))
    (fault,) = caught.value.faults
    assert fault.field == "file"
    return fault.message


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"GET / HTTP/1.1\r\n\r\n" * 50, "not a JPEG, PNG, WebP, GIF or AVIF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg/>', "SVG"),
        (b"%PDF-1.7\n" + b"x" * 100, "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100, "HEIC"),
        (pictures.encoded(pictures.drawn(20, 20), "BMP"), "BMP"),
        (pictures.encoded(pictures.drawn(20, 20), "TIFF"), "TIFF"),
        (b"8BPS" + b"\0" * 100, "Photoshop"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a JPEG, PNG, WebP, GIF or AVIF"),
    ],
    ids=["empty", "text", "svg", "svg with a prologue", "pdf", "heic", "bmp", "tiff", "psd", "eps"],
)
def test_what_is_no_picture_of_ours_is_refused_by_what_it_is(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_each_accepted_format_is_taken_in(form: str) -> None:
    incoming = take_in(io.BytesIO(pictures.encoded(pictures.drawn(300, 200), form)))

    assert (incoming.width, incoming.height, incoming.pixels.mode) == (300, 200, "RGB")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_that_was_cut_off_is_refused(form: str) -> None:
    noise = Image.effect_noise((300, 200), 60).convert("RGB")
    whole = pictures.encoded(noise, form)

    assert "damaged" in refusal(whole[: len(whole) // 2])


def test_a_file_of_more_than_twelve_megabytes_is_refused_without_reading_it_all() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1, /) -> bytes:
            assert size > 0
            self.taken += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(Invalid, match="12 MB"):
        take_in(endless)
    assert endless.taken == MAX_BYTES + 1


@pytest.mark.parametrize(
    "bomb", [pictures.png_bomb(), pictures.png_bomb(8000, 8000), pictures.webp_bomb()], ids=["200 MP", "64 MP", "webp"]
)
def test_a_small_file_that_says_it_is_huge_is_refused(bomb: bytes) -> None:
    assert len(bomb) < 5000
    assert "Save it smaller" in refusal(bomb)


def test_forty_megapixels_are_the_last_that_pass_the_header() -> None:
    assert "more than 40 megapixels" in refusal(pictures.png_bomb(8000, 5001))
    # This one is let past its header, and fails because the pixels it promises are not there.
    assert "damaged" in refusal(pictures.png_bomb(8000, 5000))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_the_limit_holds_also_where_a_library_has_reset_the_warnings() -> None:
    assert "more than 40 megapixels" in refusal(pictures.png_bomb(8000, 5001))


WEIGHED = """
import io, resource, sys
from newsroom.errors import Invalid
from newsroom.media.intake import take_in
from tests.newsroom import pictures
bomb = getattr(pictures, sys.argv[1])()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    take_in(io.BytesIO(bomb))
except Invalid:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("bomb", ["png_bomb", "webp_bomb"])
def test_refusing_a_bomb_takes_no_memory_to_speak_of(bomb: str) -> None:
    done = subprocess.run([sys.executable, "-c", WEIGHED, bomb], capture_output=True, text=True, check=True, timeout=60)

    kilobytes = int(done.stdout)
    assert kilobytes < 10_000


def test_an_animation_of_a_thousand_frames_is_refused() -> None:
    assert "300 frames" in refusal(pictures.gif(1000))


def test_an_animation_of_three_hundred_frames_becomes_its_first() -> None:
    first, second = Image.new("RGB", (40, 30), (200, 20, 20)), Image.new("RGB", (40, 30), (20, 20, 200))
    moving = pictures.encoded(first, "GIF", save_all=True, append_images=[second])

    red, _, blue = take_in(io.BytesIO(moving)).pixels.getpixel((20, 15))
    assert red > 150 > blue
    assert take_in(io.BytesIO(pictures.gif(300))).width == 1


@pytest.mark.parametrize(("width", "height"), [(4000, 100), (100, 4000)])
def test_a_strip_that_no_page_can_show_is_refused(width: int, height: int) -> None:
    assert "Crop it" in refusal(pictures.jpeg(width, height))


@settings(max_examples=60, deadline=None)
@given(form=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF"]), data=st.data())
def test_whatever_a_file_was_turned_into_it_is_taken_in_or_refused_with_a_sentence(form: str, data: st.DataObject) -> None:
    broken = bytearray(pictures.encoded(pictures.drawn(64, 48), form))
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    sentence, mode = "", ""
    try:
        mode = take_in(io.BytesIO(bytes(broken))).pixels.mode
    except Invalid as refused:
        sentence = refused.faults[0].message
    assert mode == "RGB" or sentence.endswith(".")
