# SPDX-License-Identifier: Apache-2.0
"""The use of an item in a proceeding, what must come first, and what was said about it since.

Values and tables only. Whether a use is permitted is the assessment's answer; what we did before
it (a notice, a consent) is what we tell the assessment. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from comity.agreements.case import PURPOSE_OF_PROCEEDING, PURPOSES_OF_RECIPIENT
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from comity.evidence.use_messages import ConsentOutcome, Occasion, RulingOutcome
from comity.exchange.message_state import Direction, MessageState
from comity.reference.taxonomy import Purpose

LEFT = frozenset(
    {
        MessageState.DISPATCHED,
        MessageState.RELAYED,
        MessageState.DELIVERED,
        MessageState.OPENED,
    }
)
"""A statement was made once its message left; one that waits or was refused says nothing yet."""


class UnknownStatementError(NotFoundError):
    """No notice, consent, ruling or return has this reference."""

    code = "evidence-statement-unknown"
    message = N_("There is no {kind} {reference}.")
    remedy = N_("The item's page lists everything that was said about its use.")


class NothingToTellError(NotPermittedError):
    """The item is our own: there is no supplier who could be told or asked."""

    code = "item-has-no-supplier"
    message = N_("{item} was supplied by no other administration, so nobody is to be told.")
    remedy = N_("Use it under our own law, or name the channel by which it came.")


class UseNotPermittedError(NotPermittedError):
    """The law does not permit the use as things stand."""

    code = "use-not-permitted"
    message = N_("{item} cannot be used for {purpose}: {verdict}.")
    remedy = "{change}"


class NoticeFirstError(NotPermittedError):
    """The use is permitted once the supplier has been told."""

    code = "notice-first"
    message = N_("{supplier} must be told before {item} is used for {purpose} ({article}).")
    remedy = N_("Send the notice first; the use is then allowed.")


class ConsentFirstError(NotPermittedError):
    """The use is permitted once the supplier has consented."""

    code = "consent-first"
    message = N_("{supplier} must consent before {item} is used for {purpose} ({article}).")
    remedy = N_("Ask for consent; the use is allowed once it is given, within its conditions.")


class AlreadyAnsweredError(ConflictError):
    """Somebody answered before."""

    code = "evidence-already-answered"
    message = N_("{reference} was answered already: {state}.")
    remedy = N_("Read the answer; a consent that was given can be withdrawn.")


class AnswerUnaskedError(NotPermittedError):
    """An answer came to something that we did not ask or tell this administration."""

    code = "evidence-answer-unasked"
    message = N_("{partner} answers a {kind} that we sent to nobody, or to somebody else.")
    remedy = N_("Answer the message that was sent to you, as a reply to it.")


class ConsentTermError(InvalidInputError):
    """A consent would end before it begins, or outlast what was asked."""

    code = "consent-term-odd"
    message = N_("The consent cannot end on {until}: {obstacle}.")
    remedy = N_("Name a day from today on, or none.")


class SupplierMustConsentError(NotPermittedError):
    """Who supplied it to us has not consented, so that we cannot."""

    code = "supplier-must-consent"
    message = N_("{item} came from {supplier}, who has not consented to this.")
    remedy = N_("Ask {supplier} for the same consent first.")


class ConsentState(StrEnum):
    """Where a request for consent stands."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CONSENT_WORDS: dict[ConsentState, str] = {
    ConsentState.ASKED: N_("asked, not answered"),
    ConsentState.GIVEN: N_("given"),
    ConsentState.REFUSED: N_("refused"),
    ConsentState.WITHDRAWN: N_("withdrawn"),
}
STATE_AFTER: dict[ConsentOutcome, ConsentState] = {
    ConsentOutcome.GIVEN: ConsentState.GIVEN,
    ConsentOutcome.REFUSED: ConsentState.REFUSED,
    ConsentOutcome.WITHDRAWN: ConsentState.WITHDRAWN,
}
ANSWERABLE: dict[ConsentOutcome, frozenset[ConsentState]] = {
    ConsentOutcome.GIVEN: frozenset({ConsentState.ASKED}),
    ConsentOutcome.REFUSED: frozenset({ConsentState.ASKED}),
    ConsentOutcome.WITHDRAWN: frozenset({ConsentState.GIVEN}),
}
"""From which states each answer leads on."""


PROCEEDING_FOR: dict[Purpose, Proceeding] = {
    purpose: proceeding for proceeding, purpose in PURPOSE_OF_PROCEEDING.items()
}
"""The proceeding that a purpose means where none is named."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What exactly a notice or a consent speaks of; it covers nothing beside it."""

    occasion: Occasion
    purpose: Purpose
    proceeding: Proceeding = Proceeding.NONE
    recipient: Recipient | None = None
    recipient_code: str = ""

    def normal(self) -> Scope:
        """The same act in its one spelling: a disclosure's purpose follows from its recipient."""
        if self.occasion is Occasion.USE or self.recipient is None:
            return Scope(Occasion.USE, self.purpose, self._proceeding())
        purposes = PURPOSES_OF_RECIPIENT[self.recipient]
        purpose = purposes[0] if purposes else self.purpose
        return replace(self, purpose=purpose, proceeding=Proceeding.NONE)

    def _proceeding(self) -> Proceeding:
        """Evidence in a trial is used in a criminal proceeding, said or not; and so on."""
        if self.proceeding is not Proceeding.NONE:
            return self.proceeding
        return PROCEEDING_FOR.get(self.purpose, Proceeding.NONE)

    def covers(self, wanted: Scope) -> bool:
        """Whether what was said of this speaks of that: the same in every part."""
        return self.normal() == wanted.normal()


def to_recipient(
    recipient: Recipient, code: str = "", occasion: Occasion = Occasion.DISCLOSURE
) -> Scope:
    """The scope of passing an item on to somebody."""
    return Scope(occasion, Purpose.OTHER_LAW, recipient=recipient, recipient_code=code).normal()


@dataclass(frozen=True, slots=True)
class RecordedUse:
    """A use of an item in a proceeding."""

    reference: str
    item: str
    purpose: Purpose
    proceeding: Proceeding
    on: date
    supplier: str
    instrument: str
    article: str
    verdict: str
    forum: str
    """The court or authority, as its officer wrote it; empty once it was erased."""
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of a use, ours or a partner's."""

    reference: str
    direction: Direction
    item: str
    """Our reference of the item; empty where we hold none of this identity."""
    identity: str
    partner: str
    scope: Scope
    on: date
    instrument: str
    article: str
    text: str
    message: str
    """Reference in the ledger."""
    recorded_by: str
    recorded_at: datetime
    given: bool
    """Whether it left, so that it counts as given."""
    acknowledged_at: datetime | None = None
    acknowledged_as: str = ""
    """Their reference of it, or ours where it is theirs."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One request for consent and its answer, ours or a partner's."""

    reference: str
    direction: Direction
    item: str
    identity: str
    partner: str
    scope: Scope
    state: ConsentState
    wanted_until: date | None
    until: date | None
    conditions: str
    text: str
    instrument: str
    article: str
    message: str
    answer_message: str
    recorded_by: str
    recorded_at: datetime
    answered_by: str = ""
    answered_at: datetime | None = None

    def counts(self, wanted: Scope, on: date) -> bool:
        """Whether it permits exactly this on this day."""
        in_time = self.until is None or on <= self.until
        return self.state is ConsentState.GIVEN and in_time and self.scope.covers(wanted)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A court's ruling on an item, here or at a partner."""

    reference: str
    direction: Direction
    item: str
    identity: str
    partner: str
    use: str
    outcome: RulingOutcome
    on: date
    proceeding: Proceeding
    text: str
    message: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What we did before an act, as the assessment wants to know it."""

    notice: bool = False
    consent: bool = False
    conditions: tuple[str, ...] = ()
    """References of the consents that count, whose conditions are to be kept."""
