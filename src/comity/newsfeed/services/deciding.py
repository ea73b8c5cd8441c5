# SPDX-License-Identifier: Apache-2.0
"""A person decides: a card accepted changes the register, a card rejected does not.

What stands beside an accepted card is held against the register anew, since it has changed: what
is known now needs no decision, and what was to be a new instrument is a claim on one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements import queries as agreements
from comity.agreements import services as register
from comity.agreements.local_entries import InstrumentExistsError
from comity.agreements.records import ProposalState
from comity.newsfeed import models, queries
from comity.newsfeed.proposal import Change, proposed_change
from comity.newsfeed.queries.cards import CARD
from comity.newsfeed.queries.rows import _one
from comity.newsfeed.records import CardRecord, OvertakenError
from comity.newsfeed.services.proposing import proposed
from comity.newsfeed.services.publishing import publish_change
from comity.newsfeed.services.rows import one_at_a_time

OVERTAKEN = "The register changed with {by}."
OVERTAKEN_ELSEWHERE = "The register changed in another way."


def accept(
    reference: str,
    *,
    reason: str = "",
    public: bool = False,
    version: int | None,
    by: Officer,
    at: datetime,
) -> CardRecord:
    """Accept what a card (`NPR-…`) proposes; with `public`, publish the change as well.

    Needs ACCEPT_REGISTER_CHANGE, and PUBLISH_REGISTER_CHANGE for `public`.

    Raises:
        OvertakenError: somebody added the same instrument by another way; what is left of the
            card was made anew, or it was withdrawn.
    """
    try:
        return _accept(reference, reason, public=public, version=version, by=by, at=at)
    except InstrumentExistsError as error:
        _hold_anew_alone(reference, by, at)
        raise OvertakenError(card=reference) from error


@transaction.atomic
def _accept(
    reference: str, reason: str, *, public: bool, version: int | None, by: Officer, at: datetime
) -> CardRecord:
    by.require(Permission.ACCEPT_REGISTER_CHANGE)
    if public:
        by.require(Permission.PUBLISH_REGISTER_CHANGE)
    one_at_a_time()
    row = _row(reference)
    register.accept_proposal(row.proposal_id, reason=reason, version=version, by=by, at=at)
    _hold_anew(row, by, at)
    if public:
        publish_change(row.proposal_id, by=by, at=at)
    return queries.card(reference)


@transaction.atomic
def reject(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> CardRecord:
    """Reject what a card proposes, with the reason."""
    by.require(Permission.ACCEPT_REGISTER_CHANGE)
    one_at_a_time()
    row = _row(reference)
    register.reject_proposal(row.proposal_id, reason=reason, version=version, by=by, at=at)
    return queries.card(reference)


def _row(reference: str) -> models.Card:
    row: models.Card = _one(models.Card.objects.all(), CARD, reference=reference)
    return row


def _hold_anew(accepted: models.Card, by: Officer, at: datetime) -> None:
    """Cards of the same matter that the register has overtaken are withdrawn, or made anew."""
    beside = models.Card.objects.filter(
        matter=accepted.matter, proposal__state=ProposalState.OPEN
    ).exclude(pk=accepted.pk)
    for reference in list(beside.order_by("pk").values_list("reference", flat=True)):
        _hold_one_anew(reference, OVERTAKEN.format(by=accepted.reference), by, at)


@transaction.atomic
def _hold_anew_alone(reference: str, by: Officer, at: datetime) -> None:
    """A card that the register has overtaken by another way than the newsfeed."""
    one_at_a_time()
    _hold_one_anew(reference, OVERTAKEN_ELSEWHERE, by, at)


def _hold_one_anew(reference: str, said: str, by: Officer, at: datetime) -> None:
    card = queries.card(reference)
    article = card.release.article
    change = proposed_change(card.event, article, agreements.register(), read_on=at.date())
    if isinstance(change, Change) and _same(change, card.change):
        return
    register.withdraw_proposal(card.proposal.reference, reason=said, version=None, by=by, at=at)
    if isinstance(change, Change):
        proposed(change, card.event, card.release, at)


def _same(change: Change, other: Change) -> bool:
    return (change.kind, change.instrument) == (other.kind, other.instrument)
