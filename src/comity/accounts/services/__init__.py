# SPDX-License-Identifier: Apache-2.0
"""Everything that changes an account, and the guard that other capabilities' pages stand behind."""

from __future__ import annotations

from comity.accounts.services.guard import officer_page, require

__all__ = ["officer_page", "require"]
