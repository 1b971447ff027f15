from __future__ import annotations

import secrets

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.refs import new_image_ref

UNIT = [MinValueValidator(0.0), MaxValueValidator(1.0)]


def originals() -> Storage:
    return storages["originals"]


def new_folder() -> str:
    """128 random bits: the address of a picture that is not published yet cannot be guessed."""
    return secrets.token_urlsafe(16)


class Image(models.Model):
    """One picture: its original stays private, its renditions (re-encoded, without metadata) are what readers get.

    `renditions` is a list of `{"name", "type", "width", "height", "bytes"}`, `name` being the file's name in the public storage.
    An image with a `remote_url` and no renditions is only a link: another site holds the picture.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_image_ref, editable=False)
    blog = models.ForeignKey("newsroom.LiveBlog", verbose_name=_("live blog"), on_delete=models.CASCADE, related_name="images")
    original = models.FileField(_("file"), storage=originals, upload_to="originals", blank=True, max_length=255)
    folder = models.CharField(max_length=32, default=new_folder, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it. Not the caption."),
    )
    decorative = models.BooleanField(_("decorative"), default=False, help_text=_("It adds nothing that the text does not say."))
    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    focal_x = models.FloatField(_("focal point, from the left"), default=0.5, validators=UNIT)
    focal_y = models.FloatField(_("focal point, from the top"), default=0.5, validators=UNIT)
    renditions = models.JSONField(default=list, editable=False)
    remote_url = models.URLField(max_length=1000, blank=True, default="", editable=False)
    withheld = models.BooleanField(
        default=False, editable=False, help_text="Every entry that showed it was withdrawn: its public files are gone."
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    source_id = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.alt or self.caption or self.ref
