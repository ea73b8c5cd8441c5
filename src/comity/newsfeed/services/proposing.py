# SPDX-License-Identifier: Apache-2.0
"""An announced event becomes a card on the register, once, or joins one that is open."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from comity.agreements import queries as agreements
from comity.agreements import services as register
from comity.agreements.records import ProposalState
from comity.errors import ComityError
from comity.journal.entry import Actor
from comity.newsfeed import models
from comity.newsfeed.announcement import AnnouncedEvent
from comity.newsfeed.proposal import Change, NothingToPropose, outcome, proposed_change
from comity.newsfeed.records import Outcome, ReleaseRecord
from comity.newsfeed.services.rows import inserted, one_at_a_time
from comity.newsfeed.stored import event_of, stored_event, stored_saying, stored_side

NEWSFEED = Actor("NEWSFEED", "newsfeed")
"""Proposes and never decides; what an officer handed in is that officer's own proposal."""
ORIGIN = "newsfeed"
LONGEST_QUOTATION = 1500


class Taker(Protocol):
    """What takes one type of announcement: a line of `server.wiring.TAKERS`."""

    def __call__(self, event: AnnouncedEvent, release: ReleaseRecord, *, at: datetime) -> Outcome:
        """Do what the event asks for in the caller's transaction, and say what became of it."""


def propose_to_register(event: AnnouncedEvent, release: ReleaseRecord, *, at: datetime) -> Outcome:
    """Hold the event against the register: a new card, further evidence for one, or nothing."""
    change = _change(event, release, at)
    if isinstance(change, NothingToPropose):
        return Outcome(change.why)
    one_at_a_time()
    open_card = _open_card(event)
    if open_card is not None:
        return _joined(open_card, event, release, at)
    change = _change(event, release, at)  # somebody may have decided while we waited
    if isinstance(change, NothingToPropose):
        return Outcome(change.why)
    decided = _decided_card(event, release)
    if decided is not None:
        said = outcome("decided-before", card=decided.reference)
        return Outcome(said, decided.reference)
    return proposed(change, event, release, at)


def matter_of(event: AnnouncedEvent) -> str:
    """What sort of instrument between whom: cards of one matter stand beside one another."""
    return f"{event.value('kind')}|{','.join(sorted(set(event.values('parties'))))}"


def identity_digest(identity: str) -> str:
    """The identity in a fixed length, for an index."""
    return hashlib.sha256(identity.encode()).hexdigest()


def _change(
    event: AnnouncedEvent, release: ReleaseRecord, at: datetime
) -> Change | NothingToPropose:
    return proposed_change(event, release.article, agreements.register(), read_on=at.date())


def _open_card(event: AnnouncedEvent) -> models.Card | None:
    """The open card that already proposes this, perhaps with a more exact day."""
    rows = models.Card.objects.filter(
        matter=matter_of(event), proposal__state=ProposalState.OPEN
    ).order_by("pk")
    for row in rows:
        if row.identity == event.identity or _says_less(event, event_of(row.event)):
            return row
    return None


def _says_less(event: AnnouncedEvent, other: AnnouncedEvent) -> bool:
    """Whether the event is the other one with a day that is less exact and does not contradict."""
    if event.value("event") != other.value("event"):
        return False
    ours, theirs = event.value("date"), other.value("date")
    return bool(theirs) and theirs.startswith(ours)


def _joined(
    card: models.Card, event: AnnouncedEvent, release: ReleaseRecord, at: datetime
) -> Outcome:
    """Further evidence, unless it is the same release that says it."""
    told_by = card.release
    if (told_by.source.code, told_by.guid) == (release.source, release.article.guid):
        return Outcome(outcome("proposed", card=card.reference), card.reference)
    models.FurtherEvidence.objects.get_or_create(
        card=card,
        release=models.Release.objects.get(reference=release.reference),
        defaults={"event": stored_event(event), "joined_at": at},
    )
    return Outcome(outcome("joined", card=card.reference), card.reference, joined=True)


def _decided_card(event: AnnouncedEvent, release: ReleaseRecord) -> models.Card | None:
    """The last card on this very event that this source, too, had announced."""
    told = Q(release__source__code=release.source)
    told |= Q(further__release__source__code=release.source)
    same = models.Card.objects.filter(
        told,
        identity_digest=identity_digest(event.identity),
        proposal__state__in=[ProposalState.REJECTED, ProposalState.WITHDRAWN],
    )
    return same.order_by("-round").first()


def proposed(
    change: Change, event: AnnouncedEvent, release: ReleaseRecord, at: datetime
) -> Outcome:
    """A new card and its proposal; what the register cannot take is said instead."""
    try:
        with transaction.atomic():
            proposal = register.propose(
                change.proposal_kind,
                change.instrument,
                change.content,
                grounds=_grounds(event, release),
                by=_proposer(release),
                at=at,
                origin=ORIGIN,
            )
    except ComityError as error:
        return Outcome(outcome("unfit", obstacle=str(error)))
    card = _card(change, event, release, proposal.reference, at)
    return Outcome(outcome("proposed", card=card.reference), card.reference, made=True)


def _proposer(release: ReleaseRecord) -> Actor:
    """Whoever handed a release in does not decide on it: two people stand behind a change."""
    return replace(NEWSFEED, reference=release.handed_in_by or NEWSFEED.reference)


def _card(
    change: Change, event: AnnouncedEvent, release: ReleaseRecord, proposal: str, at: datetime
) -> models.Card:
    digest = identity_digest(event.identity)
    return inserted(
        models.Card,
        "NPR",
        {
            "release": models.Release.objects.get(reference=release.reference),
            "event": stored_event(event),
            "identity": event.identity,
            "identity_digest": digest,
            "round": models.Card.objects.filter(identity_digest=digest).count() + 1,
            "matter": matter_of(event),
            "kind": change.kind,
            "instrument": change.instrument,
            "why": stored_saying(change.why),
            "notes": [stored_saying(note) for note in change.notes],
            "ours": stored_side(change.ours),
            "against": [stored_side(side) for side in change.against],
            "proposal_id": proposal,
            "made_at": at,
        },
    )


def _grounds(event: AnnouncedEvent, release: ReleaseRecord) -> str:
    """What is announced where, in the words of the release."""
    quotation = event.span.text[:LONGEST_QUOTATION]
    return f"{release.reference} · {release.article.title}: “{quotation}”".replace("\0", " ")
