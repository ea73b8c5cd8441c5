# SPDX-License-Identifier: Apache-2.0
"""The ledger of messages in the API: searched, read with its proofs, opened, acted on."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import require
from comity.agreements.keyset import LONGEST_PAGE, PAGE_SIZE
from comity.agreements.question import Question
from comity.agreements.question_reading import question_of
from comity.exchange.draft import Decision, Draft, Posted, file_name
from comity.exchange.ledger import LedgerSearch
from comity.exchange.message_documents import (
    content_document,
    evidence_document,
    message_document,
    posted_document,
    row_document,
)
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.ledger import ledger, ledger_row
from comity.exchange.queries.ledger_evidences import message_evidence
from comity.exchange.queries.messages import (
    MessageEvidence,
    evidences,
    message,
)
from comity.exchange.queries.own import own_code
from comity.exchange.schemas import (
    ContentOut,
    Day,
    EvidencesOut,
    KeptFileOut,
    MessageIn,
    MessageOut,
    MessagesOut,
    PostedOut,
    RefusalIn,
    StateOut,
)
from comity.exchange.services import kept_files
from comity.exchange.services.opening import open_message, open_part, refuse_message
from comity.exchange.services.operating import try_again
from comity.exchange.services.posting import post, withdraw
from comity.storage.services import store

router = Router(tags=["exchange"])

EVIDENCE_TYPE = "application/vnd.comity.evidence+json"
FILE_TYPE = "application/octet-stream"
Reference = Annotated[str, Path(pattern=r"^MSG-[0-9]{5,12}$")]
Words = Annotated[
    str,
    Query(
        max_length=120,
        pattern=r"^[^\x00]*$",
        description="A reference, an id, a digest or its beginning, a case, or an error's code.",
    ),
]
Code = Annotated[str, Query(max_length=20, pattern=r"^[A-Za-z0-9-]*$")]
Kind = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9./-]*$")]
After = Annotated[
    str,
    Query(
        max_length=16,
        pattern=r"^(MSG-[0-9]{5,12})?$",
        description="The `next` of the page before.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]


@router.get("", response=MessagesOut, summary="Search the ledger of messages")
def messages(
    request: HttpRequest,
    q: Words = "",
    partner: Code = "",
    state: MessageState | None = None,
    direction: Direction | None = None,
    kind: Kind = "",
    conversation: UUID | None = None,
    since: Day | None = None,
    until: Day | None = None,
    *,
    differs: bool = False,
    unopened: bool = False,
    after: After = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_MESSAGES)
    search = LedgerSearch(
        words=q,
        partner=partner,
        state=state,
        direction=direction,
        kind=kind,
        conversation=str(conversation or ""),
        since=since,
        until=until,
        differs=differs,
        unopened=unopened,
    )
    page = ledger(search, after=after, size=limit)
    return {"items": [row_document(row) for row in page.rows], "next": page.older or None}


@router.post("", response={201: PostedOut}, summary="Send a message to a partner")
def send(request: HttpRequest, response: HttpResponse, given: MessageIn) -> Status[object]:
    """The law is assessed first. The same id to the same partner is sent once, and answered so."""
    posted = _posted(given, by=_caller(request))
    response["Location"] = f"{request.path}/{posted.reference}"
    return Status(201, posted_document(posted))


@router.post("/files", response={201: KeptFileOut}, summary="Hand over a file that is to be sent")
def hand_over(request: HttpRequest, file: File[UploadedFile]) -> Status[object]:
    """Of any size; the reference is for the officer of the token alone."""
    by = _caller(request)
    part = kept_files.keep_file(file.file, file.name or "", by=by)
    blob = store().blob(part.blob)
    kept = {
        "reference": kept_files.reference_of(part, by=by),
        "name": part.name,
        "media_type": part.media_type,
        "size": blob.size,
        "digest": blob.digest,
    }
    return Status(201, kept)


@router.get("/{reference}", response=MessageOut, summary="Read a message without its content")
def one_message(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_MESSAGES)
    record = message(reference)
    stated = [_evidence(each) for each in evidences(reference)]
    return message_document(ledger_row(reference), record, stated)


@router.get("/{reference}/evidences", response=EvidencesOut, summary="List its evidences")
def evidences_of(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_MESSAGES)
    message(reference)
    return {"items": [_evidence(each) for each in evidences(reference)]}


@router.get(
    "/{reference}/evidences/{identifier}",
    response={200: None},
    summary="Fetch an evidence, byte for byte as it was signed",
)
def evidence(request: HttpRequest, reference: Reference, identifier: UUID) -> HttpResponse:
    require(_caller(request), Permission.VIEW_MESSAGES)
    found = message_evidence(reference, str(identifier))
    return HttpResponse(found.document, content_type=EVIDENCE_TYPE)


@router.post("/{reference}/open", response=ContentOut, summary="Open it: the first opening is told")
def open_it(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    opened = open_message(reference, by=_caller(request), at=clock.now())
    told = {"reference": reference, "state": opened.state}
    return told | content_document(opened.envelope)


@router.get("/{reference}/parts/{number}", response={200: None}, summary="Fetch one of its files")
def part(
    request: HttpRequest, reference: Reference, number: Annotated[int, Path(ge=0, le=100_000)]
) -> FileResponse:
    """Every reading of a file stands in the journal."""
    content = open_part(reference, number, by=_caller(request), at=clock.now())
    response = FileResponse(
        content.content,
        as_attachment=True,
        filename=file_name(content.name),
        content_type=FILE_TYPE,
    )
    response["Content-Length"] = str(content.size)
    return response


@router.post("/{reference}/refuse", response=StateOut, summary="Refuse what a partner sent")
def refuse(request: HttpRequest, reference: Reference, said: RefusalIn) -> dict[str, Any]:
    refuse_message(reference, said.reason, by=_caller(request), at=clock.now())
    return _state(reference)


@router.post("/{reference}/try-again", response=StateOut, summary="Send it now")
def send_again(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    try_again(reference, by=_caller(request), at=clock.now())
    return _state(reference)


@router.post("/{reference}/withdraw", response=StateOut, summary="Take back what has not left")
def take_back(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    withdraw(reference, by=_caller(request), at=clock.now())
    return _state(reference)


def _posted(given: MessageIn, *, by: Officer) -> Posted:
    """What became of it; what a person must still decide is refused, as nothing was kept."""
    require(by, Permission.SEND_MESSAGES)
    numbered = enumerate(given.files, start=1)
    came_with = given.law.came_with if given.law else []
    came_handling = (given.law and given.law.came_handling) or ""
    draft = Draft(
        kind=given.kind,
        to=given.to,
        body=_body(given),
        parts=tuple(kept_files.kept_file(each, by=by, number=n) for n, each in numbered),
        question=_question(given),
        in_reply_to=message(given.in_reply_to).identifier if given.in_reply_to else "",
        handling=max(given.handling or "", came_handling),
        caveats=tuple(dict.fromkeys([*came_with, *given.caveats])),
        case=given.case,
        decision=Decision(given.decision, by) if given.decision else None,
        identifier=str(given.id),
    )
    posted = post(draft, by=by, at=clock.now())
    return posted.require() if posted.needs_decision else posted


def _body(given: MessageIn) -> dict[str, Any]:
    if given.kind == NOTE and given.body is None:
        return Note(given.subject, given.text).body()
    return given.body or {}


def _question(given: MessageIn) -> Question | None:
    law = given.law
    if law is None:
        return None
    asks = law.act == "ask"
    parties = ("asker", "asked") if asks else ("supplier", "receiver")
    item = {
        "classes": law.classes,
        "caveats": law.came_with,
        "handling": law.came_handling,
        "personal_data": law.personal_data,
    }
    document = {
        "kind": law.act,
        parties[0]: own_code(),
        parties[1]: given.to,
        "forms": law.forms,
        "purposes": law.purposes,
        "offences": law.offences,
        "on": clock.today().isoformat(),
        "under": law.under,
        "item": {} if asks else {n: v for n, v in item.items() if v not in (None, [])},
    }
    return question_of({name: value for name, value in document.items() if value})


def _evidence(each: MessageEvidence) -> dict[str, Any]:
    return evidence_document(each.evidence, digest=each.digest, told=not each.to_tell)


def _state(reference: str) -> dict[str, Any]:
    return {"reference": reference, "state": message(reference).state}


def _caller(request: HttpRequest) -> Officer:
    """The officer of the token. Any: Ninja keeps it on the request."""
    caller: Officer = request.auth  # type: ignore[attr-defined]
    return caller
