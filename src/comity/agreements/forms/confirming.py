# SPDX-License-Identifier: Apache-2.0
"""Forms of confirmations, rulings and attestations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    Form,
    HiddenInput,
    Textarea,
)
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.confirmation import years_after
from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.queries.choices import (
    CodeField,
    DayField,
    ReferenceField,
    VersionField,
    choices_of,
    forms_of_assistance,
    offer,
    several,
)
from comity.agreements.records import Stance
from comity.agreements.services import ConfirmationDraft, RulingDraft
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import N_
from comity.reference.taxonomy import LABELS, FormOfAssistance, Purpose, UseRule

EVIDENCE_WORDS: dict[ConfirmationEvidence, str] = {
    ConfirmationEvidence.DEPOSITARY_RECORD: N_("The depositary's record"),
    ConfirmationEvidence.NOTE_VERBALE: N_("A note verbale"),
    ConfirmationEvidence.CERTIFIED_TEXT: N_("A certified text"),
}
SUBJECT_WORDS: dict[ConfirmedSubject, str] = {
    ConfirmedSubject.FORCE: N_("That it is in force"),
    ConfirmedSubject.PROVISION: N_("What a provision says"),
}
STANCE_WORDS: dict[Stance, str] = {
    Stance.CORROBORATES: N_("It says the same"),
    Stance.DISAGREES: N_("It says otherwise"),
}
REVIEW_YEARS = 1


def _words(rows: int) -> Textarea:
    return Textarea(attrs={"rows": rows})


class ConfirmationForm(Form):
    """Confirms force: one line of the custodian's list. Also used row by row on the bulk page."""

    instrument = ReferenceField(label=gettext_lazy("Instrument"))
    evidence = ChoiceField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("News and other arrangements never confirm."),
    )
    citation = CharField(
        label=gettext_lazy("Citation"),
        widget=_words(2),
        max_length=2000,
        help_text=gettext_lazy("Where a colleague finds it: file, number, date."),
    )
    in_force_from = DayField(label=gettext_lazy("In force from"), required=False)
    in_force_until = DayField(
        label=gettext_lazy("No longer in force from"),
        required=False,
        help_text=gettext_lazy("Empty while it lasts."),
    )
    review_by = DayField(label=gettext_lazy("Review by"))
    renews = CharField(widget=HiddenInput(), required=False, max_length=24)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, evidence=choices_of(ConfirmationEvidence, EVIDENCE_WORDS))

    @staticmethod
    def first_values(on: date, **known: Any) -> dict[str, Any]:
        """What the empty form proposes on that day."""
        return {"review_by": years_after(on, REVIEW_YEARS), **known}

    def draft(self) -> ConfirmationDraft:
        """What the service takes."""
        given = self.cleaned_data
        return ConfirmationDraft(**given | {"evidence": ConfirmationEvidence(given["evidence"])})


class ProvisionForm(ConfirmationForm):
    """Confirms a provision: the article, the forms it provides for, what it says of purposes."""

    article = CharField(label=gettext_lazy("Article"), max_length=60)
    forms = several(gettext_lazy("It provides for"), required=False)
    in_force_from = None  # type: ignore[assignment]  # a field taken away from the parent form
    in_force_until = None  # type: ignore[assignment]  # a field taken away from the parent form
    field_order = ("instrument", "article", "forms")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, forms=forms_of_assistance())
        rules = [("", gettext("says nothing of it")), *choices_of(UseRule)]
        for purpose in Purpose:
            self.fields[f"use_{purpose.value}"] = ChoiceField(
                label=gettext(LABELS[purpose]), choices=rules, required=False
            )

    def use_fields(self) -> list[Any]:
        """One field for each purpose."""
        return [self[name] for name in self.fields if name.startswith("use_")]

    def other_fields(self) -> list[Any]:
        """Everything that is not about a purpose."""
        return [self[name] for name in self.fields if not name.startswith("use_")]

    def draft(self) -> ConfirmationDraft:
        """What the service takes."""
        given = self.cleaned_data
        said = {purpose: given[f"use_{purpose.value}"] for purpose in Purpose}
        return ConfirmationDraft(
            instrument=given["instrument"],
            evidence=ConfirmationEvidence(given["evidence"]),
            citation=given["citation"],
            review_by=given["review_by"],
            renews=given["renews"],
            subject=ConfirmedSubject.PROVISION,
            article=given["article"],
            forms=tuple(FormOfAssistance(code) for code in given["forms"]),
            use_rules=tuple((p, UseRule(rule)) for p, rule in said.items() if rule),
        )


class DecisionForm(Form):
    """A decision on a record: its version, and the reason where one is needed."""

    version = VersionField()
    reason = CharField(
        label=gettext_lazy("Reason"), widget=_words(2), max_length=2000, required=False
    )


class StatementForm(Form):
    """What a partner published on the matter of a confirmation."""

    stance = ChoiceField(label=gettext_lazy("What it says"))
    partner = CodeField(label=gettext_lazy("Partner"))
    made_on = DayField(label=gettext_lazy("Published on"))
    citation = CharField(label=gettext_lazy("Citation"), widget=_words(2), max_length=2000)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, stance=choices_of(Stance, STANCE_WORDS))


class RulingForm(Form):
    """A standing ruling: one instrument, one form, one purpose, for twelve months at most."""

    instrument = ReferenceField(label=gettext_lazy("Instrument"))
    form = ChoiceField(label=gettext_lazy("Form of assistance"))
    purpose = ChoiceField(label=gettext_lazy("Purpose"))
    verdict = ChoiceField(label=gettext_lazy("Ruling"))
    conditions = CharField(
        label=gettext_lazy("Conditions"),
        widget=_words(3),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("One in each line."),
    )
    grounds = CharField(label=gettext_lazy("Grounds"), widget=_words(4), max_length=4000)
    valid_from = DayField(label=gettext_lazy("Holds from"))
    valid_until = DayField(
        label=gettext_lazy("No longer holds from"),
        help_text=gettext_lazy("Twelve months later at the latest."),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            form=forms_of_assistance(),
            purpose=choices_of(Purpose),
            verdict=choices_of(Verdict, VERDICT_WORDS),
        )

    @staticmethod
    def first_values(on: date) -> dict[str, Any]:
        """What the empty form proposes on that day."""
        return {"valid_from": on, "valid_until": years_after(on, 1)}

    def draft(self) -> RulingDraft:
        """What the service takes."""
        given = self.cleaned_data
        return RulingDraft(
            instrument=given["instrument"],
            form=FormOfAssistance(given["form"]),
            purpose=Purpose(given["purpose"]),
            verdict=Verdict(given["verdict"]),
            grounds=given["grounds"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            conditions=tuple(given["conditions"].splitlines()),
        )


class AttestationForm(Form):
    """Attests that the list for a pair of administrations and a period is complete."""

    one = CodeField(label=gettext_lazy("Administration"))
    other = CodeField(label=gettext_lazy("Partner"))
    valid_from = DayField(label=gettext_lazy("Complete from"))
    valid_until = DayField(label=gettext_lazy("To be looked at again on"))
    citation = CharField(
        label=gettext_lazy("Checked against"),
        widget=_words(2),
        max_length=2000,
        help_text=gettext_lazy("The list of treaties, the partner's answer, the archive."),
    )
    understood = BooleanField(
        label=gettext_lazy("From now on, what the register does not list does not exist.")
    )

    @staticmethod
    def first_values(on: date, one: str) -> dict[str, Any]:
        """What the empty form proposes on that day."""
        return {"one": one, "valid_from": on, "valid_until": on + timedelta(days=365)}
