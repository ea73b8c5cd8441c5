# SPDX-License-Identifier: Apache-2.0
"""A partner's witness of our journal, right after something was certified: asked for, waited for.

A test of the way brings it: our checkpoint goes with the question, the partner's cosignature comes
back with its receipt. Without one in time the package says that the time is not proved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from comity.evidence.packing import LONGEST_WAIT
from comity.evidence.services.proving_material import last_entry
from comity.evidence.services.rows import EVIDENCE
from comity.exchange.queries.partner_records import active_partners
from comity.exchange.queries.witnessed import latest_cosigned
from comity.exchange.services.own_kinds import send_test
from comity.journal import queries as journal
from comity.journal import services as journal_services
from comity.sealing.checkpoint import read_checkpoint

MOST_ASKED = 3
"""Partners; one cosignature is enough."""
BETWEEN = 1.0
"""Seconds between two looks."""


def witnessed(statements: Iterable[str]) -> bool:
    """Whether a partner has cosigned the journal since these statements entered it."""
    return _cosigned_size() >= last_entry(statements)


def wait_for_witness(
    statements: Iterable[str],
    seconds: int,
    *,
    at: datetime,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Ask partners to witness the journal's entries on these statements, and wait so long.

    Returns whether one did. Where there is no partner, nobody waits.
    """
    last = last_entry(statements)
    if _cosigned_size() >= last:
        return True
    if not _asked(last, at=at):
        return False
    for _ in range(int(min(seconds, LONGEST_WAIT) / BETWEEN)):
        if _cosigned_size() >= last:
            return True
        pause(BETWEEN)
    return _cosigned_size() >= last


def _asked(last: int, *, at: datetime) -> bool:
    """Tell partners of a checkpoint that covers the entries; whether there is anybody to tell."""
    latest = journal.latest_checkpoint()
    if latest is None or latest.size < last:
        journal_services.checkpoint(at=at)
    partners = active_partners()[:MOST_ASKED]
    for partner in partners:
        send_test(partner, by=EVIDENCE, at=at)
    return bool(partners)


def _cosigned_size() -> int:
    note = latest_cosigned()
    return read_checkpoint(note).size if note else 0
