# SPDX-License-Identifier: Apache-2.0
"""Drafts of forms: saved while the officer types, read back, discarded once the form is sent.

Only the owner can reach a draft. Saving one is no act in the sense of the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from comity import clock
from comity.accounts import models
from comity.accounts.draft import Draft, checked_content, checked_form_key
from comity.accounts.officer import Officer


def save_draft(
    officer: Officer,
    form_key: str,
    content: Mapping[str, list[str]],
    *,
    at: datetime | None = None,
) -> Draft:
    """Keep what the officer has typed into this form, in place of what was kept before.

    The instant only tells the owner how fresh the draft is, so it may be left out.
    """
    row, _ = models.Draft.objects.update_or_create(
        owner=models.Officer.objects.get(reference=officer.reference),
        form_key=checked_form_key(form_key),
        defaults={"content": checked_content(content), "saved_at": at or clock.now()},
    )
    return row.as_draft()


def discard_draft(officer: Officer, form_key: str) -> None:
    """Forget the officer's draft of this form, if there is one."""
    rows = models.Draft.objects.filter(owner__reference=officer.reference)
    rows.filter(form_key=form_key).delete()
