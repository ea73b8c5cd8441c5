# SPDX-License-Identifier: Apache-2.0
"""API tokens as their owners see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.accounts import models
from comity.accounts.api_token import ApiToken
from comity.accounts.permissions import Role

if TYPE_CHECKING:
    from comity.accounts.officer import Officer

_KNOWN_ROLES = frozenset(Role)


def as_token(row: models.ApiToken) -> ApiToken:
    """The frozen value of a row, without its digest."""
    return ApiToken(
        reference=row.reference,
        name=row.name,
        owner=row.owner.reference,
        roles=frozenset(Role(role) for role in row.roles if role in _KNOWN_ROLES),
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def tokens_of(officer: Officer) -> list[ApiToken]:
    """The officer's tokens, the newest first, revoked and expired ones included."""
    rows = models.ApiToken.objects.filter(owner__reference=officer.reference)
    return [as_token(row) for row in rows.select_related("owner").order_by("-pk")]
