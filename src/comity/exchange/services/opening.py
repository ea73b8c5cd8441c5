# SPDX-License-Identifier: Apache-2.0
"""What officers do with messages: open them, read their files, refuse them for a reason.

The first officer who opens a message that came in gives the evidence `opened` to its sender.
Whoever only oversees the exchange reads without giving it. Every reading stands in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError
from comity.exchange import models
from comity.exchange.envelope import Envelope
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.message_state import Direction, MessageState, may_follow
from comity.exchange.queries.messages import (
    DECISIONS,
    UnknownMessageError,
    envelope_document,
    envelope_in,
)
from comity.exchange.reasons import REFUSED_BY_A_PERSON, ReasonCode
from comity.exchange.services.entering import Done, facts_of, record_all
from comity.exchange.services.stating import _stated_by
from comity.journal.entry import Actor
from comity.storage.services import store, unseal_record

NOT_WHOLE = frozenset((MessageState.ARRIVING,))
MAY_REFUSE = frozenset((MessageState.RECEIVED, MessageState.DELIVERED, MessageState.OPENED))


class MessageNotWholeError(ConflictError):
    """Parts of the message are still on their way."""

    code = "message-not-whole"
    message = N_("{reference} is still arriving, and cannot be opened yet.")
    remedy = N_("Open it once its last part is here; nothing needs to be done for that.")


class UnknownPartError(NotFoundError):
    """The message has no such part."""

    code = "message-part-unknown"
    message = N_("{reference} has no part {number}.")
    remedy = N_("Open the message: it lists its parts.")


class NotRefusableError(ConflictError):
    """The message cannot be refused any more, or never could."""

    code = "message-not-refusable"
    message = N_("{reference} cannot be refused: it is {state}.")
    remedy = N_("Only a message of a partner that was received, and not refused yet, can be.")


class UnknownRefusalError(InvalidInputError):
    """A person refuses for one of the reasons of the list."""

    code = "refusal-reason-unknown"
    message = N_("“{reason}” is no reason for which a person refuses a message.")
    remedy = N_("The reasons are: {reasons}.")


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message with its content, for the officer who opened it."""

    reference: str
    state: MessageState
    envelope: Envelope
    document: bytes
    """The DSSE document, byte for byte as it was signed."""
    decision: str = ""
    """Why a person let it go, where one did."""


@dataclass(frozen=True, slots=True)
class PartContent:
    """A file of a message, verified as it is read."""

    name: str
    media_type: str
    size: int
    content: BinaryIO


@transaction.atomic
def open_message(reference: str, *, by: Officer, at: datetime) -> OpenedMessage:
    """The message's content; the first officer's opening is told to its sender.

    Raises:
        PermissionMissingError: the officer may not view messages.
        MessageNotWholeError: parts of it are still on their way.
    """
    actor = by.acting(Permission.VIEW_MESSAGES)
    row = _locked(reference)
    if row.state in NOT_WHOLE:
        raise MessageNotWholeError(reference=reference)
    document = envelope_document(row.sealed)
    if _opens(row, by):
        row.opened_by, row.opened_at = by.reference, at
        row.save(update_fields=["opened_by", "opened_at"])
        _stated_by(actor, row, EvidenceKind.OPENED, at=at, act="message-opened")
    else:
        _record_view(row, actor, "message-viewed", at=at)
    return OpenedMessage(
        reference, MessageState(row.state), envelope_in(document), document, _decision(row)
    )


@transaction.atomic
def open_part(reference: str, number: int, *, by: Officer, at: datetime) -> PartContent:
    """A file of a message, to be read and closed by whoever asked.

    Raises:
        UnknownPartError: there is none of this number, or it is not whole.
        BlobDamagedError: now or when it is read: what lies in storage is not what was put there.
    """
    actor = by.acting(Permission.VIEW_MESSAGES)
    row = _locked(reference)
    part = row.parts.filter(number=number).exclude(blob="").first()
    if part is None:
        raise UnknownPartError(reference=reference, number=number)
    entry = envelope_in(envelope_document(row.sealed)).parts[number]
    content = store().open(part.blob)
    _record_view(row, actor, "message-part-read", at=at, sequence=str(number))
    return PartContent(entry.name, entry.media_type, entry.size, content)


@transaction.atomic
def refuse_message(reference: str, reason: str, *, by: Officer, at: datetime) -> None:
    """Refuse a message that came in; the reason, a code of the list, is told to its sender.

    Raises:
        UnknownRefusalError: the reason is none of `reasons.REFUSED_BY_A_PERSON`.
        NotRefusableError: it is ours, is not whole, or was refused already.
    """
    actor = by.acting(Permission.SEND_MESSAGES)
    if reason not in REFUSED_BY_A_PERSON:
        listed = ", ".join(REFUSED_BY_A_PERSON)
        raise UnknownRefusalError(reason=reason[: models.CODE], reasons=listed)
    row = _locked(reference)
    if row.direction != Direction.IN or row.state not in MAY_REFUSE:
        raise NotRefusableError(reference=reference, state=row.state)
    _stated_by(
        actor,
        row,
        EvidenceKind.REFUSED,
        at=at,
        act="message-refused",
        reason=Reason(ReasonCode(reason)),
    )


def _locked(reference: str) -> models.Message:
    rows = models.Message.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("partner").filter(reference=reference).first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    return row


def _opens(row: models.Message, by: Officer) -> bool:
    """Whether this reading is the opening: the first, by somebody who acts on messages."""
    before = MessageState(row.state)
    comes_in = row.direction == Direction.IN and may_follow(before, MessageState.OPENED)
    return comes_in and by.may(Permission.SEND_MESSAGES)


def _record_view(row: models.Message, actor: Actor, act: str, *, at: datetime, **more: str) -> None:
    facts = facts_of(row, row.partner.code, **more)
    record_all([Done(act, row.reference, facts, by=actor)], at=at)


def _decision(row: models.Message) -> str:
    """Why a person let a message of ours go; empty where the law did."""
    decision = (row.law or {}).get("decision")
    if not decision:
        return ""
    return unseal_record(bytes.fromhex(decision["sealed_reason"]), DECISIONS).decode()
