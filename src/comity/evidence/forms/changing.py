# SPDX-License-Identifier: Apache-2.0
"""Another purpose of a case file, other offences, other officers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from comity.agreements.queries.choices import VersionField, choices_of, offences, offer, several
from comity.evidence.item import CaseFile
from comity.evidence.services.cases import CaseChange
from comity.reference.taxonomy import Offence, Purpose


class ChangeCaseForm(forms.Form):
    """What a case file is to say from now on."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("Every item in it is decided on anew for another purpose."),
    )
    offences = several(gettext_lazy("Offences"), required=False)
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Who works on it, beside who opened it"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    version = VersionField()

    def __init__(self, *args: Any, officers: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["officers"].widget.folded = True
        offer(self, purpose=choices_of(Purpose), offences=offences(), officers=officers)

    @staticmethod
    def values_of(case: CaseFile) -> dict[str, Any]:
        """What the form shows first. Any: values of several fields."""
        return {
            "purpose": case.purpose,
            "offences": list(case.offences),
            "officers": sorted(case.officers),
            "version": case.version,
        }

    def purpose_meant(self) -> Purpose:
        """The purpose as a code."""
        return Purpose(self.cleaned_data["purpose"])

    def offences_meant(self) -> frozenset[Offence]:
        """The offences as codes."""
        return frozenset(map(Offence, self.cleaned_data["offences"]))

    def change(self) -> CaseChange:
        """What the service takes."""
        officers = frozenset(self.cleaned_data["officers"])
        return CaseChange(self.purpose_meant(), self.offences_meant(), officers)
