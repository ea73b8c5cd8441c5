# SPDX-License-Identifier: Apache-2.0
"""Items in the API: added, listed, read as far as the law lets them out, fetched as files.

A destroyed item is answered with 410 and the list that says so; its custody and its certificates
are read all the same.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from comity import clock
from comity.accounts.services.answering import language
from comity.agreements.keyset import PAGE_SIZE
from comity.evidence import documents
from comity.evidence.conditions import conditions_document
from comity.evidence.endpoints.asking import (
    CaseQuery,
    CodeQuery,
    IfMatch,
    ItemPath,
    ItemQuery,
    Limit,
    caller,
)
from comity.evidence.item import Acquisition, Channel, Description, Item, ItemKind, ItemState
from comity.evidence.new_item import NewItem
from comity.evidence.queries import items as kept
from comity.evidence.queries.conditions import conditions_of
from comity.evidence.queries.intake import examination
from comity.evidence.queries.items import ItemSearch
from comity.evidence.queries.lifetime import require_kept
from comity.evidence.queries.seeing import narrowed_to
from comity.evidence.schemas.items import (
    ConditionsOut,
    InCaseIn,
    ItemIn,
    ItemOut,
    ItemsOut,
    OpenedItemOut,
)
from comity.evidence.services import items, way_out
from comity.evidence.serving import download_headers
from comity.evidence.way_out import WayOut
from comity.handling.marking import Marking
from comity.versions import version_given, version_tag

router = Router(tags=["evidence"])


@router.get("/items", response=ItemsOut, summary="List items by what stands open of them")
def list_items(
    request: HttpRequest,
    case: CaseQuery = "",
    kind: ItemKind | None = None,
    state: ItemState | None = None,
    supplier: CodeQuery = "",
    *,
    withheld: bool = False,
    after: ItemQuery = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    """No title is among it: read an item for that."""
    by = caller(request)
    way_out.require_way(by, None)
    search = ItemSearch(
        case=case,
        kind=kind,
        state=state,
        supplier=supplier,
        withheld=withheld,
        officer=narrowed_to(by),
    )
    page = kept.items(search, after=after, size=limit)
    found = [documents.item_document(each) for each in page.rows]
    return {"items": found, "next": page.older or None}


@router.post("/items", response={201: ItemOut}, summary="Add a thing that lies in a room")
def add_thing(request: HttpRequest, response: HttpResponse, given: ItemIn) -> Status[object]:
    item = items.add(_new(given), by=caller(request), at=clock.now())
    return _added(request.path, response, item)


@router.post("/items/files", response={201: ItemOut}, summary="Add an item with its file")
def add_file(
    request: HttpRequest, response: HttpResponse, given: Form[ItemIn], file: File[UploadedFile]
) -> Status[object]:
    """Of any size; it is examined before it is kept."""
    new = _new(given, name=file.name or "", media_type=file.content_type or "")
    item = items.add(new, file.file, by=caller(request), at=clock.now())
    return _added(request.path.removesuffix("/files"), response, item)


@router.get("/items/{reference}", response=OpenedItemOut, summary="Read an item")
def show(request: HttpRequest, response: HttpResponse, reference: ItemPath) -> dict[str, Any]:
    """Its words stand in the answer where the law lets them out; each reading is recorded."""
    by, item = caller(request), _kept(request, reference)
    (let,) = way_out.let_out([reference], WayOut.API, by=by, at=clock.now())
    answer = {
        **documents.item_document(item),
        "reading": documents.let_document(let, language()),
    }
    if let.permitted:
        said = way_out.description(let), way_out.claims(let)
        answer |= documents.opened_document(let, *said)
    response["ETag"] = version_tag(reference, item.version)
    response["Cache-Control"] = "private, no-store"
    return answer


@router.get("/items/{reference}/content", response={200: None}, summary="Fetch an item's file")
def content(request: HttpRequest, reference: ItemPath) -> FileResponse:
    """As a download of a neutral type, whatever it is; each reading is recorded."""
    by, item = caller(request), _kept(request, reference)
    (let,) = way_out.let_out([reference], WayOut.API, by=by, at=clock.now())
    found = examination(reference)
    dangerous = bool(found and found.dangerous)
    headers = download_headers(reference, item.media_type, size=item.size, dangerous=dangerous)
    return FileResponse(way_out.content(let), headers=headers)


@router.get(
    "/items/{reference}/conditions",
    response=ConditionsOut,
    summary="Ask what may be done with an item",
)
def conditions(request: HttpRequest, reference: ItemPath) -> dict[str, Any]:
    _kept(request, reference)
    found = conditions_of(reference, by=caller(request), on=clock.today())
    return conditions_document(found, language())


@router.put("/items/{reference}/case", response=ItemOut, summary="Put an item into a case file")
def put_in_case(
    request: HttpRequest,
    response: HttpResponse,
    reference: ItemPath,
    given: InCaseIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    version = version_given(reference, if_match)
    item = items.put_in_case(
        reference, given.case, by=caller(request), at=clock.now(), version=version
    )
    response["ETag"] = version_tag(reference, item.version)
    return documents.item_document(item)


def _kept(request: HttpRequest, reference: str) -> Item:
    """The item, for an officer who may see evidence; 410 where it was destroyed."""
    way_out.require_way(caller(request), None)
    item = kept.item(reference)
    require_kept(reference)
    return item


def _added(path: str, response: HttpResponse, item: Item) -> Status[object]:
    response["Location"] = f"{path}/{item.reference}"
    response["ETag"] = version_tag(item.reference, item.version)
    return Status(201, documents.item_document(item))


def _new(given: ItemIn, *, name: str = "", media_type: str = "") -> NewItem:
    marking = Marking(
        caveats=frozenset(given.caveats),
        handling=frozenset([given.handling] if given.handling else []),
        classes=frozenset(given.classes),
        personal_data=given.personal_data,
        judicially_obtained=given.judicially_obtained,
    )
    return NewItem(
        kind=given.kind,
        rank=given.rank,
        description=Description(
            title=given.title,
            text=given.text,
            file_name=name,
            marks=tuple(given.marks),
            acquisition=Acquisition(
                at=given.taken_at,
                place=given.place,
                by=given.from_whom,
                how=given.how,
                power=given.power,
                judicially_obtained=given.judicially_obtained,
            ),
            third_party_rights=given.third_party_rights,
        ),
        case=given.case,
        channel=Channel(number=1, supplier="", marking=marking),
        media_type=media_type,
        return_by=given.return_by,
    )
