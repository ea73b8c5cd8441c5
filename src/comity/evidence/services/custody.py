# SPDX-License-Identifier: Apache-2.0
"""Recording custody: each act is chained to the one before, with the digest as it was just read.

The content is read before the item is locked; it never changes, so what was read counts. A gap
or a mismatch withholds the item's certification and raises an alarm, and nothing else: whoever
may see the item goes on seeing it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_, Phrase
from comity.errors import ConflictError, InvalidInputError
from comity.evidence import models
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import (
    BEGINS,
    BY_HAND,
    NO_WORDS,
    SALT_LENGTH,
    Custody,
    CustodyAct,
    CustodyEvent,
    CustodyWords,
    Fault,
    Finding,
    Given,
    chained,
    read_words,
    words_digest,
    words_document,
)
from comity.evidence.item import ItemState
from comity.evidence.new_item import check_words
from comity.evidence.queries.custody import _custodies_of, _custody_of, _examined
from comity.evidence.queries.keys import CUSTODY, ItemErasedError, item_key, opened_key, words_in
from comity.evidence.services import keeping
from comity.evidence.services.alarms import _raised
from comity.evidence.services.rows import Done, _locked_item, _locked_items, acting, record_all
from comity.journal.entry import Actor
from comity.reference.taxonomy import Purpose, code_of
from comity.storage.blob_store import BlobDamagedError, BlobMissingError

LONGEST_WORDS = 2_000
AWAY = frozenset({ItemState.HANDED_OVER, ItemState.RETURNED})
_ALARMS = {
    Fault.CONTENT_DAMAGED: AlarmKind.CONTENT_DAMAGED,
    Fault.CONTENT_MISSING: AlarmKind.CONTENT_MISSING,
}


class NotByHandError(InvalidInputError):
    """An act of custody that no officer records."""

    code = "custody-act-not-by-hand"
    message = N_("“{act}” is recorded by what does it, and was not added to {reference}.")
    remedy = N_("Acts that an officer records are: {acts}.")


class CustodyOutOfOrderError(ConflictError):
    """An act is dated before the last one, or after this moment."""

    code = "custody-out-of-order"
    message = N_("The act was not added to {reference}: it is dated {at}, and {obstacle}.")
    remedy = N_("Note a gap first if an act before the last one was not recorded at its time.")


class CustodyWordsTooLongError(InvalidInputError):
    """Too much was written of an act."""

    code = "custody-words-too-long"
    message = N_("What was written of the act has {found} letters; at most {most} are kept.")
    remedy = N_("Say where and why in a sentence; add a longer report as an item of its own.")


@dataclass(frozen=True, slots=True)
class NewAct:
    """An act of custody that is to be recorded."""

    act: CustodyAct
    words: CustodyWords = NO_WORDS
    purpose: str = ""
    counterpart: str = ""
    """Reference of an officer, code of an administration, number of a document."""
    outcome: str = ""
    """Identity of the item that the act made."""
    happened_at: datetime | None = None
    """When it was done, where that was not just now."""


def record_act(
    reference: str,
    act: NewAct,
    *,
    by: Officer | Actor,
    at: datetime,
    measured: str | None = None,
) -> CustodyEvent:
    """Record one act; `measured` is the content's digest where the caller has just read all of it.

    Raises:
        CustodyOutOfOrderError, CustodyWordsTooLongError, MisleadingWordsError, ItemErasedError:
            why it was not recorded.
    """
    given = {} if measured is None else {reference: measured}
    return record_acts((reference,), act, by=by, at=at, measured=given)[0]


@transaction.atomic
def record_by_hand(
    reference: str, act: NewAct, *, by: Officer, at: datetime, after: int | None = None
) -> CustodyEvent:
    """Record an act as an officer states it, after the last one that the officer saw.

    Raises:
        NotByHandError: what does this act records it. Otherwise as `record_act`.
        ChangedMeanwhileError: another act stands after `after`, such as this very one sent twice.
    """
    if act.act not in BY_HAND:
        acts = ", ".join(BY_HAND)
        raise NotByHandError(act=act.act, reference=reference, acts=acts)
    if act.purpose:
        act = replace(act, purpose=code_of(Purpose, act.purpose).value)
    if after is not None:
        _require_last(reference, after)
    return record_act(reference, act, by=by, at=at)


def _require_last(reference: str, after: int) -> None:
    events = models.CustodyEvent.objects.filter(item=_locked_item(reference))
    last = events.order_by("-number").values_list("number", flat=True).first() or 0
    if last != after:
        raise ChangedMeanwhileError(reference=reference, given=after, current=last)


def record_acts(
    references: Sequence[str],
    act: NewAct,
    *,
    by: Officer | Actor,
    at: datetime,
    measured: Mapping[str, str] | None = None,
) -> tuple[CustodyEvent, ...]:
    """Record the same act of several items, all or none."""
    actor = acting(by, Permission.KEEP_EVIDENCE)
    _check(act)
    references, digests = tuple(dict.fromkeys(references)), dict(measured or {})
    for reference in references:
        if reference not in digests:
            digests[reference] = measure(reference)
    with transaction.atomic():
        done: list[Done] = []
        rows = _locked_items(references)
        events = _appended_to_all(rows, act, digests, by=actor, at=at, done=done)
        record_all(done, at=at)
    return tuple(events[reference] for reference in references)


def measure(reference: str) -> str:
    """The SHA-256 of an item's content as it lies there now; empty where none can be read."""
    try:
        key, blob = item_key(reference), keeping.blob_of(reference)
        return keeping.store_of(key).verify(blob).digest
    except (keeping.NoContentError, ItemErasedError, BlobDamagedError, BlobMissingError):
        return ""


def words_inside(reference: str) -> dict[int, tuple[CustodyWords, bytes]]:
    """What was written of each act, with its salt, by number; for the door out and for packages."""
    return all_words_inside((reference,))[reference]


def all_words_inside(references: Sequence[str]) -> dict[str, dict[int, tuple[CustodyWords, bytes]]]:
    """The same of several items, read at once.

    Raises:
        ItemErasedError: the key of one of them was destroyed.
    """
    rows = models.Item.objects.filter(reference__in=references).select_related("key")
    held = {row.pk: row for row in rows.defer("sealed")}
    found: dict[str, dict[int, tuple[CustodyWords, bytes]]] = {r: {} for r in references}
    for event in models.CustodyEvent.objects.filter(item__in=list(held)).exclude(sealed=b""):
        reference, key = held[event.item_id].reference, getattr(held[event.item_id], "key", None)
        if key is None:
            raise ItemErasedError(reference=reference)
        said = words_in(opened_key(key.sealed), event.sealed, CUSTODY)
        words, salt = read_words({"words": said})
        if words is not None:
            found[reference][event.number] = (words, salt)
    return found


def _begun(
    row: models.Item, key: bytes, act: NewAct, given: Sequence[Given], *, by: Actor, at: datetime
) -> list[Done]:
    """Begin a new item's custody, after what its supplier recorded; what is to be journalled."""
    done: list[Done] = []
    if given:
        done += _taken_in(row, key, given, at=at)
    _appended(row, act, row.digest, by=by, at=at, done=done, key=key)
    return done


def _appended(
    row: models.Item,
    act: NewAct,
    digest: str,
    *,
    by: Actor,
    at: datetime,
    done: list[Done],
    key: bytes | None = None,
) -> CustodyEvent:
    """Chain an act to a locked item's custody, and gather in `done` what is to be journalled."""
    digests, keys = {row.reference: digest}, {row.reference: key}
    found = _appended_to_all((row,), act, digests, by=by, at=at, done=done, keys=keys)
    return found[row.reference]


def _appended_to_all(
    rows: Sequence[models.Item],
    act: NewAct,
    digests: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    done: list[Done],
    keys: Mapping[str, bytes | None] | None = None,
) -> dict[str, CustodyEvent]:
    """The same for several locked items, each with its digest; the events by reference."""
    before, found, kept = _custodies_of(rows), {}, []
    for row in rows:
        last = before[row.reference].events[-1] if before[row.reference].events else None
        _check_order(row, last, act.happened_at or at, at)
        sealed, digest_of_words = _sealed(row, act.words, (keys or {}).get(row.reference))
        event = _event(row, act, digests[row.reference], digest_of_words, by=by, at=at)
        found[row.reference] = chained(event, last)
        kept.append(_row_of(row, found[row.reference], sealed, at))
    models.CustodyEvent.objects.bulk_create(kept)
    for row in rows:
        event = found[row.reference]
        done.append(Done("custody-recorded", row.reference, _facts(event), by=by))
        if act.act in BEGINS and row.state in AWAY:  # it came back
            row.state = ItemState.HELD
            row.save(update_fields=["state"])
        done += _settled(row, at=at, now=_followed(row, before[row.reference], event))
    return found


def _followed(row: models.Item, before: Custody, event: CustodyEvent) -> Custody:
    """The custody with the event at its end."""
    doubted = any(each.fault is Fault.HAND_OVER_DOUBTED for each in before.findings)
    return _examined(row, (*before.events, event), doubted=doubted)


def _event(
    row: models.Item, act: NewAct, digest: str, digest_of_words: str, *, by: Actor, at: datetime
) -> CustodyEvent:
    """The act as an event that has no place in a chain yet."""
    return CustodyEvent(
        item=str(row.identity),
        number=0,
        act=act.act,
        at=act.happened_at or at,
        by=by.reference,
        role=by.role,
        authority=str(settings.ENVIRONMENT.administration),
        purpose=act.purpose,
        counterpart=act.counterpart,
        digest_before=digest,
        digest_after="" if act.act is CustodyAct.DESTROYED else digest,
        outcome=act.outcome,
        words_digest=digest_of_words,
    )


def _settled(
    row: models.Item, *, at: datetime, alarms: bool = True, now: Custody | None = None
) -> list[Done]:
    """Withhold or allow the item's certification as its custody stands; what is to be journalled.

    An item whose certification is withheld already raises no further alarm for the same kind of
    fault: the open one counts it. `now` is the custody where the caller knows it.
    """
    findings = (now or _custody_of(row)).findings
    done: list[Done] = []
    if row.certifiable == bool(findings):
        row.certifiable = not findings
        row.version += 1
        row.save(update_fields=["certifiable", "version"])
        act = "certification-withheld" if findings else "certification-allowed"
        done.append(Done(act, row.reference, {"count": str(len(findings))}))
        if findings and alarms:
            done += _alarmed(row, findings, at)
    return done


def _alarmed(row: models.Item, findings: Sequence[Finding], at: datetime) -> list[Done]:
    done: list[Done] = []
    told: set[AlarmKind] = set()
    for finding in findings:
        other = AlarmKind.CUSTODY_GAP if finding.is_gap else AlarmKind.CUSTODY_MISMATCH
        kind = _ALARMS.get(finding.fault, other)
        if kind not in told and finding.fault is not Fault.HAND_OVER_DOUBTED:
            told.add(kind)
            facts = {"reason": finding.fault.value, "sequence": str(finding.number)}
            done += _raised(kind, at=at, item=row, facts=facts)
    return done


def _taken_in(row: models.Item, key: bytes, given: Sequence[Given], *, at: datetime) -> list[Done]:
    """Keep the custody that came with the item, as it came: what is wrong with it shows."""
    models.CustodyEvent.objects.bulk_create(
        _row_of(
            row, each.event, b"" if each.words is None else _seal(key, each.words, each.salt), at
        )
        for each in given
    )
    facts = {"count": str(len(given)), "digest": given[-1].event.digest}
    return [Done("custody-taken-in", row.reference, facts)]


def _sealed(row: models.Item, words: CustodyWords, key: bytes | None) -> tuple[bytes, str]:
    if words == NO_WORDS:
        return b"", ""
    salt = secrets.token_bytes(SALT_LENGTH)
    sealed = _seal(key or item_key(row.reference), words, salt)
    return sealed, words_digest(words, salt)


def _seal(key: bytes, words: CustodyWords, salt: bytes) -> bytes:
    return keeping.seal_words(key, {**words_document(words), "salt": salt.hex()}, CUSTODY)


def _row_of(
    row: models.Item, event: CustodyEvent, sealed: bytes, at: datetime
) -> models.CustodyEvent:
    return models.CustodyEvent(
        item=row,
        number=event.number,
        act=event.act,
        at=event.at,
        recorded_at=at,
        by=event.by,
        role=event.role,
        authority=event.authority,
        purpose=event.purpose,
        counterpart=event.counterpart,
        digest_before=event.digest_before,
        digest_after=event.digest_after,
        outcome=event.outcome,
        words_digest=event.words_digest,
        sealed=sealed,
        previous=event.previous,
        digest=event.digest,
    )


def _check(act: NewAct) -> None:
    words = act.words
    written = (words.place, words.reason, words.counterpart, *words.marks)
    check_words(act.counterpart, *written)
    found = sum(map(len, written))
    if found > LONGEST_WORDS:
        raise CustodyWordsTooLongError(found=found, most=LONGEST_WORDS)


def _check_order(
    row: models.Item, last: CustodyEvent | None, happened: datetime, at: datetime
) -> None:
    obstacle = ""
    if happened > at:
        obstacle = Phrase(N_("it is {now} now"), now=at.isoformat(timespec="seconds"))
    elif last is not None and happened < last.at:
        obstacle = Phrase(N_("the last one is of {at}"), at=last.at.isoformat(timespec="seconds"))
    if obstacle:
        said = happened.isoformat(timespec="seconds")
        raise CustodyOutOfOrderError(reference=row.reference, at=said, obstacle=obstacle)


def _facts(event: CustodyEvent) -> dict[str, str]:
    facts = {"act": event.act.value, "sequence": str(event.number), "digest": event.digest}
    if event.purpose:
        facts["purpose"] = event.purpose
    return facts
