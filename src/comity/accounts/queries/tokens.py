# SPDX-License-Identifier: Apache-2.0
"""API tokens as their owners see them."""

from __future__ import annotations

from comity.accounts import models
from comity.accounts.api_token import ApiToken
from comity.accounts.officer import Officer


def tokens_of(officer: Officer) -> list[ApiToken]:
    """The officer's tokens, the newest first, revoked and expired ones included."""
    rows = models.ApiToken.objects.filter(owner__reference=officer.reference)
    return [row.as_token() for row in rows.select_related("owner").order_by("-pk")]
