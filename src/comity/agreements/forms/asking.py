# SPDX-License-Identifier: Apache-2.0
"""The form of each of the five questions; `document` is what `question_reading` reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from django.forms import (
    BooleanField,
    BoundField,
    ChoiceField,
    Form,
)
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    CodeField,
    DayField,
    ReferenceField,
    TriStateField,
    choices_of,
    forms_of_assistance,
    offences,
    offer,
    several,
)
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
)

QUESTION_WORDS: dict[str, str] = {
    "ask": N_("May we ask?"),
    "release": N_("May we release?"),
    "use": N_("May we use?"),
    "disclose": N_("May we pass it on?"),
    "retain": N_("May we keep it?"),
}
RECIPIENT_WORDS: dict[Recipient, str] = {
    Recipient.OTHER_AUTHORITY: N_("Another authority of our state"),
    Recipient.THIRD_STATE: N_("A third state"),
    Recipient.COURT: N_("A court"),
    Recipient.DEFENCE: N_("The defence"),
    Recipient.PUBLIC: N_("The public"),
}
PROCEEDING_WORDS: dict[Proceeding, str] = {
    Proceeding.NONE: N_("None"),
    Proceeding.ADMINISTRATIVE: N_("Administrative"),
    Proceeding.CIVIL: N_("Civil"),
    Proceeding.CRIMINAL: N_("Criminal"),
}
ITEM_FIELDS = (
    "classes",
    "caveats",
    "handling",
    "personal_data",
    "judicially_obtained",
    "return_or_destroy_by",
)
BY_FAMILY = {"forms": forms_of_assistance, "offences": offences}
"""The fields whose codes are listed by family."""


class QuestionForm(Form):
    """What every question has. Choices are filled in when the form is made, in its language."""

    kind: ClassVar[str]
    lists: ClassVar[dict[str, type[StrEnum]]] = {}
    one: ClassVar[dict[str, tuple[type[StrEnum], dict[Any, str] | None, str]]] = {}
    more: ClassVar[tuple[str, ...]] = ("under", "known_on")
    """The fields that stand folded away: most questions need none of them."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for name, codes in self.lists.items():
            by_family = BY_FAMILY.get(name)
            offer(self, **{name: by_family() if by_family else choices_of(codes)})
        for name, (codes, words, empty) in self.one.items():
            none = gettext(empty) if empty else ""
            offer(self, **{name: choices_of(codes, words, empty=none)})

    def main_fields(self) -> list[BoundField]:
        """The fields that every question of this kind needs."""
        return [self[name] for name in self.fields if name not in (*self.more, *ITEM_FIELDS)]

    def item_fields(self) -> list[BoundField]:
        """The fields about the item."""
        return [self[name] for name in self.fields if name in ITEM_FIELDS]

    def more_fields(self) -> list[BoundField]:
        """The fields that stand folded away."""
        return [self[name] for name in self.fields if name in self.more]

    def document(self) -> dict[str, Any]:
        """The question as `question_reading` reads it; what was left open is left out."""
        given = {n: v for n, v in self.cleaned_data.items() if v not in (None, "", [])}
        item = {name: given.pop(name) for name in ITEM_FIELDS if name in given}
        return {"kind": self.kind, **given, **({"item": item} if item else {})}


class _Item(Form):
    """What the answer needs to know of an item; its content never stands here."""

    classes = several(gettext_lazy("Classes of information"), required=False)
    caveats = several(gettext_lazy("Caveats that it carries"), required=False)
    handling = ChoiceField(label=gettext_lazy("Handling code"), required=False)
    personal_data = TriStateField(label=gettext_lazy("Personal data"))
    judicially_obtained = TriStateField(label=gettext_lazy("Obtained by a court's measure"))
    return_or_destroy_by = DayField(label=gettext_lazy("Return or destroy by"), required=False)


ITEM_SEVERAL: dict[str, type[StrEnum]] = {"classes": InformationClass, "caveats": Caveat}
ITEM_ONE: dict[str, tuple[type[StrEnum], dict[Any, str] | None, str]] = {
    "handling": (HandlingCode, None, N_("None"))
}

FORMS_HINT = gettext_lazy("Choose one or more.")
UNDER_HINT = gettext_lazy("The instrument named at supply; empty for the best one.")
KNOWN_HINT = gettext_lazy("Answers with what was known on that day.")


class _Common(Form):
    under = ReferenceField(
        label=gettext_lazy("Under instrument"), required=False, help_text=UNDER_HINT
    )
    known_on = DayField(label=gettext_lazy("As known on"), required=False, help_text=KNOWN_HINT)


class AskForm(QuestionForm, _Common):
    """May we ask them?"""

    kind = "ask"
    lists: ClassVar = {"forms": StrEnum, "purposes": Purpose, "offences": Offence}
    more: ClassVar = (
        "requested_on",
        "assurances_given",
        "assurance_breached",
        "consent_given",
        "under",
        "known_on",
    )
    asker = CodeField(label=gettext_lazy("Who asks"))
    asked = CodeField(label=gettext_lazy("Who is asked"))
    forms = several(gettext_lazy("Forms of assistance"), help_text=FORMS_HINT)
    purposes = several(gettext_lazy("Purposes"), help_text=FORMS_HINT)
    offences = several(gettext_lazy("Offences"), required=False, help_text=FORMS_HINT)
    on = DayField(label=gettext_lazy("On the day"))
    requested_on = DayField(
        label=gettext_lazy("An earlier request was received on"), required=False
    )
    assurances_given = TriStateField(label=gettext_lazy("They assured confidence and purpose"))
    assurance_breached = TriStateField(label=gettext_lazy("They broke such an assurance before"))
    consent_given = BooleanField(
        label=gettext_lazy("They consented to the purpose"), required=False
    )


class ReleaseForm(QuestionForm, _Item, _Common):
    """May we supply this item?"""

    kind = "release"
    lists: ClassVar = {
        "forms": StrEnum,
        "purposes": Purpose,
        "offences": Offence,
        **ITEM_SEVERAL,
    }
    one: ClassVar = ITEM_ONE
    more: ClassVar = (
        "requested_on",
        "assurances_given",
        "assurance_breached",
        "consent_given",
        "under",
        "known_on",
    )
    supplier = CodeField(label=gettext_lazy("Who supplies"))
    receiver = CodeField(label=gettext_lazy("Who receives"))
    forms = several(gettext_lazy("Forms of assistance"), help_text=FORMS_HINT)
    purposes = several(gettext_lazy("Purposes"), help_text=FORMS_HINT)
    offences = several(gettext_lazy("Offences"), required=False, help_text=FORMS_HINT)
    on = DayField(label=gettext_lazy("On the day"))
    requested_on = DayField(label=gettext_lazy("The request was received on"), required=False)
    assurances_given = TriStateField(label=gettext_lazy("They assured confidence and purpose"))
    assurance_breached = TriStateField(label=gettext_lazy("They broke such an assurance before"))
    consent_given = BooleanField(label=gettext_lazy("Whoever must consent did so"), required=False)


class UseForm(QuestionForm, _Item, _Common):
    """May we use what they supplied?"""

    kind = "use"
    lists: ClassVar = {"offences": Offence, **ITEM_SEVERAL}
    one: ClassVar = {
        "purpose": (Purpose, None, ""),
        "form": (FormOfAssistance, None, N_("Not known")),
        "proceeding": (Proceeding, PROCEEDING_WORDS, ""),
        **ITEM_ONE,
    }
    more: ClassVar = (
        "form",
        "requested_on",
        "consent_given",
        "notice_given",
        "under",
        "known_on",
    )
    holder = CodeField(label=gettext_lazy("Who holds the item"))
    supplier = CodeField(label=gettext_lazy("Who supplied it"))
    supplied_on = DayField(label=gettext_lazy("Supplied on"), required=False)
    purpose = ChoiceField(label=gettext_lazy("Purpose"))
    proceeding = ChoiceField(label=gettext_lazy("In a proceeding"), required=False)
    offences = several(gettext_lazy("Offences"), required=False)
    on = DayField(label=gettext_lazy("On the day"))
    form = ChoiceField(label=gettext_lazy("Form under which it came"), required=False)
    requested_on = DayField(label=gettext_lazy("The request was received on"), required=False)
    consent_given = BooleanField(label=gettext_lazy("They consented"), required=False)
    notice_given = BooleanField(label=gettext_lazy("We gave notice"), required=False)


class DiscloseForm(QuestionForm, _Item, _Common):
    """May we pass on what they supplied?"""

    kind = "disclose"
    lists: ClassVar = {"offences": Offence, **ITEM_SEVERAL}
    one: ClassVar = {"recipient": (Recipient, RECIPIENT_WORDS, ""), **ITEM_ONE}
    more: ClassVar = (
        "requested_on",
        "assurances_given",
        "assurance_breached",
        "consent_given",
        "notice_given",
        "under",
        "known_on",
    )
    holder = CodeField(label=gettext_lazy("Who holds the item"))
    supplier = CodeField(label=gettext_lazy("Who supplied it"))
    supplied_on = DayField(label=gettext_lazy("Supplied on"), required=False)
    recipient = ChoiceField(label=gettext_lazy("To whom"))
    recipient_code = CodeField(label=gettext_lazy("Which state or authority"), required=False)
    compelled = BooleanField(label=gettext_lazy("A court or the law obliges us"), required=False)
    offences = several(gettext_lazy("Offences"), required=False)
    on = DayField(label=gettext_lazy("On the day"))
    requested_on = DayField(label=gettext_lazy("The request was received on"), required=False)
    assurances_given = TriStateField(label=gettext_lazy("They assured confidence and purpose"))
    assurance_breached = TriStateField(label=gettext_lazy("They broke such an assurance before"))
    consent_given = BooleanField(label=gettext_lazy("They consented"), required=False)
    notice_given = BooleanField(label=gettext_lazy("We gave notice"), required=False)


class RetainForm(QuestionForm, _Item, _Common):
    """May we keep what they supplied?"""

    kind = "retain"
    lists: ClassVar = ITEM_SEVERAL
    one: ClassVar = ITEM_ONE
    more: ClassVar = ("requested_on", "under", "known_on")
    holder = CodeField(label=gettext_lazy("Who holds the item"))
    supplier = CodeField(label=gettext_lazy("Who supplied it"))
    supplied_on = DayField(label=gettext_lazy("Supplied on"), required=False)
    purpose_fulfilled = TriStateField(label=gettext_lazy("The purpose is fulfilled"))
    on = DayField(label=gettext_lazy("On the day"))
    requested_on = DayField(label=gettext_lazy("The request was received on"), required=False)


QUESTION_FORMS: dict[str, type[QuestionForm]] = {
    form.kind: form for form in (AskForm, ReleaseForm, UseForm, DiscloseForm, RetainForm)
}
