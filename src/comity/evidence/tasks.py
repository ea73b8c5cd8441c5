# SPDX-License-Identifier: Apache-2.0
"""What the node does with evidence by itself: it verifies a slice a night, and clears leftovers."""

from __future__ import annotations

from comity import clock
from comity.evidence.queries.custody import hand_overs_late
from comity.evidence.services import handing_over, integrity, keeping


def verify_items() -> None:
    """Hold the items that waited longest against what was recorded of them."""
    integrity.verify_slice(at=clock.now())


def watch_hand_overs() -> None:
    """Raise an alarm for hand-overs that nobody has answered for too long."""
    now = clock.now()
    handing_over.warn_of_unanswered(hand_overs_late(at=now), at=now)


def sweep() -> None:
    """Remove stored files that no row names, and what the database keeps of destroyed keys."""
    integrity.sweep(at=clock.now())
    keeping.rewrite_keys()
