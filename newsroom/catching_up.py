"""What a page of any age is told: the current state of everything touched since its cursor.

One read of the ledger answers every cursor that lies in it, so a crowd that comes back at once needs one and not one each.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsroom import frames
from newsroom.models import Change, LiveBlog
from newsroom.selectors import MAX_CHANGES, Head, head_of, public_blog

TOO_FAR_BEHIND = 1000


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The answer to “what came after N”: `next_seq` and `token` are the cursor once `frames` are applied."""

    head: Head
    next_seq: int
    token: int
    frames: list[frames.Frame]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one history, read at once, that begins at the cursor `start`.

    `tokens` are those of the numbers that were read, ascending and without a gap: from `start` on, or from the first number after it that
    the ledger holds. `touched` has a frame for each thing that these numbers touched, at the last of them, and says what it is now.
    """

    head: Head
    start: int
    tokens: dict[int, int]
    touched: list[frames.Frame]

    @property
    def end(self) -> int:
        """The last number that was read."""
        return next(reversed(self.tokens), self.start)

    def answers(self, after: int) -> bool:
        """Whether `since` brings a page with this cursor forward, or says truly that nothing will."""
        return after in {self.start, self.head.seq} or _is_out_of_reach(after, self.head) or self.start < after < self.end

    def holds(self, after: int, epoch: str, token: int) -> bool:
        """Whether the cursor belongs to this history, as far as this stretch knows it. A page may know a later number or a newer epoch."""
        at_head = after == self.head.seq and token == self.head.token
        return epoch == self.head.epoch and (at_head or (self.tokens.get(after) == token and self.answers(after)))

    def since(self, *, after: int, epoch: str, token: int) -> CatchUp:
        """For a cursor that it `answers`: what came after it, or a `reset` where this history does not contain that cursor."""
        head = self.head
        if epoch == head.epoch and after == head.seq and token == head.token:
            return CatchUp(head, after, token, [])
        if epoch != head.epoch or _is_out_of_reach(after, head) or self.tokens.get(after) != token or after == self.end:
            return CatchUp(head, head.seq, head.token, [frames.reset(head=head.seq, token=head.token)])
        return CatchUp(head, self.end, self.tokens[self.end], [frame for frame in self.touched if frame["seq"] > after])


def _is_out_of_reach(after: int, head: Head) -> bool:
    return not 0 <= head.seq - after <= TOO_FAR_BEHIND


def read_stretch(blog: LiveBlog, *, after: int) -> Stretch:
    """The ledger from the cursor `after` on, at most MAX_CHANGES numbers of it. At most five queries, however much was missed."""
    head = head_of(blog)
    if after == head.seq or _is_out_of_reach(after, head):
        return Stretch(head, after, {}, [])
    # With the number of the cursor itself, whose token proves that the page comes from this history.
    rows = list(Change.objects.filter(blog_id=blog.pk, seq__gte=after, seq__lte=head.seq).order_by("seq")[: MAX_CHANGES + (after > 0)])
    # Every history begins at number 0, as long as its first one is held.
    tokens = {0: 0} if after == 0 and rows and rows[0].seq == 1 else {}
    for row in rows:
        if tokens and row.seq - 1 not in tokens:
            break
        tokens[row.seq] = row.token
    changes = [row for row in rows if row.seq in tokens and row.seq > after]
    return Stretch(head, after, tokens, frames.build(blog, frames.latest_only(changes)))


def stretch_of(slug: str, after: int) -> Stretch | None:
    """As `read_stretch`, for a public blog by its slug; None where there is no such blog."""
    blog = public_blog(slug)
    return read_stretch(blog, after=after) if blog else None


def catch_up(blog: LiveBlog, *, after: int, epoch: str, token: int) -> CatchUp:
    """The answer to one cursor."""
    return read_stretch(blog, after=after).since(after=after, epoch=epoch, token=token)
