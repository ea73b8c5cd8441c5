# SPDX-License-Identifier: Apache-2.0
"""Visits to sources: one when somebody asks, all that are due when the worker does.

A release is on the disk before its source is said to be read. A visit that fails is noted in
words; how soon to come again is decided by `newsfeed.fetching`.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Q

from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError
from comity.newsfeed import models
from comity.newsfeed.fetching import (
    VisitMemory,
    Visitor,
    VisitOutcome,
    VisitResult,
    after_visit,
)
from comity.newsfeed.records import NoAddressError, TakenIn
from comity.newsfeed.services.sourcing import _adopted
from comity.newsfeed.services.taking import take_in_document
from comity.outbound import Policy
from comity.outbound.addresses import OutboundOffError

log = logging.getLogger("comity.newsfeed")

MEMORY = ("etag", "last_modified", "tried_at", "read_at", "failures", "due_at", "gone", "moved_to")


class SourceUnreadableError(InvalidInputError):
    """What a source sent made the reader fail."""

    code = "news-source-unreadable"
    message = N_("What {source} sent could not be read; nothing of it was kept.")
    remedy = N_("Tell whoever looks after the node: its log names the fault.")


def fetch(source: str, at: datetime) -> TakenIn:
    """Visit one source now. A visit that fails is noted in its health and raised.

    Raises:
        ComityError: what stood in the way.
    """
    row = _adopted(source, at)
    if not row.url:
        raise NoAddressError(source=source)
    outcome = visitor(settings.OUTBOUND).visit(row.url, _told_to(row, at), at=at)
    taken = TakenIn(not_modified=outcome.result is VisitResult.NOT_MODIFIED)
    if outcome.result is VisitResult.READ:
        outcome, taken = _read(row, outcome, at)
    _remember(row, outcome, broken=len(taken.broken), at=at)
    if outcome.error is not None:
        raise outcome.error
    return taken


def fetch_due(at: datetime) -> int:
    """Visit every active source that is due; how many were visited. Failures are noted only."""
    due = Q(due_at__isnull=True) | Q(due_at__lte=at)
    rows = models.NewsSource.objects.filter(due, active=True, gone=False).exclude(url="")
    visited = 0
    for row in rows.order_by("due_at", "pk"):
        soon = at + timedelta(minutes=row.every_minutes)
        ours = models.NewsSource.objects.filter(due, pk=row.pk, active=True).update(due_at=soon)
        if not ours:
            continue  # another worker is on its way there
        visited += 1
        try:
            fetch(row.code, at)
        except ComityError as error:
            log.info("a source was not read", extra={"source": row.code, "code": error.code})
    return visited


@cache
def visitor(policy: Policy) -> Visitor:
    """One visitor for the process: it remembers what hosts ask, and keeps its distance."""
    return Visitor(policy=policy)


def _memory_of(row: models.NewsSource) -> VisitMemory:
    """What is remembered of the visits to a source."""
    return VisitMemory(**{name: getattr(row, name) for name in MEMORY})


def _told_to(row: models.NewsSource, at: datetime) -> VisitMemory:
    """What the site is told that we know: once a week nothing, should it err on what is new."""
    memory = _memory_of(row)
    if row.read_at is not None and row.read_at.isocalendar()[:2] == at.isocalendar()[:2]:
        return memory
    return replace(memory, etag="", last_modified="")


def _read(
    row: models.NewsSource, outcome: VisitOutcome, at: datetime
) -> tuple[VisitOutcome, TakenIn]:
    answer = outcome.response
    if answer is None:
        return outcome, TakenIn()
    try:
        taken = take_in_document(
            answer.content,
            row.code,
            at,
            content_type=answer.content_type,
            address=answer.address,
        )
    except ComityError as error:
        return VisitOutcome(VisitResult.FAILED, error=error), TakenIn()
    except Exception:
        log.exception("what a source sent could not be read", extra={"source": row.code})
        fault = SourceUnreadableError(source=row.code)
        return VisitOutcome(VisitResult.FAILED, error=fault), TakenIn()
    if taken.broken:  # ask for the whole document again, perhaps it can be read then
        outcome = replace(outcome, response=replace(answer, etag="", last_modified=""))
    return outcome, taken


def _remember(row: models.NewsSource, outcome: VisitOutcome, *, broken: int, at: datetime) -> None:
    every = timedelta(minutes=row.every_minutes)
    memory = after_visit(_memory_of(row), outcome, at=at, every=every)
    if isinstance(outcome.error, OutboundOffError):  # nobody was asked: no failure of theirs
        memory = replace(memory, failures=row.failures, due_at=at + every)
    columns: dict[str, Any] = {name: getattr(memory, name) for name in MEMORY}
    if outcome.result is not VisitResult.NOT_MODIFIED:
        columns["broken"] = broken
    columns["problem"] = _problem(outcome.error)
    models.NewsSource.objects.filter(pk=row.pk).update(**columns)


def _problem(error: ComityError | None) -> dict[str, Any] | None:
    """An error as it is kept: its sentences stay translatable."""
    if error is None:
        return None
    fields = {name: str(value) for name, value in error.fields.items()}
    return {
        "code": error.code,
        "text": error.message,
        "remedy": error.remedy,
        "fields": fields,
    }
