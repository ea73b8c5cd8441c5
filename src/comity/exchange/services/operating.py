# SPDX-License-Identifier: Apache-2.0
"""What an operator does about the queue: try again what was given up, or what waits too long.

A message keeps its id and its bytes through all of it; the partner takes it once, whatever came
through before.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.exchange import models
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.queries.messages import UnknownMessageError
from comity.exchange.queries.outbox import WAITING
from comity.exchange.services.entering import Done, facts_of, record_all
from comity.exchange.services.waking import wake

TRYABLE = (*WAITING, MessageState.DISPATCHED, MessageState.DEAD)
AT_ONCE = 1000
"""Dead letters that one act brings back."""


class NotTryableError(ConflictError):
    """There is nothing to try again."""

    code = "message-not-tryable"
    message = N_("{reference} cannot be tried again: it is {state}.")
    remedy = N_("Only a message of ours that waits, left as a file or was given up is tried again.")


@transaction.atomic
def try_again(reference: str, *, by: Officer, at: datetime) -> None:
    """Send a message now that was given up or waits for its next attempt.

    Raises:
        NotTryableError: it was settled, taken back, or is not ours.
    """
    actor = by.acting(Permission.OPERATE_EXCHANGE)
    rows = models.Message.objects.select_for_update(of=("self",)).select_related("partner")
    row = rows.defer("sealed").filter(reference=reference).first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    if row.direction != Direction.OUT or row.state not in TRYABLE:
        raise NotTryableError(reference=reference, state=row.state)
    facts = facts_of(row, row.partner.code, was=row.state, reason=row.problem)
    _revive(row)
    _open_way(row.partner_id)
    wake()  # a partner's word wakes its letters only; parts may be what waits
    record_all([Done("message-tried-again", reference, facts, by=actor)], at=at)


@transaction.atomic
def try_partner_again(partner: str, *, by: Officer, at: datetime) -> int:
    """Send everything to a partner that was given up, or put off, now; how many were given up."""
    actor = by.acting(Permission.OPERATE_EXCHANGE)
    rows = models.Message.objects.select_for_update(of=("self",)).select_related("partner")
    dead = rows.filter(partner__code=partner, direction=Direction.OUT, state=MessageState.DEAD)
    given_up = list(dead.defer("sealed").order_by("pk")[:AT_ONCE])
    for row in given_up:
        _revive(row)
    waiting = models.Message.objects.filter(
        partner__code=partner, direction=Direction.OUT, state__in=WAITING
    )
    waiting.update(next_try_at=None)
    for number in models.Partner.objects.filter(code=partner).values_list("pk", flat=True):
        _open_way(number)
    wake()  # parts too
    facts = {"party": partner, "count": str(len(given_up))}
    record_all([Done("partner-tried-again", partner, facts, by=actor)], at=at)
    return len(given_up)


def _revive(row: models.Message) -> None:
    row.attempts, row.next_try_at, row.problem = 0, None, ""
    if row.state in (MessageState.DEAD, MessageState.DISPATCHED):
        row.state = MessageState.QUEUED
    row.save(update_fields=["attempts", "next_try_at", "problem", "state"])


def _open_way(partner: int) -> None:
    """Whatever the way was put off for, it is tried now."""
    ways = models.Way.objects.filter(partner=partner)
    ways.update(not_before=None, failures=0, problem="")
