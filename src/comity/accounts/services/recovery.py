# SPDX-License-Identifier: Apache-2.0
"""The recovery of a lost second factor, from the request to the removal of the old factors."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from comity.accounts import models
from comity.accounts.officer import (
    Officer,
    OneTimePassword,
    UnknownOfficerError,
    require_operator,
)
from comity.accounts.permissions import Permission
from comity.accounts.queries.officers import active_administrators
from comity.accounts.recovery import (
    OPEN,
    Recovery,
    RecoveryByAdministratorsError,
    RecoveryOpenError,
    RecoveryState,
    UnknownRecoveryError,
    approve,
    decline,
)
from comity.accounts.services.guard import unit_profile
from comity.accounts.services.officers import give_one_time_password, next_number
from comity.journal import services as journal


@transaction.atomic
def request_recovery(reference: str, *, by: Officer, at: datetime) -> Recovery:
    """Ask that an officer's second factors be removed.

    The officer asks from the page of the second factor, or an administrator on their behalf.
    """
    if by.reference != reference:
        by.require(Permission.APPROVE_RECOVERY)
    officer = models.Officer.objects.select_for_update().filter(reference=reference).first()
    if officer is None:
        raise UnknownOfficerError(reference=reference)
    _refuse_second_request(officer, at)
    number = next_number(models.RecoveryRequest._meta.db_table)
    row = models.RecoveryRequest.objects.create(
        pk=number,
        reference=f"RCV-{number:05d}",
        officer=officer,
        state=RecoveryState.REQUESTED,
        requested_by=by.reference,
        requested_at=at,
    )
    facts = {"recovery": row.reference}
    journal.record("recovery-requested", reference, by=by.actor, at=at, facts=facts)
    return row.as_recovery()


@transaction.atomic
def approve_recovery(
    recovery: str, *, by: Officer, at: datetime
) -> tuple[Recovery, OneTimePassword | None]:
    """Approve a recovery; the second approval carries it out and returns a one-time password.

    Carrying out removes every second factor, every recovery code and every session. The officer
    gets the one-time password in person from the second approver, so that whoever knew the old
    password gains nothing, and enrols a new factor at the next sign-in.
    """
    actor = by.acting(Permission.APPROVE_RECOVERY)
    row = _locked(recovery)
    concerned = {row.officer.reference, by.reference}
    approval = approve(
        row.as_recovery(),
        by=by.reference,
        at=at,
        profile=unit_profile(),
        other_administrators=len(active_administrators() - concerned),
    )
    password = None
    row.state, row.first_approval_by = approval.recovery.state, approval.recovery.first_approval_by
    if approval.recovery.state is RecoveryState.COMPLETED:
        row.closed_by, row.closed_at = by.reference, at
        password = _carry_out(row.officer.reference)
    else:
        row.first_approval_at = at
    row.save()
    act = "recovery-approved" if password is None else "recovery-completed"
    facts = {"recovery": recovery, **approval.facts}
    journal.record(act, row.officer.reference, by=actor, at=at, facts=facts)
    return approval.recovery, password


@transaction.atomic
def decline_recovery(recovery: str, *, by: Officer, at: datetime) -> Recovery:
    """Close a recovery without carrying it out."""
    actor = by.acting(Permission.APPROVE_RECOVERY)
    row = _locked(recovery)
    declined = decline(row.as_recovery(), at=at)
    row.state, row.closed_by, row.closed_at = declined.state, by.reference, at
    row.save()
    facts = {"recovery": recovery}
    journal.record("recovery-declined", row.officer.reference, by=actor, at=at, facts=facts)
    return declined


@transaction.atomic
def recover_at_the_machine(reference: str, *, by: Officer, at: datetime) -> OneTimePassword:
    """Remove an officer's factors at the node's own command line.

    For the unit whose other administrators are fewer than the two that must approve: whoever
    holds the machine holds the node anyway, and the journal shows that it was done this way.
    """
    require_operator(by)
    officer = models.Officer.objects.select_for_update().filter(reference=reference).first()
    if officer is None:
        raise UnknownOfficerError(reference=reference)
    others = active_administrators() - {reference}
    if len(others) >= 2:
        raise RecoveryByAdministratorsError(officer=reference, others=", ".join(sorted(others)))
    rows = models.RecoveryRequest.objects.filter(officer=officer, closed_at=None)
    rows.update(state=RecoveryState.COMPLETED, closed_by=by.reference, closed_at=at)
    password = _carry_out(reference)
    facts = {"method": "node-command-line"}
    journal.record("recovery-completed", reference, by=by.actor, at=at, facts=facts)
    return password


def _carry_out(reference: str) -> OneTimePassword:
    Authenticator.objects.filter(user__reference=reference).delete()
    return give_one_time_password(reference)


def _refuse_second_request(officer: models.Officer, at: datetime) -> None:
    """Raise while a request is open; close one that has expired."""
    row = models.RecoveryRequest.objects.filter(officer=officer, closed_at=None).first()
    if row is None:
        return
    if row.as_recovery().stands(at) in OPEN:
        raise RecoveryOpenError(recovery=row.reference, officer=officer.reference)
    row.state, row.closed_by, row.closed_at = RecoveryState.EXPIRED, "NODE", at
    row.save()


def _locked(recovery: str) -> models.RecoveryRequest:
    rows = models.RecoveryRequest.objects.select_for_update().select_related("officer")
    row = rows.filter(reference=recovery).first()
    if row is None:
        raise UnknownRecoveryError(reference=recovery)
    return row
