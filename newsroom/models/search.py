from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchText(models.Model):
    """What a search may find: the words of one published entry as readers see it now. An entry that is not public has no row.

    `text` is folded for the plain search of SQLite; `vector` is filled on PostgreSQL only, in the blog's language.
    """

    entry = models.OneToOneField("newsroom.Entry", primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    text = models.TextField()
    vector = SearchVectorField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_vector")]
