# SPDX-License-Identifier: Apache-2.0
"""What proves itself far from this node, in the API: statements, certified copies, packages.

A package for a court is answered as its file and kept nowhere; one for a partner goes as a message.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Annotated, Any, BinaryIO, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services.answering import language
from comity.agreements.keyset import PAGE_SIZE
from comity.agreements.question import Recipient
from comity.evidence import documents, verifying
from comity.evidence.certified_copy import Official
from comity.evidence.endpoints.asking import ItemPath, ItemQuery, Limit, caller
from comity.evidence.package import MEDIA_TYPE, PackageKind
from comity.evidence.packing import Choice, Wanted
from comity.evidence.queries import certified_copies as copies
from comity.evidence.queries import packages as kept
from comity.evidence.queries import seals
from comity.evidence.queries.items import item as item_value
from comity.evidence.schemas.proofs import (
    ChoiceIn,
    CopiesOut,
    CopyIn,
    CopyOut,
    OfficialIn,
    PackageIn,
    PackageOut,
    PackagesOut,
    PackedOut,
    RedactionIn,
    RedactionOut,
    RedactionsOut,
    ReleaseIn,
    ReportOut,
    StatementIn,
    StatementOut,
)
from comity.evidence.services import certifying, packing, redacting, releasing, stating
from comity.evidence.serving import download_headers
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.exchange.draft import Decision

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
    caller(request).require(Permission.VIEW_EVIDENCE)
    if item:
        found = copies.certified_copies_of(item)
        return {"items": [documents.copy_document(each) for each in found], "next": None}
    page = copies.register(after=after, size=limit)
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
    made = certifying.certify_copy(
        reference,
        given.profile,
        given.languages,
        by=caller(request),
        official=_official(given.official),
        at=clock.now(),
        instrument=given.under,
        article=given.article,
    )
    response["Location"] = f"/api/v1/evidence/certified-copies/{made.number}"
    return Status(201, documents.copy_document(made))


@router.post(
    "/certified-copies/{number}/final",
    response=CopyOut,
    by_alias=True,
    summary="Certify a copy finally, as a second official",
)
def certify_finally(request: HttpRequest, number: NumberPath, given: OfficialIn) -> dict[str, Any]:
    made = certifying.certify_finally(
        number, by=caller(request), official=_official(given), at=clock.now()
    )
    return documents.copy_document(made)


def _official(given: OfficialIn) -> Official:
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


@router.get("/packages", response=PackagesOut, summary="List packages, made here and received")
def list_packages(
    request: HttpRequest, after: PackageQuery = "", limit: Limit = PAGE_SIZE
) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    page = kept.packages(after=after, size=limit)
    return {"items": list(page.rows), "next": page.older or None}


@router.get("/packages/{reference}", response=PackageOut, summary="Read what is in a package")
def one_package(request: HttpRequest, reference: PackagePath) -> object:
    caller(request).require(Permission.VIEW_EVIDENCE)
    return kept.package(reference)


@router.post("/packages", response={200: None}, summary="Pack items for a court: the file")
def pack(request: HttpRequest, given: PackageIn) -> FileResponse:
    """The answer is the package itself; `Content-Location` is its record."""
    wanted = Wanted(
        PackageKind.COURT,
        _choices(given.items),
        given.court,
        given.case,
        use=IntendedUse(given.purpose, given.proceeding),
        recipient=IntendedRecipient(recipient=Recipient.COURT),
    )
    sink = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(settings.ENVIRONMENT.home))  # noqa: SIM115
    try:
        packed = packing.pack(
            wanted,
            sink,  # type: ignore[arg-type]  # it reads and writes
            by=caller(request),
            at=clock.now(),
        )
    except BaseException:
        sink.close()
        raise
    sink.seek(0)
    headers = download_headers(packed.reference, MEDIA_TYPE, size=packed.size)
    headers["Content-Location"] = f"{request.path}/{packed.reference}"
    return FileResponse(sink, headers=headers)


@router.post("/releases", response={201: PackedOut}, summary="Supply items to a partner")
def release(request: HttpRequest, response: HttpResponse, given: ReleaseIn) -> Status[object]:
    """Packed, sealed, assessed by the law of both sides, and sent as a message."""
    by = caller(request)
    wish = releasing.Wish(
        _choices(given.items),
        given.to,
        given.purpose,
        form=given.form,
        offences=tuple(given.offences),
        in_reply_to=given.in_reply_to,
        under=given.under,
        case=given.case,
        text=given.text,
    )
    decision = Decision(given.decision, by) if given.decision else None
    packed = releasing.release(wish, by=by, at=clock.now(), decision=decision)
    response["Location"] = f"/api/v1/evidence/packages/{packed.reference}"
    return Status(201, documents.packed_document(packed))


def _choices(given: Iterable[ChoiceIn]) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.item, {one.part: one.reason for one in each.withheld}, each.redaction)
        for each in given
    )


@router.post("/verification", response=ReportOut, summary="Verify a package")
def verify(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """By the file that anybody can run, with the roots that this node trusts; nothing is kept."""
    source = cast("BinaryIO", file.file)
    report = verifying.verified(source, anchors=seals.public_anchors(), language=language())
    return documents.report_document(report)
