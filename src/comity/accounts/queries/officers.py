# SPDX-License-Identifier: Apache-2.0
"""Officers as other capabilities and the administration's pages see them."""

from __future__ import annotations

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.db.models import Q

from comity.accounts import models
from comity.accounts.officer import (
    NobodySignedInError,
    Officer,
    OfficerRecord,
    UnknownOfficerError,
)
from comity.accounts.permissions import Role

PAGE_LENGTH = 50
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def officer_of(user: object) -> Officer:
    """The officer behind a request's `user`; raise `NobodySignedInError` when there is none."""
    row = getattr(user, "_wrapped", user)
    if not isinstance(row, models.Officer) or not row.is_active:
        raise NobodySignedInError
    return row.as_officer()


def officer_by_reference(reference: str) -> Officer:
    """The officer of this reference; raise `UnknownOfficerError` when there is none."""
    row = models.Officer.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownOfficerError(reference=reference)
    return row.as_officer()


def officer_record(reference: str) -> OfficerRecord:
    """The account of this reference; raise `UnknownOfficerError` when there is none."""
    row = models.Officer.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownOfficerError(reference=reference)
    return _records([row])[0]


def officer_records(
    *, search: str = "", role: Role | None = None, after: str = "", limit: int = PAGE_LENGTH
) -> list[OfficerRecord]:
    """Accounts in the order of their references, beginning after `after`.

    `search` is looked for in reference, sign-in name and display name.
    """
    rows = models.Officer.objects.filter(reference__gt=after).order_by("reference")
    if search:
        rows = rows.filter(
            Q(reference__icontains=search)
            | Q(sign_in_name__icontains=search)
            | Q(display_name__icontains=search)
        )
    if role is not None:
        rows = rows.filter(roles__contains=[role.value])
    return _records(list(rows[:limit]))


def active_administrators() -> frozenset[str]:
    """References of the administrators who are not suspended."""
    rows = models.Officer.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    return frozenset(rows.values_list("reference", flat=True))


def second_factors_of(reference: str) -> tuple[str, ...]:
    """Kinds of second factor that this officer has enrolled."""
    kinds = Authenticator.objects.filter(
        user__reference=reference, type__in=_SECOND_FACTORS
    ).values_list("type", flat=True)
    return tuple(sorted(set(kinds)))


def _records(rows: Collection[models.Officer]) -> list[OfficerRecord]:
    kinds: dict[int, set[str]] = {row.pk: set() for row in rows}
    enrolled = Authenticator.objects.filter(user_id__in=list(kinds), type__in=_SECOND_FACTORS)
    for officer_id, kind in enrolled.values_list("user_id", "type"):
        kinds[officer_id].add(kind)
    return [
        OfficerRecord(
            officer=row.as_officer(),
            sign_in_name=row.sign_in_name,
            email=row.email,
            version=row.version,
            registered_at=row.registered_at,
            last_signed_in_at=row.last_login,
            second_factors=tuple(sorted(kinds[row.pk])),
            password_is_one_time=row.password_is_one_time,
        )
        for row in rows
    ]
