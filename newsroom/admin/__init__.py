"""The newsroom in the Django admin. Nothing here writes: saves go through `newsroom.actions`, rights come from the team's roles."""

from __future__ import annotations

from newsroom.admin.accounts import AccountAdmin
from newsroom.admin.blogs import LiveBlogAdmin
from newsroom.admin.bylines import BylineAdmin
from newsroom.admin.entries import EntryAdmin
from newsroom.admin.media import ImageAdmin
from newsroom.admin.tags import TagAdmin

__all__ = ["AccountAdmin", "BylineAdmin", "EntryAdmin", "ImageAdmin", "LiveBlogAdmin", "TagAdmin"]
