# SPDX-License-Identifier: Apache-2.0
"""Evidence in the API."""

from __future__ import annotations

from ninja import Router

from comity.evidence.endpoints import cases, custody, items, life, packing, proofs, records, using

router = Router(tags=["evidence"])
for part in (cases, items, custody, proofs, packing, records, using, life):
    router.add_router("", part.router)
