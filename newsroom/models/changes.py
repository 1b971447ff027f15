from __future__ import annotations

from django.db import models


class Op(models.TextChoices):
    PUT = "put"
    DROP = "drop"
    BOARD = "board"
    STATE = "state"


class Change(models.Model):
    """One number of a blog's ledger: *what* changed, never the text, so a withdrawn text cannot come back out of history."""

    pk = models.CompositePrimaryKey("blog", "seq")
    blog = models.ForeignKey("newsroom.LiveBlog", on_delete=models.CASCADE, related_name="changes")
    seq = models.BigIntegerField()
    op = models.CharField(max_length=5, choices=Op.choices)
    entry = models.ForeignKey("newsroom.Entry", null=True, on_delete=models.CASCADE, related_name="+")
    token = models.IntegerField()
    at = models.DateTimeField(db_index=True)
