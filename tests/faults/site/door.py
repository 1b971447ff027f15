"""The door: one POST a write, through the product's own actions, answered when it is committed.

An answer says whether this process has written it now (`here`: the first under its key), and then the monotonic time of the commit, one
clock for all processes of a machine. A refusal of the newsroom is a 409. What else goes wrong the
product's own handler answers, with 503 where the database is away and 500 otherwise: the writer tries again with its key.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from liveblog.wire.hub import current_hub
from newsroom.actions import blogs, drafts, entries, members
from newsroom.actions.texts import EntryText
from newsroom.announce import sender
from newsroom.errors import NewsroomError, NotFound
from newsroom.models import Entry, LiveBlog, Write
from tests.faults.site import points
from tests.faults.site.layers import CountedLayer

Facts = dict[str, Any]


def text_from(facts: Facts) -> EntryText:
    return EntryText(headline=facts["headline"], blocks=[{"type": "text", "html": facts["html"]}])


def publish(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    now = timezone.now()
    back = timedelta(seconds=facts.get("back", 0))
    made = entries.publish_entry(actor=actor, blog=blog, text=text_from(facts), now=now, key=key, published_at=now - back if back else None)
    return {"ref": made.ref, "rev": made.rev}


def _entry(facts: Facts) -> Entry:
    found = Entry.objects.select_related("blog").filter(ref=facts["ref"]).first()
    if found is None:
        raise NotFound
    return found


def edit(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    old = _entry(facts)
    done = entries.edit_entry(actor=actor, entry=old, text=text_from(facts), base_version=old.version, now=timezone.now(), key=key)
    return {"ref": done.ref, "rev": done.rev}


def correct(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    old, now = _entry(facts), timezone.now()
    note = "A number was wrong."
    done = entries.correct_entry(actor=actor, entry=old, text=text_from(facts), note=note, base_version=old.version, now=now, key=key)
    return {"ref": done.ref, "rev": done.rev}


def withdraw(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    gone = entries.withdraw_entry(
        actor=actor, entry=_entry(facts), reason="It was wrong.", notice=facts["notice"], now=timezone.now(), key=key
    )
    return {"ref": gone.ref, "rev": gone.rev}


def mark(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    done = entries.mark_key_event(actor=actor, entry=_entry(facts), key_event=facts["key_event"], now=timezone.now(), key=key)
    return {"ref": done.ref, "rev": done.rev}


def pin(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    entries.pin_entry(actor=actor, entry=_entry(facts), now=timezone.now(), key=key)
    return {}


def unpin(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    entries.unpin_entry(actor=actor, blog=blog, now=timezone.now(), key=key)
    return {}


def front(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    blogs.edit_blog(actor=actor, blog=blog, now=timezone.now(), key=key, title=facts["title"])
    return {}


def state(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    blogs.set_state(actor=actor, blog=blog, state=facts["state"], now=timezone.now(), key=key)
    return {}


def draft(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    kept = drafts.save_draft(actor=actor, blog=blog, text=text_from(facts), now=timezone.now(), key=key)
    return {"ref": kept.ref}


def schedule(blog: LiveBlog, actor: Any, key: uuid.UUID, facts: Facts) -> Facts:
    kept = drafts.save_draft(actor=actor, blog=blog, text=text_from(facts), now=timezone.now(), key=key)
    if kept.status == "draft":
        now = timezone.now()
        drafts.schedule_entry(actor=actor, entry=kept, base_version=kept.version, at=now + timedelta(seconds=facts["after"]), now=now)
    return {"ref": kept.ref}


VERBS: dict[str, Callable[[LiveBlog, Any, uuid.UUID, Facts], Facts]] = {
    verb.__name__: verb for verb in (publish, edit, correct, withdraw, mark, pin, unpin, front, state, draft, schedule)
}


def write(request: HttpRequest, verb: str) -> HttpResponse:
    facts = json.loads(request.body)
    # Holds the request open, so that a server can be told to stop while it is in flight.
    threading.Event().wait(facts.get("hold", 0))
    blog = LiveBlog.objects.get(slug=facts["blog"])
    actor = get_user_model().objects.get(username=facts["actor"])
    key = uuid.UUID(facts["key"])
    points.moments.committed = None
    try:
        answer = VERBS[verb](blog, actor, key, facts)
    except NewsroomError as refusal:
        return JsonResponse({"refused": f"{type(refusal).__name__}: {refusal}"}, status=409)
    seq = Write.objects.filter(key=key).values_list("seq", flat=True).first()
    committed = points.moments.committed
    return JsonResponse({**answer, "seq": seq, "here": committed is not None, "committed": committed})


def open_blog(request: HttpRequest) -> HttpResponse:
    """A live blog with `people` as its chiefs."""
    facts = json.loads(request.body)
    users, now = get_user_model().objects, timezone.now()
    for name in facts["people"]:
        if not users.filter(username=name).exists():
            users.create_superuser(name, "", uuid.uuid4().hex)
    first, *others = [users.get(username=name) for name in facts["people"]]
    blog = blogs.open_blog(actor=first, now=now, slug=facts["blog"], title="The crowd watches", state="live", zone="Europe/Oslo")
    # Joining a team is a write like any other, and the fail-points undo some of those.
    for user in others:
        while not blog.memberships.filter(user=user).exists():
            with contextlib.suppress(points.RolledBack):
                members.set_member(actor=first, blog=blog, user=user, role="chief", now=now)
    return JsonResponse({"id": blog.pk})


def turn(request: HttpRequest) -> HttpResponse:
    """Sets fail-points; answers how many messages the counted layer has dropped, and how busy the catch-up was at most."""
    points.turn(**json.loads(request.body))
    return JsonResponse({"dropped": CountedLayer.dropped, "catch_ups": points.busiest_second()})


async def waiting(request: HttpRequest) -> HttpResponse:
    """How many bytes wait in this process for each reader of a blog, the fullest first."""
    feed = current_hub().known(json.loads(request.body)["blog"])
    writers = [getattr(reader, "_writer", None) for reader in feed.everyone()] if feed else []
    return JsonResponse({"bytes": sorted((writer.unsent() for writer in writers if writer), reverse=True)})


async def linger(request: HttpRequest) -> HttpResponse:
    """Answers after a while: a request in flight."""
    await asyncio.sleep(json.loads(request.body)["seconds"])
    return JsonResponse({"waited": True})


def burst(request: HttpRequest) -> HttpResponse:
    """Publishes one entry after another while this process's event loop stands still, as it does under a long computation."""
    facts = json.loads(request.body)
    blog, actor = LiveBlog.objects.get(slug=facts["blog"]), get_user_model().objects.get(username=facts["actor"])
    sender._running_loop().call_soon_threadsafe(time.sleep, facts["seconds"])
    answers = []
    for text in facts["texts"]:
        key, points.moments.committed = uuid.UUID(text["key"]), None
        made = publish(blog, actor, key, text)
        seq = Write.objects.values_list("seq", flat=True).get(key=key)
        answers.append({**made, "key": text["key"], "seq": seq, "here": True, "committed": points.moments.committed})
    return JsonResponse({"answers": answers})
