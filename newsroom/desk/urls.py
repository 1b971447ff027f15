from __future__ import annotations

from django.urls import path

import newsroom.addresses  # noqa: F401 – the converters `blog` and `entry`
from newsroom.desk import editing, posting, views

app_name = "desk"
urlpatterns = [
    path("session/", views.session, name="session"),
    path("<blog:slug>/entries/", posting.entries, name="entries"),
    path("<blog:slug>/entries/<str:ref>/", editing.entry, name="entry"),
    path("<blog:slug>/entries/<str:ref>/history/", editing.history, name="history"),
    path("<blog:slug>/entries/<str:ref>/<slug:act>/", posting.act, name="act"),
    path("<blog:slug>/feed/", posting.feed_part, name="feed"),
    path("<blog:slug>/state/", posting.turn, name="state"),
    path("<blog:slug>/story/", posting.story, name="story"),
    path("<blog:slug>/bar/", posting.bar_part, name="bar"),
    path("<blog:slug>/images/", views.images, name="images"),
    path("<blog:slug>/pictures/<str:ref>/<str:file>", views.picture, name="picture"),
    path("<blog:slug>/preview/", views.preview_entry, name="preview"),
]
