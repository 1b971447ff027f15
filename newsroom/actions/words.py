"""What an editor says of pictures while writing an entry: judged together with its text, and written in the same commit.

A caption is public as soon as an entry shows its picture, so a save that is refused must not have changed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from newsroom.actions.audit import record
from newsroom.actions.pictures import published_entries_showing
from newsroom.errors import Fault, Invalid
from newsroom.media.metadata import ALT_LENGTH, CAPTION_LENGTH, CREDIT_LENGTH, plain
from newsroom.models import Image, LiveBlog
from newsroom.permissions import can, require
from newsroom.rendering.snapshot import Snapshot

# Longer than any field, so that what was typed is counted and refused rather than cut.
WHOLE = 1_000_000


class Words(TypedDict):
    """All that is said of one picture, the point that a crop must keep included."""

    alt: str
    decorative: bool
    caption: str
    credit: str
    focal_x: float
    focal_y: float


@dataclass(frozen=True, slots=True)
class Said:
    """`words` by ref: tidied, and only of pictures in the text whose words change. `faults` are named by the fields that show them."""

    words: Mapping[str, Words] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


NOTHING_SAID = Said()


def judge_words(described: Mapping[str, Words] | None, *, actor: Any, blog: LiveBlog, blocks: Any) -> Said:
    """What `described` changes about the pictures that the (not yet cleaned) blocks show. Other pictures are left alone."""
    shown = set(refs_in(blocks)) if described else set()
    wanted = {ref: tidied(words) for ref, words in (described or {}).items() if ref in shown}
    changed: dict[str, Words] = {}
    faults: list[Fault] = []
    for image in Image.objects.filter(blog=blog, ref__in=wanted) if wanted else ():
        words = wanted[image.ref]
        if any(getattr(image, name) != value for name, value in words.items()):
            changed[image.ref] = words
            faults += [Fault(place_of(image.ref, blocks), fault.message) for fault in faults_of(image, words, actor=actor)]
    if changed:
        require(actor, "upload_image", blog)
    return Said(changed, tuple(faults))


def faults_of(image: Image, words: Words, *, actor: Any) -> list[Fault]:
    """Every fault of tidied words, at `alt`, `caption`, `credit`, `focal_x` or `focal_y`."""
    faults = [
        Fault(name, "The focal point lies inside the picture: from 0 (left, top) to 1 (right, bottom).")
        for name, value in (("focal_x", words["focal_x"]), ("focal_y", words["focal_y"]))
        if not 0.0 <= value <= 1.0
    ]
    lengths = length_faults(alt=words["alt"], caption=words["caption"], credit=words["credit"])
    return faults + lengths + _public_faults(image, words, actor=actor)


def length_faults(*, alt: str, caption: str, credit: str) -> list[Fault]:
    """A fault at each that is longer than its field."""
    lengths = (("alt", alt, ALT_LENGTH), ("caption", caption, CAPTION_LENGTH), ("credit", credit, CREDIT_LENGTH))
    return [Fault(name, f"This has {len(value)} characters; {most} is the most.") for name, value, most in lengths if len(value) > most]


def _public_faults(image: Image, words: Words, *, actor: Any) -> list[Fault]:
    if not published_entries_showing(image):
        return []
    if not can(actor, "edit", image.blog):
        return [
            Fault("caption", "Readers see this picture already: only an editor changes what is said of it. Put the words back to save.")
        ]
    if not words["decorative"] and not words["alt"]:
        return [Fault("alt", "Readers see this picture: describe what it shows, or mark it as decorative.")]
    return []


def tidied(words: Words) -> Words:
    """One line of plain text each."""
    return {
        "alt": plain(words["alt"], WHOLE),
        "decorative": words["decorative"],
        "caption": plain(words["caption"], WHOLE),
        "credit": plain(words["credit"], WHOLE),
        "focal_x": words["focal_x"],
        "focal_y": words["focal_y"],
    }


def lay_over(snapshot: Snapshot, words: Mapping[str, Words]) -> None:
    """The snapshot with these words in place of the stored ones."""
    for ref, said in words.items():
        if ref in snapshot["pictures"]:
            snapshot["pictures"][ref].update(said)  # type: ignore[typeddict-item]


def write_words(words: Mapping[str, Words], *, actor: Any, blog: LiveBlog, now: datetime, beside: Iterable[str] = ()) -> None:
    """Stores judged words; call it inside the transaction of what they belong to.

    `beside` are other pictures that the caller is going to lock: all are locked here, in one order. Raises `Invalid` where a picture
    became public since it was judged, and this actor may not change what readers see.
    """
    if not words:
        return
    images = Image.objects.select_for_update(of=("self",)).select_related("blog")
    for image in images.filter(blog=blog, ref__in={*words, *beside}).order_by("pk"):
        said = words.get(image.ref)
        if said is None:
            continue
        faults = _public_faults(image, said, actor=actor)
        if faults:
            raise Invalid(faults)
        changed = [name for name, value in said.items() if getattr(image, name) != value]
        for name, value in said.items():
            setattr(image, name, value)
        image.save(update_fields=[*said])
        record(actor=actor, verb="describe_image", now=now, blog=blog, subject=image.ref, after={"changed": changed})


def refs_in(blocks: Any) -> list[str]:
    """Every ref in blocks that nobody has judged yet: whatever is not of that shape is passed over."""
    refs: list[str] = []
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict):
            images = block.get("images")
            named = [block.get("image"), block.get("poster"), *(images if isinstance(images, list) else [])]
            refs += [ref for ref in named if isinstance(ref, str) and ref]
    return list(dict.fromkeys(refs))


def place_of(ref: str, blocks: Any) -> str:
    """The field of the first block that shows the picture: `blocks.2.image`, `blocks.3.images.1`, `blocks.4.poster`."""
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            for key in ("image", "poster"):
                if block.get(key) == ref:
                    return f"blocks.{index}.{key}"
            images = block.get("images")
            if isinstance(images, list) and ref in images:
                return f"blocks.{index}.images.{images.index(ref)}"
    return "blocks"
