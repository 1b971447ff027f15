"""A page of any age and whatever reaches it is a fresh page: for histories that chance has written, and readers whom chance is against.

HISTORIES says how many readers' histories (`make faults`: ten thousand), HISTORIES_SEED repeats a run. The actions, frames, pages and
catch-ups are the real server's; the wire is the browser's own, in Node; only the page is a model (`tests/readers.py`).
"""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from newsroom import announce, catching_up
from newsroom.actions import blogs, entries, places, reversals
from newsroom.models import Entry, LiveBlog, State, Status
from tests import factories
from tests.conftest import missing
from tests.factories import at
from tests.readers import Page, shows

pytestmark = pytest.mark.django_db(transaction=True)

REPLAY = Path(__file__).resolve().parents[1] / "js" / "replay.mjs"
COUNT = int(os.environ.get("HISTORIES", "150"))
SEED = int(os.environ.get("HISTORIES_SEED") or random.SystemRandom().randrange(2**32))
READERS = 25


@dataclass
class Story:
    """One blog, written by chance. After each action it keeps what a server would show and say at that moment."""

    client: Client
    chance: random.Random
    said: list[dict[str, Any]]
    blog: LiveBlog = field(init=False)
    steps: list[dict[str, Any]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    minute: float = 0.0

    def __post_init__(self) -> None:
        self.blog = factories.blog()
        self.chief = factories.chief_of(self.blog)
        self.keep("opened")
        for _ in range(self.chance.randint(5, 14)):
            self.act()

    # What an editor may do now

    def act(self) -> None:
        self.minute += self.chance.choice([0.1, 1, 7, 600])
        live = list(Entry.objects.filter(blog=self.blog, status=Status.PUBLISHED).order_by("pk"))
        gone = list(Entry.objects.filter(blog=self.blog, status=Status.WITHDRAWN).order_by("pk"))
        verbs = ["publish", "publish", "title", "state"]
        verbs += ["edit", "correct", "withdraw", "mark", "pin", "move"] if live else []
        verbs += ["restore"] if gone else []
        verb = self.chance.choice(verbs)
        entry = self.chance.choice(gone if verb == "restore" else live) if verb not in {"publish", "title", "state"} else None
        if entry is not None:
            entry.blog = self.blog
        getattr(self, verb)(entry)
        self.keep(verb)

    @property
    def facts(self) -> dict[str, Any]:
        return {"actor": self.chief, "now": at(self.minute)}

    def text(self) -> Any:
        words = " ".join(self.chance.choices(["Bridge", "closed", "again", "<&>", "größer", "now"], k=4))
        return factories.text(words, blocks=[factories.paragraph("The water rises. " * self.chance.choice([1, 10]))])

    def publish(self, _: Entry | None) -> None:
        back = at(self.minute - self.chance.choice([1, 30, 900])) if self.chance.random() < 0.3 else None
        entries.publish_entry(blog=self.blog, text=self.text(), published_at=back, key_event=self.chance.random() < 0.3, **self.facts)

    def edit(self, entry: Entry) -> None:
        entries.edit_entry(entry=entry, text=self.text(), base_version=entry.version, **self.facts)

    def correct(self, entry: Entry) -> None:
        entries.correct_entry(entry=entry, text=self.text(), note="It was wrong.", base_version=entry.version, **self.facts)

    def withdraw(self, entry: Entry) -> None:
        entries.withdraw_entry(entry=entry, reason="It was wrong.", notice=self.chance.random() < 0.5, **self.facts)

    def restore(self, entry: Entry) -> None:
        reversals.restore_entry(entry=entry, **self.facts)

    def mark(self, entry: Entry) -> None:
        entries.mark_key_event(entry=entry, key_event=not entry.key_event, **self.facts)

    def pin(self, entry: Entry) -> None:
        if self.blog.pinned_id == entry.pk:
            entries.unpin_entry(blog=self.blog, **self.facts)
        else:
            entries.pin_entry(entry=entry, **self.facts)

    def move(self, entry: Entry) -> None:
        places.move_entry(entry=entry, published_at=at(self.minute - self.chance.choice([0.5, 20, 1500])), **self.facts)

    def title(self, _: Entry | None) -> None:
        blogs.edit_blog(blog=self.blog, title=f"The story at {self.minute:g}", **self.facts)

    def state(self, _: Entry | None) -> None:
        onward = sorted(set(blogs.NEXT[State(self.blog.state)]) - {State.DRAFT})
        blogs.set_state(blog=self.blog, state=self.chance.choice(onward), **self.facts)

    # What a server shows and says after it

    def keep(self, verb: str) -> None:
        self.done.append(verb)
        self.blog = LiveBlog.objects.get(pk=self.blog.pk)
        self.pages.append(Page.of(self.client.get(f"/live/{self.blog.slug}/").content.decode()))
        stretch = catching_up.read_stretch(self.blog, after=0)
        self.tokens = [0, *(stretch.tokens[seq] for seq in range(1, self.blog.seq + 1))] if self.blog.seq else [0]
        answers = []
        for after, token in enumerate(self.tokens):
            found = stretch.since(after=after, epoch=self.blog.epoch, token=token)
            answers.append(
                {"epoch": found.head.epoch, "head": found.head.seq, "token": found.token, "next": found.next_seq, "frames": found.frames}
            )
        pushed = [json.loads(message["text"]) for message in self.said]
        self.said.clear()
        self.steps.append({"head": self.blog.seq, "pushed": pushed, "answers": answers})

    def readers(self) -> list[dict[str, int]]:
        last = len(self.steps) - 1
        # Rather early than late: who comes at the end has little to miss.
        joined = [min(self.chance.randint(0, last), self.chance.randint(0, last)) for _ in range(READERS)]
        return [{"seed": self.chance.randrange(2**32), "loaded": self.chance.randint(0, each), "joined": each} for each in joined]


@pytest.fixture
def node() -> Iterator[subprocess.Popen[str]]:
    program = shutil.which("node")
    if not program:
        missing("node is not installed. Install it (Debian: apt-get install nodejs).")
    with subprocess.Popen([program, str(REPLAY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_page_of_any_age_and_what_reaches_it_is_a_fresh_page(
    client: Client, node: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(
        announce.sender, "send_soon", lambda messages, group=announce.GROUP: said.extend(messages if group == announce.GROUP else ())
    )
    assert node.stdin
    assert node.stdout
    applied = number = 0
    while number * READERS < COUNT:
        name = f"HISTORIES_SEED={SEED}, story {number}"
        said.clear()
        story = Story(client, random.Random(f"{SEED}/{number}"), said)
        readers = story.readers()
        node.stdin.write(json.dumps({"epoch": story.blog.epoch, "tokens": story.tokens, "steps": story.steps, "readers": readers}) + "\n")
        node.stdin.flush()
        for reader, found in zip(readers, json.loads(node.stdout.readline()), strict=True):
            page = copy.deepcopy(story.pages[reader["loaded"]])
            for frame in found["frames"]:
                page.apply(frame)
            applied += len(found["frames"])
            assert (found["seq"], found["token"]) == (story.pages[-1].seq, story.pages[-1].token), f"{name}: {story.done}, {reader}"
            assert shows(page) == shows(story.pages[-1]), f"{name}: {story.done}, {reader}"
        number += 1
    with capsys.disabled():
        print(f"\n{number * READERS} histories of {number} stories, {applied} frames applied, HISTORIES_SEED={SEED}")  # noqa: T201 – to repeat it by
    assert applied > COUNT
