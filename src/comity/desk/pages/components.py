# SPDX-License-Identifier: Apache-2.0
"""The components of the house on one page: shown in training only, and checked by the tests."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from comity.accounts.services import officer_page
from comity.agreements.verdict import Verdict
from comity.desk import samples


class SampleForm(forms.Form):
    """One field of each kind, one of them refused."""

    reference = forms.CharField(label="Reference", help_text="As the partner wrote it.")
    day = forms.DateField(label="Day")
    partner = forms.ChoiceField(
        label="Partner", choices=[("SL", "Southland"), ("EL", "Eastland")], required=False
    )
    channel = forms.ChoiceField(
        label="Channel", choices=[("post", "Post"), ("wire", "Wire")], widget=forms.RadioSelect
    )
    forms_asked = forms.MultipleChoiceField(
        label="Forms of assistance",
        choices=[("info", "Information"), ("copy", "Certified copies")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    facts = forms.CharField(label="Facts", widget=forms.Textarea(attrs={"rows": 3}))
    urgent = forms.BooleanField(label="Urgent", required=False)


@officer_page()
def components(request: HttpRequest) -> HttpResponse:
    """Every component with made-up content."""
    if not settings.ENVIRONMENT.training:
        raise Http404
    form = SampleForm({"reference": "REQ-NL-2026-00041", "day": "soon", "channel": "post"})
    context = {"verdicts": list(Verdict), "form": form, "samples": samples}
    return render(request, "desk/components.html", context)
