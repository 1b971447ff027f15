"""Pictures made in code: honest ones with all that cameras and agencies write into them, and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

# Display P3's primaries and white, adapted to the profile connection space (D50).
P3_TO_D50 = ((0.51512, 0.29198, 0.1571), (0.2412, 0.69225, 0.06657), (-0.00105, 0.04189, 0.78407))
D50 = (0.9642, 1.0, 0.8249)
GAMMA = 2.2

CAPTION, BYLINE, CREDIT, COPYRIGHT = 120, 80, 110, 116


def drawn(width: int = 400, height: int = 267, mode: str = "RGB") -> Image.Image:
    """Upper left red, upper right green, lower left blue, lower right white: each corner says which one it was."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((200, 20, 20), (0, 0, width // 2, height // 2))
    image.paste((20, 160, 20), (width // 2, 0, width, height // 2))
    image.paste((20, 20, 200), (0, height // 2, width // 2, height))
    return image.convert(mode)


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    if form == "PNG" and "xmp" in options:
        notes = PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", bytes(options.pop("xmp")).decode())  # type: ignore[call-overload]
        options["pnginfo"] = notes
    image.save(buffer, form, **options)
    return buffer.getvalue()


def jpeg(width: int = 400, height: int = 267, **options: object) -> bytes:
    return encoded(drawn(width, height), "JPEG", quality=90, **options)


def exif(*, orientation: int = 1, place: bool = True) -> bytes:
    """What a telephone writes: which way up, which device, and where the photographer stood."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = "Telltale Cameras"
    notes[0x013B] = "A Photographer"
    if place:
        notes.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.5), 3: "W", 4: (0.0, 7.0, 39.9)})
    return notes.tobytes()


def wide_profile() -> bytes:
    """An ICC profile with the primaries of Display P3 and a plain gamma curve."""

    def xyz(values: tuple[float, float, float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(GAMMA * 256)) + b"\0\0"
    words = b"wide"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(words) + 1) + words + b"\0" + b"\0" * 78
    columns = [tuple(row[index] for row in P3_TO_D50) for index in range(3)]
    tags: list[tuple[bytes, bytes]] = [
        (b"desc", described),
        (b"cprt", b"text\0\0\0\0none\0"),
        (b"wtpt", xyz(D50)),
        *zip((b"rXYZ", b"gXYZ", b"bXYZ"), (xyz(column) for column in columns), strict=True),  # type: ignore[arg-type]
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags:
        padded = data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += padded
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += b"".join(struct.pack(">i", round(value * 65536)) for value in D50)
    return head.ljust(128, b"\0") + table + body


def with_iptc(picture: bytes, records: dict[int, str | list[str]], *, charset: str = "utf-8") -> bytes:
    """A JPEG with agency records in its APP13 segment; UTF-8 is announced by the marker, another character set is not."""
    data = b"\x1c\x01\x5a\x00\x03\x1b%G" if charset == "utf-8" else b""
    for number, value in records.items():
        for text in value if isinstance(value, list) else [value]:
            raw = text.encode(charset)
            data += struct.pack(">BBBH", 0x1C, 2, number, len(raw)) + raw
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return picture[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + picture[2:]


def xmp(body: str, attributes: str = "") -> bytes:
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces} {attributes}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def language(tag: str, text: str) -> str:
    return f'<{tag}><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></{tag}>'


def png_bomb(width: int = 20_000, height: int = 10_000) -> bytes:
    """A few bytes that say they are 200 megapixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 4096)) + chunk(b"IEND", b"")


def gif(frames: int, width: int = 1, height: int = 1) -> bytes:
    """An animation of nothing, fifteen bytes a frame."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + (b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0") * frames + b";"


def webp_bomb(side: int = 16_383) -> bytes:
    """An animation whose canvas is 268 megapixels and whose only frame is 4 by 4."""
    frame = encoded(Image.new("RGB", (4, 4)), "WEBP")[12:]

    def three(value: int) -> bytes:
        return struct.pack("<I", value)[:3]

    placed = three(0) + three(0) + three(3) + three(3) + three(100) + b"\0" + frame
    chunks = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + three(side - 1) + three(side - 1)
    chunks += b"ANIM" + struct.pack("<IIH", 6, 0, 0) + b"ANMF" + struct.pack("<I", len(placed)) + placed
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def polyglot() -> bytes:
    """A true JPEG that also carries a script in a comment and an archive at its end."""
    picture = jpeg(400, 300)
    script = b"<script>alert('polyglot')</script>"
    comment = b"\xff\xfe" + struct.pack(">H", len(script) + 2) + script
    return picture[:2] + comment + picture[2:] + b"PK\x05\x06polyglot" + b"\0" * 18
