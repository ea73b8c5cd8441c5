# SPDX-License-Identifier: Apache-2.0
"""Certifying a copy: for which forum, in which languages, and who signs in which capacity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import ReferenceField, choices_of, offer
from comity.catalogues import N_
from comity.evidence.certificate_wording import wordings
from comity.evidence.certified_copy import Official
from comity.evidence.forms.adding import written
from comity.evidence.forum_profiles import Capacity, forum_profiles

CAPACITY_WORDS: dict[Capacity, str] = {
    Capacity.CERTIFYING_OFFICIAL: N_("certifying official"),
    Capacity.CUSTODIAN: N_("custodian of the record"),
    Capacity.US_SECRETARY_OF_EMBASSY: N_("secretary of an embassy of the United States"),
    Capacity.US_CONSUL: N_("consul of the United States"),
    Capacity.DIPLOMAT_ACCREDITED_TO_US: N_("diplomat accredited to the United States"),
}


class OfficialForm(forms.Form):
    """Who signs, as the certificate names them."""

    name = forms.CharField(
        label=gettext_lazy("Name of the official"),
        max_length=200,
        help_text=gettext_lazy("As it is to stand on the certificate, in any script."),
    )
    capacity = forms.ChoiceField(label=gettext_lazy("Signs as"))
    position = written(gettext_lazy("Office held"), max_length=200)
    place = written(gettext_lazy("Place"), max_length=200)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, capacity=choices_of(Capacity, CAPACITY_WORDS))

    def official(self) -> Official:
        """What the service takes."""
        given = self.cleaned_data
        capacity = Capacity(given["capacity"])
        return Official(given["name"], capacity, given["position"], given["place"])


class CertifyForm(OfficialForm):
    """A certified copy."""

    profile = forms.ChoiceField(label=gettext_lazy("For which forum"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    second = forms.ChoiceField(label=gettext_lazy("Second language beside it"), required=False)
    under = ReferenceField(
        label=gettext_lazy("Under instrument"),
        required=False,
        help_text=gettext_lazy("Empty for the one under which the law lets it out."),
    )
    article = written(gettext_lazy("Article"), max_length=60)
    field_order = (
        "profile",
        "language",
        "second",
        "name",
        "capacity",
        "position",
        "place",
        "under",
        "article",
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        known = [(code, each.name) for code, each in wordings().items()]
        offer(
            self,
            profile=[(code, gettext(each.title)) for code, each in forum_profiles().items()],
            language=known,
            second=[("", gettext("None")), *known],
        )

    def clean(self) -> dict[str, Any]:
        """Two languages are two. Any: values of several fields."""
        given = super().clean() or {}
        if given.get("second") and given.get("second") == given.get("language"):
            raise ValidationError(gettext("Choose a second language that is another one."))
        return given

    def languages(self) -> tuple[str, ...]:
        """The languages, in their order on the page."""
        given = self.cleaned_data
        return tuple(filter(None, (given["language"], given["second"])))
