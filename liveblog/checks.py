"""What Django's own checks cannot know of this product. `liveblog.environment` judges each variable; this judges what they make together.

`manage.py check` runs all but the last, every command that serves runs them first, and `migrate` runs the one that asks the database.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections

# Each stands in for a check of Django's that settings.py silences, because it looks for another way to the same end.
FIRST_MIDDLEWARE = "liveblog.security.SecurityHeaders"
DESK_MIDDLEWARE = (
    "liveblog.middleware.ContentSecurityPolicy",
    "liveblog.middleware.Sessions",
    "liveblog.middleware.Csrf",
    "liveblog.middleware.Authentication",
)

Apps = Sequence[AppConfig] | None


@register(Tags.files)
def directories_can_be_written(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E001. A directory that is yet to be made counts by the nearest parent that exists."""
    faults: list[CheckMessage] = []
    for name in ("VAR_DIR", "MEDIA_ROOT", "PRIVATE_ROOT"):
        wanted = Path(getattr(settings, name)).resolve()
        there = next(path for path in (wanted, *wanted.parents) if path.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            faults.append(Error(f"{name} is {wanted}, which cannot be written. Set it to a directory of this process.", id="liveblog.E001"))
    return faults


@register(Tags.security)
def originals_are_out_of_reach(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E002. An original has the photographer's metadata in it, and is kept for the desk alone."""
    private = Path(settings.PRIVATE_ROOT).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = Path(getattr(settings, name)).resolve()
        if private.is_relative_to(served):
            sentence = f"PRIVATE_ROOT lies inside {name}, so the originals of pictures would be served. Set it to another directory."
            return [Error(sentence, id="liveblog.E002")]
    return []


@register(Tags.security)
def both_planes_are_guarded(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E003. The headers are written outermost, and the desk has its session, its policy and its defence against forged requests."""
    missing = [name for name in DESK_MIDDLEWARE if name not in settings.MIDDLEWARE]
    if settings.MIDDLEWARE[0] != FIRST_MIDDLEWARE:
        missing.insert(0, FIRST_MIDDLEWARE)
    if missing:
        return [Error(f"MIDDLEWARE lacks {', '.join(missing)}. The first one belongs before all others.", id="liveblog.E003")]
    return []


@register(Tags.security)
def site_answers_to_its_own_name(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E004. Links and the embed name SITE_URL; a host that is not allowed answers 400."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    allowed = any(host == name or (name.startswith(".") and f".{host}".endswith(name)) for name in settings.ALLOWED_HOSTS)
    if allowed:
        return []
    sentence = f"SITE_URL names {host}, which ALLOWED_HOSTS does not hold. Add it there, or leave ALLOWED_HOSTS unset."
    return [Error(sentence, id="liveblog.E004")]


@register(Tags.security, deploy=True)
def site_is_served_over_tls(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E005."""
    if settings.SITE_URL.startswith("https:"):
        return []
    return [Error("SITE_URL is not https. Set it to the address that readers use, https://…", id="liveblog.E005")]


@register(Tags.compatibility)
def worker_is_heard(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W006. The in-process layer ends at the process."""
    within = settings.CHANNEL_LAYERS["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    if settings.EMBEDDED_WORKER or not within:
        return []
    sentence = "A worker of its own cannot push to readers without REDIS_URL: what it publishes arrives some seconds later. Set REDIS_URL."
    return [Caution(sentence, id="liveblog.W006")]


@register(Tags.database)
def pool_fits_the_database(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W007. Each process may open a whole pool; the server should hold at least two processes and a worker."""
    pool = connections["default"].settings_dict["OPTIONS"].get("pool")
    if not pool or "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW max_connections")
        most = int(cursor.fetchone()[0])
    need = 3 * int(pool["max_size"])
    if most >= need:
        return []
    sentence = f"PostgreSQL takes {most} connections; two server processes and a worker may ask for {need}. Raise max_connections."
    return [Caution(sentence, id="liveblog.W007")]
