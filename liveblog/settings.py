"""Settings: everything comes from the environment, and with nothing set the embedded default runs.

The names are in README under Configuration; `liveblog.environment` says what is wrong with a wrong one.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from liveblog import environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = environment.var_dir(env, BASE_DIR / "var")

DEBUG = environment.flag(env, "DEBUG", False)
PORT = environment.port(env)
# Readers' sockets a process, and how often the page of a reader without one asks.
MAX_SOCKETS = environment.max_sockets(env)
POLL_SECONDS = environment.poll_seconds(env)
SITE_URL = environment.site_url(env, f"http://localhost:{PORT}")
SITE_NAME = env.str("SITE_NAME", default="The Live Desk")
EMBED_PLAYERS = environment.players(env)
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية"), ("fa", "فارسی")]
# Of the pages that belong to no blog; each blog has its own.
SITE_LANGUAGE = environment.language(env, [code for code, _name in LANGUAGES])
SECURE = SITE_URL.startswith("https:")

DATABASES = {"default": environment.database(env, VAR_DIR)}
CACHES = {"default": environment.cache(env)}
CHANNEL_LAYERS = {"default": environment.channel_layer(env)}
DISTRIBUTED = bool(env.str("DATABASE_URL", default="") or env.str("REDIS_URL", default=""))
if env.str("REDIS_URL", default="") and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    raise ImproperlyConfigured(
        "REDIS_URL is set but DATABASE_URL is not: several processes cannot share a SQLite file. "
        "Set DATABASE_URL to a PostgreSQL database, or unset REDIS_URL."
    )
SECRET_KEY = environment.secret_key(env, VAR_DIR, one_machine=not DISTRIBUTED)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if not ALLOWED_HOSTS:
    host = urlsplit(SITE_URL).hostname or ""
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if host in {"localhost", "127.0.0.1"} else [host]
if not validate_host(urlsplit(SITE_URL).hostname or "", ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL}, a name that ALLOWED_HOSTS does not hold. Add it: pages name themselves by it, and are rendered for it."
    )
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS holds '*', which lets anyone choose the name this site gives itself. Name the hosts.")

# The tasks and the release ticker run inside the server process unless a worker of their own does (`manage.py worker`).
EMBEDDED_WORKER = environment.flag(env, "EMBEDDED_WORKER", not DISTRIBUTED)

INSTALLED_APPS = [
    "daphne",
    # Of two commands of one name that of the app which stands first is run: `changepassword` is ours.
    "liveblog",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "newsroom",
]

# Public pages are the same for everyone: the `liveblog.middleware` steps aside for them.
MIDDLEWARE = [
    "liveblog.security.SecurityHeaders",
    "liveblog.ops.errors.told_away",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "liveblog.middleware.ContentSecurityPolicy",
    "liveblog.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "liveblog.middleware.Csrf",
    "liveblog.middleware.Authentication",
    "allauth.account.middleware.AccountMiddleware",
    "liveblog.middleware.SessionsSeen",
    "liveblog.middleware.SecondFactorRequired",
    "liveblog.middleware.Messages",
]

ROOT_URLCONF = "liveblog.urls"
ASGI_APPLICATION = "liveblog.asgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"

# Staff get no further than to the page that sets one up.
REQUIRE_TWO_FACTOR = environment.flag(env, "REQUIRE_TWO_FACTOR", False)
# How many proxies of ours stand in front and say in X-Forwarded-For who asks; with none that header is anybody's and counts for nothing.
TRUSTED_PROXY_COUNT = environment.proxies(env)
ACCOUNT_ADAPTER = "newsroom.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_FORMS = {
    "authenticate": "newsroom.accounts.forms.AuthenticateForm",
    "reauthenticate": "newsroom.accounts.forms.ReauthenticateForm",
    "login_webauthn": "newsroom.accounts.forms.LoginWebAuthnForm",
    "authenticate_webauthn": "newsroom.accounts.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "newsroom.accounts.forms.ReauthenticateWebAuthnForm",
}
MFA_ADAPTER = "newsroom.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# The desk's.
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "translations" / "readers", BASE_DIR / "translations" / "desk"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(VAR_DIR / "private")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Its address would be one of /media/, and that serves nothing but renditions.
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "liveblog.static.HashedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = environment.flag(env, "SSL_REDIRECT", False)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
USE_X_FORWARDED_HOST = False
SECURE_CONTENT_TYPE_NOSNIFF = False  # liveblog.security writes every header of the table itself
SECURE_REFERRER_POLICY = None
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
# Each of these looks for Django's own way to an end that is reached here by another: liveblog.checks and the header tests stand in.
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frame-ancestors says who may frame what
    "security.W003",  # liveblog.middleware.Csrf guards the desk; the public plane takes no writes
    "security.W006",  # nosniff is in the header table
    "security.W021",  # preloading binds every other name under the domain: its owner's decision
    "security.W022",  # the referrer policy is in the header table
]

# The desk's policy; the public plane's is a constant of `liveblog.security`. ProseMirror sets inline styles.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"outages": {"()": "liveblog.ops.outages.OnceASecond"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.log_level(env)},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        "django.request": {"filters": ["outages"]},
        "liveblog.kiosk.application": {"filters": ["outages"]},
    },
}
