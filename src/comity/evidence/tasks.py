# SPDX-License-Identifier: Apache-2.0
"""What the node does with evidence by itself: it verifies a slice a night, and clears leftovers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from comity import clock
from comity.evidence.queries.custody import hand_overs_late
from comity.evidence.services import (
    destroying,
    destruction_certificates,
    duties,
    finding,
    hand_overs_told,
    handing_over,
    integrity,
    keeping,
    kept_packages,
    packing_orders,
    recalling,
    renewing,
    retaining,
    seal_administration,
)

log = logging.getLogger("comity.evidence")


def verify_items() -> None:
    """Hold the items that waited longest against what was recorded of them."""
    integrity.verify_slice(at=clock.now())


def watch_hand_overs() -> None:
    """Raise an alarm for hand-overs that nobody answered, or of which nobody learnt there."""
    now = clock.now()
    hand_overs_told.watch(at=now)
    handing_over.warn_of_unanswered(hand_overs_late(at=now), at=now)


def sweep() -> None:
    """Remove stored files that no row names, and what the database keeps of destroyed keys.

    Each act is done whatever became of the others; the first failure is raised at the end.
    """
    failures = [error for name, act in _SWEEPS.items() if (error := _failure_of(name, act))]
    if failures:
        raise failures[0]


_SWEEPS: dict[str, Callable[[], object]] = {
    "stored files": lambda: integrity.sweep(at=clock.now()),
    "kept packages": lambda: kept_packages.sweep(at=clock.now()),
    "orders to pack": lambda: packing_orders.give_up(at=clock.now()),
    "words of items": lambda: finding.index_items(),
    "keys of items": lambda: keeping.rewrite_keys(),
}


def _failure_of(name: str, act: Callable[[], object]) -> Exception | None:
    """Do one act; the error that ended it, if one did, told to the log by its kind alone."""
    try:
        act()
    except Exception as error:
        log.error("a sweep failed", extra={"swept": name, "error": type(error).__name__})
        return error
    return None


def pack(order: str) -> None:
    """Pack what an officer ordered."""
    packing_orders.carry_out_as_job(order, at=clock.now())


def watch_duties() -> None:
    """Warn of duties that fall due, and of items whose retention is over, each once."""
    now = clock.now()
    retaining.note_due(at=now)
    duties.watch(at=now)


def time_out_recalls() -> None:
    """Note which answers to recalls are missing once their day has passed."""
    recalling.time_out(at=clock.now())


def certify_destructions() -> None:
    """Make the certificates of destructions that have none yet."""
    destruction_certificates.certify_all(at=clock.now())


def forget_what_is_erased() -> None:
    """Remove files of the exchange that hold what was destroyed while they were under way."""
    destroying.forget_what_is_erased()


def renew_seals() -> None:
    """Learn what the authorities behind the seal revoked, and renew the stamps that end."""
    now = clock.now()
    seal_administration.fetch_lists(at=now)
    renewing.renew(at=now)
