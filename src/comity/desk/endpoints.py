# SPDX-License-Identifier: Apache-2.0
"""The journal in the API: entries, proofs, checkpoints, keys, verification."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import BeforeValidator

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import require
from comity.desk.schemas import (
    CheckpointOut,
    CheckpointsOut,
    EntriesOut,
    EntryOut,
    ExtensionOut,
    JournalReportOut,
    KeysOut,
    ProofOut,
)
from comity.journal import queries, services
from comity.journal.reading import EntryFilter
from comity.reference.days import day_of

router = Router(tags=["journal"])

GREATEST = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=GREATEST)]
Size = Annotated[int, Query(ge=1, le=GREATEST)]
Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
After = Annotated[str, Query(pattern=r"^([1-9][0-9]{0,17})?$")]
Limit = Annotated[int, Query(ge=1, le=200)]


def _day(text: object) -> object:
    """A day as it is documented: the library would also read seconds since 1970."""
    return day_of(text) if isinstance(text, str) else text


Day = Annotated[date | None, BeforeValidator(_day)]


@router.get("/entries", response=EntriesOut, summary="List acts, newest first")
def entries(
    request: HttpRequest,
    act: Word = "",
    subject: Word = "",
    actor: Word = "",
    since: Day = None,
    until: Day = None,
    after: After = "",
    limit: Limit = 50,
) -> EntriesOut:
    _caller(request, Permission.VIEW_JOURNAL)
    wanted = EntryFilter(act, subject, actor, since, until)
    page = queries.entries(wanted, before=int(after) if after else None, limit=limit)
    following = str(page.older_than) if page.older_than else None
    return EntriesOut(items=[EntryOut.of(entry) for entry in page.entries], next=following)


@router.get("/entries/{sequence}", response=EntryOut, summary="Read one entry")
def entry(request: HttpRequest, sequence: Number) -> EntryOut:
    _caller(request, Permission.VIEW_JOURNAL)
    return EntryOut.of(queries.entry(sequence))


@router.get(
    "/entries/{sequence}/proof",
    response=ProofOut,
    summary="Prove that an entry stands under the newest checkpoint",
)
def proof(request: HttpRequest, sequence: Number) -> ProofOut:
    _caller(request, Permission.VIEW_JOURNAL)
    return ProofOut.of(queries.proof(sequence))


@router.get("/checkpoints", response=CheckpointsOut, summary="List checkpoints, newest first")
def checkpoints(request: HttpRequest, after: After = "", limit: Limit = 50) -> CheckpointsOut:
    _caller(request, Permission.VIEW_JOURNAL)
    found = queries.checkpoints(before=int(after) if after else None, limit=limit + 1)
    shown = found[:limit]
    following = str(shown[-1].size) if len(found) > limit else None
    return CheckpointsOut(items=[CheckpointOut.of(kept) for kept in shown], next=following)


@router.get("/checkpoints/{size}", response=CheckpointOut, summary="Read the checkpoint of a size")
def checkpoint(request: HttpRequest, size: Number) -> CheckpointOut:
    _caller(request, Permission.VIEW_JOURNAL)
    return CheckpointOut.of(queries.checkpoint_of_size(size))


@router.get(
    "/extension",
    response=ExtensionOut,
    summary="Prove that the journal at one checkpoint begins that at a later one",
)
def extension(request: HttpRequest, first: Size, second: Size) -> ExtensionOut:
    _caller(request, Permission.VIEW_JOURNAL)
    return ExtensionOut.of(queries.extension(first, second))


@router.get("/keys", response=KeysOut, summary="Read the keys that sign the checkpoints")
def keys(request: HttpRequest) -> KeysOut:
    _caller(request, Permission.VIEW_JOURNAL)
    return KeysOut(keys=[key.text for key in queries.trusted_keys()])


@router.post(
    "/verification", response=JournalReportOut, summary="Verify the whole journal, and record it"
)
def verify(request: HttpRequest) -> JournalReportOut:
    by = _caller(request, Permission.VERIFY_JOURNAL).acting(Permission.VERIFY_JOURNAL)
    report = queries.verify_all(queries.trusted_keys())
    services.record_verification(report, by=by, at=clock.now())
    return JournalReportOut.of(report)


def _caller(request: HttpRequest, permission: Permission) -> Officer:
    """The officer who calls, once the permission is there."""
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the API's sign-in
    require(officer, permission)
    return officer
