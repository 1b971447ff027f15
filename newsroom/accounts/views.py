"""The pages of one's own account that are ours and not allauth's."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.accounts.devices import device_of
from newsroom.actions.accounts import end_sessions


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("mfa_index" if request.user.is_authenticated else "account_login")


@login_required
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. POST `end=<number>` ends that session, `end=others` all but this one."""
    key = request.session.session_key
    if request.method == "POST":
        which = request.POST.get("end", "")
        if which == "others" or which.isdecimal():
            ended = end_sessions(user=request.user, keep=key, only=int(which) if which.isdecimal() else None, now=timezone.now())
            said = ngettext("One session is ended.", "%(count)s sessions are ended.", ended) % {"count": ended}
            messages.success(request, said if ended else _("There was nothing to end."))
        return redirect("usersessions_list")
    rows = sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.last_seen_at, reverse=True)
    rows.sort(key=lambda row: row.session_key != key)
    for row in rows:
        row.device = device_of(row.user_agent)
    return render(request, "usersessions/usersession_list.html", {"sessions": rows, "current": key})


@login_required
@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where a sign-in beside an open desk ends: the page tells the one that opened it, and closes."""
    return render(request, "accounts/signed_in.html")
