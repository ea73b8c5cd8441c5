# SPDX-License-Identifier: Apache-2.0
"""The cards: changes to the register that announcements propose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from comity.agreements import queries as agreements
from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.agreements.records import ProposalRecord, ProposalState
from comity.catalogues import N_
from comity.newsfeed import models
from comity.newsfeed.proposal import Change, ChangeKind
from comity.newsfeed.queries.published import public_changes_of
from comity.newsfeed.queries.rows import (
    EDITION,
    _latest_readings,
    _one,
    _release_records,
)
from comity.newsfeed.records import CardRecord, EarlierDecision, Evidence
from comity.newsfeed.stored import event_of, saying_of, side_of_stored

CARD = N_("card")


def cards(
    *,
    state: ProposalState | None = None,
    change: ChangeKind | None = None,
    country: str = "",
    source: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[CardRecord]:
    """Cards, newest first, perhaps only some of them; keys are references.

    `country` is found where the event names it as a party.
    """
    rows = _cards()
    if state is not None:
        rows = rows.filter(proposal__state=state)
    if change is not None:
        rows = rows.filter(kind=change.value)
    if country:
        rows = rows.filter(event__facts__contains=[["parties", country]])
    if source:
        rows = rows.filter(release__source__code=source)
    return newest_first(rows, _records, after=after, before=before, size=size)


def card(reference: str) -> CardRecord:
    """One card with its release, further evidence, earlier rejections and publication.

    Raises:
        UnknownNewsRecordError: there is none of that reference.
    """
    return _records([_one(_cards(), CARD, reference=reference)])[0]


def card_of_proposal(proposal: str) -> str:
    """The reference of the card that a proposal of the register (`PRP-…`) belongs to.

    Raises:
        UnknownNewsRecordError: it belongs to none.
    """
    found: models.Card = _one(models.Card.objects.all(), CARD, proposal=proposal)
    return found.reference


def cards_waiting() -> int:
    """How many cards are open, for the desk and the menu."""
    return models.Card.objects.filter(proposal__state=ProposalState.OPEN).count()


def _cards() -> QuerySet[models.Card]:
    return models.Card.objects.select_related("release__source").defer("release__search")


def _records(rows: list[models.Card]) -> list[CardRecord]:
    """Cards with everything that belongs to them, in a fixed number of queries."""
    proposals = agreements.proposals_of(row.proposal_id for row in rows)
    releases = _release_records(row.release for row in rows)
    further, earlier, beside = _further(rows), _earlier(rows), _beside(rows)
    public = public_changes_of(row.proposal_id for row in rows)
    return [
        CardRecord(
            reference=row.reference,
            state=proposals[row.proposal_id].state,
            change=_change_of(row, proposals[row.proposal_id]),
            event=event_of(row.event),
            release=releases[row.release_id],
            proposal=proposals[row.proposal_id],
            also=further.get(row.pk, ()),
            earlier=tuple(e for r, e in earlier.get(row.identity_digest, ()) if r < row.round),
            beside=tuple(r for r in beside.get(row.matter, ()) if r != row.reference),
            vanished_in=row.vanished_in,
            public=public.get(row.proposal_id),
        )
        for row in rows
    ]


def _change_of(row: models.Card, proposal: ProposalRecord) -> Change:
    """The change as it was proposed."""
    return Change(
        kind=ChangeKind(row.kind),
        instrument=row.instrument,
        why=saying_of(row.why),
        content=proposal.content,
        ours=side_of_stored(row.ours),
        against=tuple(side_of_stored(side) for side in row.against),
        notes=tuple(saying_of(note) for note in row.notes),
    )


def _further(rows: Iterable[models.Card]) -> dict[int, tuple[Evidence, ...]]:
    """What else announces the same: of a release that says it in several editions the last."""
    known = models.FurtherEvidence.objects.filter(card__in=list(rows)).order_by("pk")
    joined = list(known.select_related("release__source").defer("release__search"))
    gone = _vanished(joined)
    last = {(row.card_id, row.release.source_id, row.release.guid): row for row in joined}
    found: dict[int, list[Evidence]] = defaultdict(list)
    for row in last.values():
        found[row.card_id].append(_evidence(row, gone.get(row.pk, "")))
    return {card: tuple(evidence) for card, evidence in found.items()}


def _evidence(row: models.FurtherEvidence, vanished_in: str) -> Evidence:
    release = row.release
    return Evidence(
        release=release.reference,
        source=release.source.code,
        source_title=release.source.title,
        title=release.title,
        link=release.link,
        published=release.published,
        event=event_of(row.event),
        vanished_in=vanished_in,
    )


def _vanished(joined: Iterable[models.FurtherEvidence]) -> dict[int, str]:
    """Of evidence that its release no longer gives: the last edition of that release, by key."""
    last = _last_editions(row.release for row in joined)
    later = {row: last[row.release.source_id, row.release.guid] for row in joined}
    edited = {row: newest for row, newest in later.items() if newest.pk != row.release_id}
    readings = _latest_readings(newest.pk for newest in edited.values())
    told = {key: {event_of(e).identity for e in r.events} for key, r in readings.items()}
    return {
        row.pk: newest.reference
        for row, newest in edited.items()
        if newest.pk in told and event_of(row.event).identity not in told[newest.pk]
    }


def _last_editions(rows: Iterable[models.Release]) -> dict[tuple[int, str], models.Release]:
    """The last edition of each of these releases, by source and guid."""
    wanted = {row.guid for row in rows}
    if not wanted:
        return {}
    editions = models.Release.objects.filter(guid__in=wanted).order_by("edition")
    return {(row.source_id, row.guid): row for row in editions.only(*EDITION)}


def _earlier(
    rows: Iterable[models.Card],
) -> dict[str, tuple[tuple[int, EarlierDecision], ...]]:
    """Rejections of the same changes with their rounds, newest first, by identity."""
    again = [row.identity_digest for row in rows if row.round > 1]
    if not again:
        return {}
    known = models.Card.objects.filter(
        identity_digest__in=again, proposal__state=ProposalState.REJECTED
    )
    found: dict[str, tuple[tuple[int, EarlierDecision], ...]] = {}
    kept = list(known.select_related("release__source").order_by("-round"))
    proposals = agreements.proposals_of(row.proposal_id for row in kept)
    for row in kept:
        decided = proposals[row.proposal_id]
        source = row.release.source
        decision = EarlierDecision(
            row.reference, source.code, source.title, decided.reason, decided.decided_at
        )
        before = found.get(row.identity_digest, ())
        found[row.identity_digest] = (*before, (row.round, decision))
    return found


def _beside(rows: Iterable[models.Card]) -> dict[str, tuple[str, ...]]:
    """Open cards by what they are about."""
    known = models.Card.objects.filter(
        matter__in={row.matter for row in rows}, proposal__state=ProposalState.OPEN
    )
    found: dict[str, tuple[str, ...]] = {}
    for matter, reference in known.order_by("pk").values_list("matter", "reference"):
        found[matter] = (*found.get(matter, ()), reference)
    return found
