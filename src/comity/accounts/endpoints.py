# SPDX-License-Identifier: Apache-2.0
"""Accounts in the API: who calls, the administration of officers, the caller's own tokens.

A token cannot issue tokens or reset passwords: both stay with a person who has signed in.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Status

from comity import clock
from comity.accounts import queries, services
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission, Role
from comity.accounts.schemas import (
    Caller,
    OfficerIn,
    OfficerOut,
    OfficersOut,
    OneTimePasswordOut,
    RolesIn,
    TokenOut,
    TokensOut,
)
from comity.versions import version_given, version_tag

router = Router(tags=["accounts"])

OfficerReference = Annotated[str, Path(pattern=r"^OFF-[0-9]{5,12}$")]
TokenReference = Annotated[str, Path(pattern=r"^TOK-[0-9]{5,12}$")]
Search = Annotated[str, Query(max_length=80, pattern=r"^[^\x00]*$")]
After = Annotated[str, Query(max_length=16, pattern=r"^(OFF-[0-9]{5,12})?$")]
Limit = Annotated[int, Query(ge=1, le=200)]
IfMatch = Annotated[str, Header(alias="If-Match", max_length=160)]


@router.get("/me", response=Caller, summary="Who calls, and what the token allows")
def me(request: HttpRequest) -> Caller:
    return Caller.of(_caller(request))


@router.get("/officers", response=OfficersOut, summary="List officers")
def officers(
    request: HttpRequest,
    q: Search = "",
    role: Role | None = None,
    after: After = "",
    limit: Limit = 50,
) -> OfficersOut:
    services.require(_caller(request), Permission.VIEW_OFFICERS)
    found = queries.officer_records(search=q, role=role, after=after, limit=limit + 1)
    shown = found[:limit]
    following = shown[-1].officer.reference if len(found) > limit else None
    return OfficersOut(items=[OfficerOut.of(record) for record in shown], next=following)


@router.post("/officers", response={201: OneTimePasswordOut}, summary="Register an officer")
def register(request: HttpRequest, response: HttpResponse, wanted: OfficerIn) -> Status[object]:
    made = services.register_officer(
        sign_in_name=wanted.sign_in_name,
        display_name=wanted.display_name,
        email=wanted.email,
        language=wanted.language,
        roles=wanted.roles,
        by=_caller(request),
        at=clock.now(),
    )
    response["Location"] = f"{request.path}/{made.officer.reference}"
    return Status(201, OneTimePasswordOut.of(made))


@router.get("/officers/{reference}", response=OfficerOut, summary="Read an officer's account")
def officer(
    request: HttpRequest, response: HttpResponse, reference: OfficerReference
) -> OfficerOut:
    services.require(_caller(request), Permission.VIEW_OFFICERS)
    record = queries.officer_record(reference)
    response["ETag"] = version_tag(reference, record.version)
    return OfficerOut.of(record)


@router.put("/officers/{reference}/roles", response=OfficerOut, summary="Set an officer's roles")
def roles(
    request: HttpRequest,
    response: HttpResponse,
    reference: OfficerReference,
    wanted: RolesIn,
    if_match: IfMatch = "",
) -> OfficerOut:
    services.require(_caller(request), Permission.ADMINISTER_OFFICERS)
    services.change_roles(
        reference,
        wanted.roles,
        version=version_given(reference, if_match),
        by=_caller(request),
        at=clock.now(),
    )
    return _changed(response, reference)


@router.post("/officers/{reference}/suspend", response=OfficerOut, summary="Suspend an officer")
def suspend(
    request: HttpRequest, response: HttpResponse, reference: OfficerReference
) -> OfficerOut:
    services.suspend(reference, by=_caller(request), at=clock.now())
    return _changed(response, reference)


@router.post(
    "/officers/{reference}/reactivate", response=OfficerOut, summary="Reactivate an officer"
)
def reactivate(
    request: HttpRequest, response: HttpResponse, reference: OfficerReference
) -> OfficerOut:
    services.reactivate(reference, by=_caller(request), at=clock.now())
    return _changed(response, reference)


@router.get("/tokens", response=TokensOut, summary="List the caller's tokens")
def tokens(request: HttpRequest) -> TokensOut:
    return TokensOut(items=[TokenOut.of(t) for t in queries.tokens_of(_caller(request))])


@router.post("/tokens/{reference}/revoke", response=TokenOut, summary="Revoke a token")
def revoke(request: HttpRequest, reference: TokenReference) -> TokenOut:
    token = services.revoke_token(reference, by=_caller(request), at=clock.now())
    return TokenOut.of(token)


def _caller(request: HttpRequest) -> Officer:
    """The officer whom the frame has found behind the token."""
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the library
    return officer


def _changed(response: HttpResponse, reference: str) -> OfficerOut:
    record = queries.officer_record(reference)
    response["ETag"] = version_tag(reference, record.version)
    return OfficerOut.of(record)
