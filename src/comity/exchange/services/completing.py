# SPDX-License-Identifier: Apache-2.0
"""Parts on their way in, and the moment in which the last one makes a message whole.

A part's segments are durable in storage before the ledger hears of it; the transaction that
notes the last part is the one that makes the receipt.
"""

from __future__ import annotations

import logging
from typing import BinaryIO

from django.db import transaction

from comity.errors import InvalidInputError, NotPermittedError
from comity.exchange import models
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.fault_points import Point, reach, watched
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.outcome import Held, Outcome, Stated, Wanted, WantedPart
from comity.exchange.queries.messages import PART_KEYS, envelope_document, envelope_in
from comity.exchange.reasons import ReasonCode
from comity.exchange.services.entering import record_all
from comity.exchange.services.settling import (
    NOT_NOW_SECONDS,
    Entry,
    Judge,
    refused_by_kind,
)
from comity.sealing.segments import SEALED_SEGMENT_LENGTH, segments_of
from comity.storage.services import store, unseal_text_record

logger = logging.getLogger(__name__)
SETTLES = (EvidenceKind.RELAYED, EvidenceKind.REFUSED)
WRITTEN = ["state", "settled_at", "problem", "law", "verdict", "differs"]


def _row(partner: int, message: str) -> models.Message | None:
    """The partner's message of this id, as it is now."""
    rows = models.Message.objects.filter(partner=partner, direction=Direction.IN)
    return rows.defer("sealed", "law", "their_law").filter(identifier=message).first()


def _outcome(row: models.Message) -> Outcome:
    """What is answered about a message that is in the ledger: always the same."""
    if row.state == MessageState.ARRIVING:
        return Wanted(str(row.identifier), _missing(row))
    evidences = models.Evidence.objects.filter(message=row, kind__in=SETTLES)
    settled = evidences.exclude(by=row.partner.code).order_by("pk").first()
    if settled is None:  # only what was written by hand comes to this
        return Held(str(row.identifier), ReasonCode.NOT_NOW.value, NOT_NOW_SECONDS)
    return Stated(str(row.identifier), bytes(settled.document))


def _missing(row: models.Message) -> tuple[WantedPart, ...]:
    """The ask-list: the parts of which content is missing, and from where on.

    Where nothing is missing, taking the message failed on our side; a last segment, sent again,
    tries that anew.
    """
    parts = list(row.parts.order_by("number"))
    missing = tuple(
        WantedPart(part.number, _segments_there(row.reference, part))
        for part in parts
        if not part.blob
    )
    return missing or (WantedPart(parts[-1].number, segments_of(parts[-1].size) - 1),)


def _segments_there(reference: str, part: models.Part) -> int:
    """From where on a part is asked for; of one that is whole, its last segment again."""
    arrival = _arrival(reference, part.number)
    if store().brought(arrival, part.digest):
        return segments_of(part.size) - 1
    return store().segments_there(arrival)


def _store_part(
    reference: str, part: models.Part, from_segment: int, sealed: BinaryIO
) -> str | None:
    """Take segments as far as they come; the blob's name once the part is whole.

    Raises:
        DiskFullError, StorageFailedError: what came before it is kept.
        SealBrokenError: a segment was altered; those before it are kept.
        ArrivalDiffersError: it is whole, and not what the envelope says.
    """
    arrival = _arrival(reference, part.number)
    if name := store().brought(arrival, part.digest):  # and the ledger was kept from noting it
        return name
    key = bytes.fromhex(unseal_text_record(part.sealed_key, PART_KEYS))
    store().begin(arrival, key, part.size)
    coming = watched(sealed, Point.SEGMENT_TAKEN, SEALED_SEGMENT_LENGTH)
    if store().take(arrival, from_segment, coming) < segments_of(part.size):
        return None
    return store().finish(arrival, part.digest, part.size).name


def _forget_arrival(reference: str, part: models.Part) -> None:
    """The ledger has noted what came of it."""
    store().abandon(_arrival(reference, part.number))


def _arrival(reference: str, number: int) -> str:
    return f"{reference}-{number}".lower()


@transaction.atomic
def _complete(
    message: int, judge: Judge, *, digest: str = "", blob: str = "", reason: Reason | None = None
) -> Outcome:
    """Note a part; where it was the last, the message is received, or refused, in this moment."""
    row = (
        models.Message.objects.select_for_update(no_key=True, of=("self",))
        .select_related("partner")
        .get(pk=message)
    )
    if row.state != MessageState.ARRIVING:
        return _outcome(row)
    parts = list(row.parts.order_by("number"))
    if blob:
        row.parts.filter(digest=digest, blob="").update(blob=blob, sealed_key="")
        for part in parts:
            if part.digest == digest:
                part.blob = part.blob or blob
    if reason is None and not all(part.blob for part in parts):
        reach(Point.PART_TAKING)
        return Wanted(str(row.identifier), _missing(row))
    document = envelope_document(row.sealed)
    entry = Entry(row, envelope_in(document), judge.kinds, parts=parts)
    reason = judge.signature(document, entry) or judge.put_law(entry) or reason
    if reason is None:
        judge.receipt(entry)
    else:
        judge.refuse(entry, reason)
    return _written(entry, judge)


def _written(entry: Entry, judge: Judge) -> Outcome:
    """The completed entry, kept; undone and held off where its kind's service fails."""
    try:
        with transaction.atomic():
            _save(entry)
            entry.receive(judge.at)
    except (NotPermittedError, InvalidInputError) as error:
        refused_by_kind(judge, entry, error)
        _save(entry)
    except Exception as error:  # a message's outermost edge: it is held off, never dropped
        logger.error("a message of the kind %s failed: %s", entry.row.kind, type(error).__name__)
        return Held(str(entry.row.identifier), ReasonCode.NOT_NOW.value, NOT_NOW_SECONDS)
    reach(Point.PART_TAKING)
    if entry.act is not None:
        record_all([entry.act], at=judge.at)
    return entry.outcome()


def _save(entry: Entry) -> None:
    entry.row.save(update_fields=WRITTEN)
    if entry.evidence is not None:
        entry.evidence.save(force_insert=True)
