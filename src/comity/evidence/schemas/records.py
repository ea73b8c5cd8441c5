# SPDX-License-Identifier: Apache-2.0
"""Ceilings, changes of case files, disclosures, assurances and blackened pages in the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import StrictBool

from comity.agreements.question import Proceeding, Recipient
from comity.agreements.verdict import Verdict
from comity.evidence.lifetime import DisclosedTo
from comity.evidence.schemas.items import CaseOut
from comity.evidence.schemas.words import (
    PLAIN,
    Day,
    InstrumentCode,
    ItemCode,
    OfficerCode,
    Taken,
    Words,
)
from comity.evidence.way_out import Refusal, WayOut
from comity.handling.redaction import RedactionReason
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
)

OrNoPartner = Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9]{0,9}(-[A-Z0-9]{1,8})?)?$")]
PartnerCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,9}(-[A-Z0-9]{1,8})?$")]
ShortName = Annotated[str, Field(max_length=60, pattern=PLAIN)]
Percent = Annotated[float, Field(ge=0, le=100)]


class CeilingLimits(Taken):
    """The most that passes; null for no limit, an empty list for nothing at all."""

    ways: list[WayOut] | None = None
    purposes: list[Purpose] | None = None
    forms: list[FormOfAssistance] | None = None
    classes: list[InformationClass] | None = None
    handling: list[HandlingCode] | None = None
    caveats: list[Caveat] | None = None
    personal_data: StrictBool = True


class CeilingIn(Taken):
    """A ceiling for the desk, or for what passes to and from a partner."""

    partner: OrNoPartner = Field("", description="Empty for the desk itself.")
    ceiling: CeilingLimits


class CeilingOut(Schema):
    """A ceiling as it stands."""

    partner: str
    ceiling: CeilingLimits
    set_by: str
    set_at: datetime | None


class CeilingsOut(Schema):
    """Every ceiling that stands; who has none has no limit."""

    items: list[CeilingOut]


class CaseChangeIn(Taken):
    """What a case file is to say from now on; what is left out stays as it is."""

    purpose: Purpose | None = None
    offences: Annotated[list[Offence], Field(max_length=100)] | None = None
    officers: Annotated[list[OfficerCode], Field(max_length=200)] | None = Field(
        None, description="All who work on it; who opened it always does."
    )
    anyway: StrictBool = Field(default=False, description="True once that is known.")


class BeyondOut(Schema):
    """An item that may not be read for the purpose of its case file."""

    item: str
    verdict: Verdict
    reason: Refusal | None


class CaseChangedOut(CaseOut):
    """A case file after its change, and which items its purpose goes beyond."""

    beyond: list[BeyondOut]


class DisclosureIn(Taken):
    """Items that were given to somebody who is no partner."""

    items: Annotated[list[ItemCode], Field(min_length=1, max_length=100)]
    to: Recipient
    recipient: ShortName = Field(
        "", description="Code of the third state or name of the authority, never of a person."
    )
    what: Words = Field("", description="What exactly, and to whom; kept sealed with each item.")
    purpose: Purpose | None = Field(None, description="Left out for that of the case file.")
    proceeding: Proceeding = Proceeding.NONE
    compelled: StrictBool = Field(default=False, description="A court or the law obliges us.")
    instrument: InstrumentCode = ""
    article: ShortName = ""
    on: Day | None = Field(None, description="Left out for today.")
    decide: Words = Field("", description="Why it may go where the law leaves it to a person.")


class DisclosureOut(Schema):
    """One line of the register of disclosures."""

    reference: str
    item: str
    to: DisclosedTo
    recipient: str
    instrument: str
    article: str
    source: str = Field(description="What carried it: a package, or the decision at the door.")
    message: str
    on: date
    recorded_by: str


class DisclosuresOut(Schema):
    """The register of disclosures, the latest first."""

    items: list[DisclosureOut]


class AssuranceIn(Taken):
    """An assurance of confidence and limits of purpose."""

    partner: PartnerCode
    ours: StrictBool = Field(description="True where we gave it.")
    text: Words = ""
    instrument: InstrumentCode = ""
    item: Annotated[str, Field(pattern=r"^(ITM-[0-9]{5,12})?$")] = ""
    given_on: Day | None = Field(None, description="Left out for today.")


class BreachIn(Taken):
    """That an assurance was broken."""

    on: Day
    text: Words = ""


class AssuranceOut(Schema):
    """One line of the register of assurances."""

    reference: str
    partner: str
    ours: bool
    instrument: str
    item: str
    given_on: date
    recorded_by: str
    breached_on: date | None
    breach_recorded_by: str


class AssurancesOut(Schema):
    """The register of assurances, the latest first."""

    items: list[AssuranceOut]


class AreaIn(Taken):
    """A rectangle that is made black, in percent of the page from its upper left corner."""

    left: Percent
    top: Percent
    width: Percent
    height: Percent
    reason: RedactionReason


class BlackenIn(Taken):
    """A page of a certified item that is made anew without some areas."""

    page: Annotated[int, Field(ge=1, le=99_999)]
    areas: Annotated[list[AreaIn], Field(min_length=1, max_length=100)]
