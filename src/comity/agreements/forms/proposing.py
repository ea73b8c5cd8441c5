# SPDX-License-Identifier: Apache-2.0
"""Forms of proposals: each turns what was typed into the content that a proposal carries."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.forms import CharField, ChoiceField, Form, Textarea, TextInput, URLField, URLInput
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.claim import Confidence, Event
from comity.agreements.lifecycle import Act
from comity.agreements.queries.choices import CodeField, DayField, ReferenceField, choices_of, offer
from comity.agreements.records import ProposalKind
from comity.agreements.timeline import EVENT_WORDS
from comity.catalogues import N_
from comity.reference.taxonomy import InstrumentKind, Programme

ACT_WORDS: dict[Act, str] = {
    Act.REGISTER: N_("Register it"),
    Act.OPEN_NEGOTIATION: N_("Open the negotiation"),
    Act.AGREE_TEXT: N_("Agree the text"),
    Act.SIGN: N_("Sign"),
    Act.NOTIFY: N_("Notify that the requirements are met"),
    Act.APPLY_PROVISIONALLY: N_("Apply provisionally"),
    Act.BRING_INTO_FORCE: N_("Bring into force"),
    Act.SUCCEED: N_("Continue a predecessor's instrument"),
    Act.RECORD_DOMESTIC_EFFECT: N_("Record its effect in domestic law"),
    Act.OPEN_REVISION: N_("Open a revision"),
    Act.REVISE: N_("Revise"),
    Act.SUSPEND: N_("Suspend"),
    Act.RESUME: N_("Resume"),
    Act.GIVE_NOTICE: N_("Give notice of termination"),
    Act.END: N_("Record its end"),
    Act.SUPERSEDE: N_("Record that another supersedes it"),
}
CONFIDENCE_CHOICES: dict[Confidence, str] = {
    Confidence.HIGH: N_("High: the text, the depositary, an official list"),
    Confidence.MEDIUM: N_("Medium: a serious second-hand source"),
    Confidence.LOW: N_("Low: settles nothing by itself"),
    Confidence.UNVERIFIED: N_("Unverified: recalled only"),
}


class SourcedForm(Form):
    """What every proposal names: where the fact was read, and why the register should have it."""

    kind: ClassVar[ProposalKind]
    instrument = ReferenceField(label=gettext_lazy("Instrument"))
    source_title = CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Title of what you read."),
    )
    source_url = URLField(
        label=gettext_lazy("Address of the source"),
        required=False,
        assume_scheme="https",
        widget=URLInput(),
    )
    read_on = DayField(label=gettext_lazy("Read on"), required=False)
    grounds = CharField(
        label=gettext_lazy("Why the register should have it"),
        widget=Textarea(attrs={"rows": 3}),
        max_length=4000,
    )

    def source(self) -> dict[str, str]:
        """The source as the instrument files have it."""
        given = self.cleaned_data
        read_on = given["read_on"].isoformat() if given["read_on"] else ""
        source = {"title": given["source_title"], "url": given["source_url"], "read_on": read_on}
        return {name: value for name, value in source.items() if value}

    def content(self) -> dict[str, Any]:
        """What the proposal carries."""
        raise NotImplementedError


class _Dated(SourcedForm):
    """A fact with a day as far as it is known, perhaps for one party, annex or territory."""

    date = CharField(
        label=gettext_lazy("Day"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("2024-08-13, or 2024-08, or 2024; empty when it is unknown."),
        widget=TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    party = CodeField(label=gettext_lazy("For one party only"), required=False)
    annex = CharField(label=gettext_lazy("For one annex only"), required=False, max_length=20)
    other = ReferenceField(label=gettext_lazy("The other instrument"), required=False)
    confidence = ChoiceField(label=gettext_lazy("How far to trust it"))
    note = CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, confidence=choices_of(Confidence, CONFIDENCE_CHOICES))

    def dated(self) -> dict[str, Any]:
        """The day, what it is limited to, and how far to trust it."""
        given = self.cleaned_data
        limits = {n: given[n] for n in ("party", "annex", "other", "note") if given[n]}
        return {
            "date": given["date"] or "unknown",
            "source": self.source(),
            "confidence": given["confidence"],
            **limits,
        }


class ClaimForm(_Dated):
    """A claim: somebody says that an event happened, perhaps on a known day."""

    kind = ProposalKind.CLAIM
    event = ChoiceField(label=gettext_lazy("What happened"))
    field_order = ("instrument", "event", "date")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, event=choices_of(Event, EVENT_WORDS))

    def content(self) -> dict[str, Any]:
        return {"event": self.cleaned_data["event"], **self.dated()}


class ActForm(_Dated):
    """An act in the instrument's life, done on a day."""

    kind = ProposalKind.LIFECYCLE_ACT
    act = ChoiceField(label=gettext_lazy("Act"))
    date = DayField(label=gettext_lazy("On the day"))  # type: ignore[assignment]  # here a day is needed
    field_order = ("instrument", "act", "date", "party")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, act=choices_of(Act, ACT_WORDS))
        self.fields["party"].label = gettext("By or for the party")

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"act": given["act"], **self.dated(), "date": given["date"].isoformat()}


class ContactPointForm(SourcedForm):
    """The contact point of an authority that acts under the instrument."""

    kind = ProposalKind.CONTACT_POINT
    code = CodeField(label=gettext_lazy("Authority"), help_text=gettext_lazy("Such as US/CBP."))
    name = CharField(label=gettext_lazy("Name of the authority"), required=False, max_length=200)
    contact_point = CharField(
        label=gettext_lazy("Contact point"),
        max_length=300,
        help_text=gettext_lazy("A post or an office, never a person's name."),
    )
    matters = CharField(label=gettext_lazy("For which matters"), required=False, max_length=300)
    field_order = ("instrument", "code", "name", "contact_point", "matters")

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        said = {n: given[n] for n in ("code", "name", "contact_point", "matters") if given[n]}
        return {**said, "source": self.source()}


class DesignatedOfficialsForm(SourcedForm):
    """Who may sign requests under the instrument, by reference."""

    kind = ProposalKind.DESIGNATED_OFFICIALS
    code = CodeField(label=gettext_lazy("Authority"), help_text=gettext_lazy("Such as US/CBP."))
    officials = CharField(
        label=gettext_lazy("Designated officials"),
        widget=Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=gettext_lazy("References of officers, one in each line, never names."),
    )
    field_order = ("instrument", "code", "officials")

    def clean_officials(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["officials"].splitlines()]
        listed = [line for line in lines if line]
        if not all(re.fullmatch(r"[A-Z0-9][A-Z0-9./-]{1,30}", line) for line in listed):
            self.add_error("officials", gettext("Give references such as OFF-00012, not names."))
        return listed

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "code": given["code"],
            "designated_officials": given["officials"],
            "source": self.source(),
        }


class InstrumentForm(SourcedForm):
    """A new instrument: what is needed to list it. Its provisions follow when the text was read."""

    kind = ProposalKind.INSTRUMENT
    instrument = CharField(  # type: ignore[assignment]  # a new reference has no suggestions
        label=gettext_lazy("Reference"),
        max_length=80,
        help_text=gettext_lazy("Parties and year, in small letters: us-cv-2023. It is permanent."),
    )
    title = CharField(label=gettext_lazy("Title"), max_length=400)
    programme = ChoiceField(label=gettext_lazy("Programme"))
    instrument_kind = ChoiceField(label=gettext_lazy("Kind"))
    parties = CharField(
        label=gettext_lazy("Parties"),
        max_length=600,
        help_text=gettext_lazy("Codes, a space between them: US CV."),
    )
    signed_on = CharField(
        label=gettext_lazy("Signed"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("2024-08-13, or 2024-08, or 2024; empty when it is unknown."),
    )
    model = ReferenceField(
        label=gettext_lazy("Model text that it follows"),
        required=False,
        help_text=gettext_lazy("What nobody has read is then assumed from it."),
    )
    field_order = ("instrument", "title", "programme", "instrument_kind", "parties", "signed_on")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, programme=choices_of(Programme))
        offer(self, instrument_kind=choices_of(InstrumentKind))

    def clean_instrument(self) -> str:
        reference = str(self.cleaned_data["instrument"]).strip()
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", reference):
            self.add_error("instrument", gettext("Small letters, digits and dashes: us-cv-2023."))
        return reference

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        content: dict[str, Any] = {
            "reference": given["instrument"],
            "title": given["title"],
            "kind": given["instrument_kind"],
            "programme": given["programme"],
            "parties": given["parties"].upper().split(),
            "read": "none",
            "sources": {"s1": self.source()},
            "source": "s1",
        }
        if given["model"]:
            content["model"] = given["model"]
        signed = {"event": "signed", "date": given["signed_on"] or "unknown"}
        content["claims"] = [{**signed, "source": "s1", "confidence": "high"}]
        return content


PROPOSAL_FORMS: dict[ProposalKind, type[SourcedForm]] = {
    form.kind: form
    for form in (InstrumentForm, ClaimForm, ActForm, ContactPointForm, DesignatedOfficialsForm)
}
