# SPDX-License-Identifier: Apache-2.0
"""Officers as other capabilities and the administration's pages see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.accounts import models
from comity.accounts.officer import NobodySignedInError, Officer, UnknownOfficerError
from comity.accounts.permissions import Role

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

_KNOWN_ROLES = frozenset(Role)


def as_officer(row: models.Officer) -> Officer:
    """The frozen value of a row; a role that this release does not know grants nothing."""
    return Officer(
        reference=row.reference,
        display_name=row.display_name,
        roles=frozenset(Role(role) for role in row.roles if role in _KNOWN_ROLES),
        language=row.language,
        active=row.is_active,
    )


def officer_of(user: AbstractBaseUser | AnonymousUser) -> Officer:
    """The officer behind a request's `user`; raise `NobodySignedInError` when there is none."""
    if not isinstance(user, models.Officer) or not user.is_active:
        raise NobodySignedInError
    return as_officer(user)


def officer_by_reference(reference: str) -> Officer:
    """The officer of this reference; raise `UnknownOfficerError` when there is none."""
    row = models.Officer.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownOfficerError(reference=reference)
    return as_officer(row)
