# SPDX-License-Identifier: Apache-2.0
"""The recovery of a lost second factor: asked for once, approved by two administrators.

The approvals certify that two people, each on their own, recognised the officer. Neither approver
is the officer concerned, and the second is not the first. The time in which both must be given is
limited, so that a forgotten request is no open door.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from comity.accounts.four_eyes import (
    Profile,
    Relaxation,
    SamePersonError,
    relaxed,
    second_person,
)
from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError

LASTS = timedelta(days=7)


class RecoveryState(StrEnum):
    """Where a recovery stands."""

    REQUESTED = "requested"
    APPROVED_ONCE = "approved-once"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"


OPEN = frozenset({RecoveryState.REQUESTED, RecoveryState.APPROVED_ONCE})

STATE_NAMES: dict[RecoveryState, str] = {
    RecoveryState.REQUESTED: N_("waits for two approvals"),
    RecoveryState.APPROVED_ONCE: N_("waits for a second approval"),
    RecoveryState.COMPLETED: N_("completed"),
    RecoveryState.DECLINED: N_("declined"),
    RecoveryState.EXPIRED: N_("expired"),
}


class RecoveryClosedError(ConflictError):
    """A recovery that is completed, declined or expired takes no more approvals."""

    code = "recovery-closed"
    message = N_("{recovery} is no longer open: {state}.")
    remedy = N_("Ask for a new recovery if it is still needed.")


class RecoveryOpenError(ConflictError):
    """One request at a time."""

    code = "recovery-open"
    message = N_("{recovery} is already open for {officer}.")
    remedy = N_("Approve or decline {recovery}.")


class UnknownRecoveryError(NotFoundError):
    """No recovery has this reference."""

    code = "unknown-recovery"
    message = N_("No recovery has the reference {reference}.")
    remedy = N_("Open the list of recoveries.")


class RecoveryByAdministratorsError(ConflictError):
    """At the machine a factor is recovered only where two administrators cannot be found."""

    code = "recovery-by-administrators"
    message = N_("Two other administrators can approve the recovery of {officer}: {others}.")
    remedy = N_("Open the recovery on the officer's page and let two of them approve it.")


@dataclass(frozen=True, slots=True)
class Recovery:
    """One request to remove an officer's second factors so that new ones can be enrolled."""

    reference: str
    officer: str
    requested_by: str
    requested_at: datetime
    state: RecoveryState = RecoveryState.REQUESTED
    first_approval_by: str = ""

    def stands(self, at: datetime) -> RecoveryState:
        """The state at this instant: an open request expires by itself."""
        lapsed = self.state in OPEN and at >= self.requested_at + LASTS
        return RecoveryState.EXPIRED if lapsed else self.state

    @property
    def expires_at(self) -> datetime:
        """The instant from which an open request is expired."""
        return self.requested_at + LASTS


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval leads to, and the facts that its journal entry carries."""

    recovery: Recovery
    facts: dict[str, str]


def approve(
    recovery: Recovery,
    *,
    by: str,
    at: datetime,
    profile: Profile = Profile.FULL,
    other_administrators: int = 1,
) -> Approval:
    """The recovery after this approval; raise when it is closed or `by` may not approve it.

    `other_administrators` counts the active administrators besides `by` and the officer
    concerned: where there is none, the two-person profile lets one approval do for both.
    """
    _require_open(recovery, at)
    facts = second_person(
        recovery.reference,
        drafted_by=recovery.officer,
        by=by,
        earlier=[recovery.first_approval_by],
        profile=profile,
    )
    alone = profile is Profile.TWO_PERSON and not other_administrators
    if recovery.state is RecoveryState.REQUESTED and not alone:
        once = replace(recovery, state=RecoveryState.APPROVED_ONCE, first_approval_by=by)
        return Approval(once, facts)
    if by == recovery.first_approval_by and not alone:
        raise SamePersonError(subject=recovery.reference, officer=by, hand="signed")
    facts = relaxed(Relaxation.SOLE_ADMINISTRATOR) if alone else facts
    return Approval(replace(recovery, state=RecoveryState.COMPLETED), facts)


def decline(recovery: Recovery, *, at: datetime) -> Recovery:
    """The recovery after somebody declined it."""
    _require_open(recovery, at)
    return replace(recovery, state=RecoveryState.DECLINED)


def _require_open(recovery: Recovery, at: datetime) -> None:
    state = recovery.stands(at)
    if state not in OPEN:
        raise RecoveryClosedError(recovery=recovery.reference, state=state.value)
