# SPDX-License-Identifier: Apache-2.0
"""Partners in the API: looked at by everybody, accepted and limited by an administrator.

Ceilings are judged below this: nothing that is sent here raises what an administrator allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Status

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import require
from comity.exchange.acquaintance import PartnerRecord
from comity.exchange.ceilings import NUMBERS
from comity.exchange.diagnosis import Finding
from comity.exchange.partner import PartnerState
from comity.exchange.partner_documents import card_document, findings_document, partner_document
from comity.exchange.queries.partner_records import partner_record, partner_records
from comity.exchange.schemas import (
    CardIn,
    CeilingsIn,
    DiagnosisOut,
    FingerprintIn,
    OwnCardOut,
    PartnerOut,
    PartnerReasonIn,
    PartnersOut,
)
from comity.exchange.services import cards, diagnosing, partners
from comity.sealing.canonical_json import canonical
from comity.versions import version_given, version_tag

router = Router(tags=["exchange"])

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")]
After = Annotated[str, Query(max_length=20, pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]*)?$")]
Limit = Annotated[int, Query(ge=1, le=200)]
IfMatch = Annotated[str, Header(alias="If-Match", max_length=160)]


@router.get("", response=PartnersOut, summary="List the partners")
def list_partners(
    request: HttpRequest, state: PartnerState | None = None, after: After = "", limit: Limit = 50
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_PARTNERS)
    found = [r for r in partner_records(state=state) if r.partner.code > after]
    shown = found[:limit]
    following = shown[-1].partner.code if len(found) > limit else None
    return {"items": [partner_document(record) for record in shown], "next": following}


@router.post("", response={201: PartnerOut}, summary="Read a partner's card in")
def propose(request: HttpRequest, response: HttpResponse, given: CardIn) -> Status[object]:
    by = _administrator(request)
    document = canonical(given.card.dict())
    record = partners.propose(document, by=by, at=clock.now())
    response["Location"] = f"{request.path}/{record.partner.code}"
    return Status(201, _shown(response, record))


@router.get("/own-card", response=OwnCardOut, summary="Read our own card")
def own_card(request: HttpRequest) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_PARTNERS)
    signed = cards.own_card(at=clock.now())
    return {**card_document(signed), "document": json.loads(signed.document)}


@router.get("/{code}", response=PartnerOut, summary="Read a partner")
def partner(request: HttpRequest, response: HttpResponse, code: Code) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_PARTNERS)
    return _shown(response, partner_record(code))


@router.post("/{code}/confirm", response=PartnerOut, summary="Confirm a partner")
def confirm(
    request: HttpRequest, response: HttpResponse, code: Code, given: FingerprintIn
) -> dict[str, Any]:
    by = _administrator(request)
    record = partners.confirm(code, given.fingerprint, by=by, at=clock.now())
    return _shown(response, record)


@router.put("/{code}/ceilings", response=PartnerOut, summary="Set a partner's ceilings")
def set_ceilings(
    request: HttpRequest,
    response: HttpResponse,
    code: Code,
    wanted: CeilingsIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    by, changes = _administrator(request), wanted.dict(exclude_unset=True)
    changes = {n: v for n, v in changes.items() if n not in NUMBERS or v is not None}
    version = version_given(code, if_match)
    record = partners.set_ceilings(code, by=by, at=clock.now(), version=version, **changes)
    return _shown(response, record)


@router.post("/{code}/suspend", response=PartnerOut, summary="Suspend a partner")
def suspend(
    request: HttpRequest, response: HttpResponse, code: Code, given: PartnerReasonIn
) -> dict[str, Any]:
    record = partners.suspend(code, given.reason, by=_caller(request), at=clock.now())
    return _shown(response, record)


@router.post("/{code}/resume", response=PartnerOut, summary="Resume a partner")
def resume(request: HttpRequest, response: HttpResponse, code: Code) -> dict[str, Any]:
    return _shown(response, partners.resume(code, by=_caller(request), at=clock.now()))


@router.post("/{code}/end", response=PartnerOut, summary="End the exchange with a partner")
def end(
    request: HttpRequest, response: HttpResponse, code: Code, given: PartnerReasonIn
) -> dict[str, Any]:
    record = partners.end(code, given.reason, by=_caller(request), at=clock.now())
    return _shown(response, record)


@router.post("/{code}/diagnose", response=DiagnosisOut, summary="Diagnose the way to a partner")
def diagnose(request: HttpRequest, code: Code) -> dict[str, Any]:
    require(_caller(request), Permission.OPERATE_EXCHANGE)
    found: Iterable[Finding] = diagnosing.diagnose_partner(code, at=clock.now(), test_message=False)
    return findings_document(code, found)


def _shown(response: HttpResponse, record: PartnerRecord) -> dict[str, Any]:
    response["ETag"] = version_tag(record.partner.code, record.version)
    return partner_document(record)


def _administrator(request: HttpRequest) -> Officer:
    officer = _caller(request)
    require(officer, Permission.ADMINISTER_PARTNERS)
    return officer


def _caller(request: HttpRequest) -> Officer:
    """The officer whom the frame has found behind the token."""
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the library
    return officer
