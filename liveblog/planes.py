"""Two planes. The public one (readers, embeds, media) has no session, no cookie and no user; the desk has all of them."""

from __future__ import annotations

DESK_PREFIXES = ("/admin/", "/desk/", "/api/")


def is_desk(path: str) -> bool:
    """Whether a path belongs to the desk plane. All else is public."""
    return path.startswith(DESK_PREFIXES)
