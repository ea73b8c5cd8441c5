# SPDX-License-Identifier: Apache-2.0
"""Taking a partner's evidences about what we sent: verified, kept, and their effect, at once.

One transaction for all of them. What proves nothing changes nothing, is answered "not taken", and
raises an alarm with the statement itself as its proof.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.arrival import KeyRing
from comity.exchange.evidence import Evidence, EvidenceKind, LegalFinding
from comity.exchange.fault_points import Point, reach
from comity.exchange.hearing import Judged, Sent, Weight, judged, read_statement
from comity.exchange.law import differences
from comity.exchange.message_state import Direction, MessageState, may_follow
from comity.exchange.partner import KeyUse, Partner
from comity.exchange.queries.own import own_code
from comity.exchange.queries.partners import _known
from comity.exchange.reasons import ReasonCode
from comity.exchange.services.alarms import raise_alarm
from comity.exchange.services.entering import Done, facts_of, record_all
from comity.exchange.services.stating import STATE_AFTER
from comity.exchange.services.witnessing import keep_cosignature, see

ACTS = {
    EvidenceKind.RELAYED: "message-relayed",
    EvidenceKind.REFUSED: "message-refused-by-partner",
    EvidenceKind.DELIVERED: "message-delivered-at-partner",
    EvidenceKind.NOT_DELIVERED: "message-not-delivered-at-partner",
    EvidenceKind.OPENED: "message-opened-at-partner",
    EvidenceKind.NOT_OPENED: "message-not-opened-at-partner",
}
FORGED = frozenset(
    (ReasonCode.SIGNATURE_BROKEN, ReasonCode.KEY_REVOKED, ReasonCode.KEY_NOT_YET_VALID)
)
FOREIGN = frozenset(
    (
        ReasonCode.EVIDENCE_OF_OTHERS,
        ReasonCode.EVIDENCE_OF_ANOTHER_ENVELOPE,
        ReasonCode.EVIDENCE_PARTS_DIFFER,
        ReasonCode.EVIDENCE_OF_UNKNOWN_MESSAGE,
    )
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one statement."""

    kept: bool
    """Whether it is durably here, now or since before."""
    message: str = ""
    """Id of the envelope that it is about."""
    reason: ReasonCode | None = None
    """Why it proves nothing."""


@dataclass(slots=True)
class _Message:
    """A message that evidences are about, as they change it one after the other."""

    row: models.Message
    sent: Sent
    changed: bool = False


@dataclass(slots=True)
class _Hearing:
    """Everything that one transaction hears of one partner."""

    partner: Partner
    own: str
    at: datetime
    ring: KeyRing
    messages: dict[str, _Message]
    new: list[models.Evidence] = field(default_factory=list)
    acts: list[Done] = field(default_factory=list)
    worthless: list[tuple[ReasonCode, Evidence | None, bytes]] = field(default_factory=list)

    def hear(self, document: bytes) -> Heard:
        """One statement: what it is worth, and its effect on the rows in memory."""
        found = read_statement(document)
        if found is None:
            self.worthless.append((ReasonCode.EVIDENCE_UNREADABLE, None, document))
            return Heard(kept=False, reason=ReasonCode.EVIDENCE_UNREADABLE)
        signed, evidence = found
        digest = hashlib.sha256(document).hexdigest()
        message = self.messages.get(evidence.message)
        verdict: Judged = judged(
            evidence,
            signed,
            digest,
            sent=message.sent if message else None,
            partner=self.partner.code,
            own=self.own,
            ring=self.ring,
            at=self.at,
        )
        if verdict.weight is Weight.NOTHING or message is None:
            reason = verdict.reason or ReasonCode.EVIDENCE_OF_UNKNOWN_MESSAGE
            self.worthless.append((reason, evidence, document))
            return Heard(kept=False, message=evidence.message, reason=reason)
        if verdict.weight is Weight.NEW:
            self._keep(evidence, document, digest, message)
        return Heard(kept=True, message=evidence.message)

    def _keep(self, evidence: Evidence, document: bytes, digest: str, message: _Message) -> None:
        row = message.row
        self.new.append(
            models.Evidence(
                message=row,
                identifier=evidence.id,
                kind=evidence.kind,
                by=evidence.by,
                at=evidence.at,
                recorded_at=self.at,
                reason=evidence.reason.code if evidence.reason else "",
                document=document,
                digest=digest,
            )
        )
        message.sent = _with(message.sent, evidence, digest)
        _move(message, evidence, self.at)
        if evidence.law is not None:
            _note_their_law(message, evidence.law)
        reason = evidence.reason.code if evidence.reason else ""
        facts = facts_of(row, self.partner.code, reason=reason, verdict=row.their_verdict)
        act = ACTS[evidence.kind]
        self.acts.append(Done(act, row.reference, facts, row.instrument, row.article))

    def write(self) -> None:
        """The rows as they are now."""
        models.Evidence.objects.bulk_create(self.new)
        changed = [_columns(m.row) for m in self.messages.values() if m.changed]
        if changed:
            with connection.cursor() as cursor:
                cursor.execute(_UPDATE, [json.dumps(changed)])

    def witness(self, evidences: Sequence[Evidence]) -> None:
        """What the statements say of both journals, each checkpoint once."""
        logs = {e.log.checkpoint: (e.log, e) for e in evidences if e.log is not None}
        for log, evidence in logs.values():
            see(
                self.partner.code,
                log,
                stated_at=evidence.at,
                carried_by=evidence.id,
                at=self.at,
            )
        for note in {e.witness for e in evidences if e.witness}:
            keep_cosignature(self.partner.code, note, at=self.at)

    def alarm(self) -> None:
        """One alarm for each kind of worthless statement."""
        for reason, evidence, document in self.worthless:
            kind = AlarmKind.PARTNER_ANSWERS_NONSENSE
            if reason in FORGED:
                kind = AlarmKind.SIGNATURE_FAILURES
            elif reason in FOREIGN:
                kind = AlarmKind.FOREIGN_RECEIPT
            facts = {"reason": reason.value}
            if evidence is not None:
                facts |= {"kind": evidence.kind.value, "message": evidence.message}
            proof = {"statement": document[:_PROOF].decode("utf-8", "replace")}
            raise_alarm(kind, at=self.at, partner=self.partner.code, facts=facts, proof=proof)


_PROOF = 64 * 1024
"""Bytes of a statement that an alarm keeps."""


@transaction.atomic
def hear_evidences(documents: Sequence[bytes], *, partner: str, at: datetime) -> tuple[Heard, ...]:
    """Take statements of this partner about what we sent to it; what became of each, in order.

    Raises:
        UnknownPartnerError: there is no such partner.
    """
    number, known = _known(partner)
    claimed = [found[1] for found in map(read_statement, documents) if found is not None]
    hearing = _Hearing(
        partner=known,
        own=own_code(),
        at=at,
        ring=KeyRing.of(known.keys, KeyUse.ENVELOPE),
        messages=_messages(number, {e.message for e in claimed}, partner),
    )
    heard = tuple(hearing.hear(document) for document in documents)
    hearing.write()
    kept = {str(row.identifier) for row in hearing.new}
    hearing.witness([e for e in claimed if e.id in kept])
    hearing.alarm()
    reach(Point.HEARING)
    record_all(hearing.acts, at=at)
    return heard


def _messages(number: int, identifiers: set[str], partner: str) -> dict[str, _Message]:
    """The messages that are claimed to be meant, locked in the order of the ledger."""
    rows = list(
        models.Message.objects.select_for_update(no_key=True)
        .filter(partner=number, direction=Direction.OUT, identifier__in=identifiers)
        .defer("sealed")
        .order_by("pk")
    )
    parts: dict[int, tuple[str, ...]] = {}
    given: dict[int, dict[EvidenceKind, tuple[str, datetime]]] = {}
    found = models.Part.objects.filter(message__in=rows).order_by("message_id", "number")
    for message, digest in found.values_list("message_id", "digest"):
        parts[message] = (*parts.get(message, ()), digest)
    evidences = models.Evidence.objects.filter(message__in=rows, by=partner)
    for message, kind, digest, made in evidences.values_list("message_id", "kind", "digest", "at"):
        given.setdefault(message, {})[EvidenceKind(kind)] = (digest, made)
    return {
        str(row.identifier): _Message(
            row,
            Sent(
                digest=row.digest,
                parts=parts.get(row.pk, ()),
                state=MessageState(row.state),
                created_at=row.created_at,
                given=given.get(row.pk, {}),
            ),
        )
        for row in rows
    }


def _with(sent: Sent, evidence: Evidence, digest: str) -> Sent:
    """The message with one evidence more, for the next statement about it."""
    return Sent(
        sent.digest,
        sent.parts,
        sent.state,
        sent.created_at,
        {**sent.given, evidence.kind: (digest, evidence.at)},
    )


def _move(message: _Message, evidence: Evidence, at: datetime) -> None:
    """The state that follows; an evidence that was overtaken moves nothing.

    One that overtook the receipt moves nothing either: the message stays on its way, so that it
    is handed over again and the receipt comes; with the receipt it arrives where it is by then.
    """
    row, after = message.row, STATE_AFTER.get(evidence.kind)
    given = message.sent.given
    overtook = evidence.kind in _AFTER_THE_RECEIPT and EvidenceKind.RELAYED not in given
    if overtook and row.state in _ON_ITS_WAY:
        row.next_try_at, message.changed = None, True
        return
    if evidence.kind is EvidenceKind.RELAYED:
        after = next((STATE_AFTER[kind] for kind in _AFTER_THE_RECEIPT if kind in given), after)
    if evidence.reason is not None:
        row.problem = evidence.reason.code
        message.changed = True
    if after is None:
        return
    before = MessageState(row.state)
    if before is MessageState.DEAD and not may_follow(before, after):
        # Given up too early: it came through, as what we now hear proves.
        models.Message.objects.filter(pk=row.pk).update(state=MessageState.RELAYED)
        before = MessageState.RELAYED
    if not may_follow(before, after):
        return
    row.state = after
    if row.settled_at is None or before is MessageState.DEAD:
        row.settled_at = at
    if evidence.reason is None:
        row.problem = ""
    row.next_try_at = None
    message.changed = True


_AFTER_THE_RECEIPT = (EvidenceKind.OPENED, EvidenceKind.DELIVERED)
"""The furthest first."""
_ON_ITS_WAY = (MessageState.QUEUED, MessageState.SENDING, MessageState.DISPATCHED)


def _note_their_law(message: _Message, theirs: LegalFinding) -> None:
    """The recipient's finding beside ours, and whether they differ."""
    row = message.row
    row.their_law, row.their_verdict = theirs.as_dict(), theirs.verdict[: models.CODE]
    ours = row.law or {}
    if "shared" in ours:
        said = LegalFinding(
            verdict=str(ours["shared"]),
            governing=str(ours.get("governing", "")),
            version=str(ours.get("version", "")),
            article=str(ours.get("article", "")),
        )
        row.differs = bool(differences(theirs, said))
    message.changed = True


def _columns(row: models.Message) -> dict[str, object]:
    """What evidences change of a message."""
    return {
        "id": row.pk,
        "state": str(row.state),
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
        "next_try_at": row.next_try_at.isoformat() if row.next_try_at else None,
        "problem": str(row.problem),
        "their_verdict": row.their_verdict,
        "their_law": row.their_law,
        "differs": row.differs,
    }


# Every message of the batch in one statement, whatever changed of it: the rows are locked.
_UPDATE = """
    UPDATE exchange_message AS m
       SET state = v.state, settled_at = v.settled_at, next_try_at = v.next_try_at,
           problem = v.problem, their_verdict = v.their_verdict, their_law = v.their_law,
           differs = v.differs
      FROM jsonb_to_recordset(%s::jsonb) AS v(
           id bigint, state text, settled_at timestamptz, next_try_at timestamptz, problem text,
           their_verdict text, their_law jsonb, differs boolean)
     WHERE m.id = v.id
"""
