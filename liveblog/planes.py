"""Two planes. The public one (readers, embeds, media) has no session, no cookie and no user; the desk has all of them."""

from __future__ import annotations

# `/api/` is kept for the newsroom's interface, which there is none of yet: no reader's page may ever stand there.
DESK_PREFIXES = ("/admin/", "/desk/", "/api/")


def is_desk(path: str) -> bool:
    """Whether a path belongs to the desk plane. All else is public."""
    return path.startswith(DESK_PREFIXES)
