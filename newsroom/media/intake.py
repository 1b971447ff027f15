"""The only door for a picture: what comes in is judged from its header, decoded once, and becomes plain upright sRGB pixels."""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageCms, UnidentifiedImageError

from newsroom.errors import Fault, Invalid
from newsroom.media.metadata import Words, read_words

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# A phone's JPEG with a second picture inside (depth, preview) opens under a name of its own.
EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FRAMES = 300
MAX_WIDTH = 1920
# At MAX_WIDTH this stays under the 16,383 pixels that a WebP file can be high.
MAX_RATIO = 8

# Pillow looks at the size before the decoders that allocate early; above twice this it raises by itself, below it warns.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# What the decoders raise on broken files, each seen; anything else is a fault of ours and must be heard of.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
)

# 40 megapixels take 160 MB while they are decoded: a few editors at once must not take a few times that.
_decoding = threading.BoundedSemaphore(2)

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {5, 6, 7, 8}

_OURS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
_KNOWN_STRANGERS = (
    (b"%PDF", "This is a PDF, not a picture. Export the page as a JPEG or PNG."),
    (b"II*\0", "This is a TIFF file. Export it as a JPEG or PNG."),
    (b"MM\0*", "This is a TIFF file. Export it as a JPEG or PNG."),
    (b"BM", "This is a BMP file. Export it as a JPEG or PNG."),
    (b"8BPS", "This is a Photoshop file. Export it as a JPEG or PNG."),
)


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """An accepted picture. `width` and `height` are those of the upright original; `pixels` is RGB and at most MAX_WIDTH wide."""

    data: bytes
    extension: str
    width: int
    height: int
    pixels: Image.Image
    words: Words


def refuse(sentence: str) -> Invalid:
    return Invalid([Fault("file", sentence)])


def take_in(file: Readable) -> Incoming:
    """Read, judge and decode an upload. The first frame stands for an animation; transparent parts become white.

    Raises `Invalid` with one fault on `file`, whatever the bytes are.
    """
    data = file.read(MAX_BYTES + 1)
    if not data:
        raise refuse("The file is empty. Choose the picture again.")
    if len(data) > MAX_BYTES:
        raise refuse(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Save it smaller or with stronger compression.")
    with _open(data) as image:
        _judge(image)
        with _decoding:
            return _decode(image, data)


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise (_damaged() if data.startswith(_OURS) or data[4:12] == b"ftypavif" else refuse(_stranger(data))) from error
    except BROKEN as error:
        raise _damaged() from error


def _judge(image: Image.Image) -> None:
    """From the header alone: not a pixel has been decoded yet."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large()
    if max(width, height) > MAX_RATIO * min(width, height):
        raise refuse(
            f"The picture is {width} × {height} pixels, too long for a page. Crop it to at most {MAX_RATIO} times its shorter side."
        )
    try:
        frames = getattr(image, "n_frames", 1)
    except BROKEN as error:
        raise _damaged() from error
    if frames > MAX_FRAMES:
        raise refuse(f"The animation has more than {MAX_FRAMES} frames. Upload a still, or link to it as a video.")


def _decode(image: Image.Image, data: bytes) -> Incoming:
    try:
        orientation = _orientation(image)
        extension = EXTENSIONS[image.format or ""]
        width, height = image.size
        # A JPEG can be decoded at a fraction of its size; both sides stay above MAX_WIDTH, so turning it loses nothing.
        image.draft(None, (MAX_WIDTH, MAX_WIDTH))
        image.load()
        words = read_words(image)  # after the pixels: a PNG may say it behind them
        pixels = _to_depth_of_eight(image)
        if orientation in _SIDEWAYS:
            width, height = height, width
        shown = min(width, MAX_WIDTH)
        size = (shown, max(1, round(height * shown / width)))
        box = size[::-1] if orientation in _SIDEWAYS else size
        if pixels.size != box:
            pixels = pixels.resize(box, Image.Resampling.LANCZOS, reducing_gap=3.0)
        if orientation in _UPRIGHT:
            pixels = pixels.transpose(_UPRIGHT[orientation])
        pixels = _on_white(_to_srgb(pixels, image.info.get("icc_profile")))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except BROKEN as error:
        raise _damaged() from error
    pixels.info.clear()
    return Incoming(data=data, extension=extension, width=width, height=height, pixels=pixels, words=words)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except BROKEN:  # a damaged note does not damage the picture
        return 1


def _to_depth_of_eight(image: Image.Image) -> Image.Image:
    """A mode that can be resized: L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 257), "L")
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        return image
    return image.convert("RGBA" if image.mode in {"PA", "La", "RGBa"} else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as meant, without the profile that says how. A profile that cannot be used is passed over."""
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    colours = image.convert("L" if image.mode == "LA" else "RGB") if alpha else image
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, source, _SRGB, outputMode="RGB")
            colours = converted or colours
        except (ImageCms.PyCMSError, *BROKEN):
            pass
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _stranger(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head or head.startswith(b"<?xml"):
        return "SVG drawings are not accepted, because they can carry programs. Export the drawing as a PNG."
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"heif", b"mif1", b"msf1"}:
        return "This is an HEIC picture, which browsers cannot show. Export it as a JPEG."
    for start, sentence in _KNOWN_STRANGERS:
        if data.startswith(start):
            return sentence
    return "This file is not a JPEG, PNG, WebP, GIF or AVIF picture, whatever its name says. Export the picture in one of these."


def _too_large() -> Invalid:
    return refuse(f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels. Save it smaller, for example 4000 pixels wide.")


def _damaged() -> Invalid:
    return refuse("The picture is damaged or was not uploaded whole. Open it, save it again, and upload that.")
