"""What an editor typed, judged and made safe before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from newsroom import tagging
from newsroom.actions.words import NOTHING_SAID, Said
from newsroom.blocks import clean_blocks, complete_blocks, hold_something, missing_parts
from newsroom.errors import Fault, Invalid
from newsroom.models import Byline, Entry, Image, Kind, LiveBlog, Precision, Standing, Tag
from newsroom.moments import FIRST_YEAR_OF_AN_EVENT, impossible
from newsroom.rendering.snapshot import image_refs


@dataclass(frozen=True, slots=True)
class EntryText:
    """`blocks` as in docs/contracts/blocks.md, not yet cleaned; `bylines` are primary keys in the order of signing; `tags` are names."""

    kind: str = Kind.UPDATE
    headline: str = ""
    standing: str = ""
    source: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    happened_at: datetime | None = None
    happened_precision: str = Precision.MINUTE
    tags: list[str] = field(default_factory=list)


def text_of(entry: Entry) -> EntryText:
    """The entry's stored text, in the form it was typed in."""
    return EntryText(
        kind=entry.kind,
        headline=entry.headline,
        standing=entry.standing,
        source=entry.source,
        blocks=entry.blocks,
        bylines=list(entry.entry_bylines.values_list("byline_id", flat=True)),
        happened_at=entry.happened_at,
        happened_precision=entry.happened_precision,
        tags=list(entry.tags.order_by("key").values_list("name", flat=True)),
    )


def as_json(text: EntryText) -> dict[str, Any]:
    """As plain JSON, for keeping, comparing and merging: the same text is the same JSON, whatever zone its time was typed in."""
    return {
        "kind": text.kind,
        "headline": text.headline,
        "standing": text.standing,
        "source": text.source,
        "blocks": text.blocks,
        "bylines": list(text.bylines),
        "happened_at": text.happened_at.astimezone(UTC).isoformat() if text.happened_at else None,
        "happened_precision": text.happened_precision,
        "tags": list(text.tags),
    }


def from_json(text: Mapping[str, Any]) -> EntryText:
    """The text that `as_json` made this of."""
    happened = text["happened_at"]
    return EntryText(**{**text, "happened_at": datetime.fromisoformat(happened) if happened else None})


def tidied(text: EntryText) -> EntryText:
    """The text with its body as it would be stored, where that is possible: what is compared must not differ by mere form."""
    try:
        blocks = clean_blocks(text.blocks)
    except Invalid:
        return text
    headline, source = " ".join(text.headline.split()), " ".join(text.source.split())
    return replace(text, blocks=blocks, headline=headline, source=source, tags=tagging.tidy(text.tags))


def clean_text(
    text: EntryText, *, blog: LiveBlog, now: datetime, publishing: bool, said: Said = NOTHING_SAID, again: bool = False
) -> EntryText:
    """The text as it may be stored. Raises `Invalid` with every fault at once, each at its field.

    A draft may lack anything; `publishing` asks that it says something and that each kind has what makes it that kind. `said` are words of
    its pictures that are to be stored with it: they count instead of the stored ones, and their faults are raised with the text's. With
    `again` nobody has typed anything: what the blog began to ask for after the text was complete is not asked of it.
    """
    faults: list[Fault] = []
    blocks: list[dict[str, Any]] | None = None
    try:
        blocks = clean_blocks(text.blocks)
    except Invalid as error:
        faults += error.faults
    headline = " ".join(text.headline.split())
    source = " ".join(text.source.split())
    for name, value, most in (("headline", headline, 200), ("source", source, 200)):
        if len(value) > most:
            faults.append(Fault(name, f"This has {len(value)} characters; {most} is the most."))
    if text.kind not in Kind.values:
        faults.append(Fault("kind", f"There is no kind “{text.kind}”."))
    if text.standing and text.standing not in Standing.values:
        faults.append(Fault("standing", f"There is no standing “{text.standing}”."))
    if text.happened_precision not in Precision.values:
        faults.append(Fault("happened_precision", "Say whether it is known to the minute, to the hour or to the day."))
    faults += impossible("happened_at", text.happened_at, first_year=FIRST_YEAR_OF_AN_EVENT)
    if text.happened_at and text.happened_at > now + timedelta(minutes=1):
        faults.append(Fault("happened_at", "This time is yet to come. Write when it happened, or leave the field empty."))
    possible = [pk for pk in set(text.bylines) if 0 < pk < 2**63]
    if Byline.objects.filter(pk__in=possible).count() != len(set(text.bylines)):
        faults.append(Fault("bylines", "One of these bylines no longer exists."))
    tags = tagging.tidy(text.tags)
    faults += tagging.faults(tags)
    if blocks is not None:
        faults += _image_faults(blocks, blog=blog, publishing=publishing, said=said)
        if publishing:
            faults += _publishing_faults(text.kind, headline, blocks)
    if publishing and not again and blog.standing_required:
        faults += _standing_faults(text.standing, source)
    faults += said.faults
    if faults or blocks is None:
        raise Invalid(faults)
    if publishing:
        blocks = complete_blocks(blocks)
    bylines = list(dict.fromkeys(text.bylines))
    return replace(text, headline=headline, source=source, blocks=blocks, bylines=bylines, tags=_as_known(blog, tags))


def _as_known(blog: LiveBlog, names: list[str]) -> list[str]:
    """The names as the blog spells them already; new ones as they are."""
    keys = [tagging.key_of(name) for name in names]
    known = dict(Tag.objects.filter(blog=blog, key__in=keys).values_list("key", "name")) if keys else {}
    return [known.get(key, name) for key, name in zip(keys, names, strict=True)]


def _publishing_faults(kind: str, headline: str, blocks: list[dict[str, Any]]) -> list[Fault]:
    if not headline and not hold_something(blocks):
        return [Fault("blocks", "This entry is empty. Write a headline or a text.")]
    faults = missing_parts(blocks)
    types = {block["type"] for block in blocks}
    if kind == Kind.IMAGE and not types & {"image", "gallery"}:
        faults.append(Fault("blocks", "A picture entry needs a picture. Add one or choose another kind."))
    if kind == Kind.QUOTE and "quote" not in types:
        faults.append(Fault("blocks", "A quote entry needs a quote. Add one or choose another kind."))
    if kind == Kind.BREAKING and not headline:
        faults.append(Fault("headline", "Breaking news needs a headline: it is what readers are told."))
    return faults


def _standing_faults(standing: str, source: str) -> list[Fault]:
    if not standing:
        return [Fault("standing", "Say how sure we are: on this blog every entry does.")]
    if standing != Standing.CONFIRMED and not source:
        return [Fault("source", "Say who says so: what is not confirmed needs its source.")]
    return []


def _image_faults(blocks: list[dict[str, Any]], *, blog: LiveBlog, publishing: bool, said: Said) -> list[Fault]:
    images = {image.ref: image for image in Image.objects.filter(blog=blog, ref__in=image_refs(blocks))}
    judged = {fault.field for fault in said.faults}
    faults: list[Fault] = []

    def judge(field_name: str, ref: str) -> None:
        image = images.get(ref)
        if image is None:
            faults.append(Fault(field_name, "This picture does not belong to this blog. Upload it here."))
            return
        words = said.words.get(ref)
        decorative, alt = (words["decorative"], words["alt"]) if words else (image.decorative, image.alt)
        if publishing and not decorative and not alt.strip() and field_name not in judged:
            faults.append(Fault(field_name, "Describe what the picture shows (alternative text), or mark it as decorative."))

    for index, block in enumerate(blocks):
        match block["type"]:
            case "image" if block["image"]:
                judge(f"blocks.{index}.image", block["image"])
            case "gallery":
                for place, ref in enumerate(block["images"]):
                    if ref:
                        judge(f"blocks.{index}.images.{place}", ref)
            case "video" if block["poster"]:
                judge(f"blocks.{index}.poster", block["poster"])
    return faults
