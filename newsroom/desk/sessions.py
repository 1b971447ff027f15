"""Whether a session that was once signed in may still be used: asked by the desk's socket again and again, and by its pages' scripts."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare


def has_second_factor(user: Any) -> bool:
    """Whether an authenticator app or a key is set up. Recovery codes alone are none."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists()


def person_of(session_key: str | None) -> Any | None:
    """The member of staff whom the session belongs to, read from the database now; None once it no longer holds.

    It ends with its time, by a sign-out here or from another device, by a new password, and with the account. Nothing is written, so
    asking does not keep it alive. `session_key` is the value of the cookie that `settings.SESSION_COOKIE_NAME` names. At most three
    queries; what the person may do on a blog is for `newsroom.permissions` to say.
    """
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key).load()
    users = get_user_model()
    try:
        pk = users._meta.pk.to_python(session[SESSION_KEY])
    except KeyError:
        return None
    user = users._default_manager.filter(pk=pk, is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    if settings.REQUIRE_TWO_FACTOR and not has_second_factor(user):
        return None
    return user
