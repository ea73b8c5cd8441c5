# SPDX-License-Identifier: Apache-2.0
"""Holds, destruction lists, subjects, flags and corrections, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from comity.evidence import models
from comity.evidence.item import ItemState, Rank
from comity.evidence.lifetime import (
    CorrectionRecord,
    DestructionEntry,
    DestructionGround,
    DestructionList,
    EntryOutcome,
    Flag,
    FlagCode,
    Hold,
    HoldGround,
    ItemGoneError,
    ListState,
    Subject,
    UnknownHoldError,
    UnknownListError,
    UnknownSubjectError,
)
from comity.evidence.queries.cases import in_cases_of
from comity.evidence.queries.statements import _words_of
from comity.exchange.message_state import Direction
from comity.sealing.short_secrets import unseal_bytes
from comity.storage.services import unseal_record

HOLD = "evidence hold"
SUBJECT_KEY, SUBJECT = "evidence subject key", "evidence subject"


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How an item ended: what remains to be shown of it."""

    item: str
    identity: str
    list: str
    """Reference of the destruction list, whose certificate says so."""
    ground: DestructionGround
    digest: str
    at: datetime


def holds_on(item: str) -> tuple[Hold, ...]:
    """The legal holds that stand against an item's destruction: its own, and its case file's."""
    rows = models.LegalHold.objects.select_related("item", "case_file").filter(
        Q(item__reference=item) | Q(case_file__items__reference=item), lifted_at__isnull=True
    )
    return tuple(_as_hold(row) for row in rows)


def holds(*, case: str = "", standing: bool = True, officer: str = "") -> tuple[Hold, ...]:
    """Legal holds, the latest first; for an officer, without those in case files of others."""
    rows = models.LegalHold.objects.select_related("item", "case_file")
    rows = rows.filter(in_cases_of(officer, "item"), in_cases_of(officer))
    rows = rows.filter(case_file__reference=case) if case else rows
    rows = rows.filter(lifted_at__isnull=True) if standing else rows
    return tuple(_as_hold(row) for row in rows)


def hold(reference: str) -> Hold:
    """The hold of this reference.

    Raises:
        UnknownHoldError: there is none.
    """
    row = models.LegalHold.objects.select_related("item", "case_file").filter(reference=reference)
    for found in row:
        return _as_hold(found)
    raise UnknownHoldError(reference=reference)


def reason_of_hold(reference: str) -> str:
    """Why a hold was placed, in words."""
    row = models.LegalHold.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownHoldError(reference=reference)
    return unseal_record(bytes(row.sealed), HOLD).decode() if row.sealed else ""


def destruction_lists(*, state: ListState | None = None) -> tuple[DestructionList, ...]:
    """Destruction lists, the latest first."""
    rows = models.DestructionList.objects.select_related("subject").prefetch_related(
        "entries__item"
    )
    return tuple(_as_list(row) for row in (rows.filter(state=state) if state else rows))


def destruction_list(reference: str) -> DestructionList:
    """The destruction list of this reference.

    Raises:
        UnknownListError: there is none.
    """
    rows = models.DestructionList.objects.select_related("subject").prefetch_related(
        "entries__item"
    )
    row = rows.filter(reference=reference).first()
    if row is None:
        raise UnknownListError(reference=reference)
    return _as_list(row)


def destroyed(item: str) -> Destroyed | None:
    """How an item ended; None while it is kept."""
    rows = models.DestructionEntry.objects.select_related("item", "list")
    row = rows.filter(item__reference=item, outcome=EntryOutcome.DESTROYED).first()
    return _destroyed(row) if row is not None else None


def destroyed_entries(*, officer: str = "") -> tuple[Destroyed, ...]:
    """Everything that was destroyed, the latest first: the register of destructions.

    For an officer, without items in case files that others alone work on.
    """
    rows = models.DestructionEntry.objects.select_related("item", "list").order_by("-pk")
    rows = rows.filter(in_cases_of(officer, "item"), outcome=EntryOutcome.DESTROYED)
    return tuple(_destroyed(row) for row in rows)


def require_kept(item: str) -> None:
    """Raise `ItemGoneError` where the item was destroyed: pages and API answer it with 410."""
    row = models.Item.objects.filter(reference=item, state=ItemState.DESTROYED).first()
    if row is None:
        return
    found = destroyed(item)
    raise ItemGoneError(
        item=item,
        on=found.at.date().isoformat() if found else "",
        certificate=found.list if found else "",
    )


def subjects(*, item: str = "") -> tuple[Subject, ...]:
    """Persons whom items are about, by reference."""
    rows = models.Subject.objects.prefetch_related("links__item")
    rows = rows.filter(links__item__reference=item) if item else rows
    return tuple(_as_subject(row) for row in rows)


def subject(reference: str) -> Subject:
    """The subject of this reference.

    Raises:
        UnknownSubjectError: there is none.
    """
    row = models.Subject.objects.prefetch_related("links__item").filter(reference=reference).first()
    if row is None:
        raise UnknownSubjectError(reference=reference)
    return _as_subject(row)


def shared_items(reference: str) -> tuple[str, ...]:
    """The items about this person that are about others, not erased, as well."""
    others = models.SubjectItem.objects.filter(subject__erased_at__isnull=True).exclude(
        subject__reference=reference
    )
    rows = models.SubjectItem.objects.filter(
        subject__reference=reference, item__in=others.values("item")
    ).exclude(item__state=ItemState.DESTROYED)
    return tuple(sorted(rows.values_list("item__reference", flat=True)))


def made_from_items_of(reference: str) -> tuple[str, ...]:
    """What was made, however far, from the items about this person and is not itself about it.

    Certified copies are left out: they always go with what they are copies of.
    """
    about = set(models.SubjectItem.objects.filter(subject__reference=reference).values_list("item"))
    seen, found = {pk for (pk,) in about}, set()
    waiting = set(seen)
    while waiting:
        rows = models.Derivation.objects.filter(source__in=waiting).exclude(item__in=seen)
        made = {row.item for row in rows.select_related("item")}
        waiting = {item.pk for item in made}
        seen |= waiting
        found |= {
            item.reference
            for item in made
            if item.rank != Rank.CERTIFIED_COPY and item.state != ItemState.DESTROYED
        }
    return tuple(sorted(found))


def flags_on(item: str, *, cleared: bool = False) -> tuple[Flag, ...]:
    """What a person must look at again on an item, the latest first."""
    rows = models.Flag.objects.select_related("item").filter(item__reference=item)
    rows = rows if cleared else rows.filter(cleared_at__isnull=True)
    return tuple(_as_flag(row) for row in rows)


def flags(*, most: int = 200) -> tuple[Flag, ...]:
    """Every flag that nobody looked at yet, the latest first."""
    rows = models.Flag.objects.select_related("item").filter(cleared_at__isnull=True)
    return tuple(_as_flag(row) for row in rows[:most])


def corrections(*, item: str = "") -> tuple[CorrectionRecord, ...]:
    """Corrections told and taken, the latest first."""
    rows = models.Correction.objects.select_related("item")
    rows = rows.filter(item__reference=item) if item else rows
    return tuple(_as_correction(row) for row in rows)


def correction_words(reference: str) -> dict[str, str]:
    """What a correction says, by field; nothing once it was erased."""
    row = models.Correction.objects.select_related("item").filter(reference=reference).first()
    return {name: str(text) for name, text in _words_of(row).items()} if row else {}


def _as_hold(row: models.LegalHold) -> Hold:
    """A hold as a value."""
    return Hold(
        reference=row.reference,
        item=row.item.reference if row.item else "",
        case=row.case_file.reference if row.case_file else "",
        ground=HoldGround(row.ground),
        placed_by=row.placed_by,
        placed_at=row.placed_at,
        lifted_by=row.lifted_by,
        lifted_at=row.lifted_at,
    )


def _as_list(row: models.DestructionList) -> DestructionList:
    """A destruction list as a value."""
    return DestructionList(
        reference=row.reference,
        state=ListState(row.state),
        entries=tuple(
            DestructionEntry(
                item=entry.item.reference,
                ground=DestructionGround(entry.ground),
                outcome=EntryOutcome(entry.outcome),
                digest=entry.digest,
                hold=entry.hold,
            )
            for entry in row.entries.all()
        ),
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        subject=row.subject.reference if row.subject else "",
        recall=row.recall,
        version=row.version,
    )


def _as_subject(row: models.Subject) -> Subject:
    """A subject as a value, without the name."""
    return Subject(
        reference=row.reference,
        items=tuple(link.item.reference for link in row.links.all()),
        made_by=row.made_by,
        made_at=row.made_at,
        erased_at=row.erased_at,
    )


def _name_of_subject(row: models.Subject) -> str:
    """What identifies the person; empty once erased."""
    if not row.sealed_key:
        return ""
    key = unseal_record(bytes(row.sealed_key), SUBJECT_KEY)
    return unseal_bytes(bytes(row.sealed), key=key, purpose=SUBJECT).decode()


def _as_flag(row: models.Flag) -> Flag:
    """A flag as a value."""
    return Flag(
        item=row.item.reference,
        code=FlagCode(row.code),
        source=row.source,
        at=row.at,
        cleared_by=row.cleared_by,
        cleared_at=row.cleared_at,
    )


def _as_correction(row: models.Correction) -> CorrectionRecord:
    """A correction as a value."""
    return CorrectionRecord(
        reference=row.reference,
        direction=Direction(row.direction),
        item=row.item.reference if row.item else "",
        identity=str(row.identity),
        partner=row.partner,
        fields=tuple(row.fields),
        replacement=str(row.replacement) if row.replacement else "",
        on=row.on,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def _destroyed(row: models.DestructionEntry) -> Destroyed:
    at = row.list.decided_at or row.list.drafted_at
    return Destroyed(
        item=row.item.reference,
        identity=str(row.item.identity),
        list=row.list.reference,
        ground=DestructionGround(row.ground),
        digest=row.digest,
        at=at,
    )
