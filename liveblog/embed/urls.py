from __future__ import annotations

from django.urls import path

import newsroom.addresses  # noqa: F401 – the converters `blog` and `entry`
from liveblog.embed import views

urlpatterns = [
    path("embed/<blog:slug>/", views.frame, name="embed"),
    path("embed.js", views.loader, name="embed-loader"),
]
