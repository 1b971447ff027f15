"""What the desk's scripts ask for: a place for a picture, and the fragment of a text that is not saved."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from functools import wraps
from pathlib import PurePosixPath
from typing import Any, Concatenate, ParamSpec, cast

from django.core.files.storage import default_storage, storages
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.actions.media import upload_image
from newsroom.desk.forms import EntryForm
from newsroom.desk.pictures import facts_of
from newsroom.desk.preview import preview
from newsroom.desk.sessions import person_of
from newsroom.errors import Fault, Invalid, NewsroomError, NotFound, PermissionRefused
from newsroom.models import Image, LiveBlog
from newsroom.permissions import require, seen_entries

# A body of 100 blocks, each a full gallery, would name more than anybody restores.
MAX_REFS = 500

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def faults_json(faults: list[Fault], status: int) -> JsonResponse:
    return JsonResponse({"faults": [{"field": fault.field, "message": fault.message} for fault in faults]}, status=status)


def refusals_as_json(view: View[P]) -> View[P]:
    """A refusal becomes `{"faults": [{"field", "message"}]}` with 422 (Invalid), 401 (signed out), 403, 404 or 409.

    Nothing is kept by a cache."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            if not request.user.is_authenticated:
                return faults_json([Fault("", str(_("You are signed out. Sign in again; what you typed is kept.")))], 401)
            if not (request.user.is_active and getattr(request.user, "is_staff", False)):
                raise NotFound
            return view(request, *args, **kwargs)
        except Invalid as refusal:
            return faults_json(refusal.faults, 422)
        except NotFound:
            return faults_json([Fault("", str(_("There is no such page.")))], 404)
        except PermissionRefused as refusal:
            return faults_json([Fault("", str(refusal))], 403)
        except NewsroomError as refusal:
            return faults_json([Fault("", str(refusal))], 409)

    return cast("View[P]", never_cache(answer))


def blog_of(slug: str) -> LiveBlog:
    blog = LiveBlog.objects.filter(slug=slug).first()
    if blog is None:
        raise NotFound
    return blog


@never_cache
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Whether this browser is still signed in: `{"alive", "user", "token"}`, `token` being what a form must bring from now on.

    A sign-in changes it, so a page that was open before takes it from here. Asking keeps no session alive and counts as no visit.
    """
    person = person_of(request.session.session_key)
    if person is None:
        return JsonResponse({"alive": False})
    return JsonResponse({"alive": True, "user": person.get_username(), "token": get_token(request)})


@require_http_methods(["GET", "POST"])
@refusals_as_json
def images(request: HttpRequest, slug: str) -> JsonResponse:
    """POST takes the picture in `file` for the blog and answers 201 with its facts (`newsroom.desk.pictures.PictureFacts`).

    GET `?refs=i-…,i-…` answers `{"pictures": {ref: facts}}` for those of them that the blog has.
    """
    blog = blog_of(slug)
    if request.method == "GET":
        require(request.user, "upload_image", blog)
        refs = request.GET.get("refs", "").split(",")[:MAX_REFS]
        return JsonResponse(
            {"pictures": {image.ref: facts_of(image) for image in Image.objects.filter(blog=blog, ref__in=refs).select_related("blog")}}
        )
    file = request.FILES.get("file")
    if file is None:
        raise Invalid([Fault("file", _("No picture came with this request."))])
    image = upload_image(actor=request.user, blog=blog, file=file, now=timezone.now())
    return JsonResponse(facts_of(image), status=201)


@require_safe
@refusals_as_json
def picture(request: HttpRequest, slug: str, ref: str, file: str) -> FileResponse:
    """One file of a picture (`960.jpg`) for the team's own eyes, whether readers may have it or not."""
    blog = blog_of(slug)
    require(request.user, "read_drafts", blog)
    image = Image.objects.filter(blog=blog, ref=ref).first()
    row = next((row for row in image.renditions if PurePosixPath(row["name"]).name == file), None) if image else None
    if row is None:
        raise NotFound
    # It may be on its way from one to the other, and each file is copied before it is deleted.
    for storage in (storages["originals"], default_storage, storages["originals"]):
        try:
            return FileResponse(storage.open(row["name"], "rb"), content_type=row["type"])
        except FileNotFoundError:
            continue
    raise NotFound


@require_POST
@refusals_as_json
def preview_entry(request: HttpRequest, slug: str) -> JsonResponse:
    """The fragment of what the entry form holds, as `{"html"}`. `?entry=<pk>` names the entry that is being changed."""
    blog = blog_of(slug)
    entry = None
    if request.GET.get("entry"):
        number = request.GET["entry"]
        entry = seen_entries(request.user).filter(blog=blog, pk=number if number.isdecimal() else "0").first()
        if entry is None:
            raise NotFound
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        form = EntryForm(request.POST, blog=blog, entry=entry)
        if not form.is_valid():
            raise Invalid(form_faults(form))
    data: dict[str, Any] = form.cleaned_data
    html = preview(
        actor=request.user,
        blog=blog,
        entry=entry,
        text=form.text,
        said=data["pictures"],
        now=timezone.now(),
        published_at=data["published_at"],
        key_event=data["key_event"],
    )
    return JsonResponse({"html": html})


def form_faults(form: BaseForm) -> list[Fault]:
    return [Fault(name, " ".join(map(str, messages))) for name, messages in form.errors.items()]
