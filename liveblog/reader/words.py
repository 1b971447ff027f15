"""Every sentence the page's scripts may show, in the blog's language: the scripts have no words of their own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def words() -> dict[str, Any]:
    """Call inside `translation.override(blog.language)`. The keys are listed in docs/contracts/entry-html.md."""
    return {"live": _("Live")}
