# SPDX-License-Identifier: Apache-2.0
"""Custody in the API: read with its gaps, recorded by who acted, handed over by both sides."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from comity import clock
from comity.accounts.services.answering import language
from comity.evidence.custody import CustodyAct, CustodyWords, event_document
from comity.evidence.documents import custody_document, hand_over_document
from comity.evidence.endpoints.asking import ItemPath, caller
from comity.evidence.queries import custody as custodies
from comity.evidence.schemas.items import CustodyIn, CustodyOut, EventOut
from comity.evidence.schemas.life import HandOverIn, HandOverOut
from comity.evidence.services import custody as services
from comity.evidence.services import handing_over, way_out
from comity.evidence.services.custody import NewAct
from comity.evidence.way_out import WayOut

router = Router(tags=["evidence"])
HandOverPath = Annotated[str, Path(pattern=r"^HOV-[0-9]{5,12}$")]


@router.get("/items/{reference}/custody", response=CustodyOut, summary="Read an item's custody")
def custody(request: HttpRequest, reference: ItemPath) -> dict[str, Any]:
    """It stays when the item is destroyed; what was written of an act is then gone."""
    way_out.require_way(caller(request), None)
    found = custodies.custody(reference)
    (let,) = way_out.let_out([reference], WayOut.API, by=caller(request), at=clock.now())
    words = services.words_inside(reference) if let.permitted else {}
    return custody_document(found, words, language())


@router.post(
    "/items/{reference}/custody", response={201: EventOut}, summary="Record an act of custody"
)
def record(request: HttpRequest, reference: ItemPath, given: CustodyIn) -> Status[object]:
    words = CustodyWords(given.place, given.reason, given.counterpart, tuple(given.marks))
    new = NewAct(
        CustodyAct(given.act),
        words,
        purpose=given.purpose.value if given.purpose else "",
        happened_at=given.done_at,
    )
    event = services.record_by_hand(reference, new, by=caller(request), at=clock.now())
    return Status(201, event_document(event))


@router.post(
    "/items/{reference}/hand-overs",
    response={201: HandOverOut},
    summary="Hand an item over: the other side confirms it",
)
def hand_over(request: HttpRequest, reference: ItemPath, given: HandOverIn) -> Status[object]:
    made = handing_over.propose(
        reference,
        officer=given.officer,
        administration=given.administration,
        for_good=given.for_good,
        words=CustodyWords(given.place, given.reason, "", tuple(given.marks)),
        by=caller(request),
        at=clock.now(),
    )
    return Status(201, hand_over_document(made))


@router.post(
    "/hand-overs/{reference}/confirm",
    response=HandOverOut,
    summary="Confirm that an item is in hand",
)
def confirm(request: HttpRequest, reference: HandOverPath) -> dict[str, Any]:
    made = handing_over.confirm(reference, by=caller(request), at=clock.now())
    return hand_over_document(made)


@router.post(
    "/hand-overs/{reference}/withdraw",
    response=HandOverOut,
    summary="Take a hand-over back: the giver keeps the item",
)
def withdraw(request: HttpRequest, reference: HandOverPath) -> dict[str, Any]:
    """Another administration to which it was offered is told."""
    made = handing_over.withdraw(reference, by=caller(request), at=clock.now())
    return hand_over_document(made)
