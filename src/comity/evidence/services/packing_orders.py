# SPDX-License-Identifier: Apache-2.0
"""Packing as a job: an order is kept sealed, carried out by the worker, and its file kept.

An order is begun at most three times, by its own count: a worker that was killed leaves an open
file without a name, which is gone with it, and whoever began an earlier attempt changes nothing
any more. A package is recorded in the same transaction in which its order says that it is packed.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.queries import officer_by_reference
from comity.errors import ComityError
from comity.evidence import models
from comity.evidence.package import PackageKind
from comity.evidence.packing import (
    MOST_ITEMS,
    NothingToPackError,
    Packed,
    PackingStep,
    Wanted,
)
from comity.evidence.packing_order import (
    AT_ONCE,
    MOST_ATTEMPTS,
    OrderState,
    PackingStoppedError,
    field_document,
    order_document,
    read_order,
)
from comity.evidence.services.kept_packages import ORDER, KeptFile, keep_file, remove_file
from comity.evidence.services.packing import Made, keep_package, make_package
from comity.evidence.services.rows import EVIDENCE, inserted
from comity.evidence.services.way_out import require_way
from comity.jobs.retry import may_pass
from comity.jobs.services import enqueue
from comity.journal.services import record
from comity.storage.services import seal_record, unseal_record

LETTERS, TASK = "PKO", "evidence.pack"
IN_MEMORY = 8 << 20
GIVEN_UP_AFTER = timedelta(days=1)
TOLD_EVERY = 1.0
"""Seconds between two notes of how far a package has come."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """One attempt at an order."""

    reference: str
    attempt: int
    by: str
    wanted: Wanted


class _SupersededError(Exception):
    """Another attempt at the same order was begun meanwhile; this one changes nothing."""


def at_once(wanted: Wanted) -> bool:
    """Whether it is packed while somebody waits for it."""
    makes_copies = wanted.copies is not None and wanted.copies.official is not None
    return len(wanted.items) <= AT_ONCE and not makes_copies and not wanted.wait_for_witness


@transaction.atomic
def order_package(wanted: Wanted, *, by: Officer, at: datetime, queued: bool = True) -> str:
    """Order a bundle; the worker packs it, or with `queued=False` the caller by `carry_out`.

    Raises:
        PermissionMissingError: the officer may not give evidence to anybody.
        NothingToPackError: no items, too many, or one twice.
    """
    assert wanted.kind is PackageKind.COURT  # what goes to a partner is released
    require_way(by, wanted.recipient)
    items = [choice.item for choice in wanted.items]
    if len(set(items)) != len(items) or not 0 < len(items) <= MOST_ITEMS:
        raise NothingToPackError(most=MOST_ITEMS, found=len(items))
    columns = {
        "asked_by": by.reference,
        "asked_at": at,
        "count": len(items),
        "sealed": _sealed(wanted),
    }
    row = inserted(models.PackingOrder, LETTERS, columns)
    facts = {"count": str(len(items))} | ({"case": wanted.case} if wanted.case else {})
    record("package-ordered", row.reference, by=by.actor, at=at, facts=facts)
    if queued:
        enqueue(TASK, order=row.reference)
    return str(row.reference)


def pack_now(wanted: Wanted, *, by: Officer, at: datetime) -> Packed:
    """Order a bundle and pack it while the caller waits; its file is kept.

    Raises:
        As `packing.pack`; the order then stands as failed.
    """
    order = order_package(wanted, by=by, at=at, queued=False)
    packed = carry_out(order, at=at, queued=False)
    assert packed is not None  # nobody else knows of the order
    return packed


def carry_out(reference: str, *, at: datetime, queued: bool = True) -> Packed | None:
    """Pack what was ordered; None where it was done before or somebody else does it.

    With `queued=False` no job would try it again: what stops it ends the order.

    Raises:
        ComityError: why it was not packed. The order says it too, unless it may be tried again.
    """
    begun = _begun(reference, at=at)
    if begun is None:
        return None
    try:
        return _packed(begun, at=at)
    except _SupersededError:
        return None
    except ComityError as error:
        _stopped(begun, error, at=at, again=queued and _again(begun, error))
        raise
    except Exception:
        words = PackingStoppedError(order=reference, attempts=begun.attempt)
        _stopped(begun, words, at=at, again=queued and begun.attempt < MOST_ATTEMPTS)
        raise


def carry_out_as_job(reference: str, *, at: datetime) -> None:
    """As `carry_out`, raising only where it is tried again: an order that ended says why itself."""
    try:
        carry_out(reference, at=at)
    except ComityError:
        waiting = models.PackingOrder.objects.filter(reference=reference, state=OrderState.WAITING)
        if waiting.exists():
            raise


@transaction.atomic
def give_up(*, at: datetime) -> int:
    """End the orders that nobody carries out any more, as when a node stopped meanwhile."""
    rows = models.PackingOrder.objects.select_for_update().filter(
        state__in=(OrderState.WAITING, OrderState.PACKING), asked_at__lt=at - GIVEN_UP_AFTER
    )
    for row in rows:
        _fail(row, PackingStoppedError(order=row.reference, attempts=row.attempts), at=at)
    return len(rows)


@transaction.atomic
def _begun(reference: str, *, at: datetime) -> _Begun | None:
    """The next attempt, unless the order has ended; one that was begun too often ends here."""
    row = models.PackingOrder.objects.select_for_update().filter(reference=reference).first()
    if row is None or row.state in (OrderState.PACKED, OrderState.FAILED):
        return None
    if row.attempts >= MOST_ATTEMPTS:
        _fail(row, PackingStoppedError(order=reference, attempts=row.attempts), at=at)
        return None
    row.state, row.attempts = OrderState.PACKING, row.attempts + 1
    row.step, row.done, row.total = "", 0, 0
    row.save(update_fields=["state", "attempts", "step", "done", "total"])
    wanted = read_order(json.loads(unseal_record(bytes(row.sealed), ORDER)))
    return _Begun(reference, row.attempts, row.asked_by, wanted)


def _packed(begun: _Begun, *, at: datetime) -> Packed:
    by = officer_by_reference(begun.by)
    folder = str(settings.ENVIRONMENT.home)
    with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=folder) as sink:
        progress = _Progress(begun)
        made = make_package(begun.wanted, sink, by=by, at=at, told=progress.told)  # type: ignore[arg-type]  # it reads and writes
        progress.told(PackingStep.KEEPING, 0, 0)
        sink.seek(0)
        kept = keep_file(sink)
    try:
        return _recorded(begun, made, kept, by=by, at=at)
    except BaseException:
        if not models.PackingOrder.objects.filter(blob=kept.blob).exists():
            remove_file(kept.blob)
        raise


class _Progress:
    """Notes how far an attempt has come, at most once a second within a step."""

    def __init__(self, begun: _Begun) -> None:
        self._begun, self._step, self._at = begun, "", 0.0

    def told(self, step: PackingStep, done: int, total: int) -> None:
        """Note it; an attempt that another one has overtaken ends here."""
        now = time.monotonic()
        if step == self._step and now - self._at < TOLD_EVERY:
            return
        self._step, self._at = step, now
        rows = models.PackingOrder.objects.filter(
            reference=self._begun.reference, attempts=self._begun.attempt
        )
        if not rows.update(step=step, done=done, total=total):
            raise _SupersededError


@transaction.atomic
def _recorded(begun: _Begun, made: Made, kept: KeptFile, *, by: Officer, at: datetime) -> Packed:
    """Record the package and say in the order that it is packed, both or neither."""
    row = models.PackingOrder.objects.select_for_update().get(reference=begun.reference)
    if row.attempts != begun.attempt or row.state != OrderState.PACKING:
        raise _SupersededError
    packed = keep_package(made, by=by, at=at)
    copies = [one.copy.item for one in made.chosen if one.copy]
    row.state, row.ended_at, row.step = OrderState.PACKED, at, ""
    row.package = models.Package.objects.get(reference=packed.reference)
    row.copies, row.key, row.blob = copies, kept.key, kept.blob
    row.sealed = _sealed(_without_official(begun.wanted))
    row.save()
    return packed


def _again(begun: _Begun, error: ComityError) -> bool:
    """Whether the job is tried again: what only another place did not do may pass."""
    from_elsewhere = hasattr(error, "permanent")
    return from_elsewhere and may_pass(error) and begun.attempt < MOST_ATTEMPTS


@transaction.atomic
def _stopped(begun: _Begun, error: ComityError, *, at: datetime, again: bool) -> None:
    rows = models.PackingOrder.objects.select_for_update()
    same = {"reference": begun.reference, "attempts": begun.attempt}
    row = rows.filter(**same, state=OrderState.PACKING).first()
    if row is None:
        return
    if again:
        row.state = OrderState.WAITING
        row.save(update_fields=["state"])
        return
    _fail(row, error, at=at)


def _fail(row: models.PackingOrder, error: ComityError, *, at: datetime) -> None:
    row.state, row.ended_at, row.step, row.sealed = OrderState.FAILED, at, "", b""
    row.failure = {
        "code": error.code,
        "message": error.message,
        "remedy": error.remedy,
        "fields": {name: field_document(value) for name, value in error.fields.items()},
    }
    row.save(update_fields=["state", "ended_at", "step", "sealed", "failure"])
    facts = {"reason": error.code, "count": str(row.count)}
    record("package-order-failed", row.reference, by=EVIDENCE, at=at, facts=facts)


def _without_official(wanted: Wanted) -> Wanted:
    """What the door is asked again; who signed the copies is not kept for that."""
    return replace(wanted, copies=replace(wanted.copies, official=None) if wanted.copies else None)


def _sealed(wanted: Wanted) -> bytes:
    return seal_record(json.dumps(order_document(wanted)).encode(), ORDER)
