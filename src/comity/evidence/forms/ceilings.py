# SPDX-License-Identifier: Apache-2.0
"""A ceiling: each part either has no limit, or only what is chosen passes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import choices_of, forms_of_assistance, offer, several
from comity.evidence.way_out import WAY_WORDS, WayOut
from comity.handling.ceiling import PART_WORDS, Ceiling, CeilingPart
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Purpose,
)

CODES: dict[CeilingPart, Any] = {  # Any: each part has codes of its own
    CeilingPart.WAYS: WayOut,
    CeilingPart.PURPOSES: Purpose,
    CeilingPart.FORMS: FormOfAssistance,
    CeilingPart.CLASSES: InformationClass,
    CeilingPart.HANDLING: HandlingCode,
    CeilingPart.CAVEATS: Caveat,
}


class CeilingForm(forms.Form):
    """The most that may be handled; a part that is not limited lets everything pass."""

    personal_data = forms.BooleanField(
        label=gettext_lazy("Personal data may pass"), required=False, initial=True
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for part in CODES:
            words = gettext(PART_WORDS[part])
            self.fields[f"limit-{part}"] = forms.BooleanField(
                label=gettext("Limit {part}").format(part=words), required=False
            )
            self.fields[part.value] = several(
                gettext("Only these, of {part}").format(part=words),
                required=False,
                help_text=gettext("With none chosen, nothing passes."),
            )
        offer(
            self,
            ways=choices_of(WayOut, WAY_WORDS),
            purposes=choices_of(Purpose),
            forms=forms_of_assistance(),
            classes=choices_of(InformationClass),
            handling=choices_of(HandlingCode),
            caveats=choices_of(Caveat),
        )
        self.order_fields(
            [name for part in CODES for name in (f"limit-{part}", part.value)] + ["personal_data"]
        )

    @staticmethod
    def values_of(ceiling: Ceiling) -> dict[str, Any]:
        """What the form shows first. Any: values of several fields."""
        values: dict[str, Any] = {"personal_data": ceiling.personal_data}
        for part in CODES:
            limit = getattr(ceiling, part.value)
            values[f"limit-{part}"] = limit is not None
            values[part.value] = sorted(limit or ())
        return values

    def ceiling(self) -> Ceiling:
        """What is set."""
        given = self.cleaned_data
        limits = {
            part.value: frozenset(map(codes, given[part.value]))
            if given[f"limit-{part}"] or given[part.value]
            else None
            for part, codes in CODES.items()
        }
        limits["ways"] = None if limits["ways"] is None else frozenset(map(str, limits["ways"]))
        return Ceiling(**limits, personal_data=given["personal_data"])
