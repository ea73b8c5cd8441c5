# SPDX-License-Identifier: Apache-2.0
"""Asks partners for the proof that their journals only grew, where a message did not bring it.

A partner that cannot be asked brings it with a later message, once it knows what we cosigned; one
that does neither for a day becomes an alarm.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from comity.errors import PeerError
from comity.exchange.services.assembling import log_proof_of
from comity.exchange.services.witnessing import overdue_proofs, proofs_wanted, take_proof

Ask = Callable[[str, int, int, datetime], tuple[str, ...] | None]
"""A partner, the two sizes and the instant: its proof, or None where it cannot be asked."""


def ask_for_proofs(*, at: datetime, ask: Ask | None = None) -> int:
    """Ask every partner that lacks one, and judge what it answers; how many answered."""
    answered = 0
    for wanted in proofs_wanted():
        try:
            proof = (ask or _asked)(wanted.partner, wanted.first, wanted.second, at)
        except PeerError:  # it is asked again at the next turn
            continue
        if proof is not None:
            take_proof(wanted.partner, proof, at=at)
            answered += 1
    overdue_proofs(at=at)
    return answered


def _asked(partner: str, first: int, second: int, at: datetime) -> tuple[str, ...] | None:
    return log_proof_of(partner, first, second, at=at)
