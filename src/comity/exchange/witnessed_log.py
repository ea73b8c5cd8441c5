# SPDX-License-Identifier: Apache-2.0
"""Whether what two nodes signed of one another's journals holds together, verified again.

What a partner cosigned must be of our journal; what we witnessed of the partner's must be one
journal that only grew, each step with its proof. Every note is verified; nothing is believed for
having been verified before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import ComityError
from comity.exchange.witness import extends
from comity.sealing.checkpoint import (
    Checkpoint,
    NoteKey,
    read_checkpoint,
    verify_checkpoint,
    verify_cosignature,
)


class LogFault(StrEnum):
    """What does not fit."""

    NOT_SIGNED = "not-signed"
    NOT_COSIGNED = "not-cosigned"
    NOT_OF_OUR_JOURNAL = "not-of-our-journal"
    TWO_ROOTS = "two-roots"
    NOT_PROVED = "not-proved"
    BEGAN_ANEW = "began-anew"


FAULT_WORDS = {
    LogFault.NOT_SIGNED: N_("the checkpoint bears no signature of its journal's key that fits"),
    LogFault.NOT_COSIGNED: N_("the checkpoint bears no cosignature that fits"),
    LogFault.NOT_OF_OUR_JOURNAL: N_("our journal was never what the partner cosigned"),
    LogFault.TWO_ROOTS: N_("two different journals of one size were signed"),
    LogFault.NOT_PROVED: N_("the kept proof does not show that the journal only grew"),
    LogFault.BEGAN_ANEW: N_("the journal began anew, and nobody accepted it"),
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One note that does not fit."""

    fault: LogFault
    size: int
    ours: bool
    """Whether it is about our journal; else it is about the partner's."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint of the partner's journal as we kept it."""

    cosigned: str
    since: int
    consistency: tuple[str, ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PartnerLogReport:
    """What came out for one partner."""

    partner: str
    cosigned: int
    """Checkpoints of ours that the partner cosigned."""
    cosigned_size: int
    """The largest of them."""
    witnessed: int
    """Checkpoints of the partner's that we witnessed."""
    witnessed_size: int
    misfits: tuple[Misfit, ...]
    alarms: tuple[str, ...]
    """Open alarms about the partner's journal or ours."""

    @property
    def holds(self) -> bool:
        """True when every note fits and no alarm is open."""
        return not self.misfits and not self.alarms

    def as_dict(self) -> dict[str, Any]:
        """The report as a program reads it."""
        return {
            "partner": self.partner,
            "holds": self.holds,
            "cosigned": self.cosigned,
            "cosigned_size": self.cosigned_size,
            "witnessed": self.witnessed,
            "witnessed_size": self.witnessed_size,
            "misfits": [
                {"fault": each.fault.value, "size": each.size, "ours": each.ours}
                for each in self.misfits
            ],
            "alarms": list(self.alarms),
        }


def verify_cosigned(
    notes: Iterable[str],
    *,
    ours: Sequence[NoteKey],
    theirs: Sequence[NoteKey],
    is_of_our_journal: Callable[[Checkpoint], bool],
) -> list[Misfit]:
    """What the partner cosigned of our journal and does not fit."""
    found = []
    for note in notes:
        checkpoint = read_checkpoint(note)
        fault = _signatures(note, signer=ours, witness=theirs)
        if fault is None and not is_of_our_journal(checkpoint):
            fault = LogFault.NOT_OF_OUR_JOURNAL
        if fault is not None:
            found.append(Misfit(fault, checkpoint.size, ours=True))
    return found


def verify_witnessed(
    kept: Iterable[Kept],
    *,
    ours: Sequence[NoteKey],
    theirs: Sequence[NoteKey],
    accepted: Sequence[datetime] = (),
) -> list[Misfit]:
    """What we witnessed of the partner's journal, in the order of seeing, and does not fit.

    A journal may begin anew where somebody accepted it, by closing an alarm at these instants.
    """
    found: list[Misfit] = []
    known: dict[int, Checkpoint] = {}
    last: datetime | None = None
    for each in kept:
        checkpoint = read_checkpoint(each.cosigned)
        if last is not None and any(last <= instant < each.seen_at for instant in accepted):
            known = {}
        fault = _signatures(each.cosigned, signer=theirs, witness=ours)
        fault = fault or _growth(each, checkpoint, known)
        if fault is not None:
            found.append(Misfit(fault, checkpoint.size, ours=False))
        known.setdefault(checkpoint.size, checkpoint)
        last = each.seen_at
    return found


def _signatures(
    note: str, *, signer: Sequence[NoteKey], witness: Sequence[NoteKey]
) -> LogFault | None:
    try:
        verify_checkpoint(note, signer)
    except ComityError:
        return LogFault.NOT_SIGNED
    try:
        verify_cosignature(note, witness)
    except ComityError:
        return LogFault.NOT_COSIGNED
    return None


def _growth(each: Kept, checkpoint: Checkpoint, known: dict[int, Checkpoint]) -> LogFault | None:
    same_size = known.get(checkpoint.size)
    if same_size is not None and same_size.root != checkpoint.root:
        return LogFault.TWO_ROOTS
    if not known:
        return None
    if each.since == 0:
        return LogFault.BEGAN_ANEW
    before = known.get(each.since)
    if before is None or not extends(each.consistency, before, checkpoint):
        return LogFault.NOT_PROVED
    return None
