# SPDX-License-Identifier: Apache-2.0
"""Receiving: what a partner hands over becomes a message of the ledger exactly once.

A batch is one transaction. Frames are opened and verified before it begins; in it, (1) what is
known already gets the answer that it got before, (2) what is new is judged, (3) rows are written
and the kinds' services called, (4) the acts are journalled. A message that fails is undone alone
and held off; nothing is answered before all of it is durable.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import BinaryIO

from django.db import DatabaseError, connection, transaction

from comity.agreements.queries import known_law
from comity.errors import ComityError, InvalidInputError, NotPermittedError
from comity.exchange import models
from comity.exchange.arrival import NOBODY, KeyRing, Sound, Unsound, opened
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.fault_points import Point, reach
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.outcome import Held, Outcome, Stated, Unknown
from comity.exchange.partner import KeyUse, Partner, PartnerState
from comity.exchange.queries.own import kinds, own_code
from comity.exchange.queries.partners import _known
from comity.exchange.reasons import TRY_AGAIN, ReasonCode
from comity.exchange.sealed_frame import read_header
from comity.exchange.services.admitting import hold_for
from comity.exchange.services.completing import (
    _complete,
    _forget_arrival,
    _outcome,
    _row,
    _store_part,
)
from comity.exchange.services.entering import record_all, references
from comity.exchange.services.freshening import keep_checkpoint_fresh
from comity.exchange.services.hearing import hear_evidences
from comity.exchange.services.own_keys import decryption_keys
from comity.exchange.services.settling import (
    NOT_NOW_SECONDS,
    Entry,
    Judge,
    refused_by_kind,
    warn,
)
from comity.exchange.services.stating import statements_for
from comity.exchange.services.witnessing import keep_cosignature, see
from comity.sealing.segments import SealBrokenError
from comity.storage.blob_store import ArrivalDiffersError, DiskFullError, StorageFailedError

logger = logging.getLogger(__name__)
CARD_SECONDS = 300
"""After so long a card that is on its way has come."""


@dataclass(frozen=True, slots=True)
class NodeReception:
    """Where every binding hands in what arrived (`transports.base.Reception`)."""

    def receive(self, frames: Sequence[bytes], *, partner: str, at: datetime) -> Sequence[Outcome]:
        """Take sealed envelopes; one outcome for each, in order."""
        number, known = _known(partner)
        hold = _hold(known, sum(map(len, frames)), at=at)
        if hold is not None:
            return [Held(_claimed(frame), *hold) for frame in frames]
        found = _opened(frames, known, at=at)
        keep_checkpoint_fresh(at=at)
        try:
            outcomes = _taken(found, number, known, at=at)
        except DatabaseError as error:
            logger.warning("a batch was not taken: %s", type(error).__name__)
            return [_not_now(each.message) for each in found]
        reach(Point.RECEIVED)
        _note_heard(number, at=at)
        return outcomes

    def take_part(
        self,
        message: str,
        number: int,
        from_segment: int,
        sealed: BinaryIO,
        *,
        partner: str,
        at: datetime,
    ) -> Outcome:
        """Take a part's sealed segments from the given one on, as far as they come."""
        key, known = _known(partner)
        row = _row(key, message)
        if row is None:
            return Unknown(message)
        part = row.parts.filter(number=number).first()
        whole = not row.parts.filter(blob="").exists()
        if row.state != MessageState.ARRIVING or part is None or (part.blob and not whole):
            return _outcome(row)
        hold = _hold(known, 0 if part.blob else part.size, at=at, counted=True)
        if hold is not None:
            return Held(message, *hold)
        if whole:
            return _complete(row.pk, _judge(key, known, at=at))
        return _part_taken(row, part, from_segment, sealed, partner=partner, at=at)

    def outcome_of(self, message: str, *, partner: str) -> Outcome:
        """What is known of a message that this partner handed over."""
        row = _row(_known(partner)[0], message)
        return Unknown(message) if row is None else _outcome(row)

    def hear(self, statements: Sequence[bytes], *, partner: str, at: datetime) -> Sequence[bool]:
        """Take evidences about what we sent; true once each is durably kept."""
        heard = hear_evidences(statements, partner=partner, at=at)
        if not connection.in_atomic_block:  # where the outbox settles what it sent, not yet
            reach(Point.HEARD)
            _note_heard(_known(partner)[0], at=at)
        return [each.kept for each in heard]


RECEPTION = NodeReception()


@dataclass(slots=True)
class _Batch:
    """What one transaction takes in from one partner."""

    judge: Judge
    at: datetime
    rows: dict[str, models.Message]
    """Those that are in the ledger, by the envelope's id."""
    outcomes: list[Outcome | Entry] = field(default_factory=list)
    """In order; an entry stands for what it will be answered."""
    new: dict[str, Entry] = field(default_factory=dict)
    """What is to be written, by the envelope's id."""
    warnings: list[tuple[Unsound, bytes]] = field(default_factory=list)

    def look(self, found: Sound | Unsound, place: tuple[int, str]) -> None:
        """Steps 1 and 2 for one envelope."""
        if isinstance(found, Unsound):
            self.outcomes.append(self._beside_known(found) or self._unsound(found))
            return
        known, begun = self.rows.get(found.message), self.new.get(found.message)
        before = known or (begun.row if begun else None)
        if before is not None and before.digest != found.digest:
            reason = Reason(ReasonCode.ID_CONFLICT, {"digest": before.digest})
            self.outcomes.append(self._unsound(Unsound(found.message, found.digest, reason)))
        elif known is not None:
            self.judge.note_keys(known, found)
            self.outcomes.append(_outcome(known))
        else:
            entry = begun or self.judge.entry(found, place)
            self.new[found.message] = entry
            self.outcomes.append(entry)

    def write(self) -> None:
        """Step 3: all at once, or, where one fails, each by itself."""
        entries = list(self.new.values())
        try:
            with transaction.atomic():
                _insert(entries)
                for entry in entries:
                    entry.receive(self.at)
        except Exception as error:  # of one of them: which one shows when each is written alone
            logger.info("a batch is taken one by one: %s", type(error).__name__)
            for entry in entries:
                self._write_alone(entry)

    def answers(self) -> list[Outcome]:
        """The outcomes, once everything is written."""
        return [each.outcome() if isinstance(each, Entry) else each for each in self.outcomes]

    def _write_alone(self, entry: Entry) -> None:
        """One entry; refused where its kind refuses it, held off where that fails."""
        try:
            with transaction.atomic():
                _insert([entry])
                entry.receive(self.at)
        except (NotPermittedError, InvalidInputError) as error:
            refused_by_kind(self.judge, entry, error)
            with transaction.atomic():
                _insert([entry])
        except Exception as error:  # a message's outermost edge: it is held off, never dropped
            name = type(error).__name__
            logger.error("a message of the kind %s failed: %s", entry.row.kind, name)
            entry.failed = True

    def _beside_known(self, found: Unsound) -> Outcome | None:
        """What is settled stays so: no key that ended since, nothing unreadable contradicts it."""
        known = self.rows.get(found.message)
        if known is None or known.state == MessageState.ARRIVING:
            return None
        if not found.digest:
            return _not_now(found.message)
        return _outcome(known) if known.digest == found.digest else None

    def _unsound(self, found: Unsound) -> Outcome:
        """An evidence that is told and not kept: of what it is about, nothing is proven."""
        code = ReasonCode(found.reason.code)
        if code in TRY_AGAIN:
            return Held(found.message, code.value, CARD_SECONDS)
        _, document = self.judge.stating.document(
            EvidenceKind.REFUSED,
            message=found.message,
            envelope=found.digest,
            reason=found.reason,
        )
        if found.remarkable:
            self.warnings.append((found, document))
        return Stated(found.message, document)


def _hold(
    partner: Partner, size: int, *, at: datetime, counted: bool = False
) -> tuple[str, int] | None:
    """Why nothing of this size is taken now, and for how long; None where it is."""
    hold = hold_for(partner.code, at=at, size=size, counted=counted)
    if hold is not None:
        return hold.reason.value, hold.retry_after
    if partner.state is not PartnerState.ACTIVE:
        return ReasonCode.PARTNER_NOT_ACTIVE.value, CARD_SECONDS
    return None


def _claimed(frame: bytes) -> str:
    """The id that a frame claims, nothing of it proven."""
    try:
        return read_header(frame).message
    except ComityError:
        return NOBODY


def _not_now(message: str) -> Held:
    return Held(message, ReasonCode.NOT_NOW.value, NOT_NOW_SECONDS)


def _opened(frames: Sequence[bytes], partner: Partner, *, at: datetime) -> list[Sound | Unsound]:
    """Every frame opened and verified, before a transaction begins."""
    keys, own = decryption_keys(), own_code()
    ring = KeyRing.of(partner.keys, KeyUse.ENVELOPE)
    return [opened(frame, keys, partner=partner, ring=ring, own=own, at=at) for frame in frames]


@transaction.atomic
def _taken(
    found: Sequence[Sound | Unsound], number: int, partner: Partner, *, at: datetime
) -> list[Outcome]:
    """The batch in its transaction."""
    _alone(number)
    sound = [each for each in found if isinstance(each, Sound)]
    _witness(sound, partner, at=at)
    batch = _Batch(_judge(number, partner, at=at), at, _known_rows(number, found))
    fresh = [m for m in dict.fromkeys(each.message for each in sound) if m not in batch.rows]
    taken = dict(zip(fresh, references(len(fresh)) if fresh else (), strict=True))
    for each in found:
        batch.look(each, taken.get(each.message, (0, "")))
    batch.judge.find_parts(list(batch.new.values()))
    batch.write()
    for unsound, document in batch.warnings:
        warn(unsound, document, partner=partner.code, at=at)
    reach(Point.RECEIVING)
    written = (entry for entry in batch.new.values() if not entry.failed)
    record_all((entry.act for entry in written if entry.act is not None), at=at)
    return batch.answers()


def _part_taken(
    row: models.Message,
    part: models.Part,
    from_segment: int,
    sealed: BinaryIO,
    *,
    partner: str,
    at: datetime,
) -> Outcome:
    """What comes is stored; then all is judged by what is known and what time it is by then."""
    message, begun, differs = str(row.identifier), monotonic(), None
    try:
        blob = _store_part(row.reference, part, from_segment, sealed)
    except DiskFullError:
        return Held(message, ReasonCode.DISK_LOW.value, CARD_SECONDS)
    except StorageFailedError as error:
        logger.error("a part was not kept: %s", error.code)
        return _not_now(message)
    except SealBrokenError:
        return _outcome(row)
    except ArrivalDiffersError:
        differs = Reason(ReasonCode.PART_DIFFERS, {"part": str(part.number)})
        blob = ""
    if blob is None:
        return _outcome(row)
    reach(Point.PART_KEPT)
    at += timedelta(seconds=int(monotonic() - begun))
    number, known = _known(partner)
    if known.state is not PartnerState.ACTIVE:  # no longer: the part may have taken hours
        hold = _hold(known, 0, at=at, counted=True)
        return Held(message, *hold) if hold is not None else _not_now(message)
    judge = _judge(number, known, at=at)
    outcome = _complete(row.pk, judge, digest=part.digest, blob=blob, reason=differs)
    reach(Point.PART_TAKEN)
    _forget_arrival(row.reference, part)
    return outcome


def _judge(number: int, partner: Partner, *, at: datetime) -> Judge:
    return Judge(
        number=number,
        partner=partner,
        stating=statements_for(partner.code, partner.wire, at=at),
        kinds=kinds(),
        officials=KeyRing.of(partner.keys, KeyUse.OFFICIAL),
        known=known_law(),
        at=at,
    )


def _alone(partner: int) -> None:
    """One batch at a time for each partner: what two would both find new is taken once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_RECEIVING, partner])


_RECEIVING = int.from_bytes(b"cmr")


def _witness(sound: Sequence[Sound], partner: Partner, *, at: datetime) -> None:
    """What the envelopes say of both journals, each checkpoint once."""
    logs = {e.log.checkpoint: (e.log, e.header) for e in (s.envelope for s in sound) if e.log}
    for log, head in logs.values():
        see(partner.code, log, stated_at=head.created, carried_by=head.id, at=at)
    for note in {s.envelope.witness for s in sound if s.envelope.witness}:
        keep_cosignature(partner.code, note, at=at)


def _known_rows(number: int, handed: Sequence[Sound | Unsound]) -> dict[str, models.Message]:
    rows = models.Message.objects.filter(
        partner=number, direction=Direction.IN, identifier__in=[each.message for each in handed]
    )
    known = rows.select_related("partner").defer("sealed", "law", "their_law", "partner__card")
    return {str(row.identifier): row for row in known}


def _insert(entries: Sequence[Entry]) -> None:
    """The rows of these entries, in as many statements as there are tables."""
    models.Message.objects.bulk_create([entry.row for entry in entries])
    parts = [part for entry in entries for part in entry.parts]
    if parts:
        models.Part.objects.bulk_create(parts)
    evidences = [entry.evidence for entry in entries if entry.evidence is not None]
    models.Evidence.objects.bulk_create(evidences)


def _note_heard(partner: int, *, at: datetime) -> None:
    """When something of theirs came last; apart, for the way is locked by whoever sends."""
    models.Way.objects.filter(partner=partner).update(heard_at=at)
