# SPDX-License-Identifier: Apache-2.0
"""Posting: a draft becomes a message of the ledger, assessed, signed once and waiting to leave.

In one transaction: (1) who may, to whom, of which kind; (2) the law; (3) the ceilings; (4) the
envelope with its id, signed; (5) ledger, evidence, wake, journal. What is not accepted is kept as
rejected, with an evidence that says why; only what a person must still decide is not kept at all.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import known_law
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.exchange import law, models
from comity.exchange.arrival import above_ceiling
from comity.exchange.draft import Decision, Draft, DraftPart, Posted, checked_reason, file_name
from comity.exchange.envelope import PAYLOAD_TYPE, Envelope, Header, PartEntry, checked
from comity.exchange.evidence import EvidenceKind, LegalFinding, Reason
from comity.exchange.fault_points import Point, reach
from comity.exchange.kind import Kind
from comity.exchange.law import Assessment, Course
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding, CardKey, KeyUse, Partner, PartnerState
from comity.exchange.queries.messages import DECISIONS, UnknownMessageError
from comity.exchange.queries.own import kind_named, own_code
from comity.exchange.queries.partners import _written_to
from comity.exchange.reasons import ReasonCode
from comity.exchange.services.entering import (
    Done,
    _message_row,
    _note_law,
    _part_rows,
    facts_of,
    record_all,
    references,
)
from comity.exchange.services.own_keys import own_keys, signing_key
from comity.exchange.services.stating import own_statements
from comity.exchange.services.waking import wake
from comity.exchange.services.witnessing import cosigned_for, own_log_statement
from comity.exchange.signed_document import signed
from comity.journal.entry import Actor
from comity.sealing.keys import SigningKey
from comity.storage.services import seal_record, store

WRITES_TO = frozenset((PartnerState.ACTIVE, PartnerState.SUSPENDED))
"""What is posted to a suspended partner waits until it is resumed."""


class IdentifierTakenError(ConflictError):
    """Another message was posted under the id."""

    code = "message-id-taken"
    message = N_("Another message to {partner} was posted under this id: {reference}.")
    remedy = N_("Post it under a new id, or leave the id out.")


class NotWithdrawableError(ConflictError):
    """The message may have left already."""

    code = "message-not-withdrawable"
    message = N_("{reference} cannot be withdrawn: it is {state}, and may have left.")
    remedy = N_("Send a message that asks the partner to disregard it.")


@dataclass(frozen=True, slots=True)
class _Judged:
    """Whether a draft goes, with everything that was found on the way."""

    envelope: Envelope
    assessment: Assessment | None
    reason: Reason | None
    decision: Decision | None
    blobs: tuple[str, ...]
    """Where the parts lie in storage."""

    @property
    def finding(self) -> LegalFinding | None:
        return self.assessment.finding if self.assessment else None


@transaction.atomic
def post(
    draft: Draft,
    *,
    by: Officer | Actor,
    at: datetime,
    official_key: SigningKey | None = None,
) -> Posted:
    """Post a draft; what became of it is the answer, `.require()` makes an error of a refusal.

    Raises:
        PermissionMissingError: the officer may not send messages, or the decider not decide.
        UnknownPartnerError, UnknownKindError, UnknownInstrumentError: there is no such thing.
        BlobMissingError: a part does not lie in storage.
        WireFormError, WireLimitError: a member of the draft does not fit the wire format.
    """
    actor = by if isinstance(by, Actor) else by.acting(Permission.SEND_MESSAGES)  # (1)
    kind = kind_named(draft.kind)
    number, partner = _written_to(draft.to)
    if draft.identifier and (before := _posted_before(draft, number)):
        return before
    assessment = _assessed(draft, kind, at=at)  # (2)
    decision = _decision(draft.decision)
    envelope = _envelope(draft, partner, number, assessment, at=at)
    reason = _obstacle(envelope, kind, partner, number, assessment, official_key, at=at)  # (3)
    if reason is None and decision is None and _is_for_a_person(assessment):
        return Posted(partner.code, None, law=assessment.finding if assessment else None)
    blobs = tuple(part.blob for part in draft.parts)
    judged = _Judged(envelope, assessment, reason, decision, blobs)
    return _entered(judged, partner, number, actor, official_key, at=at)


@transaction.atomic
def withdraw(reference: str, *, by: Officer, at: datetime) -> None:
    """Take back a message that has not left.

    Raises:
        NotWithdrawableError: an attempt was made since, or is being made now.
    """
    actor = by.acting(Permission.SEND_MESSAGES)
    row = _locked_outgoing(reference)
    if row.state != MessageState.QUEUED or _may_have_left(row, at):
        raise NotWithdrawableError(reference=reference, state=row.state)
    row.state, row.settled_at = MessageState.WITHDRAWN, at
    row.save(update_fields=["state", "settled_at"])
    done = Done("message-withdrawn", row.reference, facts_of(row, row.partner.code), by=actor)
    record_all([done], at=at)


def keep_part(source: object, name: str, media_type: str) -> DraftPart:
    """Keep a file in storage, and the part of a draft that it becomes. Any readable source."""
    blob = store().put(source)  # type: ignore[arg-type]  # any object that reads bytes
    return DraftPart(file_name(name), media_type, blob.name)


def _posted_before(draft: Draft, partner: int) -> Posted | None:
    """What became of the draft when it was posted first; None where it was not.

    Whoever posts the same at the same moment waits until the first one's transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"post {draft.identifier}"])
    row = models.Message.objects.filter(
        partner=partner, direction=Direction.OUT, identifier=draft.identifier
    ).first()
    if row is None:
        return None
    if row.kind != draft.kind:
        raise IdentifierTakenError(partner=draft.to, reference=row.reference)
    reason = Reason(row.problem) if row.state == MessageState.REJECTED else None
    return Posted(
        draft.to, MessageState(row.state), row.reference, str(row.identifier), row.digest, reason
    )


def _assessed(draft: Draft, kind: Kind, *, at: datetime) -> Assessment | None:
    """Our own answer to the question of the law; None where none is put."""
    if draft.question is None:
        return None
    return law.assess_sending(draft.question, known_law(), on=at.date())


def _is_for_a_person(assessment: Assessment | None) -> bool:
    return assessment is not None and assessment.course is Course.PERSON


def _decision(decision: Decision | None) -> Decision | None:
    """The decision, where its maker may decide and says why."""
    if decision is None:
        return None
    decision.by.require(Permission.DECIDE_ON_SENDING)
    return replace(decision, reason=checked_reason(decision.reason))


def _envelope(
    draft: Draft, partner: Partner, number: int, assessment: Assessment | None, *, at: datetime
) -> Envelope:
    identifier = draft.identifier or str(uuid.uuid4())
    header = Header(
        id=identifier,
        kind=draft.kind,
        conversation=_conversation(draft.in_reply_to, number) or identifier,
        sender=own_code(),
        recipient=partner.code,
        created=at,
        in_reply_to=draft.in_reply_to,
        expires=draft.expires,
        basis=assessment.basis() if assessment else None,
        handling=draft.handling,
        caveats=draft.caveats,
        case=draft.case,
        official=draft.official,
    )
    parts = tuple(_entry(part) for part in draft.parts)
    made = Envelope(
        header,
        draft.body,
        parts,
        log=own_log_statement(partner.code),
        witness=cosigned_for(partner.code),
        wire=partner.wire,
    )
    return checked(made)  # what no recipient could read is an error here, and not a refusal there


def _entry(part: DraftPart) -> PartEntry:
    blob = store().blob(part.blob)
    return PartEntry(file_name(part.name), part.media_type, blob.size, blob.digest)


def _conversation(in_reply_to: str, partner: int) -> str:
    """The conversation of what is answered, where we know it."""
    if not in_reply_to:
        return ""
    rows = models.Message.objects.filter(partner=partner, identifier=in_reply_to)
    found = rows.values_list("conversation", flat=True).first()
    return str(found) if found else in_reply_to


def _obstacle(
    envelope: Envelope,
    kind: Kind,
    partner: Partner,
    number: int,
    assessment: Assessment | None,
    official_key: SigningKey | None,
    *,
    at: datetime,
) -> Reason | None:
    """Why the draft is rejected, the first reason that holds; None where it goes."""
    if partner.state not in WRITES_TO:
        return Reason(ReasonCode.PARTNER_NOT_ACTIVE, {"state": partner.state.value})
    if partner.binding is not Binding.LETTER and kind.name not in partner.kinds:
        return Reason(ReasonCode.KIND_UNKNOWN, {"kind": kind.name})
    return (
        _of_the_law(kind, partner, assessment)
        or above_ceiling(envelope, kind, partner.ceilings)
        or _of_the_official(envelope, kind, official_key, at=at)
        or _of_the_queue(partner, number)
    )


def _of_the_law(kind: Kind, partner: Partner, assessment: Assessment | None) -> Reason | None:
    if assessment is None:
        return Reason(ReasonCode.LEGAL_BASIS_MISSING) if kind.needs_basis else None
    if not law.between(assessment.question, own_code(), partner.code):
        return Reason(ReasonCode.QUESTION_OF_OTHERS)
    if assessment.course is Course.STOP:
        return Reason(ReasonCode.LEGAL_BASIS_INSUFFICIENT, {"verdict": assessment.finding.verdict})
    allowed = partner.ceilings.forms
    if allowed is not None and (odd := sorted(assessment.forms - allowed)):
        return Reason(ReasonCode.FORM_NOT_ALLOWED, {"forms": ",".join(odd)})
    return None


def _of_the_official(
    envelope: Envelope, kind: Kind, key: SigningKey | None, *, at: datetime
) -> Reason | None:
    official = envelope.header.official
    if not official:
        return Reason(ReasonCode.OFFICIAL_MISSING) if kind.needs_official else None
    ours = [k.card_key for k in own_keys() if k.use is KeyUse.OFFICIAL and k.holder == official]
    if key is None or not any(_is(key, known) and known.fits(at) for known in ours):
        return Reason(ReasonCode.OFFICIAL_NOT_DESIGNATED, {"official": official})
    return None


def _is(key: SigningKey, known: CardKey) -> bool:
    return key.public.key_id == known.key_id


def _of_the_queue(partner: Partner, number: int) -> Reason | None:
    """Counts no further than the ceiling, as only whether it is reached matters."""
    most = partner.ceilings.waiting
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [number, most])
        (found,) = cursor.fetchone()
    if found < most:
        return None
    return Reason(ReasonCode.TOO_MANY_WAITING, {"most": str(most)})


_WAITING = """
    SELECT count(*) FROM (
        SELECT FROM exchange_message
        WHERE partner_id = %s AND direction = 'out' AND state IN ('queued', 'sending') LIMIT %s
    ) AS waiting
"""


def _entered(
    judged: _Judged,
    partner: Partner,
    number: int,
    actor: Actor,
    official_key: SigningKey | None,
    *,
    at: datetime,
) -> Posted:
    """Steps 4 and 5."""
    keys = [signing_key(KeyUse.ENVELOPE, at=at)]
    if official_key is not None and judged.envelope.header.official:
        keys.append(official_key)
    accepted = judged.reason is None
    row = _message_row(
        judged.envelope,
        signed(judged.envelope.payload(), PAYLOAD_TYPE, keys),
        place=references(1)[0],
        direction=Direction.OUT,
        partner=number,
        state=MessageState.QUEUED if accepted else MessageState.REJECTED,
        digest=judged.envelope.digest,
        at=at,
    )
    row.submitted_by = actor.reference
    _note_law(row, judged.finding)
    if judged.assessment is not None:
        row.law = {**(row.law or {}), "shared": judged.assessment.shared.value}
    if judged.decision is not None:
        row.law = {**(row.law or {}), "decision": _decided(judged.decision, at=at)}
    if judged.reason is not None:
        row.problem, row.settled_at = judged.reason.code, at
    _write(row, judged, partner, at=at)
    record_all([_act(row, judged, partner, actor)], at=at)
    transaction.on_commit(lambda: reach(Point.POSTED))
    return Posted(
        partner.code,
        MessageState(row.state),
        row.reference,
        str(row.identifier),
        row.digest,
        judged.reason,
        judged.finding,
        decided=judged.decision is not None,
    )


def _write(row: models.Message, judged: _Judged, partner: Partner, *, at: datetime) -> None:
    row.save(force_insert=True)
    if judged.envelope.parts:
        rows = _part_rows(row.pk, judged.envelope, blobs=judged.blobs)
        models.Part.objects.bulk_create(rows)
    kind = EvidenceKind.SUBMISSION_REJECTED if judged.reason else EvidenceKind.SUBMISSION_ACCEPTED
    evidence = own_statements(partner.wire, at=at).row(
        kind, row, reason=judged.reason, law=judged.finding
    )
    evidence.save(force_insert=True)
    if judged.reason is None:
        wake(partner.code)
    reach(Point.POSTING)


def _decided(decision: Decision, *, at: datetime) -> dict[str, str]:
    """Who decided and when, in the clear; why, sealed."""
    sealed = seal_record(decision.reason.encode(), DECISIONS).hex()
    return {"by": decision.by.reference, "at": at.isoformat(), "sealed_reason": sealed}


def _act(row: models.Message, judged: _Judged, partner: Partner, actor: Actor) -> Done:
    decision = judged.decision
    facts = facts_of(
        row,
        partner.code,
        verdict=row.verdict,
        reason=judged.reason.code if judged.reason else "",
        approved_by=decision.by.reference if decision else "",
    )
    act = "message-rejected" if judged.reason else "message-posted"
    return Done(act, row.reference, facts, row.instrument, row.article, by=actor)


def _locked_outgoing(reference: str) -> models.Message:
    rows = models.Message.objects.select_for_update(of=("self",)).select_related("partner")
    row = rows.filter(reference=reference, direction=Direction.OUT).first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    return row


def _may_have_left(row: models.Message, at: datetime) -> bool:
    """Whether an attempt was begun since it was accepted: nobody knows then how far it came."""
    way = models.Way.objects.select_for_update().filter(partner=row.partner_id).first()
    if way is None:
        return False
    leased = way.leased_until is not None and way.leased_until > at
    tried = way.tried_at is not None and way.tried_at >= row.recorded_at
    return leased or tried or row.attempts > 0
