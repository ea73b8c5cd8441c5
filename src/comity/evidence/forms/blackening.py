# SPDX-License-Identifier: Apache-2.0
"""Areas of a page that are made black: where each lies in percent, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import offer
from comity.evidence.services.redacting import Blackened, area_of
from comity.handling.redaction import REASON_WORDS, RedactionReason

MOST_AREAS = 100
BLANK_ROWS = 3


def percent(label: Any, *, least: float = 0) -> forms.FloatField:
    """A place or a length in percent of the page. Any: a text that is translated later."""
    widget = forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=least, max_value=100, widget=widget)


class AreaForm(forms.Form):
    """One rectangle, from its upper left corner."""

    left = percent(gettext_lazy("Left"))
    top = percent(gettext_lazy("Top"))
    width = percent(gettext_lazy("Width"), least=0.1)
    height = percent(gettext_lazy("Height"), least=0.1)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        reasons = [
            (reason.value, gettext(words))
            for reason, words in REASON_WORDS.items()
            if reason is not RedactionReason.SHOWS_WITHHELD
        ]
        offer(self, reason=[("", gettext("Choose")), *reasons])

    def clean(self) -> dict[str, Any]:
        """It lies on the page. Any: values of several fields."""
        given = super().clean() or {}
        for place, length in (("left", "width"), ("top", "height")):
            if place in given and length in given and given[place] + given[length] >= 100.05:
                self.add_error(length, gettext("It reaches beyond the page."))
        return given

    def marked(self) -> Blackened:
        """The area and its reason."""
        given = self.cleaned_data
        area = area_of(given["left"], given["top"], given["width"], given["height"])
        return Blackened(area, RedactionReason(given["reason"]))


if TYPE_CHECKING:
    _Rows = BaseFormSet[AreaForm]
else:  # the class takes no parameter when the program runs
    _Rows = BaseFormSet


class AreasForms(_Rows):
    """All areas of one page; a row that is left empty is none."""

    def clean(self) -> None:
        """At least one area is marked."""
        if not any(self.errors) and not self.marked():
            raise ValidationError(gettext("Mark at least one area, with its reason."))

    def marked(self) -> tuple[Blackened, ...]:
        """The areas that were marked, in the order of their rows."""
        return tuple(one.marked() for one in self.forms if one.has_changed())


_FORMS = forms.formset_factory(
    AreaForm,
    formset=AreasForms,
    extra=BLANK_ROWS,
    max_num=MOST_AREAS,
    absolute_max=MOST_AREAS,
    validate_max=True,
)


def areas_forms(given: Any = None) -> AreasForms:
    """The rows as they were sent, or blank ones. Any: what a browser sent."""
    return cast("AreasForms", _FORMS(given, prefix="area"))
