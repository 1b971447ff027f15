"""Work that nobody waits for. The backend is a setting: inside the server, `db_worker` processes, or a house's own engine."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from newsroom.models import LiveBlog, Tag
from newsroom.permissions import RELEASE_WORKER


@task()
def add_avif(image_id: int) -> None:
    """AVIF takes seconds where JPEG and WebP take tenths: the picture is published first and gets lighter a moment later."""
    from newsroom.actions import media  # the action enqueues this task, so each knows the other

    media.add_avif(image_id=image_id, now=timezone.now())


@task()
def settle_pictures() -> None:
    """Takes the files of withdrawn pictures off the public address where a crash or a failing storage had left them."""
    from newsroom.actions import pictures

    pictures.settle_withheld()


@task()
def rerender_tagged(tag_id: int) -> None:
    """After a tag got another name: the entries that carry it say so, one ordinary change after the other."""
    from newsroom.actions import tags

    tag = Tag.objects.filter(pk=tag_id).first()
    if tag:
        tags.rerender_tagged_entries(tag=tag, now=timezone.now(), actor=RELEASE_WORKER)


@task()
def rerender_blog(blog_id: int) -> None:
    """After the blog's zone, language or policy on standing changed: its entries say so, one ordinary change after the other."""
    from newsroom.actions import rerendering

    rerendering.rerender_blog(blog=LiveBlog.objects.get(pk=blog_id), now=timezone.now(), actor=RELEASE_WORKER)
