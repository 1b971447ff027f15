"""Which version of the software a page was made by."""

from __future__ import annotations

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage


@cache
def page_version() -> str:
    """Eight characters that change with whatever a page is made of besides the database: templates, translations, names of static files.

    Part of every page's ETag: after an upgrade nobody may be told that the page he holds, which names files of the old one, is still
    good. The same in every process of one installation; read once.
    """
    digest = hashlib.blake2b(str(getattr(staticfiles_storage, "manifest_hash", "")).encode(), digest_size=4)
    for folder, kind in (("templates", "*.html"), ("translations", "*.mo")):
        for path in sorted((settings.BASE_DIR / folder).rglob(kind)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
