# SPDX-License-Identifier: Apache-2.0
"""Acts that need a reason in words, and the maintenance of the exchange."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.accounts.services.answering import language
from comity.agreements.queries.choices import VersionField, offer
from comity.exchange.reasons import REFUSED_BY_A_PERSON, in_words

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


class RefusalForm(forms.Form):
    """For which reason of the list a person refuses a message."""

    reason = forms.ChoiceField(label=gettext_lazy("Refused because"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        named = [(code.value, in_words(code, language())) for code in REFUSED_BY_A_PERSON]
        offer(self, reason=[("", gettext("Choose")), *named])
