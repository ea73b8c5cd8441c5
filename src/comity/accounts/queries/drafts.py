# SPDX-License-Identifier: Apache-2.0
"""An officer's own drafts."""

from __future__ import annotations

from comity.accounts import models
from comity.accounts.draft import Draft
from comity.accounts.officer import Officer


def draft(officer: Officer, form_key: str) -> Draft | None:
    """The officer's draft of this form, or None."""
    rows = models.Draft.objects.filter(owner__reference=officer.reference)
    row = rows.filter(form_key=form_key).first()
    return row.as_draft() if row else None


def drafts_of(officer: Officer) -> list[Draft]:
    """All drafts of the officer, the freshest first."""
    rows = models.Draft.objects.filter(owner__reference=officer.reference)
    return [row.as_draft() for row in rows.order_by("-saved_at")]
