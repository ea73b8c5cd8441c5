# SPDX-License-Identifier: Apache-2.0
"""Entering by hand what was given to whom, an assurance, and its breach."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    DayField,
    OnceField,
    ReferenceField,
    choices_of,
    offer,
)
from comity.agreements.question import Proceeding, Recipient
from comity.evidence.forms.adding import written
from comity.evidence.forms.using import PROCEEDING_WORDS, RECIPIENT_WORDS
from comity.evidence.services.giving_out import NAMED, Gift
from comity.evidence.way_out import IntendedUse
from comity.reference.taxonomy import Purpose

MOST_ITEMS = 100
SEPARATORS = re.compile(r"[\s,;]+")


class DisclosureForm(forms.Form):
    """Who gets which items, on which legal basis, and what exactly."""

    items = forms.CharField(
        label=gettext_lazy("Items"),
        max_length=2000,
        help_text=gettext_lazy("Their references, with blanks between them."),
    )
    recipient = forms.ChoiceField(label=gettext_lazy("Given to"))
    name = written(
        gettext_lazy("Code of the state or name of the authority"),
        max_length=60,
        help_text=gettext_lazy("For a third state or another authority; never a person's name."),
    )
    compelled = forms.BooleanField(
        label=gettext_lazy("A court or the law obliges us to give it"), required=False
    )
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), required=False)
    proceeding = forms.ChoiceField(label=gettext_lazy("Proceeding"), required=False)
    under = ReferenceField(
        label=gettext_lazy("Under instrument"),
        required=False,
        help_text=gettext_lazy("Empty for the one by which the law's answer stands."),
    )
    article = written(gettext_lazy("Article"), max_length=60)
    on = DayField(label=gettext_lazy("Given on"))
    what = written(
        gettext_lazy("What was given, and to whom exactly"),
        rows=3,
        max_length=2000,
        help_text=gettext_lazy("Kept sealed with each item; the register has none of it."),
    )

    form_key = OnceField()
    decide = written(
        gettext_lazy("Where the law leaves it to a person: it may go because"),
        rows=2,
        max_length=2000,
        help_text=gettext_lazy("For a unit head or legal adviser; the decision stands with it."),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            recipient=choices_of(Recipient, RECIPIENT_WORDS, empty=gettext("Choose")),
            purpose=choices_of(Purpose, empty=gettext("That of the case file")),
            proceeding=choices_of(Proceeding, PROCEEDING_WORDS),
        )

    def clean_items(self) -> tuple[str, ...]:
        """The references, in capitals, each once."""
        given = SEPARATORS.split(self.cleaned_data["items"].strip().upper())
        found = tuple(dict.fromkeys(each for each in given if each))
        if not 0 < len(found) <= MOST_ITEMS:
            raise ValidationError(
                gettext("Name between one and {most} items.").format(most=MOST_ITEMS)
            )
        return found

    def clean(self) -> dict[str, Any]:
        """A state or an authority is named, and nobody else. Any: values of several fields."""
        given = super().clean() or {}
        named, name = given.get("recipient") in NAMED, given.get("name", "").strip()
        if given.get("recipient") and named and not name:
            self.add_error("name", gettext("Name the state or the authority."))
        if given.get("recipient") and not named and name:
            self.add_error("name", gettext("This recipient has no code; say who it is below."))
        return given

    def gift(self) -> Gift:
        """What the service takes."""
        given = self.cleaned_data
        proceeding = Proceeding(given["proceeding"] or Proceeding.NONE)
        use = IntendedUse(Purpose(given["purpose"]), proceeding) if given["purpose"] else None
        return Gift(
            Recipient(given["recipient"]),
            given["name"].strip(),
            given["what"],
            given["under"],
            given["article"].strip(),
            given["compelled"],
            given["on"],
            use,
            given["decide"],
        )


class BreachForm(forms.Form):
    """That an assurance was broken."""

    on = DayField(label=gettext_lazy("Broken on"))
    text = written(
        gettext_lazy("What happened"),
        rows=3,
        max_length=2000,
        help_text=gettext_lazy("Kept sealed."),
    )
