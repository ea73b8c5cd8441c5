# SPDX-License-Identifier: Apache-2.0
"""What a partner's statement about its journal is worth beside what was seen of it before.

Each node keeps the partner's signed checkpoints and holds it to them: the journal may only grow.
A checkpoint that comes late is no alarm, for messages overtake one another; one that was stated
later and says less is. Two signed notes that contradict one another are the proof of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from comity.errors import VerificationError
from comity.exchange.envelope import LogStatement
from comity.sealing.checkpoint import Checkpoint
from comity.sealing.merkle import verify_consistency

OVERTAKING = timedelta(minutes=1)
"""Two statements that were made within this time may have looked at the journal in either order."""


class LogFinding(StrEnum):
    """What a statement shows."""

    FIRST = "first"
    """Nothing was seen of this journal before."""
    SAME = "same"
    """It was seen before, exactly so."""
    GREW = "grew"
    """It has grown, and the proof fits."""
    OLDER = "older"
    """A message that was overtaken carries what the journal was before."""
    NEEDS_PROOF = "needs-proof"
    """It says that it has grown, and proves nothing from where it was seen last."""
    FORKED = "forked"
    """Two signed checkpoints cannot both be of one journal that only grows."""
    REWOUND = "rewound"
    """Stated later, it says less than was signed before."""
    REPLACED = "replaced"
    """It is another journal, by its name."""


CONTRADICTIONS = frozenset({LogFinding.FORKED, LogFinding.REWOUND, LogFinding.REPLACED})
"""What is raised as an alarm with the two notes as its proof."""
WITNESSED = frozenset({LogFinding.FIRST, LogFinding.GREW})
"""What is kept and cosigned."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint of the partner's journal that was verified and kept."""

    checkpoint: Checkpoint
    note: str
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """What the partner states now, its signature verified already."""

    checkpoint: Checkpoint
    statement: LogStatement
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """The finding, and what it rests on."""

    finding: LogFinding
    beside: Seen | None = None
    """What was seen before and decides."""


def judge(stated: Stated, latest: Seen | None, of_that_size: Sequence[Seen] = ()) -> Judgement:
    """What the statement shows beside the largest checkpoint seen, and those of its own size."""
    if latest is None:
        return Judgement(LogFinding.FIRST)
    if stated.checkpoint.origin != latest.checkpoint.origin:
        return Judgement(LogFinding.REPLACED, latest)
    for seen in (*of_that_size, latest):
        same_size = seen.checkpoint.size == stated.checkpoint.size
        if same_size and seen.checkpoint.root != stated.checkpoint.root:
            return Judgement(LogFinding.FORKED, seen)
    if stated.checkpoint.size > latest.checkpoint.size:
        return Judgement(_growth(stated, latest), latest)
    if stated.checkpoint.size == latest.checkpoint.size:
        return Judgement(LogFinding.SAME, latest)
    if stated.stated_at > latest.stated_at + OVERTAKING:
        return Judgement(LogFinding.REWOUND, latest)
    return Judgement(LogFinding.SAME if of_that_size else LogFinding.OLDER, latest)


def _growth(stated: Stated, latest: Seen) -> LogFinding:
    """Whether the statement proves that the journal seen last is the beginning of this one."""
    if latest.checkpoint.size == 0:
        return LogFinding.GREW  # nothing is the beginning of everything
    if stated.statement.since != latest.checkpoint.size:
        return LogFinding.NEEDS_PROOF
    fits = extends(stated.statement.consistency, latest.checkpoint, stated.checkpoint)
    return LogFinding.GREW if fits else LogFinding.FORKED


def extends(consistency: Sequence[str], older: Checkpoint, newer: Checkpoint) -> bool:
    """Whether these hashes prove that the newer journal begins with the older one."""
    try:
        path = [bytes.fromhex(step) for step in consistency]
        verify_consistency(older.size, newer.size, path, older.root, newer.root)
    except (VerificationError, ValueError):
        return False
    return True
