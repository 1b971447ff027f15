from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as for_readers

from newsroom.models.entries import Kind
from newsroom.refs import new_epoch


def valid_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Write one such as Europe/London."), params={"name": name})


def valid_kinds(kinds: object) -> None:
    if not isinstance(kinds, list) or not all(kind in Kind.values for kind in kinds):
        raise ValidationError(_("Choose among the kinds of entry."))


valid_slug = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Write small letters a–z, digits and single hyphens, as in harbour-bridge."))
valid_language = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?\Z", _("Write a language's code, such as en, de or pt-BR."))


class State(models.TextChoices):
    """What readers are told of the story. Not to be mistaken for an entry's status."""

    DRAFT = "draft", _("Not public yet")
    UPCOMING = "upcoming", for_readers("Upcoming")
    LIVE = "live", for_readers("Live")
    PAUSED = "paused", for_readers("Paused")
    ENDED = "ended", for_readers("Ended")


class LiveBlog(models.Model):
    """One running story. `epoch` names its history and `seq` is the last number of its ledger: only `commit_change` moves it."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True, validators=[valid_slug])
    title = models.CharField(_("headline"), max_length=200)
    standfirst = models.TextField(_("standfirst"), max_length=1000, blank=True)
    kicker = models.CharField(_("kicker"), max_length=60, blank=True, help_text=_("The story's short name, shown beside the live tag."))
    language = models.CharField(_("language"), max_length=12, default="en", validators=[valid_language])
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[valid_zone])
    zone_label = models.CharField(
        _("zone as readers call it"),
        max_length=40,
        blank=True,
        help_text=_("“UK”, as in “All times UK”. Left empty, the zone's own abbreviation stands."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    standing_shown = models.CharField(
        _("standing on entries"),
        max_length=10,
        choices=[("always", _("Always shown")), ("doubt", _("Shown unless confirmed"))],
        default="always",
    )
    standing_required = models.BooleanField(
        _("standing must be chosen"),
        default=False,
        # For the version before, which may still open blogs while this one is migrated to.
        db_default=False,
        help_text=_("Nothing is published without saying how sure we are, and what is not confirmed not without its source."),
    )
    readers_shown = models.BooleanField(_("reader count shown"), default=False, help_text=_("Readers see how many of them there are."))
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("planned end"), null=True, blank=True, help_text=_("For the desk. Nothing ends by itself."))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    second_pair = models.JSONField(
        _("a second pair of eyes"),
        default=list,
        db_default=[],
        blank=True,
        validators=[valid_kinds],
        help_text=_("Entries of these kinds are published by somebody who did not write them."),
    )
    quiet_minutes = models.PositiveSmallIntegerField(
        _("remind after"),
        default=30,
        db_default=30,
        validators=[MaxValueValidator(24 * 60)],
        help_text=_("Minutes without a word to readers after which the desk is reminded while the blog is live. 0: never."),
    )
    edited_by = models.ManyToManyField("newsroom.Byline", verbose_name=_("edited by"), blank=True, related_name="+")
    pinned = models.ForeignKey(
        "newsroom.Entry", verbose_name=_("pinned entry"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    epoch = models.CharField(max_length=12, default=new_epoch, editable=False)
    seq = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    source_id = models.CharField(max_length=200, blank=True, default="", editable=False, help_text="Where an imported blog came from.")

    class Meta:
        verbose_name = _("live blog")
        verbose_name_plural = _("live blogs")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.state != State.DRAFT

    def get_absolute_url(self) -> str:
        return f"/live/{self.slug}/"


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    CHIEF = "chief", _("Chief")


class Membership(models.Model):
    """What a user may do on one blog. The blog always comes from the URL or the object, never from the body."""

    blog = models.ForeignKey(LiveBlog, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(fields=["blog", "user"], name="one_role_a_member")]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
