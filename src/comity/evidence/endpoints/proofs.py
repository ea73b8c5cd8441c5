# SPDX-License-Identifier: Apache-2.0
"""What proves itself far from this node, in the API: statements, certified copies, redactions."""

from __future__ import annotations

import base64
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services.answering import language
from comity.agreements.keyset import PAGE_SIZE
from comity.evidence import documents, verifying
from comity.evidence.certified_copy import Official
from comity.evidence.endpoints.asking import (
    ItemPath,
    ItemQuery,
    Limit,
    caller,
    document_for_key,
)
from comity.evidence.queries import certified_copies as copies
from comity.evidence.queries import packages as kept
from comity.evidence.queries import seals
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.schemas.proofs import (
    CopiesOut,
    CopyIn,
    CopyOut,
    DraftOut,
    OfficialIn,
    RedactionIn,
    RedactionOut,
    RedactionsOut,
    ReportOut,
    StatementIn,
    StatementOut,
)
from comity.evidence.services import certifying, drafting_copies, redacting, stating

router = Router(tags=["evidence"])
IN_MEMORY = 8 << 20
NumberPath = Annotated[str, Path(max_length=40, pattern=r"^[A-Z]{2,8}-[0-9]{4}-[0-9]{5,12}$")]
NumberQuery = Annotated[str, Query(max_length=40, pattern=r"^([A-Z]{2,8}-[0-9]{4}-[0-9]{5,12})?$")]
PackagePath = Annotated[str, Path(pattern=r"^PKG-[0-9]{5,12}$")]
PackageQuery = Annotated[str, Query(max_length=16, pattern=r"^(PKG-[0-9]{5,12})?$")]


@router.post("/statements", response={201: StatementOut}, summary="Certify items in a statement")
def certify(request: HttpRequest, given: StatementIn) -> Status[object]:
    made = stating.certify(
        given.items,
        by=caller(request),
        at=clock.now(),
        instrument=given.under,
        article=given.article,
    )
    return Status(201, made)


@router.get("/certified-copies", response=CopiesOut, by_alias=True, summary="List certified copies")
def list_copies(
    request: HttpRequest, item: ItemQuery = "", after: NumberQuery = "", limit: Limit = PAGE_SIZE
) -> dict[str, Any]:
    """Of one item, or of all; their documents are the contents of their items."""
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    if item:
        found = copies.certified_copies_of(item)
        return {"items": [documents.copy_document(each) for each in found], "next": None}
    page = copies.register(officer=narrowed_to(by), after=after, size=limit)
    return {
        "items": [documents.copy_document(each) for each in page.rows],
        "next": page.older or None,
    }


@router.get("/certified-copies/{number}", response=CopyOut, by_alias=True, summary="Read a number")
def one_copy(request: HttpRequest, number: NumberPath) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    return documents.copy_document(copies.certified_copy(number))


@router.post(
    "/items/{reference}/certified-copies",
    response={201: CopyOut},
    by_alias=True,
    summary="Certify a copy of an item for a forum",
)
def certify_copy(
    request: HttpRequest, response: HttpResponse, reference: ItemPath, given: CopyIn
) -> Status[object]:
    by = caller(request)

    def make() -> dict[str, Any]:
        made = certifying.certify_copy(
            reference,
            given.profile,
            given.languages,
            by=by,
            official=official_of(given.official),
            at=clock.now(),
            instrument=given.under,
            article=given.article,
        )
        return documents.copy_document(made)

    made = document_for_key(request, response, make)
    response["Location"] = f"/api/v1/evidence/certified-copies/{made['number']}"
    return Status(201, made)


@router.post(
    "/items/{reference}/certified-copies/draft",
    response=DraftOut,
    summary="See a certificate as it would be, before it is sealed",
)
def draft_copy(request: HttpRequest, reference: ItemPath, given: CopyIn) -> dict[str, Any]:
    """Nothing is sealed and no number is taken; what would stop certifying stops this."""
    pages = drafting_copies.draft_copy(
        reference,
        given.profile,
        given.languages,
        by=caller(request),
        official=official_of(given.official),
        at=clock.now(),
        instrument=given.under,
        article=given.article,
    )
    pictures = [base64.b64encode(page).decode() for page in pages]
    return {"item": reference, "profile": given.profile, "pages": pictures}


@router.post(
    "/certified-copies/{number}/final",
    response=CopyOut,
    by_alias=True,
    summary="Certify a copy finally, as a second official",
)
def certify_finally(
    request: HttpRequest, response: HttpResponse, number: NumberPath, given: OfficialIn
) -> dict[str, Any]:
    by, official = caller(request), official_of(given)

    def make() -> dict[str, Any]:
        made = certifying.certify_finally(number, by=by, official=official, at=clock.now())
        return documents.copy_document(made)

    return document_for_key(request, response, make)


def official_of(given: OfficialIn) -> Official:
    """Who signs."""
    return Official(given.name, given.capacity, given.position, given.place)


@router.get(
    "/items/{reference}/redactions", response=RedactionsOut, summary="List an item's redactions"
)
def redactions(request: HttpRequest, reference: ItemPath) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    item_value(reference)
    return {"items": list(kept.redactions_of(reference))}


@router.post(
    "/items/{reference}/redactions",
    response={201: RedactionOut},
    summary="Decide what is withheld of a certified item",
)
def redact(request: HttpRequest, reference: ItemPath, given: RedactionIn) -> Status[object]:
    withheld = {each.part: each.reason.value for each in given.withheld}
    return Status(201, redacting.redact(reference, withheld, by=caller(request), at=clock.now()))


@router.post("/verification", response=ReportOut, summary="Verify a package")
def verify(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """By the file that anybody can run, with the roots that this node trusts; nothing is kept."""
    source = cast("BinaryIO", file.file)
    report = verifying.verified(source, anchors=seals.public_anchors(), language=language())
    return documents.report_document(report)
