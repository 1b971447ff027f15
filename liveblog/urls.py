from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from liveblog.ops import views as ops

admin.site.site_header = admin.site.site_title = "Live desk"
admin.site.index_title = "Newsroom"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/", include("newsroom.desk.urls")),
    path("healthz", ops.healthz),
    path("readyz", ops.readyz),
    path("", include("liveblog.embed.urls")),
    path("", include("liveblog.reader.urls")),
]

handler404 = "liveblog.reader.views.not_found"
handler500 = "liveblog.ops.errors.server_error"
