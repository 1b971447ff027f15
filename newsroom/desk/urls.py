from __future__ import annotations

from django.urls import path

from newsroom.desk import editing, posting, views

app_name = "desk"
urlpatterns = [
    path("session/", views.session, name="session"),
    path("<slug:slug>/entries/", posting.entries, name="entries"),
    path("<slug:slug>/entries/<str:ref>/", editing.entry, name="entry"),
    path("<slug:slug>/entries/<str:ref>/history/", editing.history, name="history"),
    path("<slug:slug>/entries/<str:ref>/<slug:act>/", posting.act, name="act"),
    path("<slug:slug>/feed/", posting.feed_part, name="feed"),
    path("<slug:slug>/state/", posting.turn, name="state"),
    path("<slug:slug>/story/", posting.story, name="story"),
    path("<slug:slug>/bar/", posting.bar_part, name="bar"),
    path("<slug:slug>/images/", views.images, name="images"),
    path("<slug:slug>/pictures/<str:ref>/<str:file>", views.picture, name="picture"),
    path("<slug:slug>/preview/", views.preview_entry, name="preview"),
]
