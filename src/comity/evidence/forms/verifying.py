# SPDX-License-Identifier: Apache-2.0
"""What anybody hands in to have it verified."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class VerifyForm(forms.Form):
    """A package or a sealed PDF, and whom its reader trusts."""

    file = forms.FileField(
        label=gettext_lazy("Package or certified copy"),
        allow_empty_file=False,
        help_text=gettext_lazy("A file ending in .asice, or a sealed PDF."),
    )
    own = forms.BooleanField(
        label=gettext_lazy("Trust the seals that this administration trusts"),
        required=False,
        initial=True,
    )
    anchors = forms.FileField(
        label=gettext_lazy("Certificates that you trust"),
        required=False,
        help_text=gettext_lazy(
            "In PEM, as the administration that sealed it gave them to you by another way."
        ),
    )
