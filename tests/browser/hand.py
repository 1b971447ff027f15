"""The other hand at the desk: a process of its own on the site under test, told over its standard input what to do.

Browser tests never touch the database in their own process. One line in is `{"verb": …, …}`, one line out the answer:
`{"ok": {…}}` or `{"error": sentence}`. Everything goes through `newsroom.actions`, as an editor's work does.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsroom.actions import blogs, bylines, drafts, entries, media, members  # noqa: E402
from newsroom.actions.texts import EntryText  # noqa: E402
from newsroom.models import AuditLine, Byline, Change, Entry, EntryRevision, LiveBlog, Write  # noqa: E402
from tests.newsroom.pictures import jpeg  # noqa: E402

PASSWORD = "made up for the tests"
ROLES = ("chief", "editor", "contributor")


def user(name: str) -> Any:
    return get_user_model().objects.get(username=name)


def entry(ref: str) -> Entry:
    return Entry.objects.select_related("blog").get(ref=ref)


def people() -> dict[str, Any]:
    """`admin`, who may do everything, and one member of staff a role, each named for it."""
    model = get_user_model()
    model.objects.create_superuser("admin", "", PASSWORD)
    for name in ROLES:
        model.objects.create_user(name, "", PASSWORD, is_staff=True)
    return {"password": PASSWORD}


def session(name: str) -> dict[str, Any]:
    """The cookie of somebody who has signed in."""
    browser = Client()
    browser.force_login(user(name))
    return {"cookies": {cookie: morsel.value for cookie, morsel in browser.cookies.items()}}


def open_blog(slug: str, state: str = "live", **facts: Any) -> dict[str, Any]:
    """A public blog with the three on its team."""
    admin, now = user("admin"), timezone.now()
    blog = blogs.open_blog(actor=admin, now=now, slug=slug, state=state, **{"title": f"The story of {slug}", **facts})
    for name in ROLES:
        members.set_member(actor=admin, blog=blog, user=user(name), role=name, now=now)
    return {"id": blog.pk, "slug": blog.slug}


def join(blog: str, name: str, role: str) -> dict[str, Any]:
    """Somebody new, and of the blog's team; without a password, since making one takes its time."""
    newcomer = get_user_model().objects.create_user(name, is_staff=True)
    members.set_member(actor=user("admin"), blog=LiveBlog.objects.get(slug=blog), user=newcomer, role=role, now=timezone.now())
    return {}


def names(names: list[str]) -> dict[str, Any]:
    """Bylines of the site, as many as there are names for."""
    for name in names:
        bylines.save_byline(actor=user("admin"), byline=Byline(name=name), now=timezone.now())
    return {}


def text_from(headline: str = "", html: str = "", blocks: list[dict[str, Any]] | None = None, **rest: Any) -> EntryText:
    body = blocks if blocks is not None else [{"type": "text", "html": html}] if html else []
    return EntryText(headline=headline, blocks=body, **rest)


def publish(blog: str, key_event: bool = False, **text: Any) -> dict[str, Any]:
    made = entries.publish_entry(
        actor=user("editor"), blog=LiveBlog.objects.get(slug=blog), text=text_from(**text), now=timezone.now(), key_event=key_event
    )
    return {"ref": made.ref, "rev": made.rev}


def upload(blog: str, alt: str, caption: str = "", size: tuple[int, int] = (600, 400)) -> dict[str, Any]:
    story = LiveBlog.objects.get(slug=blog)
    made = media.upload_image(actor=user("editor"), blog=story, file=io.BytesIO(jpeg(*size)), alt=alt, caption=caption, now=timezone.now())
    return {"ref": made.ref}


def schedule(blog: str, seconds: float, **text: Any) -> dict[str, Any]:
    """A draft that is to be released so many seconds from now."""
    editor, now = user("editor"), timezone.now()
    draft = drafts.save_draft(actor=editor, blog=LiveBlog.objects.get(slug=blog), text=text_from(**text), now=now)
    at = now + timedelta(seconds=seconds)
    return {"ref": drafts.schedule_entry(actor=editor, entry=draft, base_version=draft.version, at=at, now=now).ref}


def submit(blog: str, **text: Any) -> dict[str, Any]:
    """A contributor hands something in."""
    writer, now = user("contributor"), timezone.now()
    draft = drafts.save_draft(actor=writer, blog=LiveBlog.objects.get(slug=blog), text=text_from(**text), now=now)
    return {"ref": drafts.submit_entry(actor=writer, entry=draft, base_version=draft.version, now=now).ref}


def edit(ref: str, **text: Any) -> dict[str, Any]:
    old = entry(ref)
    new = entries.edit_entry(actor=user("editor"), entry=old, text=text_from(**text), base_version=old.version, now=timezone.now())
    return {"ref": new.ref, "rev": new.rev}


def correct(ref: str, note: str, **text: Any) -> dict[str, Any]:
    old, now = entry(ref), timezone.now()
    new = entries.correct_entry(actor=user("editor"), entry=old, text=text_from(**text), note=note, base_version=old.version, now=now)
    return {"ref": new.ref, "rev": new.rev}


def withdraw(ref: str, reason: str = "It was wrong.", notice: bool = True) -> dict[str, Any]:
    gone = entries.withdraw_entry(actor=user("editor"), entry=entry(ref), reason=reason, notice=notice, now=timezone.now())
    return {"ref": gone.ref, "rev": gone.rev}


def pin(ref: str) -> dict[str, Any]:
    entries.pin_entry(actor=user("editor"), entry=entry(ref), now=timezone.now())
    return {}


def mark(ref: str, key_event: bool = True) -> dict[str, Any]:
    return {"rev": entries.mark_key_event(actor=user("editor"), entry=entry(ref), key_event=key_event, now=timezone.now()).rev}


def set_state(blog: str, state: str) -> dict[str, Any]:
    blogs.set_state(actor=user("chief"), blog=LiveBlog.objects.get(slug=blog), state=state, now=timezone.now())
    return {}


def number(blog: str) -> dict[str, Any]:
    """The blog's primary key: what the admin's addresses name it by."""
    return {"pk": LiveBlog.objects.get(slug=blog).pk}


def headlines(blog: str) -> dict[str, Any]:
    """Every entry of the blog, oldest first."""
    rows = Entry.objects.filter(blog__slug=blog).order_by("pk")
    return {"entries": [{"headline": row.headline, "status": row.status, "words": str(row.blocks)} for row in rows]}


def record(blog: str) -> dict[str, Any]:
    """What the tables say of a blog whose entries were each published once: how many there are of everything, and in which order."""
    entries_of = Entry.objects.filter(blog__slug=blog)
    return {
        "published": entries_of.filter(status="published", rev=1).count(),
        "revisions": EntryRevision.objects.filter(entry__blog__slug=blog).count(),
        "writes": Write.objects.filter(blog__slug=blog).count(),
        "audited": AuditLine.objects.filter(blog__slug=blog, verb="publish").count(),
        "seqs": list(Change.objects.filter(blog__slug=blog).order_by("seq").values_list("seq", flat=True)),
        "feed": list(entries_of.order_by("order").values_list("ref", flat=True)),
    }


VERBS: dict[str, Callable[..., dict[str, Any]]] = {
    verb.__name__: verb
    for verb in (
        people,
        session,
        open_blog,
        number,
        join,
        names,
        record,
        headlines,
        publish,
        upload,
        schedule,
        submit,
        edit,
        correct,
        withdraw,
        pin,
        mark,
        set_state,
    )
}


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"ok": VERBS[order.pop("verb")](**order)}
        except Exception as error:  # noqa: BLE001 – whatever it was, the test is told
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
