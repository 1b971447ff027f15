"""The product's settings and, beside its addresses, a door through which the fault suite writes and breaks things.

Only the servers that the suite starts read this module. `FAULT_LAYER` picks the channel layer: `core` is Redis' list-based one with a
group expiry of five seconds, `tiny` the in-process one with room for three messages.
"""

from __future__ import annotations

import os

from liveblog.settings import *  # noqa: F403
from liveblog.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.site.apps.Faults"]
ROOT_URLCONF = "tests.faults.site.urls"

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# The real one is slow by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

GROUP_EXPIRY_SECONDS = 5
TINY_CAPACITY = 3

match os.environ.get("FAULT_LAYER"):
    case "core":
        CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "channels_redis.core.RedisChannelLayer",
                "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "group_expiry": GROUP_EXPIRY_SECONDS, "prefix": "core"},
            }
        }
    case "tiny":
        CHANNEL_LAYERS = {"default": {"BACKEND": "tests.faults.site.layers.CountedLayer", "CONFIG": {"capacity": TINY_CAPACITY}}}
