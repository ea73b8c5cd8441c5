# SPDX-License-Identifier: Apache-2.0
"""Letters: how one left, what came back on it, and one that came in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.accounts.services.answering import language
from comity.agreements.queries.choices import DayField, VersionField, choices_of, offer
from comity.catalogues import LANGUAGES
from comity.exchange.draft import DraftPart
from comity.exchange.forms.composing import SeveralFilesField
from comity.exchange.letter import CHANNEL_WORDS, RETURN_WORDS, Channel, Return
from comity.exchange.note import LONGEST_SUBJECT, LONGEST_TEXT
from comity.exchange.reasons import REFUSED_BY_A_PERSON, in_words
from comity.exchange.services.letters import Registered


class RegisteredForm(forms.Form):
    """By which way and on which day, with a scan that proves it."""

    channel = forms.ChoiceField(label=gettext_lazy("By which way"))
    on = DayField(label=gettext_lazy("On the day"))
    proof = forms.FileField(
        label=gettext_lazy("Proof"),
        required=False,
        help_text=gettext_lazy("A scan, a mail, an advice of delivery."),
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), required=False, max_length=1000)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, channel=choices_of(Channel, CHANNEL_WORDS, empty=gettext("Choose")))

    def said(self, proof: DraftPart | None) -> Registered:
        """What the service takes."""
        given = self.cleaned_data
        return Registered(Channel(given["channel"]), given["on"], proof, given["remark"])


class ReturnForm(RegisteredForm):
    """What came back on a letter."""

    what = forms.ChoiceField(label=gettext_lazy("What came back"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Refused because"),
        required=False,
        help_text=gettext_lazy("Only where the partner refuses."),
    )
    field_order = ("what", "reason", "channel", "on", "proof", "remark")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        named = [(code.value, in_words(code, language())) for code in REFUSED_BY_A_PERSON]
        offer(
            self,
            what=choices_of(Return, RETURN_WORDS, empty=gettext("Choose")),
            reason=[("", gettext("None")), *named],
        )

    def clean(self) -> dict[str, Any]:
        """A refusal has its reason. Any: values of several fields."""
        given = super().clean() or {}
        if given.get("what") == Return.REFUSED and not given.get("reason"):
            raise ValidationError(gettext("Say for which reason the partner refuses."))
        return given


class IncomingForm(RegisteredForm):
    """A letter that came in."""

    partner = forms.ChoiceField(label=gettext_lazy("From"))
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=gettext_lazy("What it says, in short"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    scans = SeveralFilesField(label=gettext_lazy("Scan of the letter and its enclosures"))
    their_reference = forms.CharField(
        label=gettext_lazy("Their reference"), required=False, max_length=100
    )
    case = forms.CharField(
        label=gettext_lazy("Reference of the case"), required=False, max_length=60
    )
    answers = forms.CharField(
        label=gettext_lazy("Answers our message"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("Its reference, such as MSG-00012; empty for none."),
    )
    field_order = (
        "partner",
        "answers",
        "subject",
        "text",
        "scans",
        "their_reference",
        "case",
        "channel",
        "on",
        "remark",
    )

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        del self.fields["proof"]  # the scan is the proof
        self.fields["on"].label = gettext("Received on the day")
        self.fields["channel"].label = gettext("It came by")
        offer(self, partner=[("", gettext("Choose")), *partners])

    def clean_scans(self) -> Any:
        """At least one. Any: uploaded files."""
        if not self.cleaned_data["scans"]:
            raise ValidationError(gettext("Add a scan: it is what the ledger keeps."))
        return self.cleaned_data["scans"]


class AddressForm(forms.Form):
    """To whom letters go, and in which language first."""

    address = forms.CharField(
        label=gettext_lazy("Address of its letters"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=gettext_lazy("As it is printed: the office, street, place, country."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language that comes first"))
    version = VersionField()

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, language=list(LANGUAGES.items()))
