# SPDX-License-Identifier: Apache-2.0
"""The manual binding: messages to partners without a node leave as letters, and answers come back.

A person prints, sends and registers; what is registered becomes the same states and evidences as
a node's, stated by us and saying so, with the digest of the scan that proves it. So clocks,
caveats and figures above know no difference.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import register
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError
from comity.exchange import letter as letters
from comity.exchange import models
from comity.exchange.draft import DraftPart, file_name
from comity.exchange.envelope import PAYLOAD_TYPE, Envelope, Header, PartEntry
from comity.exchange.evidence import PAYLOAD_TYPE as EVIDENCE_TYPE
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.letter import RETURN_STATES, Channel, Letter, Return, register_number
from comity.exchange.message_state import Direction, MessageState, may_follow
from comity.exchange.note import NOTE, Note
from comity.exchange.partner import Binding, KeyUse
from comity.exchange.queries.messages import UnknownMessageError, envelope_document, envelope_in
from comity.exchange.queries.own import own_code
from comity.exchange.queries.own_card import own_name
from comity.exchange.queries.partners import _known
from comity.exchange.reasons import REFUSED_BY_A_PERSON, ReasonCode
from comity.exchange.services.entering import (
    Done,
    _message_row,
    _part_rows,
    facts_of,
    record_all,
    references,
)
from comity.exchange.services.own_keys import signing_key
from comity.exchange.services.stating import STATE_AFTER, own_statements
from comity.exchange.signed_document import signed
from comity.exchange.wire import CURRENT
from comity.journal.entry import Actor
from comity.storage.services import seal_text_record, store

REMARKS = "exchange-dispatch-remark"
"""What the remark on a dispatch is sealed for."""
SENDABLE = frozenset((MessageState.QUEUED, MessageState.DISPATCHED))


class NotALetterError(ConflictError):
    """The message does not travel by letter."""

    code = "message-not-a-letter"
    message = N_("{reference} travels by machine to {partner}: no letter is sent of it.")
    remedy = N_("Choose the way by letter on the partner's page, if its node is gone for good.")


class LetterNotSendableError(ConflictError):
    """The message is not one of ours that waits for a letter."""

    code = "letter-not-sendable"
    message = N_("No letter of {reference} can be recorded: it is {state}.")
    remedy = N_("Only a message of ours that waits, or whose letter is on its way, can be.")


class NoReturnExpectedError(ConflictError):
    """Nothing more can come back on the message."""

    code = "letter-no-return"
    message = N_("Nothing more can be registered on {reference}: it is {state}.")
    remedy = N_("Register an answer as a letter of its own.")


class DispatchInFutureError(InvalidInputError):
    """What is registered has not happened yet."""

    code = "letter-in-future"
    message = N_("{on} has not come yet; today is {today}.")
    remedy = N_("Register it on the day, or correct the day.")


class UnknownProofError(NotFoundError):
    """The message has no such proof."""

    code = "letter-proof-unknown"
    message = N_("{reference} has no such proof.")
    remedy = N_("The message's page lists every line of the register with its proof.")


@dataclass(frozen=True, slots=True)
class Registered:
    """What a person says of a letter that left or came."""

    channel: Channel
    on: date
    proof: DraftPart | None = None
    """A scan, kept in storage already."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A letter that came in."""

    partner: str
    subject: str
    text: str
    scans: tuple[DraftPart, ...]
    their_reference: str = ""
    case: str = ""
    answers: str = ""
    """Reference of our message that it answers."""


@transaction.atomic
def letter_of(reference: str, *, by: Officer, at: datetime) -> Letter:
    """The letter of a message, to be printed; reading it stands in the journal.

    Raises:
        NotALetterError: the message does not travel by letter.
    """
    actor = by.acting(Permission.SEND_MESSAGES)
    row = _locked(reference)
    envelope = envelope_in(envelope_document(row.sealed))
    made = letters.letter(
        envelope,
        reference=reference,
        digest=row.digest,
        sender=own_name(),
        addressee=_addressee(row.partner),
        titles={one.reference: one.title for one in register().instruments.values()},
        language=str(row.partner.settings.get("language", "")),
        on=at.date(),
        day_in=_day_in,
    )
    record_all(
        [Done("message-viewed", reference, facts_of(row, row.partner.code), by=actor)], at=at
    )
    return made


@transaction.atomic
def record_dispatch(reference: str, said: Registered, *, by: Officer, at: datetime) -> str:
    """A letter of the message left; its register number.

    Raises:
        LetterNotSendableError: the message does not wait for a letter.
    """
    actor = by.acting(Permission.SEND_MESSAGES)
    _require_past(said.on, at)
    row = _locked(reference)
    if row.direction != Direction.OUT or row.state not in SENDABLE:
        raise LetterNotSendableError(reference=reference, state=row.state)
    number = register_number(own_code(), reference, row.created_at.date())
    _keep(row, said, number, by=actor, at=at)
    if row.state == MessageState.QUEUED:
        row.state = MessageState.DISPATCHED
        row.save(update_fields=["state"])
    record_all([_done("letter-dispatched", row, said, actor)], at=at)
    return number


@transaction.atomic
def register_return(
    reference: str,
    what: Return,
    said: Registered,
    *,
    by: Officer,
    at: datetime,
    reason: str = "",
) -> None:
    """What came back on a letter: an acknowledgement, an advice of delivery, a refusal.

    Raises:
        NoReturnExpectedError: the message is settled already.
    """
    actor = by.acting(Permission.SEND_MESSAGES)
    _require_past(said.on, at)
    row = _locked(reference)
    kind = RETURN_STATES[what]
    if row.direction != Direction.OUT or not may_follow(MessageState(row.state), STATE_AFTER[kind]):
        raise NoReturnExpectedError(reference=reference, state=row.state)
    given = Reason(ReasonCode(reason)) if what is Return.REFUSED and _listed(reason) else None
    _keep(row, said, register_number(own_code(), reference, row.created_at.date()), by=actor, at=at)
    _state(row, kind, said, reason=given, at=at)
    done = _done("letter-return-registered", row, said, actor, reason=given.code if given else "")
    record_all([done], at=at)


@transaction.atomic
def register_incoming(one: Incoming, said: Registered, *, by: Officer, at: datetime) -> str:
    """A letter of a partner becomes a message of the ledger, scans and all; its reference."""
    actor = by.acting(Permission.SEND_MESSAGES)
    _require_past(said.on, at)
    number, partner = _known(one.partner)
    answered = _locked(one.answers) if one.answers else None
    envelope = _envelope(one, said, answered, by=by, at=at)
    row = _message_row(
        envelope,
        signed(envelope.payload(), PAYLOAD_TYPE, [signing_key(KeyUse.ENVELOPE, at=at)]),
        place=references(1)[0],
        direction=Direction.IN,
        partner=number,
        state=MessageState.RECEIVED,
        digest=envelope.digest,
        at=at,
    )
    row.submitted_by, row.settled_at = by.reference, at
    row.save(force_insert=True)
    models.Part.objects.bulk_create(
        _part_rows(row.pk, envelope, blobs=[part.blob for part in one.scans])
    )
    _keep(row, said, register_number(partner.code, row.reference, at.date()), by=actor, at=at)
    _state(row, EvidenceKind.RELAYED, said, at=at, moves=False)
    acts = [_done("letter-registered", row, said, actor)]
    if answered is not None and may_follow(MessageState(answered.state), MessageState.OPENED):
        _state(answered, EvidenceKind.OPENED, said, at=at)
        acts.append(_done("letter-return-registered", answered, said, actor))
    record_all(acts, at=at)
    return row.reference


@transaction.atomic
def proof_of(reference: str, number: int, *, by: Officer, at: datetime) -> BinaryIO:
    """The proof of a line of the register, to be read and closed by whoever asked.

    Raises:
        UnknownProofError: the message has no such line, or the line no proof.
    """
    actor = by.acting(Permission.VIEW_MESSAGES)
    rows = models.Dispatch.objects.select_related("message__partner")
    line = rows.filter(message__reference=reference, pk=number).exclude(proof="").first()
    if line is None:
        raise UnknownProofError(reference=reference)
    content = store().open(line.proof)
    facts = facts_of(line.message, line.message.partner.code)
    record_all([Done("message-part-read", reference, facts, by=actor)], at=at)
    return content


def _locked(reference: str) -> models.Message:
    """The message, which must be of a partner that gets letters."""
    rows = models.Message.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("partner").filter(reference=reference).first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    if row.partner.binding != Binding.LETTER:
        raise NotALetterError(reference=reference, partner=row.partner.code)
    return row


def _require_past(on: date, at: datetime) -> None:
    if on > at.date():
        raise DispatchInFutureError(on=on.isoformat(), today=at.date().isoformat())


def _listed(reason: str) -> bool:
    return reason in frozenset(REFUSED_BY_A_PERSON)


def _keep(row: models.Message, said: Registered, number: str, *, by: Actor, at: datetime) -> None:
    """The line of the register: when, by which way, with which proof."""
    models.Dispatch(
        message=row,
        register_number=number,
        channel=said.channel,
        at=datetime.combine(said.on, at.timetz()),
        recorded_at=at,
        recorded_by=by.reference,
        proof=said.proof.blob if said.proof else "",
        sealed_remark=seal_text_record(said.remark, REMARKS) if said.remark else "",
    ).save(force_insert=True)


def _state(
    row: models.Message,
    kind: EvidenceKind,
    said: Registered,
    *,
    at: datetime,
    reason: Reason | None = None,
    moves: bool = True,
) -> None:
    """Our own evidence of what was registered; it names the way and the digest of the scan."""
    stating = own_statements(CURRENT, at=at)
    plain, _ = stating.document(
        kind, message=str(row.identifier), envelope=row.digest, reason=reason
    )
    told = {"way": said.channel.value, "on": said.on.isoformat()}
    if said.proof is not None:
        told["proof"] = store().blob(said.proof.blob).digest
    evidence = replace(plain, further={"registered": told})
    document = signed(evidence.payload(), EVIDENCE_TYPE, [stating.key])
    known = models.Evidence.objects.filter(message=row, kind=kind, by=stating.own)
    if not known.exists():
        models.Evidence(
            message=row,
            identifier=evidence.id,
            kind=kind,
            by=stating.own,
            at=at,
            recorded_at=at,
            reason=reason.code if reason else "",
            document=document,
            digest=hashlib.sha256(document).hexdigest(),
        ).save(force_insert=True)
    if moves:
        row.state, row.settled_at = STATE_AFTER[kind], row.settled_at or at
        row.problem = reason.code if reason else ""
        row.save(update_fields=["state", "settled_at", "problem"])


def _envelope(
    one: Incoming,
    said: Registered,
    answered: models.Message | None,
    *,
    by: Officer,
    at: datetime,
) -> Envelope:
    """What came in as an envelope that we signed, and that says so."""
    identifier = str(uuid.uuid4())
    header = Header(
        id=identifier,
        kind=NOTE,
        conversation=str(answered.conversation) if answered else identifier,
        sender=one.partner,
        recipient=own_code(),
        created=at,
        in_reply_to=str(answered.identifier) if answered else "",
        case=one.case,
    )
    body: dict[str, Any] = Note(one.subject, one.text).body()
    if one.their_reference:
        body["their_reference"] = one.their_reference
    registered = {"by": by.reference, "way": said.channel.value, "on": said.on.isoformat()}
    return Envelope(header, body, tuple(_entries(one.scans)), further={"registered": registered})


def _entries(scans: Sequence[DraftPart]) -> list[PartEntry]:
    found = []
    for scan in scans:
        blob = store().blob(scan.blob)
        found.append(PartEntry(file_name(scan.name), scan.media_type, blob.size, blob.digest))
    return found


def _addressee(partner: models.Partner) -> tuple[str, ...]:
    """The lines of the address: as the partner's settings say them, its name otherwise."""
    lines = str(partner.settings.get("address", "")).splitlines()
    return tuple(line.strip() for line in lines if line.strip()) or (partner.name,)


def _done(act: str, row: models.Message, said: Registered, by: Actor, *, reason: str = "") -> Done:
    proof = store().blob(said.proof.blob).digest if said.proof else ""
    facts = facts_of(row, row.partner.code, method=said.channel.value, reason=reason)
    return Done(act, row.reference, facts | ({"proof": proof} if proof else {}), by=by)


def _day_in(on: date, language: str) -> str:
    with translation.override(language):
        return date_format(on, "DATE_FORMAT")
