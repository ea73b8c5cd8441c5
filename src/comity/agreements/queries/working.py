# SPDX-License-Identifier: Apache-2.0
"""The custodian's list, one instrument at a time: what is confirmed, what is left, who is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.agreements.claim import Event, Precision
from comity.agreements.instrument import Instrument
from comity.agreements.queries.kept import confirmations_of
from comity.agreements.queries.registered import register
from comity.agreements.records import ConfirmationRecord


@dataclass(frozen=True, slots=True)
class ConfirmationWork:
    """One instrument of the list, its place, and the two beside it."""

    instrument: Instrument
    records: tuple[ConfirmationRecord, ...]
    """Confirmations of its force that are drafted, stand, or are suspended."""
    place: int
    """Counts from 1."""
    of: int
    done: int
    """How many of the list have such a confirmation."""
    previous: str
    following: str
    next_open: str
    """The next one after this without a confirmation; empty when none is left."""
    best_guess: date | None
    """The day in force that the sources name, where they all name the same one."""


def confirmation_work(party: str, programme: str, *, at: str = "") -> ConfirmationWork | None:
    """The instrument of that reference in the list, or the first that is left to confirm."""
    listed = [one for one in register().of(party) if one.programme == programme]
    if not listed:
        return None
    known = confirmations_of(one.reference for one in listed)
    references = [one.reference for one in listed]
    place = references.index(at) if at in references else _first_open(references, known)
    one = listed[place]
    later = [r for r in references[place + 1 :] if r not in known]
    return ConfirmationWork(
        instrument=one,
        records=known.get(one.reference, ()),
        place=place + 1,
        of=len(listed),
        done=len(known),
        previous=references[place - 1] if place else "",
        following=references[place + 1] if place + 1 < len(references) else "",
        next_open=later[0] if later else "",
        best_guess=_best_guess(one),
    )


def _first_open(references: list[str], known: dict[str, tuple[ConfirmationRecord, ...]]) -> int:
    return next((i for i, r in enumerate(references) if r not in known), 0)


def _best_guess(one: Instrument) -> date | None:
    days = {
        claim.on
        for claim in one.claims
        if claim.event is Event.IN_FORCE and claim.precision is Precision.DAY and not claim.party
    }
    return days.pop() if len(days) == 1 else None
