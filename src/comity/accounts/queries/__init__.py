# SPDX-License-Identifier: Apache-2.0
"""What can be read of officers: always frozen values, never a table's row."""

from __future__ import annotations

from comity.accounts.queries.officers import officer_by_reference, officer_of

__all__ = ["officer_by_reference", "officer_of"]
