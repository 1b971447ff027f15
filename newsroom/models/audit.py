from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kept(Exception):
    """A line of the audit was to be changed or deleted."""

    def __init__(self) -> None:
        super().__init__("The audit is only ever added to.")


class AuditQuerySet(models.QuerySet["AuditLine"]):
    """Reads and inserts. The database refuses the rest as well: see the triggers of migration 0007."""

    def update(self, **fields: Any) -> NoReturn:
        raise Kept

    def delete(self) -> NoReturn:
        raise Kept

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise Kept


class AuditLine(models.Model):
    """Who did what, when, and what it changed.

    `before` and `after` hold the facts that differ, by name: numbers of revisions and versions instead of texts, which stay where they can
    be withheld. Nothing here is bound to the row it tells of, since a line outlives a draft that was discarded and an account that is gone.
    """

    at = models.DateTimeField(_("when"))
    verb = models.CharField(_("what"), max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("who")
    )
    who = models.CharField(max_length=150)
    blog = models.ForeignKey("newsroom.LiveBlog", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    # The ref of an entry or a picture, or the name of a member.
    subject = models.CharField(_("of"), max_length=150, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the audit")
        verbose_name_plural = _("audit")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["blog", "-id"], name="audit_of_blog"),
            models.Index(fields=["subject", "-id"], name="audit_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.verb} {self.subject}".rstrip()

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise Kept
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise Kept
