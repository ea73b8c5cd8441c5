# SPDX-License-Identifier: Apache-2.0
"""The register, questions, confirmations and proposals as the API sends and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, StrictBool

from comity.agreements.agreement_state import Sure
from comity.agreements.documents import plain
from comity.agreements.drafts import ConfirmationDraft, RulingDraft
from comity.agreements.keyset import Page
from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.question import Proceeding, Question, Recipient
from comity.agreements.question_reading import question_of
from comity.agreements.records import (
    AssessmentRecord,
    AttestationRecord,
    ConfirmationRecord,
    ProposalKind,
    ProposalRecord,
    ProposalState,
    RecordState,
    RulingRecord,
    Stance,
)
from comity.agreements.verdict import Verdict
from comity.reference.days import day_of
from comity.reference.taxonomy import (
    AgreementState,
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
    UseRule,
)

SAID = r"^[^\x00]*[^\s\x00][^\x00]*$"
"""Words: at least one that can be seen."""

Code = Annotated[
    str,
    Field(
        pattern=r"^[A-Z][A-Z0-9-]{1,24}(/[A-Za-z0-9-]{1,40})?$",
        description="A country, a group or a service: `US`, `SACU`, `US/CBP`.",
    ),
]
Reference = Annotated[
    str, Field(pattern=r"^[a-z0-9-]{2,80}$", description="An instrument's reference.")
]


def _written_out(given: object) -> object:
    """A day is written as 2024-10-11; a bare number, which a library takes for one, is not."""
    if isinstance(given, str):
        return day_of(given)
    if isinstance(given, int | float):
        raise ValueError("not a day such as 2024-10-11")
    return given


Day = Annotated[date, BeforeValidator(_written_out)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=SAID)]


class Taken(Schema):
    """What a request may hold: the documented fields and no others."""

    model_config = ConfigDict(extra="forbid")


# The register


class InstrumentRow(Schema):
    """An instrument in a list, with its state on the day."""

    reference: str
    title: str
    programme: str
    kind: str
    parties: list[str]
    state: AgreementState | None
    in_force: Sure
    since: date | None
    read: str
    existence: str
    binding: bool


class InstrumentsOut(Schema):
    """A page of the register."""

    on: date
    items: list[InstrumentRow]
    next: str | None = Field(description="Send it back as `after`; null at the end.")


class StandingOut(Schema):
    """Where an instrument stands on the day."""

    on: date
    state: AgreementState | None
    in_force: Sure
    since: date | None
    ends_on: date | None


class InstrumentOut(Schema):
    """One instrument whole, in the form of its file, with its state on the day."""

    standing: StandingOut
    instrument: dict[str, Any]
    confirmations: list[str]
    rulings: list[str]


class WholeListOut(Schema):
    """A list that comes whole: provisions, claims, events, models."""

    items: list[dict[str, Any]]
    next: None = None


# Questions


class AskedItemIn(Taken):
    """What the answer needs to know of an item: never its content."""

    classes: list[InformationClass] = Field(default_factory=list)
    caveats: list[Caveat] = Field(default_factory=list)
    handling: HandlingCode | None = None
    personal_data: StrictBool | None = None
    judicially_obtained: StrictBool | None = None
    return_or_destroy_by: Day | None = None
    audience: list[Code] | None = None
    """The named recipients; an empty list is nobody."""


class Asked(Taken):
    """What every question has."""

    on: Day
    under: Reference | Literal[""] = Field("", description="The instrument named at supply.")
    known_on: Day | None = Field(None, description="Answer with what was known on this day.")

    def question(self) -> Question:
        """The question as the engine takes it."""
        return question_of(self.model_dump(mode="json", exclude_none=True))


class AskIn(Asked):
    """May `asker` ask `asked` for these forms, on these offences, for these purposes?"""

    kind: Literal["ask"]
    asker: Code
    asked: Code
    forms: list[FormOfAssistance] = Field(min_length=1)
    purposes: list[Purpose] = Field(min_length=1)
    offences: list[Offence] = Field(default_factory=list)
    requested_on: Day | None = None
    facts: list[AskedItemIn] = Field(default_factory=list)
    assurances_given: StrictBool | None = None
    assurance_breached: StrictBool | None = None
    consent_given: StrictBool = False


class ReleaseQuestionIn(Asked):
    """May `supplier` supply this item to `receiver`?"""

    kind: Literal["release"]
    supplier: Code
    receiver: Code
    forms: list[FormOfAssistance] = Field(min_length=1)
    purposes: list[Purpose] = Field(min_length=1)
    item: AskedItemIn = AskedItemIn()
    offences: list[Offence] = Field(default_factory=list)
    requested_on: Day | None = None
    assurances_given: StrictBool | None = None
    assurance_breached: StrictBool | None = None
    consent_given: StrictBool = False


class UseQuestionIn(Asked):
    """May `holder` use what `supplier` supplied on that day for this purpose?"""

    kind: Literal["use"]
    holder: Code
    supplier: Code
    purpose: Purpose
    supplied_on: Day | None = None
    proceeding: Proceeding = Proceeding.NONE
    offences: list[Offence] = Field(default_factory=list)
    item: AskedItemIn = AskedItemIn()
    form: FormOfAssistance | None = None
    requested_on: Day | None = None
    consent_given: StrictBool = False
    notice_given: StrictBool = False


class DiscloseIn(Asked):
    """May `holder` pass on what `supplier` supplied on that day?"""

    kind: Literal["disclose"]
    holder: Code
    supplier: Code
    recipient: Recipient
    supplied_on: Day | None = None
    recipient_code: Code | Literal[""] = ""
    compelled: StrictBool = False
    offences: list[Offence] = Field(default_factory=list)
    item: AskedItemIn = AskedItemIn()
    requested_on: Day | None = None
    consent_given: StrictBool = False
    notice_given: StrictBool = False
    assurances_given: StrictBool | None = None
    assurance_breached: StrictBool | None = None


class RetainIn(Asked):
    """May `holder` keep what `supplier` supplied on that day?"""

    kind: Literal["retain"]
    holder: Code
    supplier: Code
    supplied_on: Day | None = None
    purpose_fulfilled: StrictBool | None = None
    item: AskedItemIn = AskedItemIn()
    requested_on: Day | None = None


QuestionIn = Annotated[
    AskIn | ReleaseQuestionIn | UseQuestionIn | DiscloseIn | RetainIn, Field(discriminator="kind")
]


class DeterminationOut(Schema):
    """The whole position, as `comity determine --json` prints it."""

    verdict: Verdict
    permitted: bool
    summary: str
    question: dict[str, Any]
    governing: str
    gates: dict[str, Verdict]
    notice: dict[str, Any] | None
    blocked: bool
    conditions: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    obligations: list[dict[str, Any]]
    would_be_permitted_if: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    assessment: str | None = Field(None, description="The reference, where the answer was kept.")


class AssessmentOut(Schema):
    """A kept assessment."""

    reference: str
    kind: str
    question: dict[str, Any]
    verdict: Verdict
    governing: str
    article: str
    findings_digest: str
    register_digest: str
    overlay_digest: str
    assessed_by: str
    assessed_at: datetime


class AssessmentsOut(Schema):
    """A page of kept assessments."""

    items: list[AssessmentOut]
    next: str | None


class ReplayOut(Schema):
    """A kept assessment, recomputed as of its day and its knowledge."""

    record: AssessmentOut
    same: bool
    register_changed: bool
    then: dict[str, Any]
    now: dict[str, Any]


# Confirmations, rulings, attestations


class ConfirmationIn(Taken):
    """What the treaty custodian states: force with its interval, or a provision."""

    instrument: Reference
    evidence: ConfirmationEvidence
    citation: Words
    review_by: Day
    subject: ConfirmedSubject = ConfirmedSubject.FORCE
    in_force_from: Day | None = None
    in_force_until: Day | None = None
    article: str = Field("", max_length=60, pattern=r"^[^\x00]*$")
    forms: list[FormOfAssistance] = Field(default_factory=list)
    use_rules: dict[Purpose, UseRule] = Field(default_factory=dict)
    renews: str = Field("", pattern=r"^(CNF-[0-9]{5,12})?$")

    def draft(self) -> ConfirmationDraft:
        """What the service takes."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        given["forms"] = tuple(self.forms)
        given["use_rules"] = tuple(self.use_rules.items())
        return ConfirmationDraft(**given)


class PartnerStatementIn(Taken):
    """What a partner published on the matter of a confirmation."""

    stance: Stance
    partner: Code
    citation: Words
    made_on: Day


class PartnerStatementOut(Schema):
    """A partner's statement."""

    stance: Stance
    partner: str
    citation: str
    made_on: date
    recorded_by: str
    recorded_at: datetime


class ConfirmationOut(Schema):
    """A confirmation with its whole life."""

    reference: str
    instrument: str
    subject: ConfirmedSubject
    evidence: ConfirmationEvidence
    citation: str
    review_by: date
    state: RecordState
    drafted_by: str
    drafted_at: datetime
    version: int
    in_force_from: date | None
    in_force_until: date | None
    article: str
    forms: list[FormOfAssistance]
    use_rules: dict[Purpose, UseRule]
    countersigned_by: str
    countersigned_at: datetime | None
    refused_by: str
    refused_at: datetime | None
    suspended_at: datetime | None
    suspension_note: str
    withdrawn_at: datetime | None
    reason: str
    renews: str
    statements: list[PartnerStatementOut]


class ConfirmationsOut(Schema):
    """A page of confirmations, newest first."""

    items: list[ConfirmationOut]
    next: str | None


class ReasonIn(Taken):
    """Why."""

    reason: Words


class RulingIn(Taken):
    """One instrument, one form, one purpose: the answer, its grounds and its term."""

    instrument: Reference
    form: FormOfAssistance
    purpose: Purpose
    verdict: Verdict
    grounds: Words
    valid_from: Day
    valid_until: Day
    conditions: list[Words] = Field(default_factory=list)

    def draft(self) -> RulingDraft:
        """What the service takes."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return RulingDraft(**given | {"conditions": tuple(self.conditions)})


class RulingOut(Schema):
    """A standing ruling with its whole life."""

    reference: str
    instrument: str
    form: FormOfAssistance
    purpose: Purpose
    verdict: Verdict
    conditions: list[str]
    grounds: str
    valid_from: date
    valid_until: date
    state: RecordState
    drafted_by: str
    drafted_at: datetime
    version: int
    countersigned_by: str
    countersigned_at: datetime | None
    refused_by: str
    refused_at: datetime | None
    withdrawn_at: datetime | None
    reason: str


class RulingsOut(Schema):
    """A page of rulings, newest first."""

    items: list[RulingOut]
    next: str | None


class AttestationIn(Taken):
    """The pair, the period, and what it was checked against."""

    one: Code
    other: Code
    valid_from: Day
    valid_until: Day
    citation: Words


class AttestationOut(Schema):
    """An attestation with its life."""

    reference: str
    parties: list[str]
    valid_from: date
    valid_until: date
    citation: str
    attested_by: str
    attested_at: datetime
    version: int
    withdrawn_at: datetime | None
    reason: str


class AttestationsOut(Schema):
    """A page of attestations, newest first."""

    items: list[AttestationOut]
    next: str | None


# Proposals


class ProposalIn(Taken):
    """A change to the register; `content` has the form of the instrument files."""

    kind: ProposalKind
    instrument: Reference
    content: dict[str, Any]
    grounds: Words


class ProposalOut(Schema):
    """A proposal and what became of it."""

    reference: str
    kind: ProposalKind
    instrument: str
    content: dict[str, Any]
    grounds: str
    origin: str
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    version: int
    decided_by: str
    decided_at: datetime | None
    reason: str


class ProposalsOut(Schema):
    """A page of proposals, newest first."""

    items: list[ProposalOut]
    next: str | None


Kept = ConfirmationRecord | RulingRecord | AttestationRecord | ProposalRecord | AssessmentRecord


def sent(record: Kept) -> dict[str, Any]:
    """A record as its schema sends it; pairs of purpose and rule become an object."""
    document = plain(record)
    if not isinstance(document, dict):
        raise TypeError(type(record).__name__)
    if isinstance(record, ConfirmationRecord):
        document["use_rules"] = {p.value: rule.value for p, rule in record.use_rules}
    return document


def listed(page: Page[Any]) -> dict[str, Any]:
    """A page of records with the key of the next one. Any: records of one of several kinds."""
    return {"items": [sent(record) for record in page.rows], "next": page.older or None}
