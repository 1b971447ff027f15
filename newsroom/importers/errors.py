from __future__ import annotations

from newsroom.errors import NewsroomError

# Ends every refusal: an import is all or nothing.
NOTHING = "Nothing was imported."


class ImportRefused(NewsroomError):
    """The file cannot be taken in; `str(error)` says where and why. Nothing of it was kept."""

    default = "This file cannot be imported."
