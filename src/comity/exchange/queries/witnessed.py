# SPDX-License-Identifier: Apache-2.0
"""What partners cosigned of our journal and we of theirs, read and verified again."""

from __future__ import annotations

from functools import lru_cache

from comity.exchange import models
from comity.exchange.acquaintance import UnknownPartnerError
from comity.exchange.alarm import BEGINS_ANEW, AlarmKind
from comity.exchange.partner import KeyUse
from comity.exchange.witnessed_log import (
    Kept,
    PartnerLogReport,
    verify_cosigned,
    verify_witnessed,
)
from comity.journal import queries as journal
from comity.sealing.checkpoint import Checkpoint, NoteKey, read_note_key

_ABOUT_LOGS = (*BEGINS_ANEW, AlarmKind.LOG_UNTRUSTED, AlarmKind.OWN_LOG_DIFFERS)


def partner_log_report(partner: str) -> PartnerLogReport:
    """Verify again every note that this partner and we signed of one another's journals."""
    row = models.Partner.objects.filter(code=partner).first()
    if row is None:
        raise UnknownPartnerError(partner=partner)
    ours, theirs = journal.trusted_keys(), journal_keys_of(partner)
    cosigned = list(models.Cosignature.objects.filter(partner=row).order_by("pk"))
    witnessed = list(models.WitnessedCheckpoint.objects.filter(partner=row).order_by("pk"))
    alarms = models.Alarm.objects.filter(partner=row)
    closed = alarms.filter(kind__in=BEGINS_ANEW).exclude(closed_at=None)
    misfits = verify_cosigned(
        (each.note for each in cosigned),
        ours=ours,
        theirs=theirs,
        is_of_our_journal=is_of_our_journal,
    )
    misfits += verify_witnessed(
        (Kept(w.cosigned, w.since, tuple(w.consistency), w.seen_at) for w in witnessed),
        ours=ours,
        theirs=theirs,
        accepted=[each.closed_at for each in closed if each.closed_at is not None],
    )
    still_open = alarms.filter(kind__in=_ABOUT_LOGS, closed_at=None).order_by("pk")
    return PartnerLogReport(
        partner=partner,
        cosigned=len(cosigned),
        cosigned_size=max((each.size for each in cosigned), default=0),
        witnessed=len(witnessed),
        witnessed_size=max((each.size for each in witnessed), default=0),
        misfits=tuple(misfits),
        alarms=tuple(still_open.values_list("reference", flat=True)),
    )


def is_of_our_journal(checkpoint: Checkpoint) -> bool:
    """Whether our journal was this at this size."""
    if checkpoint.size > journal.head().size:
        return False
    return journal.frontier(checkpoint.size).root == checkpoint.root


def journal_keys_of(partner: str) -> tuple[NoteKey, ...]:
    """The keys that sign the partner's checkpoints, as its cards named them."""
    rows = models.PartnerKey.objects.filter(partner__code=partner, use=KeyUse.JOURNAL)
    return _note_keys(tuple(rows.order_by("pk").values_list("public", flat=True)))


def latest_cosigned() -> str:
    """The largest checkpoint of ours that any partner cosigned, as a note; empty for none."""
    row = models.Cosignature.objects.order_by("-size", "-pk").first()
    return row.note if row else ""


@lru_cache(maxsize=64)
def _note_keys(lines: tuple[str, ...]) -> tuple[NoteKey, ...]:
    return tuple(map(read_note_key, lines))
