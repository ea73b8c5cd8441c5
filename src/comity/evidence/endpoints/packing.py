# SPDX-License-Identifier: Apache-2.0
"""Packages in the API: a small one for a court is answered as its file, a larger one is ordered.

The file of either is kept for the officer who asked for it, and fetched through the door each time;
a package for a partner goes as a message.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Status

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import Made
from comity.accounts.services.answering import language
from comity.agreements.keyset import PAGE_SIZE
from comity.agreements.question import Recipient
from comity.catalogues import said
from comity.evidence import documents
from comity.evidence.endpoints.asking import Limit, caller, document_for_key, made_for_key
from comity.evidence.endpoints.proofs import official_of
from comity.evidence.package import MEDIA_TYPE, PackageKind
from comity.evidence.packing import Choice, CopiesWanted, Wanted
from comity.evidence.packing_order import PackingOrder
from comity.evidence.queries import packages as kept
from comity.evidence.queries.packing_orders import packing_order
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.schemas.proofs import (
    ChoiceIn,
    CopiesIn,
    PackageIn,
    PackageOut,
    PackagesOut,
    PackedOut,
    PackingOrderOut,
    ReleaseIn,
)
from comity.evidence.services import kept_packages, packing_orders, releasing
from comity.evidence.serving import download_headers
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.exchange.draft import Decision

router = Router(tags=["evidence"])
PackagePath = Annotated[str, Path(pattern=r"^PKG-[0-9]{5,12}$")]
PackageQuery = Annotated[str, Query(max_length=16, pattern=r"^(PKG-[0-9]{5,12})?$")]
OrderPath = Annotated[str, Path(pattern=r"^PKO-[0-9]{5,12}$")]
Prefer = Annotated[str, Header(alias="Prefer", max_length=100)]


@router.get("/packages", response=PackagesOut, summary="List packages, made here and received")
def list_packages(
    request: HttpRequest, after: PackageQuery = "", limit: Limit = PAGE_SIZE
) -> dict[str, Any]:
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    page = kept.packages(officer=narrowed_to(by), after=after, size=limit)
    return {"items": list(page.rows), "next": page.older or None}


@router.get("/packages/{reference}", response=PackageOut, summary="Read what is in a package")
def one_package(request: HttpRequest, reference: PackagePath) -> object:
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    return kept.package(reference, officer=narrowed_to(by))


@router.get("/packages/{reference}/file", summary="Fetch the file of a package once more")
def package_file(request: HttpRequest, reference: PackagePath) -> FileResponse:
    """For the officer who had it packed, as long as it is kept; decided anew each time."""
    return _file(reference, request)


@router.post(
    "/packages",
    response={200: None, 202: PackingOrderOut},
    summary="Pack items for a court: the file, or an order",
)
def pack(
    request: HttpRequest, response: HttpResponse, given: PackageIn, prefer: Prefer = ""
) -> FileResponse | Status[object]:
    """Up to twenty items are answered as the file; `Content-Location` is its record.

    More of them, copies to be made, a witness to be waited for, or `Prefer: respond-async` are
    answered with 202 and an order, whose address is in `Location`.
    """
    by, wanted = caller(request), _wanted(given)
    now = packing_orders.at_once(wanted) and "respond-async" not in prefer
    made = _made_once(request, wanted, by=by, now=now)
    if made.before:
        response["Idempotency-Replayed"] = "true"
    if made.text.startswith(packing_orders.LETTERS):
        response["Location"] = f"/api/v1/evidence/packing-orders/{made.text}"
        return Status(202, _order(packing_order(made.text, by=by)))
    file = _file(made.text, request)
    file["Content-Location"] = f"{request.path}/{made.text}"
    if made.before:
        file["Idempotency-Replayed"] = "true"
    return file


def _made_once(request: HttpRequest, wanted: Wanted, *, by: Officer, now: bool) -> Made:
    """The package, or the order that becomes one: the same for the same request with its key."""

    def make() -> str:
        if now:
            return packing_orders.pack_now(wanted, by=by, at=clock.now()).reference
        return packing_orders.order_package(wanted, by=by, at=clock.now())

    return made_for_key(request, make)


def _file(reference: str, request: HttpRequest) -> FileResponse:
    found = kept_packages.fetch_package(reference, by=caller(request), at=clock.now())
    headers = download_headers(found.package, MEDIA_TYPE, size=found.size)
    return FileResponse(found.content, headers=headers)


@router.get(
    "/packing-orders/{reference}",
    response=PackingOrderOut,
    summary="See how far an order to pack has come",
)
def one_packing_order(request: HttpRequest, reference: OrderPath) -> dict[str, Any]:
    """To every other officer than the one who gave it there is no such order."""
    return _order(packing_order(reference, by=caller(request)))


def _order(one: PackingOrder) -> dict[str, Any]:
    texts = (said(text, one.fields, language()) for text in (one.message, one.remedy))
    return {**documents.order_document(one), "failed": " ".join(filter(None, texts))}


def _wanted(given: PackageIn) -> Wanted:
    return Wanted(
        PackageKind.COURT,
        _choices(given.items),
        given.court,
        given.case,
        use=IntendedUse(given.purpose, given.proceeding),
        recipient=IntendedRecipient(recipient=Recipient.COURT),
        copies=_copies(given.copies),
        language=given.language,
        wait_for_witness=given.wait_for_witness,
    )


def _copies(given: CopiesIn | None) -> CopiesWanted | None:
    if given is None:
        return None
    official = official_of(given.official) if given.official else None
    return CopiesWanted(given.profile, tuple(given.languages), official)


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
        copies=_copies(given.copies),
    )
    decision = Decision(given.decision, by) if given.decision else None

    def make() -> dict[str, Any]:
        packed = releasing.release(wish, by=by, at=clock.now(), decision=decision)
        return documents.packed_document(packed)

    made = document_for_key(request, response, make)
    response["Location"] = f"/api/v1/evidence/packages/{made['reference']}"
    return Status(201, made)


def _choices(given: Iterable[ChoiceIn]) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.item, {one.part: one.reason for one in each.withheld}, each.redaction)
        for each in given
    )
