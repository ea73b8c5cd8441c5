# SPDX-License-Identifier: Apache-2.0
"""The exchange in the API."""

from __future__ import annotations

from ninja import Router

from comity.exchange.endpoints import messages, partners

router = Router(tags=["exchange"])
router.add_router("/messages", messages.router)
router.add_router("/partners", partners.router)
