# SPDX-License-Identifier: Apache-2.0
"""A person decides: a card accepted changes the register, a card rejected does not.

What stands beside an accepted card is held against the register anew, since it has changed: what
is known now needs no decision, and what was to be a new instrument is a claim on one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements import queries as agreements
from comity.agreements import services as register
from comity.agreements.local_entries import InstrumentExistsError
from comity.agreements.records import ProposalState
from comity.catalogues import N_, translate
from comity.errors import ComityError
from comity.newsfeed import models, queries
from comity.newsfeed.proposal import Change, ChangeKind, NothingToPropose, proposed_change
from comity.newsfeed.queries.cards import CARD
from comity.newsfeed.queries.rows import _one
from comity.newsfeed.records import CardRecord, OvertakenError
from comity.newsfeed.services.proposing import proposed
from comity.newsfeed.services.publishing import publish_change
from comity.newsfeed.services.rows import one_at_a_time

OVERTAKEN = N_("The register changed with {by}.")
OVERTAKEN_ELSEWHERE = N_("The register changed in another way.")
"""Reasons of a withdrawal, in the language of the officer whose act led to it."""


class _StaleError(Exception):
    """What the card would change is no longer what was shown: undo, and hold it anew."""


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
        OvertakenError: the register changed by another way since; what is left of the card was
            made anew, or it was withdrawn.
    """
    try:
        return _accept(reference, reason, public=public, version=version, by=by, at=at)
    except (InstrumentExistsError, _StaleError) as error:
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
    stale = _held_anew(queries.card(reference), at) is not None
    with _naming(row):
        register.accept_proposal(row.proposal_id, reason=reason, version=version, by=by, at=at)
    if stale:
        raise _StaleError
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
    with _naming(row):
        register.reject_proposal(row.proposal_id, reason=reason, version=version, by=by, at=at)
    return queries.card(reference)


@contextmanager
def _naming(row: models.Card) -> Iterator[None]:
    """An obstacle to deciding on the proposal names the card, which is what the officer named."""
    try:
        yield
    except ComityError as error:
        if error.fields.get("reference") != row.proposal_id:
            raise
        raise type(error)(**{**error.fields, "reference": row.reference}) from error


def _row(reference: str) -> models.Card:
    row: models.Card = _one(models.Card.objects.all(), CARD, reference=reference)
    return row


def _hold_anew(accepted: models.Card, by: Officer, at: datetime) -> None:
    """Cards of the same matter that the register has overtaken are withdrawn, or made anew."""
    beside = models.Card.objects.filter(
        matter=accepted.matter, proposal__state=ProposalState.OPEN
    ).exclude(pk=accepted.pk)
    said = translate(OVERTAKEN, by.language).format(by=accepted.reference)
    for reference in list(beside.order_by("pk").values_list("reference", flat=True)):
        _hold_one_anew(reference, said, by, at)


@transaction.atomic
def _hold_anew_alone(reference: str, by: Officer, at: datetime) -> None:
    """A card that the register has overtaken by another way than the newsfeed."""
    one_at_a_time()
    _hold_one_anew(reference, translate(OVERTAKEN_ELSEWHERE, by.language), by, at)


def _hold_one_anew(reference: str, said: str, by: Officer, at: datetime) -> None:
    card = queries.card(reference)
    change = _held_anew(card, at)
    if change is None:
        return
    register.withdraw_proposal(card.proposal.reference, reason=said, version=None, by=by, at=at)
    if isinstance(change, Change) and _is_still_told(card):
        anew = proposed(change, card.event, card.release, at).card
        _take_along(reference, anew)


def _is_still_told(card: CardRecord) -> bool:
    """Whether a last edition, of its own release or of another, still announces it."""
    return not card.vanished_in or any(not also.vanished_in for also in card.also)


def _take_along(withdrawn: str, anew: str) -> None:
    """What else announces it stands with the card that was made anew."""
    card = models.Card.objects.filter(reference=anew).first()
    for told in models.FurtherEvidence.objects.filter(card__reference=withdrawn).order_by("pk"):
        if card is not None:
            models.FurtherEvidence.objects.create(
                card=card, release_id=told.release_id, event=told.event, joined_at=told.joined_at
            )


def _held_anew(card: CardRecord, at: datetime) -> Change | NothingToPropose | None:
    """What the card's event would change by now; None where that is what the card says."""
    article, now = card.release.article, agreements.register()
    change = proposed_change(card.event, article, now, read_on=at.date())
    same = isinstance(change, Change) and _what(change) == _what(card.change)
    return None if same else change


def _what(change: Change) -> tuple[ChangeKind, str]:
    return change.kind, change.instrument
