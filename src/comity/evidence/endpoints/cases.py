# SPDX-License-Identifier: Apache-2.0
"""Case files in the API: opened for a purpose, which their items inherit."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from comity import clock
from comity.accounts.permissions import Permission
from comity.evidence.documents import case_document
from comity.evidence.endpoints.asking import Limit, caller
from comity.evidence.queries.cases import case_file, case_files
from comity.evidence.schemas.items import CaseIn, CaseOut, CasesOut
from comity.evidence.services.cases import open_case_file

router = Router(tags=["evidence"])
CasePath = Annotated[str, Path(max_length=60, pattern=r"^[A-Z0-9]+([./-][A-Z0-9]+)*$")]


@router.get("/cases", response=CasesOut, summary="List case files, the newest first")
def list_cases(
    request: HttpRequest, *, closed: Annotated[bool, Query()] = False, limit: Limit = 50
) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    found = case_files(closed=closed, limit=limit)
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


@router.get("/cases/{path:reference}", response=CaseOut, summary="Read a case file")
def one_case(request: HttpRequest, reference: CasePath) -> dict[str, Any]:
    caller(request).require(Permission.VIEW_EVIDENCE)
    return case_document(case_file(reference))
