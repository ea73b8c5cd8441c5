# SPDX-License-Identifier: Apache-2.0
"""Persons whom items are about, and the erasure of everything that is kept of one.

A person's name lies under a key of the person's own. Erasing drafts a list of the items about the
person, which a second person approves; it destroys their keys and the person's. What must be kept
by a legal hold is kept and said so; the rest still verifies without saying anything of anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.item import ItemState
from comity.evidence.lifetime import (
    DestructionGround,
    DestructionList,
    DestructionWaitsError,
    ListState,
    MadeFromErasedError,
    SharedItemError,
    Subject,
    SubjectErasedError,
    UnknownSubjectError,
)
from comity.evidence.queries.lifetime import (
    SUBJECT,
    SUBJECT_KEY,
    _as_subject,
    _name_of_subject,
    made_from_items_of,
    require_kept,
    shared_items,
)
from comity.evidence.queries.seeing import require_seen, require_subject_seen
from comity.evidence.services import destroying
from comity.evidence.services.rows import _locked_items, inserted
from comity.journal.services import record
from comity.sealing.short_secrets import seal_bytes
from comity.storage.services import seal_record

LETTERS = "SUB"
_KEY_LENGTH = 32


@transaction.atomic
def add_subject(name: str, items: Sequence[str], *, by: Officer, at: datetime) -> Subject:
    """Keep whom items are about, the name under a key of the person's own.

    Raises:
        UnknownItemError: one of them lies in a case file of others. ItemGoneError: one is no more.
        DestructionWaitsError: one stands on a list that somebody is to approve.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    require_seen(items, by)
    key = secrets.token_bytes(_KEY_LENGTH)
    columns = {
        "sealed_key": seal_record(key, SUBJECT_KEY),
        "sealed": seal_bytes(name.strip().encode(), key=key, purpose=SUBJECT),
        "made_by": actor.reference,
        "made_at": at,
    }
    row = inserted(models.Subject, LETTERS, columns)
    _link(row, items)
    facts = {"count": str(len(items))}
    record("subject-added", row.reference, by=actor, at=at, facts=facts)
    return _as_subject(row)


@transaction.atomic
def link_items(reference: str, items: Sequence[str], *, by: Officer, at: datetime) -> Subject:
    """Say that items are about this person as well.

    Raises:
        UnknownSubjectError, SubjectErasedError, ItemGoneError: why nothing was linked.
        DestructionWaitsError: the person or an item stands on a list that somebody is to approve.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    require_subject_seen(reference, by)
    require_seen(items, by)
    row = _standing(reference)
    _link(row, items)
    facts = {"count": str(len(items))}
    record("subject-linked", reference, by=actor, at=at, facts=facts)
    return _as_subject(row)


@transaction.atomic
def open_name(reference: str, *, by: Officer, at: datetime) -> str:
    """What identifies the person; that it was read stands in the journal.

    Raises:
        UnknownSubjectError, SubjectErasedError: there is no name to be read.
    """
    actor = by.acting(Permission.VIEW_EVIDENCE)
    require_subject_seen(reference, by)
    row = _standing(reference)
    record("subject-read", reference, by=actor, at=at)
    return _name_of_subject(row)


@transaction.atomic
def draft_erasure(
    reference: str,
    *,
    by: Officer,
    at: datetime,
    shared: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> DestructionList:
    """Draft the erasure of a person's data; another person approves it with `destroying.approve`.

    Items that are about others as well, or were made from what goes, go where `shared` names them,
    and stay where `kept` does. What is about this person alone goes in any case.

    Raises:
        SharedItemError, MadeFromErasedError: nobody said what becomes of such an item.
    """
    by.require(Permission.ERASE_PERSON)
    row = _standing(reference)
    # whoever makes something of them waits, or is seen by what is asked next
    _locked_items(row.links.values_list("item__reference", flat=True))
    others, made = set(shared_items(reference)), set(made_from_items_of(reference))
    for asked, error in ((others, SharedItemError), (made, MadeFromErasedError)):
        if undecided := asked - set(shared) - set(kept):
            raise error(items=", ".join(sorted(undecided)))
    about = models.Item.objects.filter(subjects__subject=row).exclude(state=ItemState.DESTROYED)
    ground = DestructionGround.ERASURE_OF_A_PERSON
    staying = set(kept) & (others | made)
    going = {one.reference for one in about} | (made & set(shared))
    listed = dict.fromkeys(sorted(going - staying), ground)
    return destroying.draft(listed, by=by, at=at, subject=reference)


def _link(row: models.Subject, items: Sequence[str]) -> None:
    drafted = models.DestructionList.objects.filter(state=ListState.DRAFTED)
    waiting = drafted.filter(subject__isnull=False)
    _require_none(row.reference, waiting.filter(subject=row))
    for item in _locked_items(items):
        require_kept(item.reference)
        _require_none(item.reference, waiting.filter(entries__item=item))
        models.SubjectItem.objects.get_or_create(subject=row, item=item)


def _require_none(reference: str, lists: QuerySet[models.DestructionList]) -> None:
    """Whoever approves a list approves what was drafted, about whom it was known to be then."""
    for found in lists[:1]:
        raise DestructionWaitsError(reference=reference, list=found.reference)


def _standing(reference: str) -> models.Subject:
    row = models.Subject.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownSubjectError(reference=reference)
    if row.erased_at is not None:
        raise SubjectErasedError(reference=reference, on=row.erased_at.date().isoformat())
    return row
