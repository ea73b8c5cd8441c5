# SPDX-License-Identifier: Apache-2.0
"""Destruction by two persons: one drafts the list, another approves, and then it is carried out.

Destroying an item destroys its key, and with it its content, its description and all that was made
of it; custody, certificates and journal stay and still verify. A legal hold beats the list: what is
held when it is carried out is kept, and the list says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.four_eyes import second_person
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.custody import CustodyAct
from comity.evidence.item import ItemState, Rank
from comity.evidence.lifetime import (
    LIST_WORDS,
    DestructionGround,
    DestructionList,
    EmptyListError,
    EntryOutcome,
    FlagCode,
    ListOutgrownError,
    ListSettledError,
    ListState,
    UnknownListError,
)
from comity.evidence.models.uses import Statement
from comity.evidence.obligation import Discharge
from comity.evidence.queries.items import derived_from, several
from comity.evidence.queries.lifetime import destruction_list, holds_on, made_from_items_of
from comity.evidence.queries.seeing import require_seen
from comity.evidence.recall import Outcome
from comity.evidence.services import duties, keeping
from comity.evidence.services.custody import NewAct, measure, record_act
from comity.evidence.services.flags import _flag_made_from
from comity.evidence.services.recall_answers import _answer_upstream, _erase_answers
from comity.evidence.services.releasing import remove_package_files
from comity.evidence.services.rows import _locked_item, _locked_items, inserted
from comity.exchange.services.forgetting import forget_content, forget_parts
from comity.jobs.services import enqueue
from comity.journal.entry import Actor
from comity.journal.services import record

LETTERS = "DST"
FORGET = "evidence.forget_erased"
"""The task that finishes what a process did not live to remove."""
SEALED_UNDER_ITEM: tuple[type[Statement], ...] = (
    models.UseNotice,
    models.Consent,
    models.CourtRuling,
    models.Correction,
)
"""Tables in which a person's words may lie under an item's key."""


@dataclass(frozen=True, slots=True)
class _Act:
    """The carrying out of one list."""

    list: str
    by: Actor
    at: datetime


@transaction.atomic
def draft(
    items: Mapping[str, DestructionGround],
    *,
    by: Officer,
    at: datetime,
    subject: str = "",
    recall: str = "",
) -> DestructionList:
    """Draft a list of items to be destroyed; another person decides on it.

    Certified copies that were made of them here are listed with them.

    Raises:
        EmptyListError: none of them is kept any more. UnknownItemError: there is no such item.
        PermissionMissingError: the officer may neither keep evidence nor decide on it.
    """
    actor = by.acting(_drafts_as(by))
    grounds = _with_their_copies(items)
    require_seen(items, by)
    rows = _locked_items(grounds)
    kept = [row for row in rows if row.state != ItemState.DESTROYED]
    if not kept and not subject:
        raise EmptyListError
    columns = {
        "subject": models.Subject.objects.get(reference=subject) if subject else None,
        "recall": recall,
        "drafted_by": actor.reference,
        "drafted_at": at,
    }
    made = inserted(models.DestructionList, LETTERS, columns)
    models.DestructionEntry.objects.bulk_create(
        models.DestructionEntry(
            list=made, item=row, ground=grounds[row.reference], digest=row.digest
        )
        for row in kept
    )
    facts = {"count": str(len(kept))} | ({"request": recall} if recall else {})
    record("destruction-drafted", made.reference, by=actor, at=at, facts=facts)
    return destruction_list(made.reference)


def _with_their_copies(
    items: Mapping[str, DestructionGround],
) -> dict[str, DestructionGround]:
    """The items and the certified copies made of them: a copy holds the original's content."""
    grounds, waiting = dict(items), list(items)
    while waiting:
        source = waiting.pop()
        for made in several(derived_from(source)):
            if made.rank is Rank.CERTIFIED_COPY and made.reference not in grounds:
                grounds[made.reference] = grounds[source]
                waiting.append(made.reference)
    return grounds


def approve(
    reference: str, *, by: Officer, at: datetime, version: int | None = None
) -> DestructionList:
    """Approve a list and carry it out: what no hold stands against is destroyed for good.

    Its certificate is made and sealed afterwards by `destruction_certificates.certify`.

    Raises:
        SamePersonError: who drafted it cannot approve it. ListSettledError: it was decided.
        ListOutgrownError: a copy was made since of what stands on it, or anything from what is
            erased of a person.
    """
    actor = by.acting(Permission.APPROVE_DESTRUCTION)
    listed = destruction_list(reference)
    measured = {
        entry.item: measure(entry.item)
        for entry in listed.entries
        if entry.outcome is EntryOutcome.PENDING
    }
    with transaction.atomic():
        row = _open(reference, version)
        facts = second_person(reference, drafted_by=row.drafted_by, by=by.reference)
        act = _Act(reference, actor, at)
        entries = _covering(row)
        outcomes = [
            _carry_out(entry, measured.get(entry.item.reference, ""), act) for entry in entries
        ]
        if row.subject is not None and EntryOutcome.HELD not in outcomes:
            _erase_subject(row.subject, at=at)
        _settle(row, ListState.DONE, actor.reference, at)
        _answer_recall(row, outcomes, act)
        counted = str(outcomes.count(EntryOutcome.DESTROYED))
        facts |= {"count": counted, "drafted_by": row.drafted_by}
        record("destruction-carried-out", reference, by=actor, at=at, facts=facts)
        enqueue(FORGET)
        transaction.on_commit(partial(remove_package_files, _gone(row)))
    return destruction_list(reference)


@transaction.atomic
def refuse(reference: str, *, by: Officer, at: datetime) -> DestructionList:
    """Refuse a list: nothing on it is destroyed by it."""
    actor = by.acting(Permission.APPROVE_DESTRUCTION)
    row = _open(reference)
    _settle(row, ListState.REFUSED, actor.reference, at)
    record("destruction-refused", reference, by=actor, at=at)
    return destruction_list(reference)


@transaction.atomic
def withdraw(reference: str, *, by: Officer, at: datetime) -> DestructionList:
    """Take a list back, as who drafted it."""
    actor = by.acting(_drafts_as(by))
    row = _open(reference)
    if row.drafted_by != by.reference:
        by.require(Permission.APPROVE_DESTRUCTION)
    _settle(row, ListState.WITHDRAWN, actor.reference, at)
    record("destruction-withdrawn", reference, by=actor, at=at)
    return destruction_list(reference)


def forget_what_is_erased() -> int:
    """Remove files in packages and in the exchange that hold what was destroyed; how many went.

    What was destroyed while a message with it was under way is found here again, and so is what
    stayed because the process died between the destruction and the removal.
    """
    gone = models.Item.objects.filter(state=ItemState.DESTROYED)
    kept = models.Package.objects.exclude(blob="")
    packed = gone.filter(Q(packed__package__in=kept) | Q(packed_as_copy__package__in=kept))
    removed = remove_package_files(packed.distinct().values_list("reference", flat=True))
    with transaction.atomic():
        return len(removed) + sum(_forget_in_exchange(row) for row in gone)


def _covering(row: models.DestructionList) -> Sequence[models.DestructionEntry]:
    """The list's lines, their items locked, once they cover every copy that there is by now."""
    entries = list(row.entries.select_related("item").order_by("item__pk"))
    locked = _locked_items(entry.item.reference for entry in entries)
    cases = [item.case_file_id for item in locked if item.case_file_id is not None]
    held = models.CaseFile.objects.select_for_update().filter(pk__in=cases)
    list(held.order_by("pk"))  # nobody places a hold on them meanwhile
    listed = {entry.item.reference: DestructionGround(entry.ground) for entry in entries}
    new = sorted(set(_with_their_copies(listed)) - set(listed))
    kept = [one.reference for one in several(new) if one.state is not ItemState.DESTROYED]
    if row.subject is not None:
        made = several(made_from_items_of(row.subject.reference))
        kept += [each.reference for each in made if each.added_at > row.drafted_at]
    if kept := sorted(set(kept) - set(listed)):
        raise ListOutgrownError(reference=row.reference, items=", ".join(kept))
    return entries


def _gone(row: models.DestructionList) -> tuple[str, ...]:
    """The items that the list destroyed."""
    entries = row.entries.filter(outcome=EntryOutcome.DESTROYED)
    return tuple(entries.values_list("item__reference", flat=True))


def _carry_out(entry: models.DestructionEntry, measured: str, act: _Act) -> EntryOutcome:
    """Destroy one item, or say why it is kept."""
    item = _locked_item(entry.item.reference)
    holds = holds_on(item.reference)
    if item.state == ItemState.DESTROYED:
        entry.outcome = EntryOutcome.GONE_BEFORE
    elif holds:
        entry.outcome, entry.hold = EntryOutcome.HELD, holds[0].reference
    else:
        _destroy(item, measured, act)
        entry.outcome = EntryOutcome.DESTROYED
    entry.save(update_fields=["outcome", "hold"])
    return EntryOutcome(entry.outcome)


def _destroy(item: models.Item, measured: str, act: _Act) -> None:
    """The item's key and everything under it; what was brought by the exchange; its duties."""
    gone = NewAct(CustodyAct.DESTROYED, counterpart=act.list)
    record_act(item.reference, gone, by=act.by, at=act.at, measured=measured)
    keeping.destroy_key(item.reference)
    item.refresh_from_db()
    item.state = ItemState.DESTROYED
    item.save(update_fields=["state"])
    _erase_words(item)
    _forget_in_exchange(item)
    duties._end_duties(item, Discharge.DESTRUCTION, act.list, at=act.at)
    duties._release_duties(item, act.list, at=act.at)
    _flag_made_from(item, FlagCode.INPUT_DESTROYED, act.list, at=act.at)


def _erase_words(item: models.Item) -> None:
    """What people wrote of it: it opens with no key any more, and is not kept either."""
    _erase_answers(item)
    of_it = Q(item=item) | Q(identity=item.identity)
    for table in SEALED_UNDER_ITEM:
        table._default_manager.filter(of_it).update(sealed=b"")
    models.Consent.objects.filter(of_it).update(sealed_conditions=b"")
    models.Use.objects.filter(item=item).update(sealed=b"")
    models.HandOver.objects.filter(of_it).update(sealed=b"", sealed_taken=b"")
    models.Recall.objects.filter(of_it).update(sealed=b"")
    models.Disclosure.objects.filter(item=item).update(sealed=b"")
    models.Assurance.objects.filter(item=item).update(sealed=b"", sealed_breach=b"")
    models.LegalHold.objects.filter(item=item).update(sealed=b"")
    models.Alarm.objects.filter(item=item).update(sealed=b"")
    models.Narrowing.objects.filter(channel__item=item).update(sealed=b"")


def _forget_in_exchange(item: models.Item) -> int:
    """The files by which it came and in which it went, and any other with the same content."""
    came = item.channels.exclude(message="").values_list("message", flat=True)
    went = item.disclosures.exclude(message="").values_list("message", flat=True)
    forgotten = forget_parts({*came, *went})
    return forgotten + (forget_content(item.digest) if item.digest else 0)


def _erase_subject(subject: models.Subject, *, at: datetime) -> None:
    subject.sealed_key, subject.sealed, subject.erased_at = b"", b"", at
    subject.save(update_fields=["sealed_key", "sealed", "erased_at"])


def _answer_recall(row: models.DestructionList, outcomes: list[EntryOutcome], act: _Act) -> None:
    """Where the list answers a recall, what became of the item is told to who asked."""
    if not row.recall or not outcomes:
        return
    recall = models.Recall.objects.select_for_update().filter(reference=row.recall).first()
    if recall is None:
        return
    held = EntryOutcome.HELD in outcomes
    recall.outcome = Outcome.HELD_FOR_LAW if held else Outcome.DELETED
    recall.decided_by, recall.decided_at = act.by.reference, act.at
    recall.save(update_fields=["outcome", "decided_by", "decided_at"])
    _answer_upstream(recall, by=act.by, at=act.at)


def _drafts_as(by: Officer) -> Permission:
    """Whoever keeps evidence, decides on it or protects persons may draft a list."""
    for permission in (Permission.KEEP_EVIDENCE, Permission.DECIDE_ON_USE):
        if by.may(permission):
            return permission
    return Permission.ERASE_PERSON


def _open(reference: str, version: int | None = None) -> models.DestructionList:
    rows = models.DestructionList.objects.select_for_update(of=("self",))
    row = rows.select_related("subject").filter(reference=reference).first()
    if row is None:
        raise UnknownListError(reference=reference)
    if version is not None and version != row.version:
        raise ChangedMeanwhileError(reference=reference, given=version, current=row.version)
    if row.state != ListState.DRAFTED:
        raise ListSettledError(reference=reference, state=LIST_WORDS[ListState(row.state)])
    return row


def _settle(row: models.DestructionList, state: ListState, by: str, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.version += 1
    row.save(update_fields=["state", "decided_by", "decided_at", "version"])
