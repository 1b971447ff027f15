"""Refusals: each is a sentence that an editor can act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class NewsroomError(Exception):
    """The desk's request was refused; `str(error)` is the sentence to show."""

    default = "This could not be done."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.default)


class PermissionRefused(NewsroomError):
    default = "Your role on this blog does not allow this."


class NotFound(NewsroomError):
    """Also raised where the actor may not know that the thing exists."""

    default = "There is no such entry."


class WrongState(NewsroomError):
    """The verb does not fit what the entry or blog is now."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One refused field. `field` is a form field's name, or `blocks.<index>.<key>`."""

    field: str
    message: str


class Invalid(NewsroomError):
    """What was sent is not acceptable; `faults` says what, where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


@dataclass
class Versions:
    """The texts of a stale edit (`newsroom.actions.texts.as_json`): `theirs` is what stands now, `yours` what was sent, `base` what yours
    was made from, where that is known."""

    theirs: dict[str, Any] = field(default_factory=dict)
    yours: dict[str, Any] = field(default_factory=dict)
    base: dict[str, Any] | None = None


class StaleEntry(NewsroomError):
    """Somebody saved the entry since it was opened. Nothing was overwritten."""

    def __init__(self, *, by: str, versions: Versions, version: int) -> None:
        self.by = by
        super().__init__(f"{by} saved this entry after you opened it. Nothing was overwritten: compare both texts and save again.")
        self.versions = versions
        self.version = version
