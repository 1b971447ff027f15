"""The two controls of the entry form that HTML does not have: the body in blocks, and bylines in an order."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from newsroom.desk.pictures import PictureFacts
from newsroom.errors import Fault
from newsroom.media.intake import MAX_BYTES


def editor_words() -> dict[str, Any]:
    """Every sentence that the block editor's scripts may show or say; `{n}`, `{name}` and the like are filled in there."""
    return {
        "types": {
            "text": _("Text"),
            "image": _("Picture"),
            "gallery": _("Gallery"),
            "quote": _("Quote"),
            "list": _("List"),
            "embed": _("Link card"),
            "audio": _("Audio"),
            "video": _("Video"),
        },
        "place": _("{name}, block {n} of {total}"),
        "acts": {
            "up": _("Move up: {name}, block {n}"),
            "down": _("Move down: {name}, block {n}"),
            "below": _("Add below: {name}, block {n}"),
            "remove": _("Remove: {name}, block {n}"),
        },
        "added": _("{name} added as block {n}."),
        "removed": _("{name} removed."),
        "moved": _("{name} is now block {n} of {total}."),
        "already_first": _("This block is the first already."),
        "already_last": _("This block is the last already."),
        "picture_moved": _("The picture is now number {n} of {total}."),
        "picture_removed": _("Picture removed."),
        "not_a_picture": _("This is not a picture that can be shown here. JPEG, PNG, WebP, GIF and AVIF can."),
        "too_large": _("“{name}” has {size} MB; {limit} MB is the most. Export it smaller."),
        "sending": _("Sending “{name}” …"),
        "sent": _("“{name}” has arrived. Describe it for those who cannot see it."),
        "upload_failed": _("“{name}” did not arrive. Check the connection and try again."),
        "file_not_kept": _("Sending “{name}” … This browser cannot keep it: stay on this page until it has arrived."),
        "file_lost": _("“{name}” had not arrived when the page was left, and this browser could not keep it. Choose it again."),
        "unknown_picture": _("The picture {ref} is not among this blog's pictures."),
        "remote_picture": _("This picture is on {host}; readers get a link to it."),
    }


class BlocksWidget(forms.Widget):
    """`<block-editor>` over a JSON textarea.

    The form sets before rendering: `upload` (the address pictures go to), `pictures` (facts by ref), `touched` (refs whose words were typed
    but not saved), `pictures_value` (those words as sent) and `faults`.
    """

    template_name = "admin/blocks/editor.html"
    pictures_name = "pictures"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.upload = ""
        self.pictures: dict[str, PictureFacts] = {}
        self.pictures_value = "{}"
        self.touched: list[str] = []
        self.faults: list[Fault] = []

    @property
    def media(self) -> forms.Media:
        script: Any = forms.Script("js/desk/block-editor/block-editor.js", type="module")
        return forms.Media(css={"all": ["css/block-editor.css"]}, js=[script])

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(
            upload=self.upload,
            max_bytes=MAX_BYTES,
            pictures_name=self.pictures_name,
            pictures_value=self.pictures_value,
            documents={
                "words": editor_words(),
                "pictures": self.pictures,
                "touched": self.touched,
                "faults": [{"field": fault.field, "message": fault.message} for fault in self.faults],
            },
        )
        return context

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None) -> Any:
        # The project's templates, not those of the forms package: that is where this one is.
        return super().render(name, value, attrs, TemplatesSetting())


class OrderedSelects(forms.Widget):
    """Several selects of one name: their order on the page is the order of the values. Two empty ones are always there to be filled."""

    template_name = "admin/blocks/ordered_selects.html"
    spare = 2

    def __init__(self, attrs: dict[str, Any] | None = None, choices: list[tuple[str, str]] | None = None) -> None:
        super().__init__(attrs)
        self.choices = choices or []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [str(item) for item in value or [] if item]
        context["widget"]["rows"] = [
            {"number": number, "value": item} for number, item in enumerate([*chosen, *[""] * self.spare], start=1)
        ]
        context["widget"]["choices"] = self.choices
        return context

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_1"

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None) -> Any:
        return super().render(name, value, attrs, TemplatesSetting())
