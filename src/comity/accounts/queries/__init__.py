# SPDX-License-Identifier: Apache-2.0
"""What can be read of officers: always frozen values, never a table's row."""

from __future__ import annotations

from comity.accounts.queries.drafts import draft, drafts_of
from comity.accounts.queries.officers import (
    active_administrators,
    officer_by_reference,
    officer_of,
    officer_record,
    officer_records,
    second_factors_of,
)
from comity.accounts.queries.recoveries import open_recoveries, recovery_by_reference
from comity.accounts.queries.sessions import Session, sessions_of
from comity.accounts.queries.tokens import tokens_of

__all__ = [
    "Session",
    "active_administrators",
    "draft",
    "drafts_of",
    "officer_by_reference",
    "officer_of",
    "officer_record",
    "officer_records",
    "open_recoveries",
    "recovery_by_reference",
    "second_factors_of",
    "sessions_of",
    "tokens_of",
]
