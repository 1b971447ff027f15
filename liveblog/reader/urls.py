from __future__ import annotations

from django.urls import path

from liveblog.reader import media, views
from liveblog.wire import catchup

urlpatterns = [
    path("", views.front_page, name="front-page"),
    path("live/<slug:slug>/", views.blog, name="blog"),
    path("live/<slug:slug>/changes", catchup.changes, name="changes"),
    path("live/<slug:slug>/snapshot", catchup.snapshot, name="snapshot"),
    path("live/<slug:slug>/<slug:ref>/", views.entry, name="entry"),
    path("media/<path:name>", media.picture, name="picture"),
]
