# SPDX-License-Identifier: Apache-2.0
"""Ceilings, the registers of disclosures and assurances, and blackened pages in the API."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Status

from comity import clock
from comity.accounts.permissions import Permission
from comity.evidence import documents
from comity.evidence.endpoints.asking import ItemPath, ItemQuery, caller
from comity.evidence.queries import ceilings as ceilings_known
from comity.evidence.queries import registers
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.record_documents import (
    assurance_document,
    ceiling_set_document,
    disclosure_document,
)
from comity.evidence.schemas.items import ItemOut
from comity.evidence.schemas.records import (
    AssuranceIn,
    AssuranceOut,
    AssurancesOut,
    BlackenIn,
    BreachIn,
    CeilingIn,
    CeilingOut,
    CeilingsOut,
    DisclosureIn,
    DisclosuresOut,
)
from comity.evidence.services import ceilings, disclosing, giving_out, redacting
from comity.evidence.services.giving_out import Gift
from comity.evidence.services.redacting import Blackened, area_of
from comity.evidence.way_out import IntendedUse
from comity.handling.ceiling import read_ceiling
from comity.versions import version_tag

router = Router(tags=["evidence"])
AssurancePath = Annotated[str, Path(pattern=r"^ASR-[0-9]{5,12}$")]


@router.get("/ceilings", response=CeilingsOut, summary="List the ceilings that stand")
def list_ceilings(request: HttpRequest) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_PARTNERS)
    return {"items": [ceiling_set_document(one) for one in ceilings_known.ceilings_set()]}


@router.put("/ceilings", response=CeilingOut, summary="Set what the desk or a partner may at most")
def set_ceiling(request: HttpRequest, given: CeilingIn) -> dict[str, Any]:
    """It holds from now on, above whatever the law allows."""
    ceiling = read_ceiling(given.ceiling.dict())
    ceilings.set_ceiling(ceiling, partner=given.partner, by=caller(request), at=clock.now())
    return ceiling_set_document(ceilings_known.ceiling_as_set(given.partner))


@router.get("/disclosures", response=DisclosuresOut, summary="Read the register of disclosures")
def disclosures(request: HttpRequest, item: ItemQuery = "") -> dict[str, Any]:
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    found = registers.disclosures(item=item, officer=narrowed_to(by))
    return {"items": [disclosure_document(one) for one in found]}


@router.post(
    "/disclosures",
    response={201: DisclosuresOut},
    summary="Record that items are given to an authority, a state, a court, defence or public",
)
def disclose(request: HttpRequest, given: DisclosureIn) -> Status[object]:
    """The one door decides for exactly this recipient; a refusal is not recorded as given."""
    use = IntendedUse(given.purpose, given.proceeding) if given.purpose else None
    gift = Gift(
        given.to,
        given.recipient,
        given.what,
        given.instrument,
        given.article,
        given.compelled,
        given.on,
        use,
        given.decide,
    )
    made = giving_out.give_out(given.items, gift, by=caller(request), at=clock.now())
    found = [disclosure_document(registers.disclosure(reference)) for reference in made]
    return Status(201, {"items": found})


@router.get("/assurances", response=AssurancesOut, summary="Read the register of assurances")
def assurances(request: HttpRequest) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    return {"items": [assurance_document(one) for one in registers.assurances()]}


@router.post("/assurances", response={201: AssuranceOut}, summary="Enter an assurance")
def assure(request: HttpRequest, given: AssuranceIn) -> Status[object]:
    made = disclosing.record_assurance(
        given.partner,
        given.text,
        ours=given.ours,
        by=caller(request),
        at=clock.now(),
        given_on=given.given_on,
        instrument=given.instrument,
        item=given.item,
    )
    return Status(201, assurance_document(made))


@router.post(
    "/assurances/{reference}/breach",
    response=AssuranceOut,
    summary="Enter that an assurance was broken",
)
def breach(request: HttpRequest, reference: AssurancePath, given: BreachIn) -> dict[str, Any]:
    made = disclosing.record_breach(
        reference, given.on, given.text, by=caller(request), at=clock.now()
    )
    return assurance_document(made)


@router.post(
    "/items/{reference}/blackened-pages",
    response={201: ItemOut},
    summary="Make a page of a certified item anew without some areas",
)
def blacken(
    request: HttpRequest, response: HttpResponse, reference: ItemPath, given: BlackenIn
) -> Status[object]:
    """The answer is the new item: a picture that holds nothing of what was black."""
    marked = [
        Blackened(area_of(one.left, one.top, one.width, one.height), one.reason)
        for one in given.areas
    ]
    made = redacting.blacken(reference, given.page, marked, by=caller(request), at=clock.now())
    response["Location"] = f"{request.path.partition('/items/')[0]}/items/{made.reference}"
    response["ETag"] = version_tag(made.reference, made.version)
    return Status(201, documents.item_document(made))
