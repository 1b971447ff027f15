"""What an import did, for a person and for a program."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from newsroom.importers.story import Loss


@dataclass(slots=True)
class Report:
    """`entries` counts by what happened to them: new, changed, unchanged, kept (withdrawn or changed here, so left as they are)."""

    slug: str
    source: str
    dry_run: bool = False
    opened: bool = False
    entries: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    carried: Counter[str] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)

    @property
    def changed_nothing(self) -> bool:
        return not self.opened and not self.entries["new"] and not self.entries["changed"]

    def as_json(self) -> dict[str, Any]:
        """Keys are stable: `slug source dry_run opened changed_nothing entries elements losses`."""
        return {
            "slug": self.slug,
            "source": self.source,
            "dry_run": self.dry_run,
            "opened": self.opened,
            "changed_nothing": self.changed_nothing,
            "entries": {name: self.entries[name] for name in ("new", "changed", "unchanged", "kept")},
            "elements": {name: {"seen": self.seen[name], "carried": self.carried[name]} for name in sorted(self.seen)},
            "losses": [asdict(loss) for loss in self.losses],
        }

    def as_text(self) -> str:
        lines = [f"{'Dry run, nothing written' if self.dry_run else 'Imported'}: {self.source} → /live/{self.slug}/"]
        if self.changed_nothing:
            lines.append("Nothing changed: the blog here already holds all of it.")
        counts = [f"{self.entries[name]} {name}" for name in ("new", "changed", "unchanged", "kept") if self.entries[name]]
        lines.append(f"Entries: {', '.join(counts) or 'none'}.")
        if self.seen:
            width = max(len(name) for name in self.seen)
            lines += ["", f"{'Element':{width}}  in the file  carried"]
            lines += [f"{name:{width}}  {self.seen[name]:11}  {self.carried[name]:7}" for name in sorted(self.seen)]
        if self.losses:
            lines += ["", "Not carried:"]
            lines += [f"  {loss.where}: {loss.what} – {loss.why}." for loss in self.losses]
        return "\n".join(lines)
