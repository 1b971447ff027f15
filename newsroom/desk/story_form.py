"""What stands above the feed, changed from the desk's bar. The rest of a blog has its own form in the admin."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.desk.forms import TIME_FORMATS, MomentInput
from newsroom.desk.suggestions import Suggesting, zones
from newsroom.models import Byline, EntryByline, LiveBlog

# Up to so many names, nobody has to look for one.
FEW = 12


class StoryForm(forms.Form):
    """Judging is `newsroom.actions.blogs.edit_blog`'s part. Its times are on the clock of the zone that is typed beside them."""

    use_required_attribute = False

    title = forms.CharField(label=_("Headline"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    standfirst = forms.CharField(
        label=_("Standfirst"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    edited_by = forms.TypedMultipleChoiceField(
        label=_("Edited by"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who is on shift. Readers see it above the feed."),
    )
    zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("Such as Europe/London."), widget=Suggesting(zones))
    language = forms.ChoiceField(label=_("Language"))
    planned_start = forms.DateTimeField(label=_("Planned start"), required=False, widget=MomentInput, input_formats=TIME_FORMATS)
    planned_end = forms.DateTimeField(
        label=_("Planned end"),
        required=False,
        widget=MomentInput,
        input_formats=TIME_FORMATS,
        help_text=_("For the desk. Nothing ends by itself."),
    )
    quiet_minutes = forms.IntegerField(
        label=_("Remind after"), min_value=0, max_value=24 * 60, help_text=_("Minutes without a word to readers; 0: never.")
    )

    def __init__(self, blog: LiveBlog, data: Any = None) -> None:
        facts = {name: getattr(blog, name) for name in self.base_fields if name != "edited_by"}
        on_shift = LiveBlog.edited_by.through.objects.filter(liveblog_id=blog.pk, byline_id=OuterRef("pk"))
        signed = EntryByline.objects.filter(entry__blog_id=blog.pk, byline_id=OuterRef("pk"))
        lines = list(Byline.objects.annotate(on_shift=Exists(on_shift), signed=Exists(signed)))
        super().__init__(data, initial={**facts, "edited_by": [line.pk for line in lines if line.on_shift]}, auto_id="story_%s")
        near = [line for line in lines if line.on_shift or line.signed] if len(lines) > FEW else lines
        near.sort(key=lambda line: not line.on_shift)
        self.near = len(near)
        ordered = [*near, *(line for line in lines if line not in near)]
        self.fields["edited_by"].choices = [(line.pk, str(line)) for line in ordered]  # type: ignore[attr-defined]
        codes = list(settings.LANGUAGES)
        if blog.language not in dict(codes):
            # A code that there are no words for was chosen in the admin, and stays until another is.
            codes.append((blog.language, blog.language))
        self.fields["language"].choices = codes  # type: ignore[attr-defined]

    @property
    def shift(self) -> tuple[list[Any], list[Any]]:
        """The boxes of who is on shift or signs in this blog, and those of the rest of the site."""
        boxes = list(self["edited_by"])
        return boxes[: self.near], boxes[self.near :]

    def full_clean(self) -> None:
        zone = self.data.get("zone", "")
        if zone not in zoneinfo.available_timezones():
            # Its own fault is found by the action; until then no time means anything.
            return super().full_clean()
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return super().full_clean()

    @property
    def facts(self) -> dict[str, Any]:
        """As `edit_blog` takes them. Of a valid form."""
        return {**self.cleaned_data, "edited_by": list(Byline.objects.filter(pk__in=self.cleaned_data["edited_by"]))}
