# SPDX-License-Identifier: Apache-2.0
"""What this node knows of the law at this moment, read anew only when something was added.

One statement tells whether anything was: nothing here is ever deleted, and whatever changes a
record of the overlay counts its version up.
"""

from __future__ import annotations

from django.db import connection

from comity.agreements.known_law import KnownLaw
from comity.agreements.queries import registered
from comity.agreements.queries.overlays import overlay

_EDITION = """
    SELECT (SELECT coalesce(max(id), 0) FROM agreements_localentry),
           (SELECT count(*) FROM agreements_localentry),
           (SELECT (coalesce(max(id), 0), count(*), coalesce(sum(version), 0))::text
              FROM agreements_confirmation),
           (SELECT (coalesce(max(id), 0), count(*), coalesce(sum(version), 0))::text
              FROM agreements_standingruling),
           (SELECT (coalesce(max(id), 0), count(*), coalesce(sum(version), 0))::text
              FROM agreements_attestation),
           (SELECT (coalesce(max(id), 0), count(*))::text FROM agreements_partnerstatement)
"""


def known_law() -> KnownLaw:
    """Register, overlay and domestic laws: the same object for as long as nothing was added."""
    with connection.cursor() as cursor:
        cursor.execute(_EDITION)
        last, count, *edition = cursor.fetchone()
    register, laws = registered._merged_up_to(last, count), registered.domestic_laws()
    kept = _KEPT.get(tuple(edition))
    if kept is None or kept.register is not register or kept.laws is not laws:
        _KEPT.clear()
        kept = _KEPT[tuple(edition)] = KnownLaw(register, overlay(), laws)
    return kept


_KEPT: dict[tuple[str, ...], KnownLaw] = {}
"""The last answer, by the edition of the overlay."""
