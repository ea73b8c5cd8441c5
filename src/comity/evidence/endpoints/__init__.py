# SPDX-License-Identifier: Apache-2.0
"""Evidence in the API."""

from __future__ import annotations

from ninja import Router

from comity.evidence.endpoints import cases, custody, items, life, packing, proofs, using

router = Router(tags=["evidence"])
for part in (cases, items, custody, proofs, packing, using, life):
    router.add_router("", part.router)
