# SPDX-License-Identifier: Apache-2.0
"""A package: for whom and what for, which items in which order, and what is withheld of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    DayField,
    OnceField,
    ReferenceField,
    choices_of,
    forms_of_assistance,
    offer,
)
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import LANGUAGES, N_
from comity.evidence.certificate_wording import wordings
from comity.evidence.certified_copy import Official
from comity.evidence.forms.adding import written
from comity.evidence.forms.certifying import CAPACITY_WORDS
from comity.evidence.forms.using import PROCEEDING_WORDS
from comity.evidence.forum_profiles import Capacity, forum_profiles
from comity.evidence.item import CaseFile
from comity.evidence.package import PackageKind
from comity.evidence.packing import Choice, CopiesWanted, Wanted
from comity.evidence.services.releasing import Wish
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.handling.redaction import REASON_WORDS, RedactionReason
from comity.reference.taxonomy import FormOfAssistance, Purpose

MOST_PARTS = 400
TO_PARTNER = "partner"
TO_WORDS: dict[str, str] = {
    TO_PARTNER: N_("a partner administration, in a message"),
    "COURT": N_("a court"),
    "DEFENCE": N_("the defence"),
    "OTHER_AUTHORITY": N_("another authority of ours"),
}
"""To whom a package goes."""


THOSE_THERE_ARE = "latest"
WAITS: dict[str, str] = {
    "0": N_("Build anyway"),
    "60": N_("Wait up to a minute"),
    "300": N_("Wait up to five minutes"),
    "600": N_("Wait up to ten minutes"),
}
"""Seconds → whether a partner's witness of the journal is waited for."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An item that may go in, and what was decided to be withheld of it."""

    reference: str
    label: str
    redactions: tuple[tuple[str, str], ...] = ()


class PackageForm(forms.Form):
    """What goes, to whom, what for; the items stand as rows of their own.

    Without a list of partners only a court is offered: the officer releases nothing.
    """

    goes_to = forms.ChoiceField(label=gettext_lazy("It goes to"), widget=forms.RadioSelect)
    partner = forms.ChoiceField(label=gettext_lazy("Partner"), required=False)
    named = written(
        gettext_lazy("Court or authority"),
        max_length=200,
        help_text=gettext_lazy("As it is called; for everybody but a partner."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("What for"))
    proceeding = forms.ChoiceField(label=gettext_lazy("Proceeding"))
    form = forms.ChoiceField(
        label=gettext_lazy("As which form of assistance"),
        required=False,
        help_text=gettext_lazy("For a partner."),
    )
    under = ReferenceField(
        label=gettext_lazy("Under instrument"),
        required=False,
        help_text=gettext_lazy("Empty for the best one that is known."),
    )
    requested_on = DayField(label=gettext_lazy("Asked for on"), required=False)
    text = written(gettext_lazy("What you write to them"), rows=3, max_length=5000)
    copies = forms.ChoiceField(
        label=gettext_lazy("A certified copy of each document"),
        required=False,
        help_text=gettext_lazy("Of whatever goes whole; what is withheld in part is not copied."),
    )
    copy_language = forms.ChoiceField(label=gettext_lazy("Language of the copies"), required=False)
    second = forms.ChoiceField(label=gettext_lazy("Second language beside it"), required=False)
    official = written(
        gettext_lazy("Who certifies what has no such copy yet"),
        max_length=200,
        help_text=gettext_lazy("The name as it is to stand on the certificates. Empty: nobody."),
    )
    capacity = forms.ChoiceField(label=gettext_lazy("Signs as"), required=False)
    position = written(gettext_lazy("Office held"), max_length=200)
    place = written(gettext_lazy("Place"), max_length=200)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the index page"),
        required=False,
        help_text=gettext_lazy("A bundle for a court carries a page that lists what is in it."),
    )
    wait = forms.ChoiceField(
        label=gettext_lazy("Until a partner witnessed our journal"), required=False
    )
    form_key = OnceField()

    def __init__(
        self,
        *args: Any,
        partners: list[tuple[str, str]] | None,
        items: list[Offered],
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self.items = items
        self.releases = partners is not None
        offer(
            self,
            goes_to=[
                (code, gettext(words))
                for code, words in TO_WORDS.items()
                if self.releases or code == Recipient.COURT
            ],
            partner=[("", gettext("Choose")), *(partners or ())],
            purpose=choices_of(Purpose),
            proceeding=choices_of(Proceeding, PROCEEDING_WORDS),
            form=[("", gettext("Unasked")), *forms_of_assistance()],
            **_copying_choices(),
        )
        for place, item in enumerate(items, start=1):
            self._add_row(place, item)

    def _add_row(self, place: int, item: Offered) -> None:
        """The fields of one item: whether it goes, at which place, what is withheld."""
        named = {"item": item.label}
        reference = item.reference
        self.fields[f"take-{reference}"] = forms.BooleanField(
            label=gettext("Take {item}").format(**named), required=False, initial=True
        )
        self.fields[f"place-{reference}"] = forms.IntegerField(
            label=gettext("Place of {item}").format(**named),
            required=False,
            min_value=1,
            max_value=9999,
            initial=place,
        )
        self.fields[f"without-{reference}"] = forms.ChoiceField(
            label=gettext("Withheld of {item}").format(**named),
            required=False,
            choices=[("", gettext("Nothing: the whole")), *item.redactions],
        )

    def whom(self) -> list[forms.BoundField]:
        """To whom it goes."""
        names = ("goes_to", "partner", "named")
        return [self[name] for name in names if self.releases or name != "partner"]

    def why(self) -> list[forms.BoundField]:
        """What for, under which law."""
        names = ("purpose", "proceeding", "form", "under", "requested_on", "text")
        return [self[name] for name in names]

    def copying(self) -> list[forms.BoundField]:
        """Whether certified copies go in, and who certifies them."""
        names = ("copies", "copy_language", "second", "official", "capacity", "position", "place")
        return [self[name] for name in names]

    def reading(self) -> list[forms.BoundField]:
        """How whoever gets it reads it."""
        return [self[name] for name in ("language", "wait")]

    def rows(self) -> list[dict[str, Any]]:
        """Each item with its fields. Any: values for the template."""
        return [
            {
                "item": item,
                "take": self[f"take-{item.reference}"],
                "place": self[f"place-{item.reference}"],
                "without": self[f"without-{item.reference}"],
            }
            for item in self.items
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody gets it, and at least one item goes. Any: values of several fields."""
        given = super().clean() or {}
        if given.get("goes_to") == "partner" and not given.get("partner"):
            self.add_error("partner", gettext("Choose the partner."))
        if given.get("goes_to") not in (None, "partner") and not given.get("named", "").strip():
            self.add_error("named", gettext("Name the court or authority."))
        if given.get("official", "").strip() and not given.get("capacity"):
            self.add_error("capacity", gettext("Say in which capacity the official signs."))
        if given.get("second") and given.get("second") == given.get("copy_language"):
            self.add_error("second", gettext("Choose a second language that is another one."))
        if not self.chosen(given):
            raise ValidationError(gettext("Take at least one item."))
        return given

    def chosen(self, given: dict[str, Any] | None = None) -> tuple[Choice, ...]:
        """The items that go, in their order. Any: values of several fields."""
        given = given if given is not None else self.cleaned_data
        taken = [each for each in self.items if given.get(f"take-{each.reference}")]
        taken.sort(key=lambda each: given.get(f"place-{each.reference}") or 9999)
        return tuple(
            Choice(each.reference, redaction=given.get(f"without-{each.reference}") or "")
            for each in taken
        )

    @property
    def to_partner(self) -> bool:
        """Whether it goes to a partner, in a message."""
        return bool(self.cleaned_data["goes_to"] == "partner")

    def use(self) -> IntendedUse:
        """What it is for."""
        given = self.cleaned_data
        return IntendedUse(Purpose(given["purpose"]), Proceeding(given["proceeding"]))

    def recipient(self) -> IntendedRecipient:
        """To whom it goes, as the law is asked."""
        given = self.cleaned_data
        if self.to_partner:
            return IntendedRecipient(
                given["partner"],
                forms=(self._form(),),
                requested_on=given["requested_on"],
                under=given["under"],
            )
        return IntendedRecipient(
            given["named"].strip(), recipient=Recipient(given["goes_to"]), under=given["under"]
        )

    def wish(self, case: CaseFile | None) -> Wish:
        """A release to a partner."""
        given = self.cleaned_data
        return Wish(
            items=self.chosen(),
            to=given["partner"],
            purpose=Purpose(given["purpose"]),
            form=self._form(),
            offences=case.offences if case else (),
            requested_on=given["requested_on"],
            under=given["under"],
            case=case.reference if case else "",
            text=given["text"],
            copies=self.copies_wanted(),
        )

    def wanted(self, case: str) -> Wanted:
        """A bundle for a court or another authority."""
        return Wanted(
            PackageKind.COURT,
            self.chosen(),
            self.cleaned_data["named"].strip(),
            case,
            use=self.use(),
            recipient=self.recipient(),
            copies=self.copies_wanted(),
            language=self.cleaned_data["language"] or "en",
            wait_for_witness=int(self.cleaned_data["wait"] or 0),
        )

    def copies_wanted(self) -> CopiesWanted | None:
        """Certified copies that go in; None for none."""
        given = self.cleaned_data
        if not given["copies"]:
            return None
        if given["copies"] == THOSE_THERE_ARE:
            return CopiesWanted()
        languages = tuple(filter(None, (given["copy_language"] or "en", given["second"])))
        return CopiesWanted(given["copies"], languages, self._official())

    def _official(self) -> Official | None:
        given = self.cleaned_data
        if not given["official"].strip():
            return None
        capacity = Capacity(given["capacity"])
        return Official(given["official"].strip(), capacity, given["position"], given["place"])

    def _form(self) -> FormOfAssistance:
        given = self.cleaned_data["form"]
        return FormOfAssistance(given) if given else FormOfAssistance.SPONTANEOUS


def _copying_choices() -> dict[str, list[tuple[str, str]]]:
    """What the fields on certified copies, languages and the witness offer."""
    known = [(code, each.name) for code, each in wordings().items()]
    profiles = [(code, gettext(each.title)) for code, each in forum_profiles().items()]
    return {
        "copies": [
            ("", gettext("None")),
            (THOSE_THERE_ARE, gettext("Where there is one: the latest")),
            *profiles,
        ],
        "copy_language": known,
        "second": [("", gettext("None")), *known],
        "capacity": [("", gettext("Choose")), *choices_of(Capacity, CAPACITY_WORDS)],
        "language": list(LANGUAGES.items()),
        "wait": [(seconds, gettext(words)) for seconds, words in WAITS.items()],
    }


class RedactionForm(forms.Form):
    """Which parts of an item are withheld, and for which reason each."""

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.parts = parts
        reasons = [
            ("", gettext("Shown")),
            *(
                (reason.value, gettext(words))
                for reason, words in REASON_WORDS.items()
                if reason is not RedactionReason.SHOWS_WITHHELD
            ),
        ]
        for name, label in parts:
            self.fields[name] = forms.ChoiceField(label=label, choices=reasons, required=False)

    def rows(self) -> list[tuple[str, forms.BoundField]]:
        """Each part's name with its field."""
        return [(name, self[name]) for name, _ in self.parts]

    def clean(self) -> dict[str, Any]:
        """Something is withheld. Any: values of several fields."""
        given = super().clean() or {}
        if not any(given.values()):
            raise ValidationError(gettext("Choose at least one part, with its reason."))
        return given

    def withheld(self) -> dict[str, str]:
        """Name of a part → code of the reason."""
        return {name: code for name, code in self.cleaned_data.items() if code}
