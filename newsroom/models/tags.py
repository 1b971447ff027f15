from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """A word by which entries of one blog are found together.

    `slug` stands in addresses and never changes, so that a link outlives a new name; `key` is the folded name, by which a typed word is
    known again (`newsroom.tagging`).
    """

    blog = models.ForeignKey("newsroom.LiveBlog", verbose_name=_("live blog"), on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("name"), max_length=40)
    key = models.CharField(max_length=50, editable=False)
    slug = models.CharField(max_length=50, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("key",)
        constraints = [
            models.UniqueConstraint(fields=["blog", "key"], name="tag_named_once"),
            models.UniqueConstraint(fields=["blog", "slug"], name="tag_found_once"),
        ]

    def __str__(self) -> str:
        return self.name
