from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Byline(models.Model):
    """A name as readers see it, with a role (“Moscow producer”) or a place (“New York”, printed as “reporting from New York”)."""

    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    place = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("The name of the place only: “Seoul” is printed as “reporting from Seoul”.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signs in as"), null=True, blank=True, on_delete=models.SET_NULL, related_name="bylines"
    )

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ("name", "role")

    def __str__(self) -> str:
        return f"{self.name}, {self.role}" if self.role else self.name
