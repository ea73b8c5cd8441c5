# SPDX-License-Identifier: Apache-2.0
"""Partners: proposed by a card, confirmed by a person who compared the fingerprint, and kept.

Nothing is taken from a partner that is not active. What an administrator allows one at most
(its ceilings) is set here alone; no card and no message raises it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.exchange import models
from comity.exchange.acquaintance import (
    OwnCardError,
    PartnerExistsError,
    PartnerHasEndedError,
    PartnerRecord,
    checked_reason,
    require_same_fingerprint,
    require_step,
)
from comity.exchange.card_change import read_whole_card
from comity.exchange.ceilings import (
    ceilings_document,
    changed_ceilings,
    changed_names,
    read_ceilings,
)
from comity.exchange.partner import Binding, PartnerState
from comity.exchange.partner_card import SignedCard
from comity.exchange.queries.own import own_code
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services.announcing import announce_card as announce_card
from comity.exchange.services.announcing import announce_revocation as announce_revocation
from comity.exchange.services.card_updates import _update_by
from comity.exchange.services.partner_rows import (
    _keep_keys,
    _locked,
    _never_trust,
    _new_row,
    _row_of,
    _save,
    _take_card,
    _trust_no_longer,
)
from comity.journal import services as journal


@transaction.atomic
def propose(document: bytes, *, by: Officer, at: datetime) -> PartnerRecord:
    """Take a card in that was handed over by file or address.

    Of somebody unknown it makes a proposed partner, from whom nothing is accepted. Of a partner
    it is an update, and needs the signature of the identity that is known.
    """
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    signed = read_whole_card(document)
    code = signed.card.administration
    if code == own_code():
        raise OwnCardError(partner=code)
    row = _row_of(code)
    if row is not None and row.card_version and row.state in _KNOWN:
        _update_by(document, row, by=actor, at=at)
    else:
        _propose(row or _new_row(code, at=at), signed, at=at)
        facts = {"version": str(signed.card.version), "digest": _digest(signed)}
        journal.record("partner-proposed", code, by=actor, at=at, facts=facts)
    return partner_record(code)


_KNOWN = (PartnerState.ACTIVE, PartnerState.SUSPENDED)


def _propose(row: models.Partner, signed: SignedCard, *, at: datetime) -> None:
    """Begin, or begin anew, with a card that nobody has confirmed."""
    if row.state == PartnerState.PROPOSED:
        _never_trust(row)
    row.state, row.proposed_at = PartnerState.PROPOSED, at
    row.confirmed_by, row.confirmed_at, row.suspended_reason = "", None, ""
    _take_card(row, signed)
    _keep_keys(row, signed.card, at=at, anew=True)
    _save(row)


def _digest(signed: SignedCard) -> str:
    return hashlib.sha256(signed.payload).hexdigest()


@transaction.atomic
def confirm(code: str, fingerprint: str, *, by: Officer, at: datetime) -> PartnerRecord:
    """Accept a proposed partner, by the fingerprint that the two sides compared out of band."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    row = _locked(code)
    require_step(code, PartnerState(row.state), PartnerState.ACTIVE)
    require_same_fingerprint(code, given=fingerprint, expected=row.fingerprint)
    row.state = PartnerState.ACTIVE
    row.confirmed_by, row.confirmed_at = by.reference, at
    _save(row)
    facts = {"version": str(row.card_version)}
    journal.record("partner-confirmed", code, by=actor, at=at, facts=facts)
    return partner_record(code)


@transaction.atomic
def register_without_node(code: str, name: str, *, by: Officer, at: datetime) -> PartnerRecord:
    """A partner that has no node: what we have for it goes by letter, sent by a person."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    if code == own_code():
        raise OwnCardError(partner=code)
    found = _row_of(code)
    if found is not None:
        raise PartnerExistsError(partner=code, found=found.state)
    row = _new_row(code, at=at)
    row.name, row.state, row.binding = name.strip(), PartnerState.ACTIVE, Binding.LETTER
    row.confirmed_by, row.confirmed_at = by.reference, at
    _save(row)
    journal.record("partner-registered", code, by=actor, at=at, facts={"kind": row.binding})
    return partner_record(code)


@transaction.atomic
def set_ceilings(
    code: str,
    *,
    by: Officer,
    at: datetime,
    version: int | None = None,
    **changes: Any,  # any: each ceiling's own type, checked one by one
) -> PartnerRecord:
    """Change the named ceilings; the others stay."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    row = _locked(code, version)
    before = read_ceilings(row.ceilings)
    after = changed_ceilings(before, **changes)
    changed = changed_names(before, after)
    if changed:
        row.ceilings = ceilings_document(after)
        _save(row)
        facts = {"fields": ",".join(changed).replace("_", "-")}
        journal.record("partner-ceilings-set", code, by=actor, at=at, facts=facts)
    return partner_record(code)


@transaction.atomic
def choose_binding(
    code: str, binding: Binding, *, by: Officer, at: datetime, version: int | None = None
) -> PartnerRecord:
    """By which of the partner's ways what we have for it travels from now on."""
    actor = by.acting(Permission.OPERATE_EXCHANGE)
    row = _locked(code, version)
    facts = {"was": row.binding, "kind": binding.value}
    row.binding = binding
    _save(row)
    journal.record("partner-binding-chosen", code, by=actor, at=at, facts=facts)
    return partner_record(code)


@transaction.atomic
def suspend(
    code: str, reason: str, *, by: Officer, at: datetime, version: int | None = None
) -> PartnerRecord:
    """Hold off what a partner sends, and keep what we have for it, until it is resumed."""
    actor = by.acting(Permission.OPERATE_EXCHANGE)
    row = _locked(code, version)
    require_step(code, PartnerState(row.state), PartnerState.SUSPENDED)
    row.state, row.suspended_reason = PartnerState.SUSPENDED, checked_reason(reason)
    _save(row)
    journal.record("partner-suspended", code, by=actor, at=at)
    return partner_record(code)


@transaction.atomic
def resume(code: str, *, by: Officer, at: datetime, version: int | None = None) -> PartnerRecord:
    """Exchange messages again with a partner that was suspended."""
    actor = by.acting(Permission.OPERATE_EXCHANGE)
    row = _locked(code, version)
    if row.state == PartnerState.ENDED:
        raise PartnerHasEndedError(partner=code)
    if row.state != PartnerState.SUSPENDED:  # a proposed one is confirmed, never resumed
        require_step(code, PartnerState(row.state), PartnerState.SUSPENDED)
    require_step(code, PartnerState(row.state), PartnerState.ACTIVE)
    row.state, row.suspended_reason = PartnerState.ACTIVE, ""
    _save(row)
    models.Way.objects.filter(partner=row).update(not_before=None, failures=0, problem="")
    journal.record("partner-resumed", code, by=actor, at=at)
    return partner_record(code)


@transaction.atomic
def end(
    code: str, reason: str, *, by: Officer, at: datetime, version: int | None = None
) -> PartnerRecord:
    """End the acquaintance: its keys count no longer; a new beginning is a new card."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    row = _locked(code, version)
    require_step(code, PartnerState(row.state), PartnerState.ENDED)
    row.state, row.suspended_reason = PartnerState.ENDED, checked_reason(reason)
    _save(row)
    _trust_no_longer(row, at=at)
    journal.record("partner-ended", code, by=actor, at=at)
    return partner_record(code)


@transaction.atomic
def change_settings(
    code: str, *, by: Officer, at: datetime, version: int | None = None, **changes: str
) -> PartnerRecord:
    """Where a partner's files lie, in which language its letters are written, and the like."""
    actor = by.acting(Permission.OPERATE_EXCHANGE)
    row = _locked(code, version)
    row.settings = {**row.settings, **changes}
    _save(row)
    facts = {"fields": ",".join(sorted(changes)).replace("_", "-")}
    journal.record("partner-settings-changed", code, by=actor, at=at, facts=facts)
    return partner_record(code)
