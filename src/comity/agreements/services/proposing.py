# SPDX-License-Identifier: Apache-2.0
"""Changing the register: proposed by one person or machine, accepted or rejected by another.

A proposal is checked when it is made, so that whoever decides reads something that can be
accepted, and again when it is accepted, because the register may have moved on. What was accepted
becomes a local entry; the shipped files never change here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import second_person
from comity.agreements import models, queries
from comity.agreements.claim import Claim, Confidence, Event
from comity.agreements.lifecycle import Act, Deed, perform
from comity.agreements.local_entries import LocalEntry, checked, source_of
from comity.agreements.records import (
    LocalEntryIncompleteError,
    LocalKind,
    ProposalKind,
    ProposalRecord,
    ProposalState,
)
from comity.agreements.services.recording import (
    _acting,
    _inserted,
    _locked,
    _moved,
    _require_reason,
    _require_state,
)
from comity.catalogues import N_
from comity.errors import NotPermittedError
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.reference.days import day_of
from comity.reference.taxonomy import code_of

ENTRY_KINDS: dict[ProposalKind, LocalKind] = {
    ProposalKind.INSTRUMENT: LocalKind.INSTRUMENT,
    ProposalKind.CLAIM: LocalKind.CLAIM,
    ProposalKind.CONTACT_POINT: LocalKind.AUTHORITY,
    ProposalKind.DESIGNATED_OFFICIALS: LocalKind.AUTHORITY,
}
"""What each kind of proposal adds; an act in an instrument's life adds the claims it makes."""

FORCE = frozenset(
    event.value
    for event in (Event.IN_FORCE, Event.PROVISIONALLY_APPLIED, Event.RESUMED, Event.SUCCEEDED)
)
"""Events that begin force."""
CREDIBLE = frozenset({Confidence.HIGH.value, Confidence.MEDIUM.value})


class MachineClaimsForceError(NotPermittedError):
    """A program would let force begin by what it read."""

    code = "machine-claims-force"
    message = N_("A program cannot propose that {instrument} comes into force.")
    remedy = N_(
        "Propose the beginning of force with low confidence; the treaty custodian confirms it."
    )


@transaction.atomic
def propose(
    kind: ProposalKind,
    instrument: str,
    content: Mapping[str, Any],
    *,
    grounds: str,
    by: Officer | Actor,
    at: datetime,
    origin: str = "officer",
) -> ProposalRecord:
    """Propose a change to the register.

    `content` has the form of the instrument files: a whole instrument, a claim (`event`, `date`,
    `source`, `confidence`), an authority (`code`, `contact_point` or `designated_officials`,
    `source`), or an act (`act`, `date`, `source`, `party`, `other`). A machine that reads public
    announcements proposes as an `Actor` and never decides.
    """
    actor = _proposer(kind, by)
    if isinstance(by, Actor):
        _require_no_force(kind, instrument, content)
    _entries(kind, instrument, content, on=at.date())
    grounds = _require_reason(grounds, N_("A proposal"), instrument)
    row = _inserted(
        models.Proposal,
        "PRP",
        {
            "kind": kind,
            "instrument": instrument,
            "content": dict(content),
            "grounds": grounds,
            "origin": origin,
            "proposed_by": actor.reference,
            "proposed_at": at,
        },
    )
    journal.record(
        "change-proposed",
        row.reference,
        by=actor,
        at=at,
        instrument=instrument,
        facts={"kind": kind.value},
    )
    return row.as_record()


@transaction.atomic
def accept_proposal(
    reference: str, *, reason: str = "", version: int | None, by: Officer, at: datetime
) -> ProposalRecord:
    """Accept a proposal: what it says becomes part of this node's register."""
    actor = _acting(by, Permission.ACCEPT_REGISTER_CHANGE)
    row = _locked(models.Proposal, "PRP", reference, version)
    _require_state(row, N_("Acceptance"), ProposalState.OPEN)
    facts = second_person(reference, drafted_by=row.proposed_by, by=by)
    kind = ProposalKind(row.kind)
    entries = _entries(kind, row.instrument, row.content, on=at.date())
    _decided(row, ProposalState.ACCEPTED, reason.strip(), by=by, at=at)
    for entry in entries:
        models.LocalEntry.objects.create(
            kind=entry.kind,
            instrument=entry.instrument,
            content=dict(entry.content),
            proposal=row,
            added_at=at,
        )
    act = f"instrument-{row.content['act']}" if kind is ProposalKind.LIFECYCLE_ACT else ""
    facts = {"proposal": reference, "drafted_by": row.proposed_by} | facts
    journal.record(
        act or "change-accepted",
        row.instrument if act else reference,
        by=actor,
        at=at,
        instrument=row.instrument,
        facts=facts | _facts_of(row.content) | {"kind": row.kind},
    )
    return row.as_record()


@transaction.atomic
def reject_proposal(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> ProposalRecord:
    """Reject a proposal, with the reason."""
    actor = _acting(by, Permission.ACCEPT_REGISTER_CHANGE)
    row = _locked(models.Proposal, "PRP", reference, version)
    _require_state(row, N_("Rejection"), ProposalState.OPEN)
    facts = second_person(reference, drafted_by=row.proposed_by, by=by)
    reason = _require_reason(reason, N_("Rejection"), reference)
    _decided(row, ProposalState.REJECTED, reason, by=by, at=at)
    journal.record(
        "change-rejected", reference, by=actor, at=at, instrument=row.instrument, facts=facts
    )
    return row.as_record()


@transaction.atomic
def withdraw_proposal(
    reference: str, *, reason: str, version: int | None, by: Officer, at: datetime
) -> ProposalRecord:
    """Take back a proposal before it is decided: its own author, or who may decide."""
    row = _locked(models.Proposal, "PRP", reference, version)
    own = by.reference == row.proposed_by and by.may(Permission.PROPOSE_REGISTER_CHANGE)
    actor = _acting(
        by, Permission.PROPOSE_REGISTER_CHANGE if own else Permission.ACCEPT_REGISTER_CHANGE
    )
    _require_state(row, N_("Withdrawal"), ProposalState.OPEN)
    reason = _require_reason(reason, N_("Withdrawal"), reference)
    _decided(row, ProposalState.WITHDRAWN, reason, by=by, at=at)
    journal.record("proposal-withdrawn", reference, by=actor, at=at, instrument=row.instrument)
    return row.as_record()


def _proposer(kind: ProposalKind, by: Officer | Actor) -> Actor:
    """Acts in an instrument's life are the treaty custodian's to propose."""
    if isinstance(by, Actor):
        return by
    if kind is ProposalKind.LIFECYCLE_ACT:
        return _acting(by, Permission.RECORD_LIFECYCLE_ACT)
    return _acting(by, Permission.PROPOSE_REGISTER_CHANGE)


def _require_no_force(kind: ProposalKind, instrument: str, content: Mapping[str, Any]) -> None:
    """No program begins force: not by a credible claim, nor by an act in the instrument's life.

    Raises:
        MachineClaimsForceError: what it proposes would.
    """
    if kind is ProposalKind.LIFECYCLE_ACT or any(map(_begins_force, _claims_in(content))):
        raise MachineClaimsForceError(instrument=instrument)


def _claims_in(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The claim itself; of an instrument its claims, and those of its versions."""
    yield content
    for part in ("claims", "versions"):
        listed = content.get(part)
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, Mapping):
                yield from _claims_in(each)


def _begins_force(claim: Mapping[str, Any]) -> bool:
    return claim.get("event") in FORCE and claim.get("confidence") in CREDIBLE


def _entries(
    kind: ProposalKind, instrument: str, content: Mapping[str, Any], *, on: date
) -> tuple[LocalEntry, ...]:
    """What the proposal would add, checked against the register as it is now."""
    if kind is ProposalKind.LIFECYCLE_ACT:
        claims = _claim_contents(instrument, content, on=on)
        entries = tuple(LocalEntry(LocalKind.CLAIM, instrument, claim, on) for claim in claims)
    else:
        entries = (LocalEntry(ENTRY_KINDS[kind], instrument, content, on),)
    register = queries.register()
    for entry in entries:
        register = checked(register, entry)
    return entries


def _claim_contents(
    instrument: str, content: Mapping[str, Any], *, on: date
) -> tuple[dict[str, Any], ...]:
    """The claims that an act in the instrument's life makes, in the form of the files."""
    entry = LocalEntry(LocalKind.CLAIM, instrument, content, on)
    try:
        day = day_of(str(content.get("date", "")))
    except ValueError:
        raise LocalEntryIncompleteError(instrument=instrument, part="date") from None
    deed = Deed(
        act=code_of(Act, str(content.get("act", ""))),
        on=day,
        source=source_of(entry),
        recorded_on=on,
        confidence=code_of(Confidence, str(content.get("confidence", "high"))),
        **{name: str(content.get(name, "")) for name in _LIMITS},
    )
    register = queries.register()
    claims = perform(register.instrument(instrument), deed, queries.overlay(), register)
    return tuple(_as_content(claim, content) for claim in claims)


_LIMITS = ("party", "annex", "territory", "other", "note")


def _as_content(claim: Claim, content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "event": claim.event.value,
        "date": claim.on.isoformat() if claim.on else "unknown",
        "source": content["source"],
        "confidence": claim.confidence.value,
        **{name: getattr(claim, name) for name in _LIMITS},
    }


def _decided(
    row: models.Proposal, state: ProposalState, reason: str, *, by: Officer, at: datetime
) -> None:
    _moved(row, state=state, reason=reason, decided_by=by.reference, decided_at=at)


def _facts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """The day and the party, where the change has them."""
    facts = {"on": str(content.get("date", "")), "party": str(content.get("party", ""))}
    return {name: value for name, value in facts.items() if value}
