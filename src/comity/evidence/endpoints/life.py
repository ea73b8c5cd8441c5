# SPDX-License-Identifier: Apache-2.0
"""The end of items in the API: recalls, legal holds, destruction by two persons."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services.answering import language
from comity.evidence.documents import destruction_document, hold_document, recall_document
from comity.evidence.endpoints.asking import ItemPath, ItemQuery, caller
from comity.evidence.lifetime import ListState
from comity.evidence.queries import lifetime
from comity.evidence.queries import recalls as known
from comity.evidence.recall import Outcome
from comity.evidence.schemas.life import (
    DestructionIn,
    DestructionOut,
    DestructionsOut,
    HoldIn,
    HoldOut,
    RecallDecisionIn,
    RecallIn,
    RecallOut,
    RecallsOut,
)
from comity.evidence.services import destroying, destruction_certificates, holding, recalling
from comity.handling.marking import Marking

router = Router(tags=["evidence"])
RecallPath = Annotated[str, Path(pattern=r"^RCL-[0-9]{5,12}$")]
HoldPath = Annotated[str, Path(pattern=r"^HLD-[0-9]{5,12}$")]
ListPath = Annotated[str, Path(pattern=r"^DST-[0-9]{5,12}$")]


@router.get("/recalls", response=RecallsOut, summary="List recalls with every holder's answer")
def recalls(request: HttpRequest, item: ItemQuery = "") -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    found = known.recalls(item=item, today=clock.today())
    return {"items": [recall_document(each) for each in found]}


@router.get("/recalls/{reference}", response=RecallOut, summary="Read a recall")
def one_recall(request: HttpRequest, reference: RecallPath) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    return recall_document(known.recall(reference, today=clock.today()))


@router.post(
    "/items/{reference}/recalls",
    response={201: RecallOut},
    summary="Ask every holder of an item of ours to delete, correct or narrow it",
)
def recall(request: HttpRequest, reference: ItemPath, given: RecallIn) -> Status[object]:
    marking = Marking(caveats=frozenset(given.narrow)) if given.narrow else None
    made = recalling.recall(
        reference,
        given.demand,
        given.ground,
        given.text,
        by=caller(request),
        at=clock.now(),
        corrections={each.field: each.text for each in given.corrections},
        marking=marking,
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
    made = holding.place_hold(
        given.ground,
        given.reason,
        by=caller(request),
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
    made = destroying.draft(listed, by=caller(request), at=clock.now())
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
def approve(request: HttpRequest, reference: ListPath) -> dict[str, Any]:
    at = clock.now()
    made = destroying.approve(reference, by=caller(request), at=at)
    destruction_certificates.certify(reference, at=at, language=language())
    return destruction_document(made)


@router.post(
    "/destruction-lists/{reference}/refuse",
    response=DestructionOut,
    summary="Refuse another person's list",
)
def refuse(request: HttpRequest, reference: ListPath) -> dict[str, Any]:
    return destruction_document(destroying.refuse(reference, by=caller(request), at=clock.now()))
