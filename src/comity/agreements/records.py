# SPDX-License-Identifier: Apache-2.0
"""What a node keeps beside the shipped register, as values that pages, API and commands read.

A record says who drafted and who countersigned, in which state it is and its `version`, which an
edit must name. What a record means for an answer is decided by the engine from the overlay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.verdict import Verdict
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule


class RecordState(StrEnum):
    """Where a confirmation or ruling stands. It only moves forward."""

    DRAFTED = "drafted"
    IN_EFFECT = "in-effect"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    """A partner disagrees: it confirms nothing; once the two agree, confirm anew."""
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    """What a partner's published statement does to a confirmation."""

    CORROBORATES = "corroborates"
    DISAGREES = "disagrees"


class ProposalKind(StrEnum):
    """What sort of change to the register is proposed."""

    INSTRUMENT = "instrument"
    CLAIM = "claim"
    CONTACT_POINT = "contact-point"
    DESIGNATED_OFFICIALS = "designated-officials"
    LIFECYCLE_ACT = "lifecycle-act"


class ProposalState(StrEnum):
    """Where a proposal stands: decided once, by somebody else."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class LocalKind(StrEnum):
    """What an accepted proposal adds to the register."""

    INSTRUMENT = "instrument"
    CLAIM = "claim"
    AUTHORITY = "authority"


STATE_WORDS: dict[str, str] = {
    RecordState.DRAFTED: N_("Awaiting countersignature"),
    RecordState.IN_EFFECT: N_("In effect"),
    RecordState.REFUSED: N_("Refused by the countersigner"),
    RecordState.SUSPENDED: N_("Suspended: the partner disagrees"),
    RecordState.WITHDRAWN: N_("Withdrawn"),
    ProposalState.OPEN: N_("Open"),
    ProposalState.ACCEPTED: N_("Accepted"),
    ProposalState.REJECTED: N_("Rejected"),
}
"""What a person reads for a state; `withdrawn` serves records and proposals alike."""

KIND_WORDS: dict[ProposalKind, str] = {
    ProposalKind.INSTRUMENT: N_("New instrument"),
    ProposalKind.CLAIM: N_("New claim"),
    ProposalKind.CONTACT_POINT: N_("Contact point"),
    ProposalKind.DESIGNATED_OFFICIALS: N_("Designated officials"),
    ProposalKind.LIFECYCLE_ACT: N_("Act in the instrument's life"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A partner's published statement on the matter of a confirmation."""

    stance: Stance
    partner: str
    citation: str
    made_on: date
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ConfirmationRecord:
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
    in_force_from: date | None = None
    in_force_until: date | None = None
    article: str = ""
    forms: tuple[FormOfAssistance, ...] = ()
    use_rules: tuple[tuple[Purpose, UseRule], ...] = ()
    countersigned_by: str = ""
    countersigned_at: datetime | None = None
    refused_by: str = ""
    refused_at: datetime | None = None
    suspended_at: datetime | None = None
    suspension_note: str = ""
    withdrawn_at: datetime | None = None
    reason: str = ""
    renews: str = ""
    """The confirmation that this one takes the place of, once countersigned."""
    statements: tuple[Statement, ...] = ()

    @property
    def corroborated(self) -> bool:
        """Whether a partner published the same."""
        return any(s.stance is Stance.CORROBORATES for s in self.statements)

    def review_due(self, on: date) -> bool:
        """Whether its review date has come: it settles no later day until confirmed anew."""
        return self.state is RecordState.IN_EFFECT and self.review_by <= on


@dataclass(frozen=True, slots=True)
class RulingRecord:
    """A standing ruling with its whole life."""

    reference: str
    instrument: str
    form: FormOfAssistance
    purpose: Purpose
    verdict: Verdict
    conditions: tuple[str, ...]
    grounds: str
    valid_from: date
    valid_until: date
    """The first day on which it no longer settles anything."""
    state: RecordState
    drafted_by: str
    drafted_at: datetime
    version: int
    countersigned_by: str = ""
    countersigned_at: datetime | None = None
    refused_by: str = ""
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""

    def settles_on(self, day: date) -> bool:
        """Whether it is in effect and the day lies within its term."""
        return self.state is RecordState.IN_EFFECT and self.valid_from <= day < self.valid_until


@dataclass(frozen=True, slots=True)
class AttestationRecord:
    """An attestation of completeness with its life."""

    reference: str
    parties: tuple[str, str]
    valid_from: date
    valid_until: date
    citation: str
    attested_by: str
    attested_at: datetime
    version: int
    withdrawn_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """A proposed change to the register, and what became of it."""

    reference: str
    kind: ProposalKind
    instrument: str
    content: Mapping[str, object]
    grounds: str
    origin: str
    """`officer`, or the machine that read a public announcement: `newsfeed`."""
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    version: int
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """An assessment kept: the question, the verdict, and of which knowledge."""

    reference: str
    kind: str
    question: Mapping[str, object]
    verdict: Verdict
    governing: str
    article: str
    findings_digest: str
    register_digest: str
    overlay_digest: str
    assessed_by: str
    assessed_at: datetime


class UnknownRecordError(NotFoundError):
    """No confirmation, ruling, attestation, proposal or assessment of that reference."""

    code = "unknown-record"
    message = N_("There is no {kind} {reference}.")
    remedy = N_("Open the list under Agreements and take the reference from there.")


class WrongStateError(ConflictError):
    """The record's state does not allow the act."""

    code = "wrong-record-state"
    message = N_("{act} cannot be done to {reference}: its state is “{state}”, not “{needed}”.")
    remedy = N_("Open {reference} and read what was done to it, by whom and when.")


class ReasonMissingError(InvalidInputError):
    """An act that needs a reason was asked for without one."""

    code = "reason-missing"
    message = N_("{act} of {reference} needs a reason.")
    remedy = N_("Say in a sentence why, so that the next reader understands.")


class NotAPartyError(InvalidInputError):
    """A partner's statement on an instrument to which it does not belong."""

    code = "statement-not-by-a-party"
    message = N_(
        "{partner} is not a party to {instrument}, so its statement neither confirms nor disputes."
    )
    remedy = N_("Name one of its parties: {parties}.")


class OverlapsEarlierError(ConflictError):
    """A second confirmation of the same thing while the first still stands."""

    code = "already-confirmed"
    message = N_("{instrument} is already covered by {earlier}, which is in state “{state}”.")
    remedy = N_("Withdraw {earlier} first, or let it stand.")


class OwnStatementError(NotPermittedError):
    """The administration's own statement offered as a partner's."""

    code = "own-statement"
    message = N_("{partner} runs this node; only a partner's statement corroborates or disputes.")
    remedy = N_("Cite what the partner published.")


class LocalEntryIncompleteError(InvalidInputError):
    """A change to the register without a part that it needs."""

    code = "change-incomplete"
    message = N_("The change to {instrument} names no {part} that can be read.")
    remedy = N_(
        "Give the {part} in the form of the instrument files, such as 2026-03-01 for a day."
    )
