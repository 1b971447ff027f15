from __future__ import annotations

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from liveblog.ops import views as ops

admin.site.site_header = admin.site.site_title = "Live desk"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.index_title = "Newsroom"

urlpatterns = [
    path("admin/account/", include("newsroom.accounts.urls")),
    # The admin's own button leads to the same end as the account's, with its line of the audit.
    path("admin/logout/", account.logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("desk/", include("newsroom.desk.urls")),
    path("healthz", ops.healthz),
    path("readyz", ops.readyz),
    path("", include("liveblog.embed.urls")),
    path("", include("liveblog.feeds.urls")),
    path("", include("liveblog.reader.urls")),
]

handler404 = "liveblog.reader.views.not_found"
handler500 = "liveblog.ops.errors.server_error"
