from __future__ import annotations

from django.urls import path

from liveblog.urls import handler404, handler500, urlpatterns
from tests.faults.site import door

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("door/open", door.open_blog),
    path("door/points", door.turn),
    path("door/waiting", door.waiting),
    path("door/linger", door.linger),
    path("door/burst", door.burst),
    path("door/<str:verb>", door.write),
    *urlpatterns,
]
