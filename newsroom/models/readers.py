from __future__ import annotations

from django.db import models


class ReaderCount(models.Model):
    """How many read a blog in one minute, over all processes. For the desk's chart; kept for hours, and no audit of anything."""

    blog = models.ForeignKey("newsroom.LiveBlog", on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ("minute",)
        constraints = [models.UniqueConstraint(fields=["blog", "minute"], name="one_count_a_minute")]
