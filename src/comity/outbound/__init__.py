# SPDX-License-Identifier: Apache-2.0
"""The only HTTP client of the house: what leaves a node, and what comes back, passes here.

Every request has caps on size, time and redirects, goes to a public address that was checked
before it was connected to, carries no cookie and no credential, and says who asks. Whether and
how a node speaks to the outside is the caller's `Policy`; who asks imports `visit` or `peer`.
"""

from __future__ import annotations

from comity.outbound.policy import PUBLIC_WEB, USUAL_LIMITS, Limits, Policy

__all__ = ["PUBLIC_WEB", "USUAL_LIMITS", "Limits", "Policy"]
