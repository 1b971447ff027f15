from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as for_readers

from newsroom.refs import new_entry_ref


class Kind(models.TextChoices):
    """How an entry is presented; what it says are its blocks."""

    UPDATE = "update", for_readers("Update")
    BREAKING = "breaking", for_readers("Breaking")
    ANALYSIS = "analysis", for_readers("Analysis")
    IMAGE = "image", for_readers("Picture")
    QUOTE = "quote", for_readers("Quote")
    SUMMARY = "summary", for_readers("Summary")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Standing(models.TextChoices):
    """How sure we are."""

    CONFIRMED = "confirmed", for_readers("Confirmed")
    REPORTED = "reported", for_readers("Reported")
    UNVERIFIED = "unverified", for_readers("Unverified")
    DISPUTED = "disputed", for_readers("Disputed")


class Precision(models.TextChoices):
    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    DAY = "day", _("to the day")


class Entry(models.Model):
    """One timestamped item. Rows are written by `newsroom.actions` only.

    `rev` counts the published texts (public); `version` counts every saved text, drafts too, and is what an edit must name to
    prove that it saw the latest. `fragment` is the HTML that every reader gets, the withdrawal notice included.

    `saved_by` is whose hand was last on the row, `written_by` whose words it holds, `approved_by` who planned that very text.
    """

    blog = models.ForeignKey("newsroom.LiveBlog", verbose_name=_("live blog"), on_delete=models.CASCADE, related_name="entries")
    ref = models.CharField(max_length=10, unique=True, default=new_entry_ref, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.UPDATE)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    standing = models.CharField(_("standing"), max_length=12, choices=Standing.choices, blank=True, default="")
    source = models.CharField(_("source"), max_length=200, blank=True)
    blocks = models.JSONField(_("body"), default=list, blank=True)
    bylines = models.ManyToManyField("newsroom.Byline", verbose_name=_("bylines"), through="newsroom.EntryByline", related_name="entries")
    tags = models.ManyToManyField("newsroom.Tag", verbose_name=_("tags"), blank=True, related_name="entries")
    key_event = models.BooleanField(_("key event"), default=False)

    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    happened_at = models.DateTimeField(_("happened"), null=True, blank=True)
    happened_precision = models.CharField(_("how precisely"), max_length=6, choices=Precision.choices, default=Precision.MINUTE)
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    embargo_until = models.DateTimeField(_("under embargo until"), null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=500, blank=True)
    notice_shown = models.BooleanField(default=True, help_text="Whether a notice stands where a withdrawn entry stood.")

    rev = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    fragment = models.TextField(blank=True, default="", editable=False)
    render_version = models.PositiveIntegerField(default=0, editable=False)
    last_seq = models.BigIntegerField(default=0, editable=False)
    order = models.CharField(max_length=40, blank=True, default="", editable=False)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)
    source_id = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ("-published_at", "-id")
        indexes = [
            # Not of the public rows alone: SQLite uses no partial index whose condition comes as a parameter, as a status does.
            models.Index(fields=["blog", "-order"], name="entry_feed"),
            models.Index(fields=["blog", "kind", "-order"], name="entry_kind"),
            # The board is part of every page: without this it reads all entries of a long blog to find the few.
            models.Index(fields=["blog", "-order"], name="entry_key_events", condition=models.Q(key_event=True)),
            models.Index(fields=["scheduled_for"], name="entry_due", condition=models.Q(status="scheduled")),
            models.Index(fields=["blog", "status"], name="entry_desk"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["blog", "source_id"], condition=~models.Q(source_id=""), name="imported_once"),
        ]

    def __str__(self) -> str:
        return self.headline or f"{self.get_kind_display()} {self.ref}"

    def get_absolute_url(self) -> str:
        return f"{self.blog.get_absolute_url()}{self.ref}/"


class EntryByline(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="entry_bylines")
    byline = models.ForeignKey("newsroom.Byline", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["entry", "byline"], name="byline_once_an_entry")]


class EntryRevision(models.Model):
    """The n-th published text of an entry, whole. Insert only: it is the record of what readers could see."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="revisions")
    rev = models.PositiveIntegerField()
    # publish, edit, correct, mark, move, withdraw, undo, restore, pictures, render, import
    reason = models.CharField(max_length=12)
    snapshot = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-rev",)
        constraints = [models.UniqueConstraint(fields=["entry", "rev"], name="rev_once_an_entry")]


class Correction(models.Model):
    """The dated, visible note of a changed fact."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="corrections")
    note = models.TextField(max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("at", "id")


class EntryVersion(models.Model):
    """What a saved text said, drafts too: what a stale save is merged from. Kept for 30 days."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(fields=["entry", "version"], name="version_once_an_entry")]


class EntryNote(models.Model):
    """A word within the desk about an entry: why it was sent back. Insert only, and never public. Without a writer it is the program's."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="notes")
    note = models.TextField(max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("at", "id")


class EntryLock(models.Model):
    """Who has an entry open for writing. It tells; it never keeps a save out. Past `seen_at` and some seconds it counts for nothing."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="lock")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()


class Write(models.Model):
    """One accepted write by its idempotency key, kept for a day: a second arrival gets the first one's answer."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    blog = models.ForeignKey("newsroom.LiveBlog", on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField(default=0)
    response = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)
