"""The environment, read once and judged at once: what is wrong or half said stops the start with a sentence."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from newsroom.players import PROVIDERS

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# A write waits at most 2 s for the blog's row; an abandoned statement cannot hold it longer than 5 s. A server that says nothing at all is
# given up after 6 s (`liveblog.postgres`). The kernel's limits are for a line that is dead while nothing is asked. A pool that could not
# connect for 5 s leaves it to whoever wants a connection next to try again; otherwise it tries half as often each time, for five minutes,
# and an outage of one minute could cost a process a second one.
POOL_OPTIONS: dict[str, Any] = {"min_size": 1, "max_size": 8, "timeout": 4, "reconnect_timeout": 5}
POSTGRES_OPTIONS = {
    "options": "-c lock_timeout=2000 -c statement_timeout=5000 -c synchronous_commit=on",
    "connect_timeout": 4,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


def var_dir(env: environ.Env, default: Path) -> Path:
    """Where the program writes; made if need be."""
    path = Path(env.str("VAR_DIR", default=str(default)))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"VAR_DIR={path} cannot be used: {error.strerror}. Set it to a folder this user may write to."
        ) from error
    return path


def log_level(env: environ.Env) -> str:
    raw = env.str("LOG_LEVEL", default="INFO").upper()
    if raw not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"LOG_LEVEL={raw!r} is no level. Set it to DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return raw


def flag(env: environ.Env, name: str, default: bool) -> bool:
    raw = env.str(name, default="").strip().lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    if raw:
        raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no. Set it to 1 or 0.")
    return default


def proxies(env: environ.Env) -> int:
    raw = env.str("TRUSTED_PROXY_COUNT", default="0")
    if not raw.isdigit():
        raise ImproperlyConfigured(
            f"TRUSTED_PROXY_COUNT={raw!r} is no number of proxies. Set it to how many of yours stand in front, or to 0."
        )
    return int(raw)


def players(env: environ.Env) -> list[str]:
    """Whose players a reader may start in the page: EMBED_PLAYERS, all that are known where it is not set, nobody's for `none`."""
    raw = env.str("EMBED_PLAYERS", default="").strip().lower()
    if raw == "none":
        return []
    names = [name.strip() for name in raw.split(",") if name.strip()] or list(PROVIDERS)
    if unknown := [name for name in names if name not in PROVIDERS]:
        raise ImproperlyConfigured(
            f"EMBED_PLAYERS names {', '.join(unknown)}, whose player is not known. Set it to some of {', '.join(PROVIDERS)}, or to none."
        )
    return names


def port(env: environ.Env) -> int:
    raw = env.str("PORT", default="8000")
    if not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise ImproperlyConfigured(f"PORT={raw!r} is not a port. Set it to a number from 1 to 65535.")
    return int(raw)


def max_sockets(env: environ.Env) -> int:
    """How many readers' sockets a process may hold (`liveblog.wire.capacity` says for how many it has the files)."""
    raw = env.str("MAX_SOCKETS", default="20000")
    if not raw.isdecimal() or int(raw) < 1:
        raise ImproperlyConfigured(f"MAX_SOCKETS={raw!r} is no number of sockets. Set it to 1 or more.")
    return int(raw)


def poll_seconds(env: environ.Env) -> int:
    raw = env.str("POLL_SECONDS", default="15")
    if not raw.isdecimal() or not 1 <= int(raw) <= 3600:
        raise ImproperlyConfigured(f"POLL_SECONDS={raw!r} is no pause between two questions. Set it to a number from 1 to 3600.")
    return int(raw)


def database(env: environ.Env, var: Path) -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL, or a SQLite file under `var/`."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": var / "liveblog.sqlite3", "OPTIONS": SQLITE_OPTIONS}
    scheme = url.split(":", 1)[0]
    if scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {scheme!r}. Set it to postgresql://user:password@host:5432/name, or leave it unset for SQLite."
        )
    config: dict[str, Any] = environ.Env.db_url_config(url)
    if scheme == "sqlite":
        return {**config, "OPTIONS": SQLITE_OPTIONS}
    if not config.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database. Set it to postgresql://user:password@host:5432/name.")
    from liveblog.postgres import Connection

    # Persistent connections leak under an ASGI server (one a worker thread); psycopg's pool does not.
    return {**config, "CONN_MAX_AGE": 0, "OPTIONS": {**POSTGRES_OPTIONS, "pool": {**POOL_OPTIONS, "connection_class": Connection}}}


def channel_layer(env: environ.Env) -> dict[str, Any]:
    """Redis by REDIS_URL, or the layer inside the process."""
    url = env.str("REDIS_URL", default="")
    if not url:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"REDIS_URL={url!r} is not a Redis address. Set it to redis://host:6379/0, or leave it unset.")
    return {"BACKEND": "liveblog.bus.PubSubLayer", "CONFIG": {"url": url, "prefix": env.str("REDIS_PREFIX", default="liveblog")}}


def cache(env: environ.Env) -> dict[str, Any]:
    """What limits are counted in: Redis where several processes must count together, else the memory of this one."""
    url = env.str("REDIS_URL", default="")
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "liveblog.counting.SharedOrOwnCache",
        "LOCATION": url,
        "KEY_PREFIX": env.str("REDIS_PREFIX", default="liveblog"),
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }


def secret_key(env: environ.Env, var: Path, *, one_machine: bool) -> str:
    """SECRET_KEY, or one made once under `var/` while everything runs on one machine."""
    key = env.str("SECRET_KEY", default="")
    if key:
        if len(key) < 32:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters. Set it to a long random string.")
        return key
    if not one_machine:
        raise ImproperlyConfigured(
            "DATABASE_URL or REDIS_URL is set, so more than one process may run, but SECRET_KEY is not. "
            "Set it to one long random string for all of them."
        )
    path = var / "secret-key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


def language(env: environ.Env, known: Sequence[str]) -> str:
    raw = env.str("SITE_LANGUAGE", default="en")
    if raw not in known:
        raise ImproperlyConfigured(f"SITE_LANGUAGE={raw!r} is a language without words. Set it to one of {', '.join(known)}.")
    return raw


def site_url(env: environ.Env, default: str) -> str:
    url = env.str("SITE_URL", default=default).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        raise ImproperlyConfigured(f"SITE_URL={url!r} is not a site's address. Set it to https://live.example.org, without a path.")
    return url
