"""Pictures on their own: uploaded, described, given a focal point. Most come in through the block editor instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from newsroom.actions.media import describe_image, upload_image
from newsroom.admin.base import ActionAdmin, BlogFromAddress
from newsroom.desk.pictures import facts_of
from newsroom.desk.scope import blogs_of, images_of
from newsroom.models import Image, LiveBlog
from newsroom.permissions import can

FOCAL = forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"})


class UploadForm(forms.ModelForm):
    """A new picture. Empty caption and credit are filled from what the file says of itself."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("JPEG, PNG, WebP, GIF or AVIF, at most 12 MB."))

    class Meta:
        model = Image
        fields = ("alt", "decorative", "caption", "credit")


class DescribeForm(forms.ModelForm):
    class Meta:
        model = Image
        fields = ("alt", "decorative", "caption", "credit", "focal_x", "focal_y")
        widgets = {"focal_x": FOCAL, "focal_y": FOCAL}


@admin.register(Image)
class ImageAdmin(BlogFromAddress, ActionAdmin):
    adding = "upload_image"
    list_display = ("called", "thumbnail", "credit", "blog", "created_at")
    list_filter = ("decorative",)
    list_select_related = ("blog",)
    search_fields = ("alt", "caption", "credit", "ref", "blog__title")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        return images_of(request.user).select_related("blog")

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return obj is not None and can(request.user, "upload_image", obj.blog)

    def get_form(self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_form(request, obj, change=change, **{**kwargs, "form": DescribeForm if obj else UploadForm})

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["file", "alt", "decorative", "caption", "credit"]})]
        focal = (gettext_lazy("What must stay visible when it is cropped"), {"fields": [("focal_x", "focal_y")]})
        return [(None, {"fields": ["picture", "facts", "alt", "decorative", "caption", "credit"]}), focal]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        return ("picture", "facts") if obj else ()

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        context = dict(extra_context or {})
        if object_id is None:
            blog = self.blog_to_add_to(request)
            if isinstance(blog, HttpResponse):
                return blog
            context["subtitle"] = blog.title
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Image, form: forms.ModelForm, change: bool) -> None:
        data, now = form.cleaned_data, timezone.now()
        if change:
            image = Image.objects.select_related("blog").get(pk=obj.pk)
            words = {name: data[name] for name in ("alt", "decorative", "caption", "credit", "focal_x", "focal_y")}
            describe_image(actor=request.user, image=image, now=now, **words)
            return
        blog = self.blog_to_add_to(request)
        if not isinstance(blog, LiveBlog):
            raise TypeError("changeform_view lets nobody through without a blog")
        image = upload_image(
            actor=request.user,
            blog=blog,
            file=data["file"],
            now=now,
            alt=data["alt"],
            decorative=data["decorative"],
            caption=data["caption"] or None,
            credit=data["credit"] or None,
        )
        obj.pk = image.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """There is nothing beside the row, and the action has written that."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "blog":
            kwargs["queryset"] = blogs_of(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("what it shows"), ordering="alt")
    def called(self, image: Image) -> str:
        return str(image)

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, image: Image) -> str:
        return self._tag(image, "thumb")

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, image: Image) -> str:
        return self._tag(image, "thumb thumb--large")

    @admin.display(description=gettext_lazy("facts"))
    def facts(self, image: Image) -> str:
        return f"{image.ref} · {image.width} × {image.height} · {image.blog}"

    def _tag(self, image: Image, css: str) -> str:
        facts = facts_of(image)
        if not facts["url"]:
            return str(facts["remote"])
        # Its alternative text stands beside it, in the list as in the form.
        size = (facts["width"], facts["height"])
        return format_html('<img class="{}" src="{}" width="{}" height="{}" alt="" loading="lazy">', css, facts["url"], *size)
