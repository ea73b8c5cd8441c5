# SPDX-License-Identifier: Apache-2.0
"""What is laid on an item: its caveats, handling, rules of use, audience, classes, days."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    DayField,
    TriStateField,
    choices_of,
    offer,
    several,
)
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat, HandlingCode, InformationClass


def lines(text: str) -> tuple[str, ...]:
    """What stands in each line of a text field."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class MarkingForm(forms.Form):
    """The conditions under which an item came; what is left out is unknown, never harmless."""

    classes = several(gettext_lazy("Classes of information that it holds"), required=False)
    personal_data = TriStateField(label=gettext_lazy("Personal data"))
    judicial = TriStateField(label=gettext_lazy("Obtained by or through a judicial authority"))
    caveats = several(gettext_lazy("Caveats"), required=False)
    handling = several(gettext_lazy("Handling codes"), required=False)
    keep_until = DayField(label=gettext_lazy("To be returned or destroyed by"), required=False)
    named_only = forms.BooleanField(
        label=gettext_lazy("Only for the recipients named below"), required=False
    )
    audience = forms.CharField(
        label=gettext_lazy("Named recipients"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One on each line; with nobody named, nobody is meant."),
    )
    restrictions = forms.CharField(
        label=gettext_lazy("Conditions in words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line, as the supplier wrote them."),
    )

    MARKING: ClassVar[tuple[str, ...]] = (
        "classes",
        "personal_data",
        "judicial",
        "caveats",
        "handling",
        "keep_until",
        "named_only",
        "audience",
        "restrictions",
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            classes=choices_of(InformationClass),
            caveats=choices_of(Caveat),
            handling=choices_of(HandlingCode),
        )

    def clean(self) -> dict[str, Any]:
        """A list of recipients is either meant or not. Any: values of several fields."""
        given = super().clean() or {}
        if given.get("audience", "").strip() and not given.get("named_only"):
            raise ValidationError(
                gettext("Recipients are named: say whether it is for them only, or name none.")
            )
        return given

    def marking_fields(self) -> list[forms.BoundField]:
        """What is laid on the item."""
        return [self[name] for name in self.MARKING]

    def marking(self) -> Marking:
        """What is laid on the item, as a value."""
        given = self.cleaned_data
        return Marking(
            caveats=frozenset(map(Caveat, given["caveats"])),
            handling=frozenset(map(HandlingCode, given["handling"])),
            audience=frozenset(lines(given["audience"])) if given["named_only"] else None,
            classes=frozenset(map(InformationClass, given["classes"])),
            personal_data=given["personal_data"],
            judicially_obtained=given["judicial"],
            return_or_destroy_by=given["keep_until"],
            restrictions=frozenset(lines(given["restrictions"])),
        )
