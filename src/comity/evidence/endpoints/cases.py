# SPDX-License-Identifier: Apache-2.0
"""Case files in the API: opened for a purpose, which their items inherit."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from comity import clock
from comity.accounts.permissions import Permission
from comity.evidence.documents import case_document
from comity.evidence.endpoints.asking import IfMatch, Limit, caller
from comity.evidence.queries.cases import UnknownCaseFileError, case_file, case_files
from comity.evidence.queries.changes import beyond_conditions
from comity.evidence.queries.decisions import OVERSEES
from comity.evidence.record_documents import beyond_document
from comity.evidence.schemas.items import CaseIn, CaseOut, CasesOut
from comity.evidence.schemas.records import CaseChangedOut, CaseChangeIn
from comity.evidence.services.cases import CaseChange, change_case_file, open_case_file
from comity.evidence.way_out import IntendedUse
from comity.versions import version_given, version_tag

router = Router(tags=["evidence"])
CasePath = Annotated[str, Path(max_length=60, pattern=r"^[A-Z0-9]+([./-][A-Z0-9]+)*$")]


@router.get("/cases", response=CasesOut, summary="List case files, the newest first")
def list_cases(
    request: HttpRequest, *, closed: Annotated[bool, Query()] = False, limit: Limit = 50
) -> dict[str, Any]:
    """Those that the caller works on, or all for whoever answers for evidence."""
    by = caller(request)
    by.require(Permission.VIEW_EVIDENCE)
    own = "" if by.roles & OVERSEES else by.reference
    found = case_files(closed=closed, officer=own, limit=limit)
    return {"items": [case_document(each) for each in found], "next": None}


@router.post("/cases", response={201: CaseOut}, summary="Open a case file for a purpose")
def open_case(request: HttpRequest, response: HttpResponse, given: CaseIn) -> Status[object]:
    made = open_case_file(
        given.reference,
        given.purpose,
        offences=given.offences,
        officers=given.officers,
        by=caller(request),
        at=clock.now(),
    )
    response["Location"] = f"{request.path}/{made.reference}"
    return Status(201, case_document(made))


@router.put(
    "/cases/{path:reference}/change",
    response=CaseChangedOut,
    summary="Change a case file's purpose, offences or officers",
)
def change_case(
    request: HttpRequest,
    response: HttpResponse,
    reference: CasePath,
    given: CaseChangeIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """A purpose that goes beyond items is refused with their names, until `anyway` is true."""
    by, at = caller(request), clock.now()
    made = change_case_file(
        reference,
        CaseChange(
            given.purpose,
            None if given.offences is None else frozenset(given.offences),
            None if given.officers is None else frozenset(given.officers),
        ),
        by=by,
        at=at,
        version=version_given(reference, if_match),
        known=given.anyway,
    )
    response["ETag"] = version_tag(reference, made.version)
    use = IntendedUse(made.purpose, offences=made.offences)
    beyond = beyond_conditions(reference, use, by=by, at=at)
    return case_document(made) | {"beyond": [beyond_document(one) for one in beyond]}


@router.get("/cases/{path:reference}", response=CaseOut, summary="Read a case file")
def one_case(request: HttpRequest, response: HttpResponse, reference: CasePath) -> dict[str, Any]:
    """To whoever neither works on it nor answers for evidence there is none."""
    by, found = caller(request), case_file(reference)
    by.require(Permission.VIEW_EVIDENCE)
    if by.reference not in found.officers and not by.roles & OVERSEES:
        raise UnknownCaseFileError(case=reference)
    response["ETag"] = version_tag(reference, found.version)
    return case_document(found)
