from __future__ import annotations

from django.urls import path

import newsroom.addresses  # noqa: F401 – the converters `blog` and `entry`
from liveblog.reader import media, views
from liveblog.wire import catchup

urlpatterns = [
    path("", views.front_page, name="front-page"),
    path("live/<blog:slug>/", views.blog, name="blog"),
    path("live/<blog:slug>/changes", catchup.changes, name="changes"),
    path("live/<blog:slug>/snapshot", catchup.snapshot, name="snapshot"),
    path("live/<blog:slug>/<entry:ref>/", views.entry, name="entry"),
    path("media/<path:name>", media.picture, name="picture"),
]
