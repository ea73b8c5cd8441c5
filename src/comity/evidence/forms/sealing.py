# SPDX-License-Identifier: Apache-2.0
"""The seal's certificate, the time-stamp authority, and the roots of partners' seals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import offer
from comity.evidence.forms.adding import written

LARGEST_FILE = 1 << 20


class PemField(forms.FileField):
    """A file of certificates, small as such files are."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The bytes of the file. Any: what a browser sent."""
        file = super().clean(data, initial)
        return file.read(LARGEST_FILE) if file else b""


class RequestForm(forms.Form):
    """Whom a trust service is asked to name in the seal's certificate."""

    common_name = forms.CharField(
        label=gettext_lazy("Name of the seal"),
        max_length=64,
        help_text=gettext_lazy(
            "As the trust service is to write it, such as the authority's name."
        ),
    )
    organization = written(gettext_lazy("Organisation"), max_length=64)
    country = written(gettext_lazy("Country, two letters"), max_length=2)
    new_key = forms.BooleanField(
        label=gettext_lazy("With a new key; the old one seals until the answer is taken in"),
        required=False,
    )

    def subject(self) -> dict[str, str]:
        """The names as a request holds them."""
        given = self.cleaned_data
        named = {
            "common_name": given["common_name"],
            "organization": given["organization"],
            "country": given["country"].upper(),
        }
        return {name: value for name, value in named.items() if value}


class CertificateForm(forms.Form):
    """What a trust service issued."""

    file = PemField(
        label=gettext_lazy("Certificates in PEM"),
        help_text=gettext_lazy("The seal's own first, then who issued it, up to the root."),
    )


class StampsForm(forms.Form):
    """Where time stamps are asked for."""

    address = forms.URLField(
        label=gettext_lazy("Address of the time-stamp authority"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Empty for the built-in pilot authority."),
    )
    certificates = PemField(
        label=gettext_lazy("Its certificates in PEM, root included"), required=False
    )
    pilot_allowed = forms.BooleanField(
        label=gettext_lazy("The pilot authority may step in where it cannot be had"),
        required=False,
    )


class RootForm(forms.Form):
    """The root of a partner's seal, compared with its holder."""

    partner = forms.ChoiceField(label=gettext_lazy("Partner"))
    file = PemField(label=gettext_lazy("Root certificate in PEM"))
    fingerprint = forms.CharField(
        label=gettext_lazy("Its fingerprint, as the partner read it to you"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, partner=[("", gettext("Choose")), *partners])
