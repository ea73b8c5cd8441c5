# SPDX-License-Identifier: Apache-2.0
"""Each node holds the other's journal to what it said before, with every message.

What we say: our newest checkpoint, with the proof that it extends what the partner cosigned.
What we hear is verified, judged (`exchange.witness`), kept and cosigned; what contradicts itself
becomes an alarm with the signed notes as its proof, and the message that carried it goes on.
Called for every message: at rest it costs one small query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError
from comity.exchange import models, witness
from comity.exchange.alarm import BEGINS_ANEW, AlarmKind
from comity.exchange.envelope import LogStatement
from comity.exchange.queries.witnessed import is_of_our_journal, journal_keys_of
from comity.exchange.services.alarms import raise_alarm
from comity.exchange.services.own_keys import journal_cosigner, journal_keys
from comity.exchange.witness import CONTRADICTIONS, WITNESSED, LogFinding, Seen, Stated
from comity.journal import queries as journal
from comity.sealing.checkpoint import (
    Checkpoint,
    CheckpointUnreadableError,
    cosign,
    read_checkpoint,
    verify_checkpoint,
    verify_cosignature,
)
from comity.sealing.merkle import consistency_proof

LARGEST = 2**62
PATIENCE = timedelta(days=1)
"""So long a partner may lack a proof before a person is told."""
ALARMS: Mapping[LogFinding, AlarmKind] = {
    LogFinding.FORKED: AlarmKind.LOG_FORKED,
    LogFinding.REWOUND: AlarmKind.LOG_REWOUND,
    LogFinding.REPLACED: AlarmKind.LOG_REPLACED,
}


class LogRangeError(InvalidInputError):
    """A proof was asked for between sizes that our journal has not both reached."""

    code = "log-range-unknown"
    message = N_("No proof from {first} to {second}: expected sizes from 0 to {size}.")
    remedy = N_("Ask for a proof between two checkpoints of this node, the smaller one first.")


@dataclass(frozen=True, slots=True)
class ProofWanted:
    """Between which sizes a partner still has to prove that its journal only grew."""

    partner: str
    first: int
    second: int
    since: datetime


def own_log_statement(partner: str) -> LogStatement | None:
    """What we tell this partner of our journal now; None while it has no checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN_LOG, [partner])
        row = cursor.fetchone()
    if row is None:
        return None
    size, note, cosigned = row
    since = cosigned or 0
    return LogStatement(note, since, _own_proof(since, size) if since else ())


# The newest checkpoint, and the largest of ours that this partner cosigned and that still is ours:
# after a restored backup it may have cosigned what this journal never was.
_OWN_LOG = """
    SELECT c.size, c.note, (
        SELECT max(s.size) FROM exchange_cosignature s
        JOIN exchange_partner p ON p.id = s.partner_id
        JOIN journal_checkpoint j ON j.size = s.size AND j.root = s.root
        WHERE p.code = %s)
    FROM journal_checkpoint c ORDER BY c.size DESC LIMIT 1
"""


@lru_cache(maxsize=256)
def _own_proof(first: int, second: int) -> tuple[str, ...]:
    """Our journal only grows, so a proof between two of its checkpoints never changes."""
    return tuple(step.hex() for step in consistency_proof(first, second, journal.read_hash()))


def own_log_since(first: int, second: int | None = None) -> LogStatement:
    """Our journal at one of its checkpoints, the newest if none is named, and its proof since.

    For a partner that asks, because it saw one checkpoint and was told of another.
    """
    latest = journal.latest_checkpoint()
    size = latest.size if latest else 0
    wanted = size if second is None else second
    if latest is None or not 0 <= first <= wanted <= size:
        raise LogRangeError(first=first, second=wanted, size=size)
    note = latest.note if wanted == size else journal.checkpoint_of_size(wanted).note
    return LogStatement(note, first, _own_proof(first, wanted) if first else ())


def cosigned_for(partner: str) -> str:
    """The partner's largest checkpoint that we witnessed, with our cosignature; empty for none."""
    latest = _latest(partner)
    return latest.cosigned if latest else ""


def see(
    partner: str, statement: LogStatement, *, stated_at: datetime, carried_by: str, at: datetime
) -> str:
    """Hold the partner to what it says of its journal; its latest checkpoint as we cosigned it.

    1. The checkpoint must be signed by a journal key of the partner's card.
    2. It is judged beside what was seen before.
    3. What is new and proved is kept and cosigned; what contradicts itself raises an alarm.
    """
    latest = _latest(partner)
    if latest is not None and latest.note == statement.checkpoint:
        return latest.cosigned
    try:
        _readable(statement.checkpoint)
        checkpoint = verify_checkpoint(statement.checkpoint, journal_keys_of(partner))  # (1)
    except ComityError as error:
        _alarm_untrusted(partner, statement, error.code, carried_by, at)
        return latest.cosigned if latest else ""
    with transaction.atomic():
        _lock(partner)
        stated = Stated(checkpoint, statement, stated_at)
        _take(partner, stated, carried_by=carried_by, at=at)
    return cosigned_for(partner)


def _take(partner: str, stated: Stated, *, carried_by: str, at: datetime) -> LogFinding:
    """Judge (2) and do what follows (3), in the caller's transaction."""
    latest = _latest(partner)
    same_size = _seen_of_size(partner, stated.checkpoint.size, latest)
    judged = witness.judge(stated, latest.seen if latest else None, same_size)
    if judged.finding in WITNESSED:
        since = judged.beside.checkpoint.size if judged.beside else 0
        _keep(partner, stated, since=since, carried_by=carried_by, at=at)
    elif judged.finding is LogFinding.NEEDS_PROOF:
        _note_unproved(partner, stated, carried_by=carried_by, at=at)
    elif judged.finding in CONTRADICTIONS and judged.beside is not None:
        proof = {
            "seen": judged.beside.note,
            "seen_stated_at": judged.beside.stated_at.isoformat(),
            "stated": stated.statement.checkpoint,
            "stated_at": stated.stated_at.isoformat(),
            "since": stated.statement.since,
            "consistency": list(stated.statement.consistency),
            "carried_by": carried_by,
        }
        facts = _sizes(judged.beside.checkpoint, stated.checkpoint)
        kind = ALARMS[judged.finding]
        raise_alarm(kind, at=at, partner=partner, facts=facts, proof=proof)
    return judged.finding


def proofs_wanted() -> tuple[ProofWanted, ...]:
    """What to ask partners for (`GET log?from=&to=`), those first that lack it longest."""
    found = []
    for row in models.UnprovedCheckpoint.objects.select_related("partner").order_by("since"):
        latest = _latest(row.partner.code)
        if latest is not None and latest.seen.checkpoint.size < row.size:
            found.append(
                ProofWanted(row.partner.code, latest.seen.checkpoint.size, row.size, row.since)
            )
    return tuple(found)


@transaction.atomic
def take_proof(partner: str, consistency: Sequence[str], *, at: datetime) -> LogFinding | None:
    """Judge the waiting checkpoint again, with the proof that the partner gave when asked."""
    _lock(partner)
    row = models.UnprovedCheckpoint.objects.filter(partner__code=partner).first()
    latest = _latest(partner)
    if row is None or latest is None:
        return None
    since = latest.seen.checkpoint.size
    statement = LogStatement(row.note, since, tuple(consistency))
    stated = Stated(read_checkpoint(row.note), statement, row.stated_at)
    finding = _take(partner, stated, carried_by=row.carried_by, at=at)
    models.UnprovedCheckpoint.objects.filter(pk=row.pk).delete()
    return finding


def overdue_proofs(*, at: datetime) -> int:
    """Raise an alarm for each partner that has long not proved its journal's growth."""
    overdue = [wanted for wanted in proofs_wanted() if wanted.since <= at - PATIENCE]
    for wanted in overdue:
        latest = _latest(wanted.partner)
        row = models.UnprovedCheckpoint.objects.get(partner__code=wanted.partner)
        raise_alarm(
            AlarmKind.LOG_UNPROVED,
            at=at,
            partner=wanted.partner,
            facts={"seen": str(wanted.first), "stated": str(wanted.second)},
            proof={"seen": latest.note if latest else "", "stated": row.note},
        )
    return len(overdue)


_MOST_REMEMBERED = 1000
_kept_before: set[tuple[str, str]] = set()
"""Notes that were found in the table: receipts bring the same one again and again."""


def keep_cosignature(partner: str, note: str, *, at: datetime) -> bool:
    """Keep our own checkpoint as a partner cosigned it; true where it is kept.

    One that bears our signature and is not of our journal as it is now proves that *we* went
    back or were altered: it is kept all the same, and an alarm is raised.
    """
    if (partner, note) in _kept_before:
        return True
    try:
        checkpoint = read_checkpoint(note)
    except ComityError as error:
        raise_alarm(AlarmKind.LOG_UNTRUSTED, at=at, partner=partner, facts={"reason": error.code})
        return False
    kept = models.Cosignature.objects.filter(partner__code=partner, size=checkpoint.size)
    if kept.filter(root=checkpoint.root).exists():
        if len(_kept_before) >= _MOST_REMEMBERED:
            _kept_before.clear()
        _kept_before.add((partner, note))
        return True
    try:
        verify_checkpoint(note, journal_keys())
        verify_cosignature(note, journal_keys_of(partner))
    except ComityError as error:
        facts = {"size": str(checkpoint.size), "reason": error.code}
        raise_alarm(AlarmKind.LOG_UNTRUSTED, at=at, partner=partner, facts=facts)
        return False
    row = models.Cosignature(
        partner=models.Partner.objects.get(code=partner),
        size=checkpoint.size,
        root=checkpoint.root,
        note=note,
        at=at,
    )
    models.Cosignature.objects.bulk_create([row], ignore_conflicts=True)
    if not is_of_our_journal(checkpoint):
        latest = journal.latest_checkpoint()
        raise_alarm(
            AlarmKind.OWN_LOG_DIFFERS,
            at=at,
            partner=partner,
            facts={"seen": str(checkpoint.size), "stated": str(latest.size if latest else 0)},
            proof={"cosigned": note, "now": latest.note if latest else ""},
        )
    return True


@dataclass(frozen=True, slots=True)
class _Latest:
    """The largest checkpoint of a partner that was witnessed."""

    seen: Seen
    cosigned: str

    @property
    def note(self) -> str:
        return self.seen.note


def _latest(partner: str) -> _Latest | None:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [partner, list(BEGINS_ANEW)])
        row = cursor.fetchone()
    if row is None:
        return None
    note, cosigned, stated_at = row
    return _Latest(_seen(note, stated_at), cosigned)


# Since a person last accepted, by closing an alarm, that the partner's journal began anew.
_LATEST = """
    SELECT w.note, w.cosigned, w.stated_at
    FROM exchange_witnessedcheckpoint w JOIN exchange_partner p ON p.id = w.partner_id
    WHERE p.code = %s AND w.seen_at > coalesce((
        SELECT max(a.closed_at) FROM exchange_alarm a
        WHERE a.partner_id = p.id AND a.kind = ANY(%s)), '-infinity')
    ORDER BY w.size DESC, w.id DESC LIMIT 1
"""


def _readable(note: str) -> Checkpoint:
    """The checkpoint of a note; a size that no journal reaches is refused as unreadable."""
    checkpoint = read_checkpoint(note)
    if checkpoint.size > LARGEST:
        raise CheckpointUnreadableError(obstacle=f"expected at most {LARGEST} entries")
    return checkpoint


def _seen_of_size(partner: str, size: int, latest: _Latest | None) -> tuple[Seen, ...]:
    """What was witnessed of exactly this size, of the journal's present beginning."""
    if latest is None:
        return ()
    rows = models.WitnessedCheckpoint.objects.filter(partner__code=partner, size=size)
    begun = models.Alarm.objects.filter(partner__code=partner, kind__in=BEGINS_ANEW)
    closed = begun.exclude(closed_at=None).order_by("-closed_at").first()
    if closed is not None:
        rows = rows.filter(seen_at__gt=closed.closed_at)
    return tuple(_seen(row.note, row.stated_at) for row in rows)


@lru_cache(maxsize=256)
def _seen(note: str, stated_at: datetime) -> Seen:
    return Seen(read_checkpoint(note), note, stated_at)


def _keep(partner: str, stated: Stated, *, since: int, carried_by: str, at: datetime) -> None:
    """Keep what was proved, with our cosignature."""
    cosigner = journal_cosigner()
    note = stated.statement.checkpoint
    row = models.WitnessedCheckpoint(
        partner=models.Partner.objects.get(code=partner),
        size=stated.checkpoint.size,
        root=stated.checkpoint.root,
        note=note,
        cosigned=cosign(note, cosigner.key, name=cosigner.name, at=at),
        seen_at=at,
        stated_at=stated.stated_at,
        carried_by=carried_by,
        since=since,
        consistency=list(stated.statement.consistency) if since else [],
    )
    models.WitnessedCheckpoint.objects.bulk_create([row], ignore_conflicts=True)
    models.UnprovedCheckpoint.objects.filter(
        partner__code=partner, size__lte=stated.checkpoint.size
    ).delete()


def _note_unproved(partner: str, stated: Stated, *, carried_by: str, at: datetime) -> None:
    """Remember the newest checkpoint that lacks its proof, and since when one is lacking."""
    newest: dict[str, Any] = {
        "size": stated.checkpoint.size,
        "note": stated.statement.checkpoint,
        "stated_at": stated.stated_at,
        "carried_by": carried_by,
    }  # any: columns of one row
    rows = models.UnprovedCheckpoint.objects.filter(partner__code=partner)
    if rows.exists():
        rows.filter(size__lt=stated.checkpoint.size).update(**newest)
        return
    row = models.Partner.objects.get(code=partner)
    models.UnprovedCheckpoint(partner=row, since=at, **newest).save(force_insert=True)


def _alarm_untrusted(
    partner: str, statement: LogStatement, reason: str, carried_by: str, at: datetime
) -> None:
    raise_alarm(
        AlarmKind.LOG_UNTRUSTED,
        at=at,
        partner=partner,
        facts={"reason": reason},
        proof={"stated": statement.checkpoint, "carried_by": carried_by},
    )


def _sizes(seen: Checkpoint, stated: Checkpoint) -> dict[str, str]:
    return {"seen": str(seen.size), "stated": str(stated.size)}


def _lock(partner: str) -> None:
    """One transaction at a time witnesses one partner's journal anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"witness {partner}"])
