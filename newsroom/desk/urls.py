from __future__ import annotations

from django.urls import path

from newsroom.desk import views

app_name = "desk"
urlpatterns = [
    path("session/", views.session, name="session"),
    path("<slug:slug>/images/", views.images, name="images"),
    path("<slug:slug>/pictures/<str:ref>/<str:file>", views.picture, name="picture"),
    path("<slug:slug>/preview/", views.preview_entry, name="preview"),
]
