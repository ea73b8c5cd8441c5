# SPDX-License-Identifier: Apache-2.0
"""What is done with an item while it is kept: acts of custody, hand-overs, claims, case files."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    OnceField,
    VersionField,
    choices_of,
    offences,
    offer,
    several,
)
from comity.evidence.custody import ACT_WORDS, CustodyAct, CustodyWords
from comity.evidence.forms.adding import InstantField, written
from comity.evidence.forms.marking import lines
from comity.evidence.hand_over import REFUSAL_WORDS, RefusalReason
from comity.reference.taxonomy import Offence, Purpose

LONGEST_REASON = 2000


class ReasonForm(forms.Form):
    """An act that needs its reason in a person's words."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CustodyForm(forms.Form):
    """One act of custody, by whoever is signed in."""

    act = forms.ChoiceField(label=gettext_lazy("What was done"))
    done_at = InstantField(
        label=gettext_lazy("When"),
        required=False,
        help_text=gettext_lazy("Empty for now. In the time of this node."),
    )
    place = written(gettext_lazy("Where"))
    reason = written(gettext_lazy("Why, and what was found"), rows=3, max_length=LONGEST_REASON)
    counterpart = written(gettext_lazy("With whom"))
    marks = written(
        gettext_lazy("Numbers of seals put on, found or broken"),
        rows=2,
        max_length=2000,
        help_text=gettext_lazy("One on each line."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), required=False)
    version = VersionField()

    def __init__(self, *args: Any, acts: tuple[CustodyAct, ...], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            act=[("", gettext("Choose")), *((a.value, gettext(ACT_WORDS[a])) for a in acts)],
            purpose=choices_of(Purpose, empty=gettext("That of the case file")),
        )

    def words(self) -> CustodyWords:
        """What the officer wrote."""
        given = self.cleaned_data
        return CustodyWords(
            given["place"], given["reason"], given["counterpart"], lines(given["marks"])
        )


class HandOverForm(forms.Form):
    """To whom an item goes: an officer of ours, or another administration."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"))
    place = written(gettext_lazy("Where"))
    reason = written(gettext_lazy("Why"), rows=2, max_length=LONGEST_REASON)
    counterpart = written(
        gettext_lazy("Who takes it there"),
        help_text=gettext_lazy("The person or office, where it goes to another administration."),
    )
    marks = written(gettext_lazy("Numbers of its seals"), rows=2, max_length=2000)
    for_good = forms.BooleanField(label=gettext_lazy("It does not come back"), required=False)
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        officers: list[tuple[str, str]],
        partners: list[tuple[str, str]],
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            to=[
                ("", gettext("Choose")),
                (gettext("Officers"), officers),
                (gettext("Administrations"), partners),
            ],
        )

    def words(self) -> CustodyWords:
        """What the officer wrote."""
        given = self.cleaned_data
        return CustodyWords(
            given["place"], given["reason"], given["counterpart"], lines(given["marks"])
        )


class RefusalForm(forms.Form):
    """Why an item is not taken over."""

    why = forms.ChoiceField(label=gettext_lazy("Not taken over because"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, why=choices_of(RefusalReason, REFUSAL_WORDS, empty=gettext("Choose")))


class ClaimForm(forms.Form):
    """What somebody says of one field otherwise than it stands."""

    field = forms.ChoiceField(label=gettext_lazy("Of what"))
    text = forms.CharField(
        label=gettext_lazy("What is known otherwise"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    form_key = OnceField()

    def __init__(self, *args: Any, fields: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, field=[("", gettext("Choose")), *fields])


class PutInCaseForm(forms.Form):
    """The case file that an item is put into."""

    case = forms.ChoiceField(label=gettext_lazy("Case file"))
    version = VersionField()

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, case=[("", gettext("Choose")), *cases])


class CaseForm(forms.Form):
    """A new case file: its purpose is stated here once."""

    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=60,
        help_text=gettext_lazy("A code such as CASE-2026-0041, never a name."),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy(
            "Every item in it is read for this purpose; a use beyond it is asked for anew."
        ),
    )
    offences = several(gettext_lazy("Offences"), required=False)
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Who works on it beside you"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    FIELDS: ClassVar[tuple[str, ...]] = ("reference", "purpose", "offences", "officers")

    def __init__(self, *args: Any, officers: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["officers"].widget.folded = True
        offer(
            self,
            purpose=choices_of(Purpose, empty=gettext("Choose")),
            offences=offences(),
            officers=officers,
        )

    def clean_reference(self) -> str:
        """A code without blanks."""
        given = str(self.cleaned_data["reference"]).strip()
        if not given or any(sign.isspace() for sign in given):
            raise ValidationError(gettext("A reference has no blanks."))
        return given

    def named_offences(self) -> tuple[Offence, ...]:
        """The offences as codes."""
        return tuple(map(Offence, self.cleaned_data["offences"]))
