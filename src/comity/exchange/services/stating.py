# SPDX-License-Identifier: Apache-2.0
"""Evidences of ours: signed once, kept with their bytes, told to the partner until it has them.

`Statements` holds what all evidences of one transaction have in common: our key, the partner,
what we say of our journal and of the partner's. Taking the partner's evidences is `hearing`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comity.exchange import models
from comity.exchange.envelope import LogStatement
from comity.exchange.evidence import PAYLOAD_TYPE, Evidence, EvidenceKind, LegalFinding, Reason
from comity.exchange.fault_points import Point, reach
from comity.exchange.message_state import Direction, MessageState, may_follow
from comity.exchange.partner import Binding, KeyUse
from comity.exchange.queries.own import kinds, own_code
from comity.exchange.services.entering import MACHINE, Done, facts_of, record_all
from comity.exchange.services.own_keys import signing_key
from comity.exchange.services.waking import wake
from comity.exchange.services.witnessing import cosigned_for, own_log_statement
from comity.exchange.signed_document import signed
from comity.journal.entry import Actor
from comity.sealing.keys import SigningKey

AT_ONCE = 200
"""Messages that one transaction brings to the desk."""

STATE_AFTER = {
    EvidenceKind.RELAYED: MessageState.RELAYED,
    EvidenceKind.REFUSED: MessageState.REFUSED,
    EvidenceKind.DELIVERED: MessageState.DELIVERED,
    EvidenceKind.OPENED: MessageState.OPENED,
}
"""What an evidence of the recipient makes of a message; the others leave it as it was."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What the evidences of one transaction have in common."""

    own: str
    partner: str
    """To whom they are addressed: ourselves, for those that stay here."""
    wire: int
    at: datetime
    key: SigningKey
    log: LogStatement | None = None
    witness: str = ""

    def document(
        self,
        kind: EvidenceKind,
        *,
        message: str,
        envelope: str,
        parts: tuple[str, ...] = (),
        reason: Reason | None = None,
        law: LegalFinding | None = None,
    ) -> tuple[Evidence, bytes]:
        """An evidence and its signed bytes."""
        evidence = Evidence(
            id=str(uuid.uuid4()),
            kind=kind,
            message=message,
            envelope=envelope,
            by=self.own,
            to=self.partner,
            at=self.at,
            parts=parts,
            reason=reason,
            law=law,
            log=self.log,
            witness=self.witness,
            wire=self.wire,
        )
        return evidence, signed(evidence.payload(), PAYLOAD_TYPE, [self.key])

    def row(
        self,
        kind: EvidenceKind,
        message: models.Message,
        *,
        parts: tuple[str, ...] = (),
        reason: Reason | None = None,
        law: LegalFinding | None = None,
        to_tell: bool = False,
    ) -> models.Evidence:
        """The row of an evidence about a message, to be written by whoever calls."""
        evidence, document = self.document(
            kind,
            message=str(message.identifier),
            envelope=message.digest,
            parts=parts,
            reason=reason,
            law=law,
        )
        return models.Evidence(
            message=message,
            identifier=evidence.id,
            kind=kind,
            by=self.own,
            at=self.at,
            recorded_at=self.at,
            reason=reason.code if reason else "",
            document=document,
            digest=hashlib.sha256(document).hexdigest(),
            to_tell=to_tell,
        )


def statements_for(partner: str, wire: int, *, at: datetime) -> Statements:
    """What we state to a partner in this transaction, with what we say of both journals."""
    return Statements(
        own=own_code(),
        partner=partner,
        wire=wire,
        at=at,
        key=signing_key(KeyUse.ENVELOPE, at=at),
        log=own_log_statement(partner),
        witness=cosigned_for(partner),
    )


def own_statements(wire: int, *, at: datetime) -> Statements:
    """What we state for our own file: accepted, rejected, overdue."""
    own = own_code()
    return Statements(own, own, wire, at, signing_key(KeyUse.ENVELOPE, at=at))


@transaction.atomic
def bring_to_the_desk(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Let what was received lie on the officers' desk, and tell the senders; how many.

    Messages of kinds that this node no longer knows stay received: their time-out says so.
    """
    named = [name for name, kind in kinds().items() if kind.for_the_desk]
    rows = list(
        models.Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(direction=Direction.IN, state=MessageState.RECEIVED, kind__in=named)
        .select_related("partner")
        .defer("sealed", "law", "their_law", "partner__card")
        .order_by("pk")[:limit]
    )
    _state_to_partners(rows, EvidenceKind.DELIVERED, at=at, act="message-delivered")
    return len(rows)


def _state_to_partners(
    rows: Iterable[models.Message],
    kind: EvidenceKind,
    *,
    at: datetime,
    act: str,
    reason: Reason | None = None,
) -> None:
    """The same evidence about messages that we received, told to their senders."""
    found = list(rows)
    acts = [_stated(row, kind, at=at, act=act, reason=reason) for row in found]
    for partner in sorted({row.partner.code for row in found}):
        wake(partner)
    if found:
        reach(Point.STATING)
        record_all(acts, at=at)


def _stated_by(
    actor: Actor,
    row: models.Message,
    kind: EvidenceKind,
    *,
    at: datetime,
    act: str,
    reason: Reason | None = None,
) -> None:
    """An officer's evidence about one message (its locked row), told to the sender."""
    done = _stated(row, kind, at=at, act=act, reason=reason, by=actor)
    wake(row.partner.code)
    reach(Point.STATING)
    record_all([done], at=at)


def _stated(
    row: models.Message,
    kind: EvidenceKind,
    *,
    at: datetime,
    act: str,
    reason: Reason | None,
    by: Actor = MACHINE,
) -> Done:
    stating = statements_for(row.partner.code, row.partner.wire, at=at)
    by_machine = row.partner.binding != Binding.LETTER  # who has no node is told by no machine
    stating.row(kind, row, reason=reason, to_tell=by_machine).save(force_insert=True)
    after = STATE_AFTER.get(kind)
    columns = []
    if after is not None and may_follow(MessageState(row.state), after):
        row.state, columns = after, ["state"]
    if reason is not None:
        row.problem = reason.code
        columns.append("problem")
    if columns:
        row.save(update_fields=columns)
    facts = facts_of(row, row.partner.code, reason=reason.code if reason else "")
    return Done(act, row.reference, facts, row.instrument, row.article, by)
