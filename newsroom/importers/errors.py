from __future__ import annotations

from newsroom.errors import NewsroomError


class ImportRefused(NewsroomError):
    """The file cannot be taken in; `str(error)` says where and why. Nothing of it was kept."""

    default = "This file cannot be imported."
