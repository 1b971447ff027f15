from __future__ import annotations

from django.urls import path

from liveblog.embed import views

urlpatterns = [
    path("embed/<slug:slug>/", views.frame, name="embed"),
    path("embed.js", views.loader, name="embed-loader"),
]
