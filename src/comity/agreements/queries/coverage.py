# SPDX-License-Identifier: Apache-2.0
"""What an administration can ask of whom on a day, with everything this node knows.

The whole picture takes about a second; the last few are kept, each under the register's edition
and the overlay it was drawn from, so that a change is seen at once.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from comity.agreements.coverage import Coverage, coverage
from comity.agreements.overlay import Overlay
from comity.agreements.queries.overlays import overlay, overlay_digest
from comity.agreements.queries.registered import domestic_laws, edition, register
from comity.agreements.register import Register


def coverage_of(administration: str, on: date) -> Coverage:
    """Every partner of the administration on the day."""
    known = overlay()
    return _drawn(administration, on, _Key(register(), known, (*edition(), overlay_digest(known))))


class _Key:
    """Register and overlay, told apart by their editions."""

    def __init__(self, of: Register, known: Overlay, marks: tuple[object, ...]) -> None:
        self.register, self.overlay, self.marks = of, known, marks

    def __hash__(self) -> int:
        return hash(self.marks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.marks == other.marks


@lru_cache(maxsize=12)
def _drawn(administration: str, on: date, key: _Key) -> Coverage:
    return coverage(administration, on, key.register, key.overlay, domestic_laws())
