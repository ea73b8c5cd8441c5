# SPDX-License-Identifier: Apache-2.0
"""The second factor of an officer: what is enrolled is journalled, and when it may wait."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from comity.accounts import models
from comity.accounts.officer import Officer
from comity.accounts.queries.officers import second_factors_of
from comity.catalogues import N_
from comity.errors import NotPermittedError
from comity.journal import services as journal
from comity.sealing.short_secrets import seal_text, unseal_text

_PURPOSE = "second factors"

ACTS: dict[str, str] = {
    "mfa/email/totp_activated": "totp-enrolled",
    "mfa/email/totp_deactivated": "totp-removed",
    "mfa/email/webauthn_added": "passkey-enrolled",
    "mfa/email/webauthn_removed": "passkey-removed",
    "mfa/email/recovery_codes_generated": "recovery-codes-made",
}
"""The library's notices and the acts that they stand for."""


class SecondFactorRequiredError(NotPermittedError):
    """Outside training nobody works without a second factor."""

    code = "second-factor-required"
    message = N_("A second factor can be postponed only on a training node.")
    remedy = N_("Enrol an authenticator or a passkey now.")


def record_change(notice: str, officer: Officer, *, at: datetime) -> None:
    """Journal a change of the officer's own factors that the library gives notice of."""
    act = ACTS.get(notice)
    if act is not None:
        with transaction.atomic():
            journal.record(act, officer.reference, by=officer.actor, at=at)


@transaction.atomic
def postpone(officer: Officer, *, at: datetime) -> None:
    """Let the officer work without a second factor for now; on a training node only."""
    if not settings.ENVIRONMENT.training:
        raise SecondFactorRequiredError
    rows = models.Officer.objects.filter(reference=officer.reference)
    rows.update(second_factor_postponed=True)
    journal.record("second-factor-postponed", officer.reference, by=officer.actor, at=at)


def must_enrol(officer: Officer) -> bool:
    """Whether the officer has to enrol a second factor before anything else."""
    if second_factors_of(officer.reference):
        return False
    rows = models.Officer.objects.filter(reference=officer.reference)
    return not (settings.ENVIRONMENT.training and rows.get().second_factor_postponed)


def is_postponed(officer: Officer) -> bool:
    """Whether the officer works without a second factor for now."""
    return not second_factors_of(officer.reference) and not must_enrol(officer)


def seal(text: str) -> str:
    """A factor's secret as the database keeps it."""
    return seal_text(text, key=settings.SECRET_KEY.encode(), purpose=_PURPOSE)


def unseal(sealed: str) -> str:
    """The secret again; raise `SecretUnreadableError` when the node's key is another."""
    return unseal_text(sealed, key=settings.SECRET_KEY.encode(), purpose=_PURPOSE)
