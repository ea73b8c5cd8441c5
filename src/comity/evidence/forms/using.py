# SPDX-License-Identifier: Apache-2.0
"""The use of an item: in which proceeding, what is told or asked before, what the court said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import DayField, OnceField, choices_of, offer
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_
from comity.evidence.forms.adding import written
from comity.evidence.use_messages import (
    OCCASION_WORDS,
    RULING_WORDS,
    ConsentOutcome,
    Occasion,
    RulingOutcome,
)
from comity.reference.taxonomy import Purpose

PROCEEDING_WORDS: dict[Proceeding, str] = {
    Proceeding.NONE: N_("in no proceeding"),
    Proceeding.ADMINISTRATIVE: N_("in an administrative proceeding"),
    Proceeding.CIVIL: N_("in a civil proceeding"),
    Proceeding.CRIMINAL: N_("in a criminal proceeding"),
}
RECIPIENT_WORDS: dict[Recipient, str] = {
    Recipient.OTHER_AUTHORITY: N_("another authority of ours"),
    Recipient.THIRD_STATE: N_("a third state"),
    Recipient.COURT: N_("a court"),
    Recipient.DEFENCE: N_("the defence"),
    Recipient.PUBLIC: N_("the public"),
}
ANSWER_WORDS: dict[ConsentOutcome, str] = {
    ConsentOutcome.GIVEN: N_("We consent"),
    ConsentOutcome.REFUSED: N_("We do not consent"),
    ConsentOutcome.WITHDRAWN: N_("We withdraw our consent"),
}


class WantedForm(forms.Form):
    """What an item is wanted for; sent by GET, it changes nothing and asks the law alone."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    proceeding = forms.ChoiceField(label=gettext_lazy("Proceeding"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            purpose=choices_of(Purpose),
            proceeding=choices_of(Proceeding, PROCEEDING_WORDS),
        )


class _SettledForm(WantedForm):
    """What the page asked already goes along unseen: nothing is asked twice."""

    form_key = OnceField()

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for name in ("purpose", "proceeding"):
            self.fields[name].widget = forms.HiddenInput()


class UseForm(_SettledForm):
    """A use that is made now, or was made on a day."""

    on = DayField(label=gettext_lazy("On the day"))
    forum = written(
        gettext_lazy("Court or authority"),
        help_text=gettext_lazy("As it is called; kept sealed with the item."),
    )


class ScopeForm(_SettledForm):
    """What a notice or a request for consent speaks of."""

    occasion = forms.ChoiceField(label=gettext_lazy("For"))
    recipient = forms.ChoiceField(label=gettext_lazy("To whom it goes"), required=False)
    recipient_code = written(
        gettext_lazy("Code of the state or name of the authority"), max_length=60
    )
    text = written(gettext_lazy("What you write"), rows=3, max_length=5000)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            occasion=choices_of(Occasion, OCCASION_WORDS),
            recipient=choices_of(Recipient, RECIPIENT_WORDS, empty=gettext("Nobody: we use it")),
        )


class NoticeForm(ScopeForm):
    """A notice of a use, sent before it or after."""

    on = DayField(label=gettext_lazy("Day of the use"))


class ConsentForm(ScopeForm):
    """A request for consent."""

    until = DayField(label=gettext_lazy("Wanted until"), required=False)


class ConsentAnswerForm(forms.Form):
    """Our answer to a partner that asks for consent."""

    outcome = forms.ChoiceField(label=gettext_lazy("Answer"), widget=forms.RadioSelect)
    until = DayField(label=gettext_lazy("Counts until"), required=False)
    conditions = written(gettext_lazy("Under these conditions"), rows=3, max_length=5000)

    def __init__(self, *args: Any, outcomes: tuple[ConsentOutcome, ...], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, outcome=[(o.value, gettext(ANSWER_WORDS[o])) for o in outcomes])


class PersonsDecisionForm(forms.Form):
    """A person decides what the law leaves to one, for one purpose and proceeding."""

    permitted = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Because"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    until = DayField(label=gettext_lazy("Counts until"), required=False)
    purpose = forms.CharField(widget=forms.HiddenInput())
    proceeding = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            permitted=[("yes", gettext("It may be done")), ("no", gettext("It may not be done"))],
        )


class RulingForm(forms.Form):
    """What a court decided on an item."""

    outcome = forms.ChoiceField(label=gettext_lazy("What the court decided"))
    on = DayField(label=gettext_lazy("On the day"))
    proceeding = forms.ChoiceField(label=gettext_lazy("Proceeding"))
    text = written(gettext_lazy("In its words"), rows=3, max_length=5000)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        proceedings = [p for p in Proceeding if p is not Proceeding.NONE]
        offer(
            self,
            outcome=choices_of(RulingOutcome, RULING_WORDS, empty=gettext("Choose")),
            proceeding=choices_of(proceedings, PROCEEDING_WORDS),
        )


class ReturnForm(forms.Form):
    """An original goes back to its owner."""

    on = DayField(label=gettext_lazy("Handed to the carrier on"))
    how = written(gettext_lazy("By which way"), help_text=gettext_lazy("Courier, register number."))
