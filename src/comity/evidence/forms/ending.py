# SPDX-License-Identifier: Apache-2.0
"""The end of an item's life: holds, destruction lists, recalls, subjects, corrections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    DayField,
    OnceField,
    VersionField,
    choices_of,
    offer,
    several,
)
from comity.evidence.forms.adding import written
from comity.evidence.forms.keeping import LONGEST_REASON, ReasonForm
from comity.evidence.forms.marking import lines
from comity.evidence.lifetime import (
    DESTRUCTION_WORDS,
    HOLD_WORDS,
    DestructionGround,
    HoldGround,
)
from comity.evidence.recall import (
    ANSWERS,
    DEMAND_WORDS,
    GROUND_WORDS,
    OUTCOME_WORDS,
    Demand,
    Ground,
    Outcome,
    narrowing,
)
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat, Purpose


class HoldForm(ReasonForm):
    """A legal hold on one item or on a whole case file."""

    target = forms.CharField(
        label=gettext_lazy("Item or case file"),
        max_length=60,
        help_text=gettext_lazy("Its reference, such as ITM-00012."),
    )
    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    field_order = ("target", "ground", "reason")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, ground=choices_of(HoldGround, HOLD_WORDS, empty=gettext("Choose")))

    def clean_target(self) -> str:
        """A reference, as it is written."""
        return str(self.cleaned_data["target"]).strip()


class DestructionForm(forms.Form):
    """Which items are to be destroyed, and why each."""

    reason = written(gettext_lazy("Remark for who approves it"), rows=2, max_length=LONGEST_REASON)
    form_key = OnceField()

    def __init__(
        self, *args: Any, items: list[tuple[str, str, DestructionGround]], **settings: Any
    ) -> None:
        super().__init__(*args, **settings)
        self.items = items
        grounds = [("", gettext("Keep it")), *choices_of(DestructionGround, DESTRUCTION_WORDS)]
        for reference, label, ground in items:
            self.fields[f"ground-{reference}"] = forms.ChoiceField(
                label=gettext("What becomes of {item}").format(item=label),
                choices=grounds,
                required=False,
                initial=ground,
            )

    def rows(self) -> list[tuple[str, forms.BoundField]]:
        """Each item's reference with its field."""
        return [(reference, self[f"ground-{reference}"]) for reference, _, _ in self.items]

    def clean(self) -> dict[str, Any]:
        """At least one item. Any: values of several fields."""
        given = super().clean() or {}
        if not any(given.get(f"ground-{reference}") for reference, _, _ in self.items):
            raise ValidationError(gettext("Choose at least one item, with its ground."))
        return given

    def grounds(self) -> dict[str, DestructionGround]:
        """The ground of each item that is chosen."""
        given = self.cleaned_data
        return {
            reference: DestructionGround(given[f"ground-{reference}"])
            for reference, _, _ in self.items
            if given[f"ground-{reference}"]
        }


class DecisionForm(ReasonForm):
    """A second person decides on a list."""

    version = VersionField()


class RecallForm(forms.Form):
    """What we ask of everybody who holds an item that we supplied."""

    demand = forms.ChoiceField(label=gettext_lazy("What is asked of every holder"))
    ground = forms.ChoiceField(label=gettext_lazy("Because"))
    answer_by = DayField(label=gettext_lazy("Answer awaited by"), required=False)
    text = written(gettext_lazy("In your words"), rows=3, max_length=5000)
    corrections = written(
        gettext_lazy("What is right instead"),
        rows=3,
        max_length=5000,
        help_text=gettext_lazy("To correct: one field on each line, as “title: Bill of lading”."),
    )
    caveats = several(gettext_lazy("To narrow: caveats"), required=False)
    not_for = several(gettext_lazy("To narrow: no longer for"), required=False)
    return_by = DayField(
        label=gettext_lazy("To narrow: to be returned or destroyed by"), required=False
    )
    conditions = written(
        gettext_lazy("To narrow: conditions in words"),
        rows=3,
        max_length=5000,
        help_text=gettext_lazy("One on each line; a person at the holder reads them."),
    )
    form_key = OnceField()

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            demand=choices_of(Demand, DEMAND_WORDS, empty=gettext("Choose")),
            ground=choices_of(Ground, GROUND_WORDS, empty=gettext("Choose")),
            caveats=choices_of(Caveat),
            not_for=choices_of(Purpose),
        )

    def clean(self) -> dict[str, Any]:
        """What is to be corrected is said. Any: values of several fields."""
        given = super().clean() or {}
        if given.get("demand") == Demand.CORRECT and not pairs(given.get("corrections", "")):
            raise ValidationError(gettext("Say what is right instead, a field on each line."))
        if given.get("demand") == Demand.NARROW and self.marking() is None:
            raise ValidationError(gettext("Say what is laid on it from now on."))
        return given

    def marking(self) -> Marking | None:
        """What is laid on the item from now on; None for nothing."""
        given = self.cleaned_data
        return narrowing(
            map(Caveat, given.get("caveats", ())),
            map(Purpose, given.get("not_for", ())),
            given.get("return_by"),
            lines(given.get("conditions", "")),
        )


def pairs(written: str) -> dict[str, str]:
    """Lines such as “title: Bill of lading” as fields and what each should say."""
    found = {}
    for line in written.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip() and value.strip():
            found[name.strip()] = value.strip()
    return found


class RecallAnswerForm(forms.Form):
    """Our answer to a supplier that takes an item back."""

    outcome = forms.ChoiceField(label=gettext_lazy("What became of it here"))
    until = DayField(label=gettext_lazy("Held for law until"), required=False)
    text = written(gettext_lazy("In your words"), rows=2, max_length=5000)

    def __init__(self, *args: Any, demand: Demand, **settings: Any) -> None:
        super().__init__(*args, **settings)
        answers = [each for each in Outcome if each in ANSWERS[demand]]
        offer(self, outcome=choices_of(answers, OUTCOME_WORDS, empty=gettext("Choose")))


class CorrectionForm(forms.Form):
    """What is right of an item that we supplied."""

    corrections = written(
        gettext_lazy("What is right instead"),
        rows=3,
        max_length=5000,
        help_text=gettext_lazy("One field on each line, as “title: Bill of lading”."),
    )
    replacement = written(
        gettext_lazy("Item that takes its place"),
        max_length=24,
        help_text=gettext_lazy("Its reference, where a corrected file was added; empty for none."),
    )
    text = written(gettext_lazy("In your words"), rows=2, max_length=5000)
    form_key = OnceField()


class SubjectForm(forms.Form):
    """A person whom items are about; the name lies sealed under the person's own key."""

    name = forms.CharField(
        label=gettext_lazy("Name, as it stands in the items"),
        max_length=300,
        help_text=gettext_lazy("Kept sealed under a key of its own; lists show a reference."),
    )
    items = written(
        gettext_lazy("Items that are about this person"),
        rows=3,
        max_length=5000,
        help_text=gettext_lazy("One reference on each line, such as ITM-00012."),
    )
    form_key = OnceField()


class BreachForm(forms.Form):
    """That an assurance was not kept."""

    on = DayField(label=gettext_lazy("Breached on"))


class AssuranceForm(forms.Form):
    """An assurance of confidence and of limits of purpose, given or received."""

    partner = forms.ChoiceField(label=gettext_lazy("Partner"))
    ours = forms.ChoiceField(label=gettext_lazy("Given by"), widget=forms.RadioSelect)
    instrument = written(gettext_lazy("Under instrument"), max_length=80)
    item = written(gettext_lazy("For which item"), max_length=24)
    on = DayField(label=gettext_lazy("On the day"))
    text = written(
        gettext_lazy("What is assured"),
        rows=3,
        max_length=2000,
        help_text=gettext_lazy("Kept sealed."),
    )

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            partner=[("", gettext("Choose")), *partners],
            ours=[("ours", gettext("us")), ("theirs", gettext("the partner"))],
        )
