"""Short public ids: what stands in URLs and in the page instead of a primary key.

A primary key would tell readers how many drafts the desk holds; a ref tells nothing.
"""

from __future__ import annotations

import secrets

# No vowels but "a" and "e", no 0/o, 1/l/i: nothing to mistake on a phone line.
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"

# A blog's name in an address, and what takes one: `newsroom.models.blogs.valid_slug` asks for the same.
SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"


def new_ref(prefix: str, length: int) -> str:
    """`prefix-` and `length` random characters of ALPHABET."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_entry_ref() -> str:
    return new_ref("e", 6)


def new_image_ref() -> str:
    return new_ref("i", 8)


def new_block_id() -> str:
    return new_ref("b", 6)


def new_epoch() -> str:
    """The name of one continuous history of a blog (12 characters)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def new_token() -> int:
    """A random signed 32-bit integer that belongs to one number of one history."""
    return secrets.randbits(32) - 2**31
