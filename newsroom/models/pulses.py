from __future__ import annotations

from django.db import models


class Pulse(models.Model):
    """Something that runs tasks, by the name it claims them under, and when it last said that it is there."""

    worker = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
