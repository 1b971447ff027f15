"""The schema of the lossless export (docs/contracts/export-format.md), as strict towards a file as the desk towards an editor."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from newsroom.media.renditions import NAME
from newsroom.models import Kind, Precision, Standing, State, Status
from newsroom.models.blogs import valid_zone
from newsroom.moments import FIRST_YEAR, FIRST_YEAR_OF_AN_EVENT, LAST_YEAR
from newsroom.refs import ALPHABET, SLUG
from newsroom.tagging import MAX_LENGTH, MAX_TAGS, key_of


def _year(value: datetime) -> datetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"the year {value.year} cannot be")
    return value


def _event_year(value: datetime) -> datetime:
    if not FIRST_YEAR_OF_AN_EVENT <= value.year <= LAST_YEAR:
        raise ValueError(f"the year {value.year} cannot be")
    return value


def _aware(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _iso(value: str) -> str:
    _year(_aware(value))
    return value


def _event_iso(value: str) -> str:
    _event_year(_aware(value))
    return value


def _zone(value: str) -> str:
    # Django's ValidationError is no ValueError, which is what a schema reports.
    try:
        valid_zone(value)
    except Exception as error:
        raise ValueError("there is no such time zone") from error
    return value


def _tag_slug(value: str) -> str:
    if not value or key_of(value) != value[:MAX_LENGTH].rstrip("-"):
        raise ValueError("it is no tag's address")
    return value


def _within(values: list[str]) -> Any:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(f"it must be one of {', '.join(repr(v) for v in values)}")
        return value

    return AfterValidator(check)


def at_most(characters: int) -> Any:
    return Field(max_length=characters)


Moment = Annotated[AwareDatetime, AfterValidator(_year)]
EventMoment = Annotated[AwareDatetime, AfterValidator(_event_year)]
Iso = Annotated[str, AfterValidator(_iso)]
EventIso = Annotated[str, AfterValidator(_event_iso)]
Zone = Annotated[str, AfterValidator(_zone)]
Slug = Annotated[str, Field(pattern=rf"^{SLUG}$", max_length=80)]
EntryRef = Annotated[str, Field(pattern=rf"^e-[{ALPHABET}]{{6}}$")]
ImageRef = Annotated[str, Field(pattern=rf"^i-[{ALPHABET}]{{8}}$")]
TagSlug = Annotated[str, AfterValidator(_tag_slug), Field(max_length=50)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Unit = Annotated[float, Field(ge=0, le=1)]
Web = Annotated[str, Field(max_length=1000, pattern=r"^(https?://[^\s\"'<>]+)?$")]
KindName = Annotated[str, _within(Kind.values)]
StandingName = Annotated[str, _within(["", *Standing.values])]
PrecisionName = Annotated[str, _within(Precision.values)]
Shown = Literal["always", "doubt"]
Reason = Annotated[str, Field(pattern=r"^[a-z]{1,12}$")]


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Person(Row):
    name: Annotated[str, at_most(120)]
    role: Annotated[str, at_most(120)] = ""
    place: Annotated[str, at_most(120)] = ""


class TagRow(Row):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    slug: TagSlug


class Rendition(Row):
    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    type: Literal["image/jpeg", "image/webp", "image/avif", "image/png"]
    width: Count
    height: Count
    bytes: Annotated[int, Field(ge=0)]


class Original(Row):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    base64: Annotated[str, Field(max_length=17 * 1024 * 1024, repr=False)]


class ImageRow(Row):
    ref: ImageRef
    folder: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,32}$")]
    width: Count
    height: Count
    alt: Annotated[str, at_most(500)]
    decorative: bool
    caption: Annotated[str, at_most(1000)]
    credit: Annotated[str, at_most(200)]
    focal_x: Unit
    focal_y: Unit
    renditions: list[Rendition]
    remote_url: Web
    withheld: bool
    source_id: Annotated[str, at_most(200)]
    created_at: Moment
    original: Original | None = None


class PictureFacts(Row):
    ref: ImageRef
    alt: Annotated[str, at_most(500)]
    decorative: bool
    caption: Annotated[str, at_most(1000)]
    credit: Annotated[str, at_most(200)]
    width: Count
    height: Count
    focal_x: Unit
    focal_y: Unit
    renditions: list[Rendition]
    remote_url: Web


class BlogFacts(Row):
    slug: Slug
    language: Language
    zone: Zone
    standing_shown: Shown


class CorrectionFacts(Row):
    at: Iso
    note: Annotated[str, at_most(1000)]


class WithdrawalFacts(Row):
    at: Iso
    reason: Annotated[str, at_most(500)]


class SnapshotRow(Row):
    """`newsroom.rendering.snapshot.Snapshot`, key for key; times stay the texts they are."""

    blog: BlogFacts
    ref: EntryRef
    rev: Count
    order: Annotated[str, at_most(40)]
    kind: KindName
    headline: Annotated[str, at_most(200)]
    standing: StandingName
    source: Annotated[str, at_most(200)]
    blocks: list[dict[str, Any]]
    pictures: dict[ImageRef, PictureFacts]
    bylines: list[Person]
    key_event: bool
    published_at: Iso
    happened_at: EventIso | None
    happened_precision: PrecisionName
    edited_at: Iso | None
    corrections: list[CorrectionFacts]
    tags: Annotated[list[TagRow], Field(max_length=MAX_TAGS)] = []
    added_at: Iso | None = None
    withdrawn: WithdrawalFacts | None = None


class RevisionRow(Row):
    rev: Annotated[int, Field(ge=1, le=1_000_000)]
    reason: Reason
    snapshot: SnapshotRow
    by: Annotated[str, at_most(150)] | None
    at: Moment


class NoteRow(Row):
    note: Annotated[str, at_most(1000)]
    at: Moment
    by: Annotated[str, at_most(150)] | None


class EntryRow(Row):
    ref: EntryRef
    kind: KindName
    status: Annotated[str, _within(Status.values)]
    headline: Annotated[str, at_most(200)]
    standing: StandingName
    source: Annotated[str, at_most(200)]
    blocks: list[dict[str, Any]]
    bylines: list[Count]
    tags: Annotated[list[TagSlug], Field(max_length=MAX_TAGS)] = []
    key_event: bool
    published_at: Moment | None
    happened_at: EventMoment | None
    happened_precision: PrecisionName
    scheduled_for: Moment | None
    embargo_until: Moment | None = None
    edited_at: Moment | None
    withdrawn_at: Moment | None
    withdrawn_reason: Annotated[str, at_most(500)]
    notice_shown: bool
    rev: Count
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    created_at: Moment
    saved_at: Moment
    created_by: Annotated[str, at_most(150)] | None
    written_by: Annotated[str, at_most(150)] | None = None
    saved_by: Annotated[str, at_most(150)] | None
    approved_by: Annotated[str, at_most(150)] | None = None
    source_id: Annotated[str, at_most(200)]
    revisions: list[RevisionRow]
    corrections: list[NoteRow]
    notes: list[NoteRow] = []


class BlogRow(Row):
    slug: Slug
    title: Annotated[str, Field(min_length=1, max_length=200)]
    standfirst: Annotated[str, at_most(1000)]
    kicker: Annotated[str, at_most(60)]
    language: Language
    zone: Zone
    zone_label: Annotated[str, at_most(40)]
    state: Annotated[str, _within(State.values)]
    standing_shown: Shown
    source_id: Annotated[str, at_most(200)]
    readers_shown: bool = False
    standing_required: bool = False
    second_pair: list[KindName] = []
    quiet_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 30
    planned_start: Moment | None
    planned_end: Moment | None = None
    started_at: Moment | None
    ended_at: Moment | None
    created_at: Moment
    edited_by: list[Count]
    pinned: EntryRef | None


class Export(Row):
    format: Literal["liveblog"]
    version: Literal[1]
    blog: BlogRow
    bylines: Annotated[list[Person], Field(max_length=5000)]
    tags: Annotated[list[TagRow], Field(max_length=20_000)] = []
    images: Annotated[list[ImageRow], Field(max_length=5000)]
    entries: Annotated[list[EntryRow], Field(max_length=20_000)]
