"""What an act on an entry asks for, if it asks for anything. Judging it is the actions' part; keeping it is these forms'."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.actions import entries, review
from newsroom.desk.forms import MomentInput

NO_MOMENT = _("Write the day and the time.")


class Nothing(forms.Form):
    """An act that asks for nothing."""


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": review.MAX_NOTE, "dir": "auto"}),
        help_text=_("What is missing. The writer reads it, readers never do."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": entries.MAX_REASON, "dir": "auto"}),
        help_text=_("Readers see it where the entry stood."),
    )
    notice = forms.BooleanField(label=_("Leave a notice with the reason where the entry stood"), required=False, initial=True)


class MoveForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Published at"),
        widget=MomentInput,
        error_messages={"required": NO_MOMENT, "invalid": NO_MOMENT},
    )


class EmbargoForm(forms.Form):
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=MomentInput,
        help_text=_("Before this nobody can publish it and nothing releases it. Empty: no embargo."),
        error_messages={"invalid": NO_MOMENT},
    )


class PurgeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": entries.MAX_REASON, "dir": "auto"}),
        help_text=_("It stands in the audit for good. Name the request, not what the entry said."),
    )
