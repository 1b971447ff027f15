"""The domain's tables. Nothing here writes: see `newsroom.actions`."""

from __future__ import annotations

from newsroom.models.audit import AuditLine, Kept
from newsroom.models.blogs import LiveBlog, Membership, Role, State
from newsroom.models.bylines import Byline
from newsroom.models.changes import Change, Op
from newsroom.models.entries import (
    Correction,
    Entry,
    EntryByline,
    EntryLock,
    EntryNote,
    EntryRevision,
    EntryVersion,
    Kind,
    Precision,
    Standing,
    Status,
    Write,
)
from newsroom.models.media import Image
from newsroom.models.pulses import Pulse
from newsroom.models.readers import ReaderCount
from newsroom.models.search import SearchText
from newsroom.models.tags import Tag

__all__ = [
    "AuditLine",
    "Byline",
    "Change",
    "Correction",
    "Entry",
    "EntryByline",
    "EntryLock",
    "EntryNote",
    "EntryRevision",
    "EntryVersion",
    "Image",
    "Kept",
    "Kind",
    "LiveBlog",
    "Membership",
    "Op",
    "Precision",
    "Pulse",
    "ReaderCount",
    "Role",
    "SearchText",
    "Standing",
    "State",
    "Status",
    "Tag",
    "Write",
]
