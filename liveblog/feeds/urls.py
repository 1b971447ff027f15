from __future__ import annotations

from django.urls import path

import newsroom.addresses  # noqa: F401 – the converter `blog`
from liveblog.feeds import views
from liveblog.feeds.names import ATOM, JSON, RSS

urlpatterns = [
    path(f"live/<blog:slug>/{ATOM}", views.atom, name="feed-atom"),
    path(f"live/<blog:slug>/{RSS}", views.rss, name="feed-rss"),
    path(f"live/<blog:slug>/{JSON}", views.json, name="feed-json"),
]
