"""The entry form: what an editor types, on its way to an `EntryText`. Judging it is the actions' part; keeping it is this form's."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom import tagging
from newsroom.actions.texts import EntryText
from newsroom.actions.words import Words
from newsroom.desk.pictures import known_pictures, read_words
from newsroom.desk.widgets import BlocksWidget, OrderedSelects
from newsroom.errors import Fault, Invalid
from newsroom.models import Byline, Entry, Kind, LiveBlog, Precision, Standing

MINUTES = "%Y-%m-%dT%H:%M"
SECONDS = "%Y-%m-%dT%H:%M:%S"
# In bytes. Sent with every byte escaped it is still less than `DATA_UPLOAD_MAX_MEMORY_SIZE`, beyond which no form is read at all.
MAX_BODY = 1_000_000
# What a database's column for primary keys and versions holds; it fails at more.
MAX_NUMBER = 2**63 - 1
TIME_FORMATS = [SECONDS, MINUTES, "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]


def key_in(sent: Mapping[str, Any]) -> uuid.UUID | None:
    """The idempotency key that came with a press, if it is one."""
    try:
        return uuid.UUID(sent.get("key", ""))
    except ValueError:
        return None


class BlocksField(forms.Field):
    """The list of blocks as JSON. Only that it is JSON, and no more of it than an entry can be, is judged here."""

    widget = BlocksWidget

    def to_python(self, value: Any) -> Any:
        size = len((value or "").encode())
        if size > MAX_BODY:
            said = {"size": -(-size // 1000), "most": MAX_BODY // 1000}
            raise ValidationError(_("This body has %(size)s kB; %(most)s kB is the most. Publish it as several entries.") % said)
        try:
            return json.loads(value or "[]")
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("The body could not be read, so nothing was saved. It is kept below as it was sent.")) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data != initial)


class BylinesField(forms.Field):
    """Bylines' primary keys in the order of signing."""

    widget = OrderedSelects

    def to_python(self, value: Any) -> list[int]:
        try:
            numbers = [int(item) for item in value or []]
        except ValueError:
            numbers = [0]
        if not all(0 < number <= MAX_NUMBER for number in numbers):
            raise ValidationError(_("One of these bylines no longer exists."))
        return numbers


class MomentInput(forms.DateTimeInput):
    """A date and time; with seconds only where there are some, so that saving a form changes no time that nobody touched."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            return value.strftime(SECONDS if value.second else MINUTES)
        return super().format_value(value)


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, widget=MomentInput, input_formats=TIME_FORMATS, help_text=help_text)


class EntryForm(forms.Form):
    """Use it inside `timezone.override(blog.zone)`: its times are the blog's.

    `entry` is the row as it is now (None for a new one). After a refused action, `refuse` puts each fault at its field.
    """

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.UPDATE, widget=forms.RadioSelect)
    headline = forms.CharField(
        label=_("Headline"), required=False, widget=forms.Textarea(attrs={"rows": 1, "dir": "auto", "data-one-line": ""})
    )
    blocks = BlocksField(label=_("Body"), required=False)
    pictures = forms.CharField(required=False, widget=forms.HiddenInput)
    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("Not said")), *Standing.choices], initial="", widget=forms.RadioSelect
    )
    source = forms.CharField(label=_("Source"), required=False, help_text=_("Who says so: “Harbour authority”, “Reuters”."))
    bylines = BylinesField(label=_("Bylines"), required=False)
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "list": "known-tags"}),
        help_text=_("Words by which readers find it, with commas between: “Harbour, Rescue”."),
    )
    happened_at = _moment(_("Happened"), _("Only where that is not when you publish it."))
    happened_precision = forms.ChoiceField(
        label=_("How precisely known"), choices=Precision.choices, initial=Precision.MINUTE, required=False, widget=forms.Select
    )
    published_at = _moment(_("Publish with an earlier time"), _("The entry slots into its place in the feed. Empty: now."))
    key_event = forms.BooleanField(label=_("Key event: list it in the timeline"), required=False)
    scheduled_for = _moment(_("Publish at"))
    note = forms.CharField(
        label=_("Correction"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("What was wrong and what is right. Readers see it under the entry, with the time, for good."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    base_version = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=MAX_NUMBER)

    def __init__(self, data: Any = None, *, blog: LiveBlog, entry: Entry | None = None, initial: dict[str, Any] | None = None) -> None:
        self.blog = blog
        self.entry = entry
        start = {"key": uuid.uuid4(), **(initial_of(entry) if entry else {}), **(initial or {})}
        super().__init__(data, initial=start, auto_id="id_%s")
        if blog.standing_required:
            # No default: whoever publishes has chosen.
            self.fields["standing"].choices = Standing.choices  # type: ignore[attr-defined]
            self.fields["source"].help_text = _("Who says so: “Harbour authority”, “Reuters”. Needed for all that is not confirmed.")
        self.fields["bylines"].widget.choices = [(str(line.pk), str(line)) for line in Byline.objects.all()]
        self.faults: list[Fault] = []

    def clean_pictures(self) -> dict[str, Words]:
        return read_words(self.cleaned_data["pictures"])

    def clean_happened_precision(self) -> str:
        return self.cleaned_data["happened_precision"] or Precision.MINUTE

    @property
    def text(self) -> EntryText:
        """What was typed. Of a valid form."""
        data = self.cleaned_data
        return EntryText(
            kind=data["kind"],
            headline=data["headline"],
            standing=data["standing"],
            source=data["source"],
            blocks=data["blocks"],
            bylines=data["bylines"],
            happened_at=data["happened_at"],
            happened_precision=data["happened_precision"],
            tags=tagging.split(data["tags"]),
        )

    def refuse(self, refusal: Invalid) -> None:
        """Puts each fault at its field; those of the body go to the block editor."""
        for fault in refusal.faults:
            self.faults.append(fault)
            root, _dot, place = fault.field.partition(".")
            number = place.split(".")[0]
            named = (
                _("Block %(n)s: %(message)s") % {"n": int(number) + 1, "message": fault.message} if number.isdecimal() else fault.message
            )
            self.add_error(root if root in self.fields else None, named)

    def continue_from(self, entry: Entry) -> None:
        """The next attempt starts from the entry as it is now, and is a write of its own."""
        self.entry = entry
        self.stand_at(entry.version, key=str(uuid.uuid4()))

    def start_anew(self) -> None:
        """What was typed becomes the text of a new entry: the one it was written for takes no text any more."""
        self.entry = None
        self.stand_at(0, base_version="", key=str(uuid.uuid4()))

    def stand_at(self, version: int, **data: str) -> None:
        """What is sent next names this version as the one it was made from."""
        changed = QueryDict(mutable=True)
        changed.update(self.data)
        for name, value in {"base_version": str(version), **data}.items():
            changed[name] = value
        self.data = changed

    def take(self, fields: list[tuple[str, str]]) -> None:
        """Puts these in place of what was typed."""
        changed = QueryDict(mutable=True)
        changed.update(self.data)
        for name in dict.fromkeys(name for name, _value in fields):
            changed.setlist(name, [value for other, value in fields if other == name])
        self.data = changed

    def prepare(self) -> None:
        """Gives the block editor what it shows. Call it once, last, before rendering."""
        widget = self.fields["blocks"].widget
        blocks = self["blocks"].value()
        try:
            parsed = json.loads(blocks) if isinstance(blocks, str) else blocks
        except (ValueError, RecursionError):
            parsed = []
        said: dict[str, Words] = {}
        raw = self["pictures"].value() or "{}"
        try:
            said = read_words(raw)
        except ValidationError:
            raw = "{}"
        widget.upload = reverse("desk:images", args=[self.blog.slug])
        widget.pictures = known_pictures(self.blog, parsed, said)
        widget.pictures_value = raw
        widget.touched = list(said)
        widget.faults = [fault for fault in self.faults if fault.field.startswith("blocks")]


def initial_of(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "headline": entry.headline,
        "blocks": entry.blocks,
        "standing": entry.standing,
        "source": entry.source,
        "bylines": list(entry.entry_bylines.values_list("byline_id", flat=True)),
        "happened_at": entry.happened_at,
        "happened_precision": entry.happened_precision,
        "tags": ", ".join(entry.tags.order_by("key").values_list("name", flat=True)),
        "published_at": None,
        "key_event": entry.key_event,
        "scheduled_for": entry.scheduled_for,
        "base_version": entry.version,
    }
