"""Signing in, and everything about one's own account. Of allauth's pages those that make sense without sign-up and without mail."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from newsroom.accounts import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("signed-in/", views.signed_in, name="account_signed_in"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("2fa/", include("allauth.mfa.urls")),
]
