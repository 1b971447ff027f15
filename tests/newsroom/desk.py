"""A hand at the entry form: what a browser would send, and what it would see."""

from __future__ import annotations

import html
import json
import re
import uuid
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from newsroom.models import Entry, Image, LiveBlog


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def add_address(blog: LiveBlog) -> str:
    return f"{reverse('admin:newsroom_entry_add')}?blog={blog.slug}"


def change_address(entry: Entry) -> str:
    return reverse("admin:newsroom_entry_change", args=[entry.pk])


def act_address(act: str, *entries: Entry) -> str:
    return reverse("admin:newsroom_entry_act", args=[act], query={"refs": ",".join(entry.ref for entry in entries)})


def typed(verb: str = "publish", *, blocks: Any = None, **fields: Any) -> dict[str, Any]:
    """The form's fields as a browser sends them. `key` is new unless it is given; `blocks` may be a string that is no JSON."""
    body = [{"type": "text", "html": "<p>Engineers are inspecting the span.</p>"}] if blocks is None else blocks
    sent = {
        "verb": verb,
        "kind": "update",
        "headline": "Bridge closed",
        "standing": "",
        "source": "",
        "happened_precision": "minute",
        "pictures": "{}",
        "key": str(uuid.uuid4()),
        "base_version": "",
        "blocks": body if isinstance(body, str) else json.dumps(body),
    }
    return sent | {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in fields.items()}


def edited(entry: Entry, verb: str = "edit", **fields: Any) -> dict[str, Any]:
    """The form of an entry that was just opened."""
    return typed(
        verb, **{"headline": entry.headline, "blocks": entry.blocks, "kind": entry.kind, "base_version": str(entry.version)} | fields
    )


def shown_blocks(page: bytes) -> Any:
    """The body that the form of an answer holds."""
    found = re.search(r'<textarea name="blocks"[^>]*>(.*?)</textarea>', page.decode(), re.DOTALL)
    assert found, "the page has no body field"
    return json.loads(html.unescape(found[1]))


def shown_faults(page: bytes) -> dict[str, str]:
    """The refusals that the block editor of an answer is given: field to sentence."""
    found = re.search(r'<div data-part="faults" hidden><script type="application/json">(.*?)</script>', page.decode(), re.DOTALL)
    assert found, "the page has no block editor"
    return {fault["field"]: fault["message"] for fault in json.loads(found[1])}


def sent_picture(client: Client, blog: LiveBlog, data: bytes, name: str = "bridge.jpg") -> Any:
    """The answer of the door for pictures."""
    return client.post(reverse("desk:images", args=[blog.slug]), {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client, blog: LiveBlog, data: bytes) -> Image:
    answer = sent_picture(client, blog, data)
    assert answer.status_code == 201, answer.content
    return Image.objects.get(ref=answer.json()["ref"])
