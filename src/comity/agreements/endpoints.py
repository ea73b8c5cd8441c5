# SPDX-License-Identifier: Apache-2.0
"""The register in the API: reading it, asking it, confirming, ruling, attesting, proposing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Status

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import require
from comity.agreements import answers, comparison, coverage_report, export, queries, services
from comity.agreements.agreement_state import Standing, standing_on
from comity.agreements.documents import plain
from comity.agreements.keyset import LONGEST_PAGE, PAGE_SIZE, page_of
from comity.agreements.records import ProposalState, RecordState
from comity.agreements.register_search import Search, found
from comity.agreements.schemas import (
    AssessmentsOut,
    AttestationIn,
    AttestationOut,
    AttestationsOut,
    ConfirmationIn,
    ConfirmationOut,
    ConfirmationsOut,
    Day,
    DeterminationOut,
    InstrumentOut,
    InstrumentsOut,
    PartnerStatementIn,
    ProposalIn,
    ProposalOut,
    ProposalsOut,
    QuestionIn,
    ReasonIn,
    ReplayOut,
    RulingIn,
    RulingOut,
    RulingsOut,
    WholeListOut,
    listed,
    sent,
)
from comity.agreements.timeline import happening_document, history
from comity.reference.taxonomy import (
    AgreementState,
    FormOfAssistance,
    InstrumentKind,
    Programme,
    Purpose,
)
from comity.versions import version_given, version_tag

router = Router(tags=["agreements"])

Instrument = Annotated[str, Path(pattern=r"^[a-z0-9-]{2,80}$")]
Confirmation = Annotated[str, Path(pattern=r"^CNF-[0-9]{5,12}$")]
Ruling = Annotated[str, Path(pattern=r"^RUL-[0-9]{5,12}$")]
Attestation = Annotated[str, Path(pattern=r"^ATT-[0-9]{5,12}$")]
Proposal = Annotated[str, Path(pattern=r"^PRP-[0-9]{5,12}$")]
Assessment = Annotated[str, Path(pattern=r"^ASM-[0-9]{5,12}$")]
Party = Annotated[str, Query(pattern=r"^([A-Z][A-Z0-9-]{1,24}(/[A-Za-z0-9-]{1,40})?)?$")]
Administration = Annotated[str, Query(pattern=r"^[A-Z][A-Z0-9-]{1,24}(/[A-Za-z0-9-]{1,40})?$")]
Named = Annotated[str, Query(pattern=r"^[a-z0-9-]{2,80}$")]
MaybeNamed = Annotated[str, Query(pattern=r"^([a-z0-9-]{2,80})?$")]
Search_ = Annotated[str, Query(max_length=120, pattern=r"^[^\x00]*$")]
After = Annotated[str, Query(max_length=80, pattern=r"^([a-z0-9-]{2,80})?$")]
AfterRecord = Annotated[str, Query(max_length=16, pattern=r"^([A-Z]{3}-[0-9]{5,12})?$")]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
IfMatch = Annotated[str, Header(alias="If-Match", max_length=160)]
Language = Annotated[str, Query(pattern=r"^(en|fr)$")]


# The register


@router.get("/instruments", response=InstrumentsOut, summary="Search the register")
def instruments(
    request: HttpRequest,
    party: Party = "",
    partner: Party = "",
    kind: InstrumentKind | None = None,
    programme: Programme | None = None,
    state: AgreementState | None = None,
    on: Day | None = None,
    q: Search_ = "",
    after: After = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    register, overlay = queries.register(), queries.overlay()
    day = on or clock.today()
    search = Search(day, party, partner, kind, programme, state, words=q)
    page = page_of(
        found(register, search, overlay), lambda one: one.reference, after=after, size=limit
    )
    rows = [(one, standing_on(one, day, overlay, register)) for one in page.rows]
    items = [
        {
            "reference": one.reference,
            "title": one.title,
            "programme": one.programme,
            "kind": one.kind,
            "parties": [each.code for each in one.parties],
            "state": standing.state,
            "in_force": standing.in_force,
            "since": standing.since,
            "read": one.read.value,
            "existence": one.existence,
            "binding": one.binding,
        }
        for one, standing in rows
    ]
    return {"on": day, "items": items, "next": page.older or None}


@router.get("/instruments/{reference}", response=InstrumentOut, summary="Read an instrument")
def instrument(
    request: HttpRequest, reference: Instrument, on: Day | None = None
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    register, overlay = queries.register(), queries.overlay()
    one, day = register.instrument(reference), on or clock.today()
    return {
        "standing": _standing(standing_on(one, day, overlay, register), day),
        "instrument": export.instrument_document(one),
        "confirmations": [r.reference for r in queries.confirmations(instrument=reference).rows],
        "rulings": [r.reference for r in queries.rulings(instrument=reference).rows],
    }


@router.get(
    "/instruments/{reference}/provisions", response=WholeListOut, summary="Read its provisions"
)
def provisions(request: HttpRequest, reference: Instrument) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return {"items": [plain(p) for p in queries.register().instrument(reference).provisions]}


@router.get("/instruments/{reference}/claims", response=WholeListOut, summary="Read its claims")
def claims(request: HttpRequest, reference: Instrument) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return {"items": [plain(c) for c in queries.register().instrument(reference).claims]}


@router.get("/instruments/{reference}/history", response=WholeListOut, summary="Read its life")
def instrument_history(request: HttpRequest, reference: Instrument) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    happenings = history(queries.register().instrument(reference), queries.overlay())
    return {"items": [happening_document(happening) for happening in happenings]}


@router.get("/models", response=WholeListOut, summary="List the model texts")
def models(request: HttpRequest) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    known = queries.register().models
    return {"items": [export.instrument_document(known[r]) for r in sorted(known)]}


@router.get("/compare", response=dict[str, Any], summary="Compare two instruments")
def compare(request: HttpRequest, first: Named, second: Named) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    register = queries.register()
    return comparison.document_of(
        comparison.compare(register.instrument(first), register.instrument(second))
    )


@router.get("/coverage", response=dict[str, Any], summary="What can be asked of whom on a day")
def coverage(
    request: HttpRequest,
    of: Administration,
    on: Day | None = None,
    form: FormOfAssistance | None = None,
    purpose: Purpose | None = None,
    language: Language = "en",
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    whole = queries.coverage_of(of, on or clock.today())
    document = coverage_report.coverage_document(whole, language)
    if form is not None or purpose is not None:
        forms = (form,) if form else tuple(FormOfAssistance)
        purposes = (purpose,) if purpose else tuple(Purpose)
        document["asked"] = {
            partner: whole.best(partner, forms=forms, purposes=purposes).value
            for partner in whole.matrices
        }
    return document


@router.get("/coverage.csv", summary="The same as a table", response={200: None})
def coverage_csv(
    request: HttpRequest, of: Administration, on: Day | None = None, language: Language = "en"
) -> HttpResponse:
    require(_caller(request), Permission.VIEW_REGISTER)
    whole = queries.coverage_of(of, on or clock.today())
    text = coverage_report.coverage_csv(whole, language)
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


# Questions


@router.post(
    "/determinations",
    response={200: DeterminationOut, 201: DeterminationOut},
    summary="Put one of the five questions; with `keep` the answer is kept and journalled",
)
def determine(
    request: HttpRequest,
    response: HttpResponse,
    asked: QuestionIn,
    keep: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
    language: Language = "en",
) -> Status[object]:
    caller = _caller(request)
    require(caller, Permission.ASSESS)
    question = asked.question()
    if not keep:
        return Status(200, answers.document_of(queries.assessed(question), language))
    kept = services.assess(question, by=caller, at=clock.now())
    reference = kept.record.reference
    response["Location"] = f"/api/v1/agreements/assessments/{reference}"
    document = answers.document_of(kept.determination, language)
    return Status(201, document | {"assessment": reference})


@router.get("/assessments", response=AssessmentsOut, summary="List kept assessments")
def assessments(
    request: HttpRequest, after: AfterRecord = "", limit: Limit = PAGE_SIZE
) -> dict[str, Any]:
    require(_caller(request), Permission.ASSESS)
    return listed(queries.assessments(after=after, size=limit))


@router.get(
    "/assessments/{reference}",
    response=ReplayOut,
    summary="Read a kept assessment, recomputed as of its day and as of now",
)
def assessment(
    request: HttpRequest, reference: Assessment, language: Language = "en"
) -> dict[str, Any]:
    require(_caller(request), Permission.ASSESS)
    replay = queries.replayed(reference)
    return {
        "record": sent(replay.record),
        "same": replay.same,
        "register_changed": replay.register_changed,
        "then": answers.document_of(replay.determination, language),
        "now": answers.document_of(replay.now, language),
    }


# Confirmations


@router.get("/confirmations", response=ConfirmationsOut, summary="List confirmations")
def confirmations(
    request: HttpRequest,
    state: RecordState | None = None,
    instrument: MaybeNamed = "",
    after: AfterRecord = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return listed(
        queries.confirmations(state=state, instrument=instrument, after=after, size=limit)
    )


@router.get("/confirmations/due", response=ConfirmationsOut, summary="List those due for review")
def confirmations_due(
    request: HttpRequest,
    on: Day | None = None,
    after: AfterRecord = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    day = on or clock.today()
    return listed(queries.confirmations_to_review(day, after=after, size=limit))


@router.post("/confirmations", response={201: ConfirmationOut}, summary="Draft a confirmation")
def draft_confirmation(
    request: HttpRequest, response: HttpResponse, wanted: ConfirmationIn
) -> Status[object]:
    made = services.draft_confirmation(wanted.draft(), by=_caller(request), at=clock.now())
    return _made(request, response, made)


@router.get("/confirmations/{reference}", response=ConfirmationOut, summary="Read a confirmation")
def confirmation(
    request: HttpRequest, response: HttpResponse, reference: Confirmation
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _tagged(response, queries.confirmation(reference))


@router.post(
    "/confirmations/{reference}/countersign",
    response=ConfirmationOut,
    summary="Countersign a confirmation that another person drafted",
)
def countersign_confirmation(
    request: HttpRequest,
    response: HttpResponse,
    reference: Confirmation,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    caller = _caller(request)
    require(caller, Permission.COUNTERSIGN)
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.countersign_confirmation(reference, version=version, by=caller, at=clock.now()),
    )


@router.post(
    "/confirmations/{reference}/refuse", response=ConfirmationOut, summary="Refuse to countersign"
)
def refuse_confirmation(
    request: HttpRequest,
    response: HttpResponse,
    reference: Confirmation,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    caller = _caller(request)
    require(caller, Permission.COUNTERSIGN)
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.refuse_confirmation(
            reference, reason=why.reason, version=version, by=caller, at=clock.now()
        ),
    )


@router.post("/confirmations/{reference}/withdraw", response=ConfirmationOut, summary="Withdraw it")
def withdraw_confirmation(
    request: HttpRequest,
    response: HttpResponse,
    reference: Confirmation,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    caller = _caller(request)
    require(caller, Permission.CONFIRM_FORCE)
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.withdraw_confirmation(
            reference, reason=why.reason, version=version, by=caller, at=clock.now()
        ),
    )


@router.post(
    "/confirmations/{reference}/statements",
    response=ConfirmationOut,
    summary="Record a partner's published statement; a disagreement suspends",
)
def record_statement(
    request: HttpRequest, response: HttpResponse, reference: Confirmation, said: PartnerStatementIn
) -> dict[str, Any]:
    record = services.record_statement(
        reference,
        stance=said.stance,
        partner=said.partner,
        citation=said.citation,
        made_on=said.made_on,
        by=_caller(request),
        at=clock.now(),
    )
    return _tagged(response, record)


@router.post("/overlay", response=dict[str, Any], summary="Take the whole overlay out")
def export_overlay(request: HttpRequest) -> dict[str, Any]:
    """Taking it out is an act that the journal records, hence no GET."""
    overlay = services.export_overlay(by=_caller(request), at=clock.now())
    return {
        name: [plain(each) for each in getattr(overlay, name)]
        for name in ("confirmations", "rulings", "attestations", "corroborations")
    }


# Rulings


@router.get("/rulings", response=RulingsOut, summary="List standing rulings")
def rulings(
    request: HttpRequest,
    state: RecordState | None = None,
    instrument: MaybeNamed = "",
    after: AfterRecord = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return listed(queries.rulings(state=state, instrument=instrument, after=after, size=limit))


@router.post("/rulings", response={201: RulingOut}, summary="Draft a standing ruling")
def draft_ruling(request: HttpRequest, response: HttpResponse, wanted: RulingIn) -> Status[object]:
    made = services.draft_ruling(wanted.draft(), by=_caller(request), at=clock.now())
    return _made(request, response, made)


@router.get("/rulings/{reference}", response=RulingOut, summary="Read a ruling")
def ruling(request: HttpRequest, response: HttpResponse, reference: Ruling) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _tagged(response, queries.ruling(reference))


@router.post(
    "/rulings/{reference}/countersign",
    response=RulingOut,
    summary="Countersign a ruling that another person drafted",
)
def countersign_ruling(
    request: HttpRequest, response: HttpResponse, reference: Ruling, if_match: IfMatch = ""
) -> dict[str, Any]:
    caller = _caller(request)
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.countersign_ruling(reference, version=version, by=caller, at=clock.now()),
    )


@router.post("/rulings/{reference}/refuse", response=RulingOut, summary="Refuse to countersign")
def refuse_ruling(
    request: HttpRequest,
    response: HttpResponse,
    reference: Ruling,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.refuse_ruling(
            reference, reason=why.reason, version=version, by=_caller(request), at=clock.now()
        ),
    )


@router.post("/rulings/{reference}/withdraw", response=RulingOut, summary="Withdraw a ruling")
def withdraw_ruling(
    request: HttpRequest,
    response: HttpResponse,
    reference: Ruling,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.withdraw_ruling(
            reference, reason=why.reason, version=version, by=_caller(request), at=clock.now()
        ),
    )


# Attestations


@router.get("/attestations", response=AttestationsOut, summary="List attestations")
def attestations(
    request: HttpRequest,
    party: Party = "",
    after: AfterRecord = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return listed(queries.attestations(party=party, after=after, size=limit))


@router.post(
    "/attestations",
    response={201: AttestationOut},
    summary="Attest that the list for a pair and a period is complete",
)
def attest(request: HttpRequest, response: HttpResponse, wanted: AttestationIn) -> Status[object]:
    made = services.attest(
        wanted.one,
        wanted.other,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        citation=wanted.citation,
        by=_caller(request),
        at=clock.now(),
    )
    return _made(request, response, made)


@router.get("/attestations/{reference}", response=AttestationOut, summary="Read an attestation")
def attestation(
    request: HttpRequest, response: HttpResponse, reference: Attestation
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _tagged(response, queries.attestation(reference))


@router.post("/attestations/{reference}/withdraw", response=AttestationOut, summary="Withdraw it")
def withdraw_attestation(
    request: HttpRequest,
    response: HttpResponse,
    reference: Attestation,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.withdraw_attestation(
            reference, reason=why.reason, version=version, by=_caller(request), at=clock.now()
        ),
    )


# Proposals


@router.get("/proposals", response=ProposalsOut, summary="List proposals")
def proposals(
    request: HttpRequest,
    state: ProposalState | None = None,
    instrument: MaybeNamed = "",
    after: AfterRecord = "",
    limit: Limit = PAGE_SIZE,
) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return listed(queries.proposals(state=state, instrument=instrument, after=after, size=limit))


@router.post("/proposals", response={201: ProposalOut}, summary="Propose a change")
def propose(request: HttpRequest, response: HttpResponse, wanted: ProposalIn) -> Status[object]:
    made = services.propose(
        wanted.kind,
        wanted.instrument,
        wanted.content,
        grounds=wanted.grounds,
        by=_caller(request),
        at=clock.now(),
    )
    return _made(request, response, made)


@router.get("/proposals/{reference}", response=ProposalOut, summary="Read a proposal")
def proposal(request: HttpRequest, response: HttpResponse, reference: Proposal) -> dict[str, Any]:
    require(_caller(request), Permission.VIEW_REGISTER)
    return _tagged(response, queries.proposal(reference))


@router.post(
    "/proposals/{reference}/accept",
    response=ProposalOut,
    summary="Accept a change that another person proposed",
)
def accept_proposal(
    request: HttpRequest, response: HttpResponse, reference: Proposal, if_match: IfMatch = ""
) -> dict[str, Any]:
    caller = _caller(request)
    require(caller, Permission.ACCEPT_REGISTER_CHANGE)
    version = version_given(reference, if_match)
    return _tagged(
        response, services.accept_proposal(reference, version=version, by=caller, at=clock.now())
    )


@router.post("/proposals/{reference}/reject", response=ProposalOut, summary="Reject a change")
def reject_proposal(
    request: HttpRequest,
    response: HttpResponse,
    reference: Proposal,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    caller = _caller(request)
    require(caller, Permission.ACCEPT_REGISTER_CHANGE)
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.reject_proposal(
            reference, reason=why.reason, version=version, by=caller, at=clock.now()
        ),
    )


@router.post("/proposals/{reference}/withdraw", response=ProposalOut, summary="Take it back")
def withdraw_proposal(
    request: HttpRequest,
    response: HttpResponse,
    reference: Proposal,
    why: ReasonIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    version = version_given(reference, if_match)
    return _tagged(
        response,
        services.withdraw_proposal(
            reference, reason=why.reason, version=version, by=_caller(request), at=clock.now()
        ),
    )


def _caller(request: HttpRequest) -> Officer:
    """The officer whom the frame has found behind the token."""
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the library
    return officer


def _tagged(response: HttpResponse, record: Any) -> dict[str, Any]:
    """The record as it is sent, its version in the entity tag. Any: a record of any kind."""
    response["ETag"] = version_tag(record.reference, record.version)
    return sent(record)


def _made(request: HttpRequest, response: HttpResponse, record: Any) -> Status[object]:
    """A new record with its address. Any: a record of any kind."""
    response["Location"] = f"{request.path}/{record.reference}"
    return Status(201, _tagged(response, record))


def _standing(standing: Standing, on: date) -> dict[str, Any]:
    return {
        "on": on,
        "state": standing.state,
        "in_force": standing.in_force,
        "since": standing.since,
        "ends_on": standing.ends_on,
    }
