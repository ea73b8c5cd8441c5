# SPDX-License-Identifier: Apache-2.0
"""Code lists as choices, in the reader's language, and the fields that forms share."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.reference.taxonomy import FORM_GROUPS, Offence, label

FORM_GROUP_WORDS = {
    "information": gettext_lazy("Information"),
    "enquiry": gettext_lazy("Enquiries"),
    "evidence": gettext_lazy("Evidence"),
    "special": gettext_lazy("Special forms"),
    "cross-border": gettext_lazy("Across the border"),
    "cooperation": gettext_lazy("Cooperation"),
}
OFFENCE_FAMILIES: dict[Any, tuple[Offence, ...]] = {
    gettext_lazy("Customs fraud and smuggling"): (
        Offence.DUTY_EVASION,
        Offence.UNDERVALUATION,
        Offence.MISCLASSIFICATION,
        Offence.ORIGIN_FRAUD,
        Offence.TRANSSHIPMENT,
        Offence.AD_CVD_EVASION,
        Offence.QUOTA_EVASION,
        Offence.TRANSIT_FRAUD,
        Offence.DRAWBACK_FRAUD,
        Offence.DOCUMENT_FRAUD,
        Offence.SMUGGLING_GENERAL,
    ),
    gettext_lazy("Drugs, tobacco, alcohol"): (
        Offence.NARCOTICS,
        Offence.PRECURSORS,
        Offence.TOBACCO,
        Offence.ALCOHOL,
    ),
    gettext_lazy("Money"): (
        Offence.CASH_BNI,
        Offence.MONEY_LAUNDERING,
        Offence.TBML,
    ),
    gettext_lazy("Rights, nature, safety of goods"): (
        Offence.IPR,
        Offence.CULTURAL_PROPERTY,
        Offence.CITES_WILDLIFE,
        Offence.IUU_SEAFOOD,
        Offence.FORCED_LABOUR_GOODS,
        Offence.HAZARDOUS_WASTE,
        Offence.OZONE_DEPLETING,
        Offence.PRODUCT_SAFETY,
        Offence.COUNTERFEIT_MEDICINE,
    ),
    gettext_lazy("Arms, exports, security"): (
        Offence.FIREARMS,
        Offence.EXPLOSIVES,
        Offence.NUCLEAR_RADIOLOGICAL,
        Offence.EXPORT_CONTROL,
        Offence.PROLIFERATION,
        Offence.SANCTIONS,
        Offence.TERRORISM,
    ),
    gettext_lazy("People and integrity"): (
        Offence.HUMAN_TRAFFICKING,
        Offence.MIGRANT_SMUGGLING,
        Offence.CORRUPTION,
    ),
}
"""How the long list of offences is folded on pages; it decides nothing."""


class FoldedChoices(forms.CheckboxSelectMultiple):
    """Check boxes that fold away by family, each family with a count of what is chosen."""

    folded = True


def several(label: Any, **settings: Any) -> forms.MultipleChoiceField:
    """A field of several codes out of a list, as folded check boxes."""
    return forms.MultipleChoiceField(label=label, widget=FoldedChoices(), **settings)


def choices_of(
    codes: Iterable[StrEnum], words: Mapping[Any, str] | None = None, *, empty: str = ""
) -> list[tuple[str, str]]:
    """The codes with their words; first an empty choice where one is named."""
    named = [(c.value, gettext(words[c] if words else label(c))) for c in codes]
    return [("", empty), *named] if empty else named


def forms_of_assistance() -> list[tuple[str, list[tuple[str, str]]]]:
    """The forms of assistance by family, as a grouped list."""
    return [
        (str(FORM_GROUP_WORDS[group]), choices_of(codes)) for group, codes in FORM_GROUPS.items()
    ]


def offences() -> list[tuple[str, list[tuple[str, str]]]]:
    """The offences by family, as a grouped list."""
    return [(str(family), choices_of(codes)) for family, codes in OFFENCE_FAMILIES.items()]


def offer(form: forms.Form, /, **choices: Any) -> None:
    """Give fields their choices when the form is made, in its reader's language."""
    for name, offered in choices.items():
        field = form.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        field.choices = offered


class DayField(forms.DateField):
    """A day; the browser's own picker where it has one, 2024-10-11 where it has none."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("widget", DayInput())
        super().__init__(input_formats=["%Y-%m-%d"], **settings)


class DayInput(forms.DateInput):
    """A date input in the form that browsers and programs read."""

    input_type = "date"

    def __init__(self, **settings: Any) -> None:
        super().__init__(format="%Y-%m-%d", **settings)


class TriStateField(forms.TypedChoiceField):
    """Yes, no, or not known, which is never the same as no."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("required", False)
        super().__init__(
            choices=[
                ("", gettext_lazy("Not known")),
                ("yes", gettext_lazy("Yes")),
                ("no", gettext_lazy("No")),
            ],
            coerce=lambda given: given == "yes",
            empty_value=None,
            **settings,
        )


class CodeField(forms.CharField):
    """The code of a country, group or service, in capitals, with suggestions from a list."""

    def __init__(self, *, suggestions: str = "parties", **settings: Any) -> None:
        attributes = {
            "list": suggestions,
            "autocapitalize": "characters",
            "autocomplete": "off",
            "spellcheck": "false",
        }
        settings.setdefault("max_length", 40)
        super().__init__(widget=forms.TextInput(attrs=attributes), **settings)

    def clean(self, value: Any) -> str:
        """The code in capitals. Any: what a browser sent."""
        return str(super().clean(value)).strip().upper()


class ReferenceField(forms.CharField):
    """The reference of an instrument, with suggestions from the register."""

    def __init__(self, **settings: Any) -> None:
        attributes = {"list": "instruments", "autocomplete": "off", "spellcheck": "false"}
        settings.setdefault("max_length", 80)
        super().__init__(widget=forms.TextInput(attrs=attributes), **settings)


class OnceField(forms.CharField):
    """A key drawn for each form that is shown, by which its second sending is known."""

    def __init__(self) -> None:
        drawn = partial(secrets.token_urlsafe, 16)
        super().__init__(widget=forms.HiddenInput(), required=False, max_length=60, initial=drawn)


class VersionField(forms.IntegerField):
    """The version that an edit was made from; another one meanwhile is a conflict."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput(), required=False, min_value=1)
