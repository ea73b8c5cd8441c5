# SPDX-License-Identifier: Apache-2.0
"""Acts that need a reason in words, and the maintenance of the exchange."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from comity.agreements.queries.choices import VersionField

LONGEST_REASON = 2000


class ReasonForm(forms.Form):
    """An act that needs its reason in a person's words."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VersionedReasonForm(ReasonForm):
    """The same about a record that others may have changed meanwhile."""

    version = VersionField()


class MaintenanceForm(ReasonForm):
    """Why the exchange stands still, and until when it is expected to."""

    expected_until = forms.DateTimeField(
        label=gettext_lazy("Expected until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("Partners are told, and come again then."),
    )
