# SPDX-License-Identifier: Apache-2.0
"""What narrows a list, a comparison or the coverage. All of them are sent by GET."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    CodeField,
    DayField,
    ReferenceField,
    choices_of,
    forms_of_assistance,
    offer,
)
from comity.agreements.state_words import STATES
from comity.reference.taxonomy import InstrumentKind, Programme, Purpose


class RegisterSearchForm(forms.Form):
    """Narrows the register: by party, kind, programme, state on a day, and words."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=120)
    party = CodeField(label=gettext_lazy("Party"), required=False)
    with_ = CodeField(label=gettext_lazy("And party"), required=False)
    programme = forms.ChoiceField(label=gettext_lazy("Programme"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    on = DayField(label=gettext_lazy("On the day"), required=False)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        every = gettext("Any")
        offer(
            self,
            programme=choices_of(Programme, empty=every),
            kind=choices_of(InstrumentKind, empty=every),
            state=[("", every), *((s.value, gettext(STATES[s][0])) for s in STATES)],
        )


class CoverageForm(forms.Form):
    """Whose coverage, on which day, and perhaps for one form or purpose."""

    of = CodeField(label=gettext_lazy("Administration"))
    on = DayField(label=gettext_lazy("On the day"))
    form = forms.ChoiceField(label=gettext_lazy("Form of assistance"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), required=False)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        every = [("", gettext("Any"))]
        offer(self, form=[*every, *forms_of_assistance()], purpose=[*every, *choices_of(Purpose)])


class CompareForm(forms.Form):
    """Two instruments, or an instrument and a model text."""

    first = ReferenceField(label=gettext_lazy("First instrument"))
    second = ReferenceField(label=gettext_lazy("Second instrument or model"))
    only_differing = forms.BooleanField(label=gettext_lazy("Only what differs"), required=False)


class DayForm(forms.Form):
    """The day as of which a page is read."""

    on = DayField(label=gettext_lazy("As of the day"))
