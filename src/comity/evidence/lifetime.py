# SPDX-License-Identifier: Apache-2.0
"""The end of an item's life: holds, destruction lists, subjects, corrections, registers.

Values, states and errors only. A legal hold beats every destruction; what was destroyed keeps its
record, its custody and its proofs, and is answered with "gone", never with "not found".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from comity.agreements.question import Recipient
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from comity.evidence.use_messages import LONGEST_TEXT, day, filled
from comity.exchange.members import CODE, IDENTIFIER, NOTE, Members
from comity.exchange.message_state import Direction

CORRECTION = "evidence.correction/1"
MOST_FIELDS = 50


class ListState(StrEnum):
    """Where a destruction list stands."""

    DRAFTED = "drafted"
    DONE = "done"
    """Approved by a second person and carried out, its certificate made."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LIST_WORDS: dict[ListState, str] = {
    ListState.DRAFTED: N_("waits for a second person"),
    ListState.DONE: N_("carried out"),
    ListState.REFUSED: N_("refused"),
    ListState.WITHDRAWN: N_("withdrawn"),
}


class DestructionGround(StrEnum):
    """Why an item is destroyed."""

    RETENTION_OVER = "retention-over"
    PURPOSE_FULFILLED = "purpose-fulfilled"
    RETURN_OR_DESTROY_BY = "return-or-destroy-by"
    RECALLED = "recalled"
    ERASURE_OF_A_PERSON = "erasure-of-a-person"
    COURT_ORDER = "court-order"


DESTRUCTION_WORDS: dict[DestructionGround, str] = {
    DestructionGround.RETENTION_OVER: N_("its retention is over"),
    DestructionGround.PURPOSE_FULFILLED: N_("it is needed no longer"),
    DestructionGround.RETURN_OR_DESTROY_BY: N_("its supplier set a day"),
    DestructionGround.RECALLED: N_("its supplier recalled it"),
    DestructionGround.ERASURE_OF_A_PERSON: N_("a person's data are erased"),
    DestructionGround.COURT_ORDER: N_("a court ordered it"),
}


class EntryOutcome(StrEnum):
    """What became of one line of a destruction list."""

    PENDING = "pending"
    DESTROYED = "destroyed"
    HELD = "held"
    """A legal hold stood against it when the list was carried out."""
    GONE_BEFORE = "gone-before"


ENTRY_WORDS: dict[EntryOutcome, str] = {
    EntryOutcome.PENDING: N_("waits"),
    EntryOutcome.DESTROYED: N_("destroyed"),
    EntryOutcome.HELD: N_("kept: a legal hold stands against it"),
    EntryOutcome.GONE_BEFORE: N_("was gone before"),
}


class HoldGround(StrEnum):
    """Why an item must be kept."""

    PROCEEDING = "proceeding"
    COURT_ORDER = "court-order"
    INVESTIGATION = "investigation"
    PARTNER_REQUEST = "partner-request"
    LAW_OF_RECORDS = "law-of-records"


HOLD_WORDS: dict[HoldGround, str] = {
    HoldGround.PROCEEDING: N_("a proceeding is pending"),
    HoldGround.COURT_ORDER: N_("a court ordered it"),
    HoldGround.INVESTIGATION: N_("an investigation needs it"),
    HoldGround.PARTNER_REQUEST: N_("a partner asked for it"),
    HoldGround.LAW_OF_RECORDS: N_("the law of records demands it"),
}


class FlagCode(StrEnum):
    """What somebody must look at again on an item."""

    CORRECTED = "corrected"
    RECALLED = "recalled"
    INPUT_CORRECTED = "input-corrected"
    INPUT_RECALLED = "input-recalled"
    INPUT_DESTROYED = "input-destroyed"


FLAG_WORDS: dict[FlagCode, str] = {
    FlagCode.CORRECTED: N_("its supplier corrected it"),
    FlagCode.RECALLED: N_("its supplier recalled it"),
    FlagCode.INPUT_CORRECTED: N_("what it was made from was corrected"),
    FlagCode.INPUT_RECALLED: N_("what it was made from was recalled"),
    FlagCode.INPUT_DESTROYED: N_("what it was made from was destroyed"),
}


class ItemGoneError(ConflictError):
    """The item was destroyed; its record and its proofs remain. Answered with 410."""

    code = "item-destroyed"
    message = N_("{item} was destroyed on {on}; the certificate is {certificate}.")
    remedy = N_("Its record, its custody and its proofs are kept and still verify.")


class HeldError(NotPermittedError):
    """A legal hold stands against it."""

    code = "item-held"
    message = N_("{item} is under the legal hold {hold} and cannot be destroyed.")
    remedy = N_("Whoever placed the hold can lift it, with a reason.")


class HeldInCaseError(NotPermittedError):
    """A legal hold on its case file stands against taking an item out of it."""

    code = "item-held-in-case"
    message = N_("{item} stays in its case file, which is under the legal hold {hold}.")
    remedy = N_("Whoever placed the hold can lift it, with a reason.")


class UnknownHoldError(NotFoundError):
    """There is no such hold."""

    code = "hold-unknown"
    message = N_("There is no legal hold {reference}.")
    remedy = N_("The item's page lists the holds on it.")


class HoldLiftedError(ConflictError):
    """The hold was lifted before."""

    code = "hold-lifted"
    message = N_("{reference} was lifted on {on}.")
    remedy = N_("Place a new hold where one is needed again.")


class HoldTargetError(InvalidInputError):
    """A hold is on one item or on one case file."""

    code = "hold-target-odd"
    message = N_("A legal hold is on one item or on one case file; found {found}.")
    remedy = N_("Name one of the two.")


class UnknownListError(NotFoundError):
    """There is no such destruction list."""

    code = "destruction-list-unknown"
    message = N_("There is no destruction list {reference}.")
    remedy = N_("The register of destructions lists them all.")


class ListSettledError(ConflictError):
    """The list was decided before."""

    code = "destruction-list-settled"
    message = N_("{reference} is {state} already.")
    remedy = N_("Draft a new list for what is left.")


class ListOutgrownError(ConflictError):
    """Since the list was drafted, something was made that would have to go with what is on it."""

    code = "destruction-list-outgrown"
    message = N_("The list {reference} no longer covers {items}, made since it was drafted.")
    remedy = N_("Withdraw or refuse it, and draft it anew.")


class DestructionWaitsError(ConflictError):
    """What stands on a list that waits for a second person is not changed under that person."""

    code = "destruction-waits"
    message = N_("{reference} stands on {list}, which waits for a second person.")
    remedy = N_("Withdraw that list first, or wait until it is decided.")


class EmptyListError(InvalidInputError):
    """Nothing stands on the list."""

    code = "destruction-list-empty"
    message = N_("A destruction list names at least one item that is still kept.")
    remedy = N_("Choose items whose retention is over.")


class UnknownSubjectError(NotFoundError):
    """There is no such subject."""

    code = "subject-unknown"
    message = N_("There is no subject {reference}.")
    remedy = N_("Subjects are listed by reference; their names open for those who may see them.")


class SubjectErasedError(ConflictError):
    """The person's data were erased."""

    code = "subject-erased"
    message = N_("The data of {reference} were erased on {on}.")
    remedy = N_("Only the reference is kept, so that the erasure can be shown.")


class SharedItemError(NotPermittedError):
    """Items about the person are about others as well, and nobody decided what becomes of them."""

    code = "erasure-shared-items"
    message = N_("{items} are about other persons as well: say for each whether it goes.")
    remedy = N_("Erase the item, or keep it once a redacted copy stands in its place.")


class MadeFromErasedError(NotPermittedError):
    """Items made from what is erased may say the same, and nobody decided what becomes of them."""

    code = "erasure-made-from"
    message = N_("{items} were made from what is to be erased: say for each whether it goes.")
    remedy = N_("Erase what still shows the person, and keep what no longer does.")


class NotAnOriginalError(NotPermittedError):
    """The item is not a partner's original that could be returned."""

    code = "item-not-returnable"
    message = N_("{item} cannot be returned: {obstacle}.")
    remedy = N_("Only what another administration supplied, and is still here, goes back.")


class NothingCorrectedError(InvalidInputError):
    """A correction that corrects nothing."""

    code = "correction-empty"
    message = N_("A correction says what is right, in at least one field, or brings a file.")
    remedy = N_("Name the field, and what it should say.")


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on an item, or on every item of a case file."""

    reference: str
    item: str
    case: str
    ground: HoldGround
    placed_by: str
    placed_at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it still counts."""
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class DestructionEntry:
    """One line of a destruction list."""

    item: str
    ground: DestructionGround
    outcome: EntryOutcome
    digest: str
    """Of the content that was there, in hexadecimal; empty for a thing."""
    hold: str = ""


@dataclass(frozen=True, slots=True)
class DestructionList:
    """A destruction list with its two persons."""

    reference: str
    state: ListState
    entries: tuple[DestructionEntry, ...]
    drafted_by: str
    drafted_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    subject: str = ""
    """Whose data it erases; empty for a list by retention."""
    recall: str = ""
    """Reference of the recall that it answers; empty for none."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """A person whom items are about. The name is sealed under the person's own key."""

    reference: str
    items: tuple[str, ...]
    made_by: str
    made_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something on an item that a person must look at again."""

    item: str
    code: FlagCode
    source: str
    at: datetime
    cleared_by: str = ""
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a supplier says is right instead."""

    item: str
    """Its identity."""
    on: date
    fields: Mapping[str, str]
    replacement: str = ""
    """Identity of the item that takes its place; it is sent in a package of its own."""
    text: str = ""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        said = filled(
            item=self.item,
            on=self.on.isoformat(),
            replacement=self.replacement,
            text=self.text,
        )
        return {**said, "fields": dict(self.fields)} if self.fields else said


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """A correction as it stands in the register; what it says is read through a service."""

    reference: str
    direction: Direction
    item: str
    identity: str
    partner: str
    fields: tuple[str, ...]
    replacement: str
    """Identity of the item that takes its place; empty for none."""
    on: date
    recorded_by: str
    recorded_at: datetime


class DisclosedTo(StrEnum):
    """To whom an item went."""

    PARTNER = "partner"
    OTHER_AUTHORITY = "other-authority"
    THIRD_STATE = "third-state"
    COURT = "court"
    DEFENCE = "defence"
    PUBLIC = "public"


DISCLOSED_WORDS: dict[DisclosedTo, str] = {
    DisclosedTo.PARTNER: N_("partner administration"),
    DisclosedTo.OTHER_AUTHORITY: N_("another authority"),
    DisclosedTo.THIRD_STATE: N_("third state"),
    DisclosedTo.COURT: N_("court"),
    DisclosedTo.DEFENCE: N_("defence"),
    DisclosedTo.PUBLIC: N_("public"),
}
DISCLOSED_AS: dict[Recipient, DisclosedTo] = {
    Recipient.OTHER_AUTHORITY: DisclosedTo.OTHER_AUTHORITY,
    Recipient.THIRD_STATE: DisclosedTo.THIRD_STATE,
    Recipient.COURT: DisclosedTo.COURT,
    Recipient.DEFENCE: DisclosedTo.DEFENCE,
    Recipient.PUBLIC: DisclosedTo.PUBLIC,
}


@dataclass(frozen=True, slots=True)
class Disclosure:
    """That an item was given out: to whom, when, under what."""

    reference: str
    item: str
    identity: str
    to: DisclosedTo
    recipient: str
    """Code of the administration or state; empty for a court or another authority."""
    instrument: str
    article: str
    source: str
    """Reference of what carried it, such as a package."""
    message: str
    on: date
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Assurance:
    """An assurance of confidence and purpose limits between us and a partner."""

    reference: str
    partner: str
    ours: bool
    """Whether we gave it; the partner gave it to us otherwise."""
    instrument: str
    item: str
    given_on: date
    recorded_by: str
    breached_on: date | None = None
    breach_recorded_by: str = ""


def read_correction(body: Mapping[str, Any]) -> Correction:
    """The correction of a body.

    Raises:
        WireFormError, WireLimitError: a member is missing, or of another form.
    """
    said = Members(body, CORRECTION)
    found = Correction(
        item=said.text("item", IDENTIFIER),
        on=day(said, "on"),
        fields=said.facts("fields"),
        replacement=said.text_or_none("replacement", IDENTIFIER),
        text=said.text_or_none("text", NOTE, most=LONGEST_TEXT),
    )
    for name in found.fields:
        if not CODE.fullmatch(name):
            raise said.refuse("fields", "names of fields")
    return found
