# SPDX-License-Identifier: Apache-2.0
"""The end of items in the API: recalls, holds, destruction by two persons, what waits for one."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Status

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services.answering import language
from comity.evidence.documents import (
    destruction_document,
    hand_over_document,
    hold_document,
    recall_document,
    waiting_document,
)
from comity.evidence.endpoints.asking import ItemPath, ItemQuery, caller, document_for_key
from comity.evidence.endpoints.custody import HandOverPath
from comity.evidence.lifetime import ListState
from comity.evidence.queries import lifetime
from comity.evidence.queries import recalls as known
from comity.evidence.queries import waiting as known_waiting
from comity.evidence.queries.seeing import narrowed_to, require_seen
from comity.evidence.recall import Outcome, narrowing
from comity.evidence.schemas.life import (
    ClearedOut,
    DestructionIn,
    DestructionOut,
    DestructionsOut,
    FlagIn,
    HandOverOut,
    HandOverRefusalIn,
    HoldIn,
    HoldOut,
    RecallDecisionIn,
    RecallIn,
    RecallOut,
    RecallsOut,
    WaitingOut,
)
from comity.evidence.services import (
    destroying,
    destruction_certificates,
    handing_over,
    holding,
    recalling,
)
from comity.evidence.services.flags import clear_flag

router = Router(tags=["evidence"])
RecallPath = Annotated[str, Path(pattern=r"^RCL-[0-9]{5,12}$")]
HoldPath = Annotated[str, Path(pattern=r"^HLD-[0-9]{5,12}$")]
ListPath = Annotated[str, Path(pattern=r"^DST-[0-9]{5,12}$")]


@router.get("/recalls", response=RecallsOut, summary="List recalls with every holder's answer")
def recalls(request: HttpRequest, item: ItemQuery = "") -> dict[str, Any]:
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    found = known.recalls(item=item, today=clock.today(), officer=narrowed_to(by))
    return {"items": [recall_document(each) for each in found]}


@router.get("/recalls/{reference}", response=RecallOut, summary="Read a recall")
def one_recall(request: HttpRequest, reference: RecallPath) -> dict[str, Any]:
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    found = known.recall(reference, today=clock.today())
    require_seen([found.item] if found.item else [], by)
    return recall_document(found)


@router.post(
    "/items/{reference}/recalls",
    response={201: RecallOut},
    summary="Ask every holder of an item of ours to delete, correct or narrow it",
)
def recall(request: HttpRequest, reference: ItemPath, given: RecallIn) -> Status[object]:
    made = recalling.recall(
        reference,
        given.demand,
        given.ground,
        given.text,
        by=caller(request),
        at=clock.now(),
        corrections={each.field: each.text for each in given.corrections},
        marking=narrowing(given.narrow, given.not_for, given.return_by, given.conditions),
        answer_by=given.answer_by,
    )
    return Status(201, recall_document(made))


@router.post(
    "/recalls/{reference}/decision", response=RecallOut, summary="Decide what becomes of our copy"
)
def decide_recall(
    request: HttpRequest, reference: RecallPath, given: RecallDecisionIn
) -> dict[str, Any]:
    """To delete drafts a destruction list, which a second person approves."""
    made = recalling.decide_recall(
        reference,
        Outcome(given.outcome),
        given.text,
        by=caller(request),
        at=clock.now(),
        until=given.until,
    )
    return recall_document(made)


@router.post("/holds", response={201: HoldOut}, summary="Place a legal hold")
def place_hold(request: HttpRequest, given: HoldIn) -> Status[object]:
    by = caller(request)
    require_seen([given.item] if given.item else [], by)
    made = holding.place_hold(
        given.ground,
        given.reason,
        by=by,
        at=clock.now(),
        item=given.item,
        case=given.case,
    )
    return Status(201, hold_document(made))


@router.post("/holds/{reference}/lift", response=HoldOut, summary="Lift a legal hold")
def lift_hold(request: HttpRequest, reference: HoldPath) -> dict[str, Any]:
    return hold_document(holding.lift_hold(reference, by=caller(request), at=clock.now()))


@router.get("/destruction-lists", response=DestructionsOut, summary="List destruction lists")
def destruction_lists(request: HttpRequest, state: ListState | None = None) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    found = lifetime.destruction_lists(state=state)
    return {"items": [destruction_document(each) for each in found]}


@router.post(
    "/destruction-lists", response={201: DestructionOut}, summary="Draft a destruction list"
)
def draft(request: HttpRequest, given: DestructionIn) -> Status[object]:
    listed = dict.fromkeys(given.items, given.ground)
    by = caller(request)
    require_seen(given.items, by)
    made = destroying.draft(listed, by=by, at=clock.now())
    return Status(201, destruction_document(made))


@router.get(
    "/destruction-lists/{reference}", response=DestructionOut, summary="Read a destruction list"
)
def one_list(request: HttpRequest, reference: ListPath) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    return destruction_document(lifetime.destruction_list(reference))


@router.post(
    "/destruction-lists/{reference}/approve",
    response=DestructionOut,
    summary="Approve another person's list: it is carried out",
)
def approve(request: HttpRequest, response: HttpResponse, reference: ListPath) -> dict[str, Any]:
    by, at = caller(request), clock.now()

    def make() -> dict[str, Any]:
        made = destroying.approve(reference, by=by, at=at)
        destruction_certificates.certify(reference, at=at, language=language())
        return destruction_document(made)

    return document_for_key(request, response, make)


@router.post(
    "/destruction-lists/{reference}/refuse",
    response=DestructionOut,
    summary="Refuse another person's list",
)
def refuse(request: HttpRequest, reference: ListPath) -> dict[str, Any]:
    return destruction_document(destroying.refuse(reference, by=caller(request), at=clock.now()))


@router.get("/waiting", response=WaitingOut, summary="List what waits for an officer here")
def waiting(request: HttpRequest) -> dict[str, Any]:
    """What partners ask, send back, recall and correct, and what colleagues drafted."""
    caller(request).require(Permission.VIEW_EVIDENCE)
    return waiting_document(known_waiting.waiting(caller(request), today=clock.today()))


@router.post(
    "/hand-overs/{reference}/refuse",
    response=HandOverOut,
    summary="Refuse an item that is handed over or sent back",
)
def refuse_hand_over(
    request: HttpRequest, reference: HandOverPath, given: HandOverRefusalIn
) -> dict[str, Any]:
    made = handing_over.refuse(reference, given.reason, by=caller(request), at=clock.now())
    return hand_over_document(made)


@router.post(
    "/items/{reference}/flags/clear",
    response=ClearedOut,
    summary="Say that a flag on an item was looked at",
)
def clear(request: HttpRequest, reference: ItemPath, given: FlagIn) -> dict[str, Any]:
    by, at = caller(request), clock.now()
    return {
        "item": reference,
        "cleared": clear_flag(reference, given.code, given.source, by=by, at=at),
    }
