# SPDX-License-Identifier: Apache-2.0
"""The use of an item in the API: recorded once it is allowed; notices and consents before it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from comity import clock
from comity.accounts.permissions import Permission
from comity.evidence.documents import consent_document, notice_document, use_document
from comity.evidence.endpoints.asking import ItemPath, caller
from comity.evidence.queries import statements
from comity.evidence.queries.items import item as item_value
from comity.evidence.schemas.life import (
    ConsentAnswerIn,
    ConsentIn,
    ConsentOut,
    NoticeIn,
    NoticeOut,
    SaidOut,
    ScopeIn,
    UseIn,
    UseOut,
)
from comity.evidence.services import consents, notices, using
from comity.evidence.use import Scope

router = Router(tags=["evidence"])
ConsentPath = Annotated[str, Path(pattern=r"^CNS-[0-9]{5,12}$")]


@router.get(
    "/items/{reference}/uses",
    response=SaidOut,
    summary="Read an item's uses, and what was told and asked about them",
)
def said(request: HttpRequest, reference: ItemPath) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    item_value(reference)
    return {
        "uses": [use_document(each) for each in statements.uses(reference)],
        "notices": [notice_document(each) for each in statements.notices(item=reference)],
        "consents": [consent_document(each) for each in statements.consents(item=reference)],
    }


@router.post("/items/{reference}/uses", response={201: UseOut}, summary="Record a use")
def use(request: HttpRequest, reference: ItemPath, given: UseIn) -> Status[object]:
    """What must come first, a notice or a consent, is said in the refusal."""
    made = using.record_use(
        reference,
        given.purpose,
        given.proceeding,
        given.forum,
        by=caller(request),
        at=clock.now(),
        on=given.on,
    )
    return Status(201, use_document(made))


@router.post(
    "/items/{reference}/notices", response={201: NoticeOut}, summary="Tell the supplier of a use"
)
def notify(request: HttpRequest, reference: ItemPath, given: NoticeIn) -> Status[object]:
    made = notices.send_notice(
        reference, _scope(given), given.text, by=caller(request), at=clock.now(), on=given.on
    )
    return Status(201, notice_document(made))


@router.post(
    "/items/{reference}/consents",
    response={201: ConsentOut},
    summary="Ask the supplier for its consent",
)
def ask_consent(request: HttpRequest, reference: ItemPath, given: ConsentIn) -> Status[object]:
    made = consents.ask_consent(
        reference, _scope(given), given.text, by=caller(request), at=clock.now(), until=given.until
    )
    return Status(201, consent_document(made))


@router.post(
    "/consents/{reference}/answer",
    response=ConsentOut,
    summary="Answer a partner's request for consent",
)
def answer_consent(
    request: HttpRequest, reference: ConsentPath, given: ConsentAnswerIn
) -> dict[str, Any]:
    made = consents.answer_consent(
        reference,
        given.outcome,
        by=caller(request),
        at=clock.now(),
        until=given.until,
        conditions=given.conditions,
    )
    return consent_document(made)


def _scope(given: ScopeIn) -> Scope:
    return Scope(
        given.occasion, given.purpose, given.proceeding, given.recipient, given.recipient_code
    )
