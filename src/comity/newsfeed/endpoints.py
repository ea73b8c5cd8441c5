# SPDX-License-Identifier: Apache-2.0
"""The newsfeed in the API: sources, the archive, cards and their decision, published changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Status

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import require
from comity.agreements.keyset import LONGEST_PAGE, PAGE_SIZE
from comity.agreements.records import ProposalState
from comity.newsfeed import documents, queries, services
from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.records import ArchiveSearch, CardRecord, PublicChangeRecord, SourceRecord
from comity.newsfeed.schemas import (
    AcceptIn,
    CardOut,
    CardsOut,
    Day,
    NewsReasonIn,
    PublicChangeOut,
    PublicChangesOut,
    PublishIn,
    ReleaseOut,
    ReleasesOut,
    SourceChangeIn,
    SourceIn,
    SourceOut,
    SourcesOut,
)
from comity.versions import version_given, version_tag

router = Router(tags=["news"])

Source = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")]
MaybeSource = Annotated[
    str,
    Query(
        max_length=40,
        pattern=r"^([a-z0-9]+(-[a-z0-9]+)+)?$",
        description="Only what this source announces, such as `eu-taxud`.",
    ),
]
Release = Annotated[str, Path(pattern=r"^REL-[0-9]{5,12}$")]
Card = Annotated[str, Path(pattern=r"^NPR-[0-9]{5,12}$")]
Change = Annotated[str, Path(pattern=r"^PUB-[0-9]{5,12}$")]
Country = Annotated[
    str,
    Query(
        pattern=r"^([A-Z]{2,8})?$",
        description="Releases of which an event names it, or that its administration published.",
    ),
]
Search = Annotated[
    str,
    Query(
        max_length=200,
        pattern=r"^[^\x00]*$",
        description='Words of title and text; "a phrase" and -without are understood.',
    ),
]
After = Annotated[
    str,
    Query(
        max_length=16,
        pattern=r"^([A-Z]{3}-[0-9]{5,12})?$",
        description="The `next` of the page before.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=160,
        description="The ETag of the record as it was read; 412 where somebody changed it since.",
    ),
]
Language = Annotated[
    str, Query(pattern=r"^(en|fr)$", description="Language of the sentences in the answer.")
]


# Sources


@router.get("/sources", response=SourcesOut, summary="List the sources with their health")
def sources(request: HttpRequest, language: Language = "en") -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return {"items": [documents.source_document(each, language) for each in queries.sources()]}


@router.post("/sources", response={201: SourceOut}, summary="Add a source")
def add_source(request: HttpRequest, response: HttpResponse, wanted: SourceIn) -> Status[object]:
    """It is visited at the next round, unless it is added with `active` false."""
    made = services.add_source(
        wanted.draft(wanted.code), active=wanted.active, by=_caller(request), at=clock.now()
    )
    response["Location"] = f"{request.path}/{made.code}"
    return Status(201, _source(response, made))


@router.get("/sources/{code}", response=SourceOut, summary="Read a source")
def source(
    request: HttpRequest, response: HttpResponse, code: Source, language: Language = "en"
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _source(response, queries.source(code), language)


@router.put("/sources/{code}", response=SourceOut, summary="Change what is said of a source")
def change_source(
    request: HttpRequest,
    response: HttpResponse,
    code: Source,
    wanted: SourceChangeIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Whoever changes the address lets the memory of earlier visits go; releases stay."""
    version = version_given(code, if_match)
    changed = services.change_source(
        code, wanted.draft(code), version=version, by=_caller(request), at=clock.now()
    )
    return _source(response, changed)


@router.post("/sources/{code}/pause", response=SourceOut, summary="Visit it no more")
def pause_source(
    request: HttpRequest, response: HttpResponse, code: Source, if_match: IfMatch = ""
) -> dict[str, Any]:
    version = version_given(code, if_match)
    by = _caller(request)
    return _source(response, services.pause_source(code, version=version, by=by, at=clock.now()))


@router.post("/sources/{code}/resume", response=SourceOut, summary="Visit it again")
def resume_source(
    request: HttpRequest, response: HttpResponse, code: Source, if_match: IfMatch = ""
) -> dict[str, Any]:
    version = version_given(code, if_match)
    by = _caller(request)
    return _source(response, services.resume_source(code, version=version, by=by, at=clock.now()))


# The archive


@router.get("/releases", response=ReleasesOut, summary="Search the archive of releases")
def releases(
    request: HttpRequest,
    q: Search = "",
    type: AnnouncementType | None = None,
    country: Country = "",
    source: MaybeSource = "",
    since: Day | None = None,
    until: Day | None = None,
    after: After = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    """The last edition of each release, newest first; `since` and `until` are of publication."""
    require(_caller(request), Permission.VIEW_REGISTER)
    search = ArchiveSearch(q, type, country, source, since, until)
    page = queries.releases(search, after=after, size=limit)
    return _listed(page.rows, page.older, documents.release_row_document)


@router.get(
    "/releases/{reference}",
    response=ReleaseOut,
    summary="Read an edition of a release, and what it announces",
)
def release(request: HttpRequest, reference: Release, language: Language = "en") -> dict[str, Any]:
    """Spans of events are places in `text`. `editions` names the others of the same release."""
    require(_caller(request), Permission.VIEW_REGISTER)
    return documents.release_document(queries.release(reference), language)


# Cards


@router.get("/proposals", response=CardsOut, summary="List what announcements propose")
def proposals(
    request: HttpRequest,
    state: ProposalState | None = None,
    source: MaybeSource = "",
    after: After = "",
    limit: Limit = PAGE_SIZE,
    language: Language = "en",
) -> dict[str, Any]:
    """Cards, newest first: what an announcement would change, its words, and what stands beside."""
    require(_caller(request), Permission.VIEW_REGISTER)
    page = queries.cards(state=state, source=source, after=after, size=limit)
    return _listed(page.rows, page.older, lambda card: documents.card_document(card, language))


@router.get("/proposals/{reference}", response=CardOut, summary="Read one of them")
def proposal(
    request: HttpRequest, response: HttpResponse, reference: Card, language: Language = "en"
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _card(response, queries.card(reference), language)


@router.post(
    "/proposals/{reference}/accept",
    response=CardOut,
    summary="Accept it: the register changes; nothing is confirmed",
)
def accept(
    request: HttpRequest,
    response: HttpResponse,
    reference: Card,
    decided: AcceptIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """The claim is added with its source. One that begins force has low confidence and settles
    nothing: `POST /agreements/confirmations` does. 409 `news-card-overtaken` where the register
    changed by another way since; the card was then held against it anew.
    """
    caller = _caller(request)
    require(caller, Permission.ACCEPT_REGISTER_CHANGE)
    card = services.accept(
        reference,
        reason=decided.reason,
        public=decided.public,
        version=version_given(reference, if_match),
        by=caller,
        at=clock.now(),
    )
    return _card(response, card)


@router.post("/proposals/{reference}/reject", response=CardOut, summary="Reject it")
def reject(
    request: HttpRequest,
    response: HttpResponse,
    reference: Card,
    why: NewsReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """The same source does not propose it again; another one does, and names this rejection."""
    caller = _caller(request)
    require(caller, Permission.ACCEPT_REGISTER_CHANGE)
    version = version_given(reference, if_match)
    card = services.reject(reference, reason=why.reason, version=version, by=caller, at=clock.now())
    return _card(response, card)


# Published changes


@router.get("/changes", response=PublicChangesOut, summary="List what this node publishes")
def changes(
    request: HttpRequest, after: After = "", limit: Limit = PAGE_SIZE, language: Language = "en"
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    page = queries.public_changes(after=after, size=limit)
    return _listed(
        page.rows, page.older, lambda each: documents.public_change_document(each, language)
    )


@router.post("/changes", response={201: PublicChangeOut}, summary="Publish an accepted change")
def publish(request: HttpRequest, response: HttpResponse, wanted: PublishIn) -> Status[object]:
    """It then stands in `/news/feed.xml` and `/news/feed.json`, which need no sign-in."""
    made = services.publish_change(wanted.proposal, by=_caller(request), at=clock.now())
    response["Location"] = f"{request.path}/{made.reference}"
    return Status(201, _public(response, made))


@router.get("/changes/{reference}", response=PublicChangeOut, summary="Read a published change")
def change(
    request: HttpRequest, response: HttpResponse, reference: Change, language: Language = "en"
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _public(response, queries.public_change(reference), language)


@router.post("/changes/{reference}/take-back", response=PublicChangeOut, summary="Take it back")
def take_back(
    request: HttpRequest,
    response: HttpResponse,
    reference: Change,
    why: NewsReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    version = version_given(reference, if_match)
    back = services.unpublish_change(
        reference, reason=why.reason, version=version, by=_caller(request), at=clock.now()
    )
    return _public(response, back)


def _caller(request: HttpRequest) -> Officer:
    """The officer whom the frame has found behind the token."""
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the library
    return officer


def _listed(
    rows: Iterable[Any], older: str, document: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """A page with the key of the next one. Any: records of one of several kinds."""
    return {"items": [document(row) for row in rows], "next": older or None}


def _source(response: HttpResponse, record: SourceRecord, language: str = "en") -> dict[str, Any]:
    response["ETag"] = version_tag(record.code, record.version)
    return documents.source_document(record, language)


def _card(response: HttpResponse, record: CardRecord, language: str = "en") -> dict[str, Any]:
    response["ETag"] = version_tag(record.reference, record.version)
    return documents.card_document(record, language)


def _public(
    response: HttpResponse, record: PublicChangeRecord, language: str = "en"
) -> dict[str, Any]:
    response["ETag"] = version_tag(record.reference, record.version)
    return documents.public_change_document(record, language)
