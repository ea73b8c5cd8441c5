# SPDX-License-Identifier: Apache-2.0
"""The life of an instrument, and a partner's whole path, as one line of dated events.

Claims of one event on different days stand side by side in one entry, each with its source; an
unknown day stays unknown and comes last within its instrument. The path of two administrations
runs from assistance over container security and joint work plans to mutual recognition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from comity.agreements.agreement_state import Standing, standing_on
from comity.agreements.claim import Claim, Event
from comity.agreements.documents import Document, plain
from comity.agreements.force import ForceState
from comity.agreements.instrument import Instrument
from comity.agreements.known_overlay import known_overlay
from comity.agreements.legal_basis import Belonging, legal_basis_of
from comity.agreements.overlay import ConfirmedSubject, Overlay
from comity.agreements.register import Register, country_of
from comity.catalogues import N_
from comity.reference.taxonomy import Programme

PATH: tuple[Programme, ...] = (Programme.CMAA, Programme.CSI, Programme.JWP, Programme.MRA)
"""The stages of a partnership, in the order in which they usually follow one another."""

EVENT_WORDS: dict[Event, str] = {
    Event.REGISTERED: N_("registered"),
    Event.NEGOTIATION_OPENED: N_("negotiation opened"),
    Event.TEXT_AGREED: N_("text agreed"),
    Event.SIGNED: N_("signed"),
    Event.NOTIFIED: N_("requirements notified as met"),
    Event.PROVISIONALLY_APPLIED: N_("applied provisionally"),
    Event.IN_FORCE: N_("in force"),
    Event.DOMESTIC_EFFECT: N_("given effect in domestic law"),
    Event.REVISED: N_("revised"),
    Event.SUSPENDED: N_("suspended"),
    Event.RESUMED: N_("resumed"),
    Event.TERMINATION_NOTIFIED: N_("notice of termination given"),
    Event.TERMINATED: N_("terminated"),
    Event.SUPERSEDED: N_("superseded"),
    Event.SUCCEEDED: N_("continued by succession"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one instrument: every claim of it, and whether they agree."""

    instrument: str
    event: Event
    limited_to: str
    """The party, annex or territory for which it is claimed; empty for the whole."""
    claims: tuple[Claim, ...]
    version: str = ""
    confirmed_by: str = ""
    """The reference of the administration's own confirmation, where one settles the day."""
    confirmed_on: date | None = None

    @property
    def on(self) -> date | None:
        """The earliest day that anybody claims; the confirmed day where there is one."""
        if self.confirmed_on is not None:
            return self.confirmed_on
        return min((claim.on for claim in self.claims if claim.on), default=None)

    @property
    def in_conflict(self) -> bool:
        """Whether two claims name days that cannot both be true."""
        known = [claim for claim in self.claims if claim.earliest and claim.latest]
        latest_start = max((c.earliest for c in known if c.earliest), default=None)
        earliest_end = min((c.latest for c in known if c.latest), default=None)
        return latest_start is not None and earliest_end is not None and latest_start > earliest_end


@dataclass(frozen=True, slots=True)
class Stage:
    """One instrument on a partner's path: where it stands, and what happened."""

    instrument: str
    title: str
    programme: Programme
    standing: Standing
    """Where the instrument stands as a whole."""
    between: ForceState
    """Whether it is in force between the two: a party may be bound later, or not known to be."""
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Everything between two administrations, stage by stage, as of a day."""

    parties: tuple[str, str]
    on: date
    stages: tuple[Stage, ...]

    def happenings(self) -> tuple[Happening, ...]:
        """All events of all stages as one line, the dated first and in order."""
        return in_order(happening for stage in self.stages for happening in stage.happenings)

    def missing(self) -> tuple[Programme, ...]:
        """The stages of the usual path for which nothing is registered."""
        present = {stage.programme for stage in self.stages}
        return tuple(programme for programme in PATH if programme not in present)


def history(instrument: Instrument, overlay: Overlay | None = None) -> tuple[Happening, ...]:
    """Everything claimed of the instrument and its versions, in order of time."""
    happenings = _of_claims(instrument.reference, instrument.claims)
    for version in instrument.versions:
        happenings += _of_claims(instrument.reference, version.claims, version.code)
    return in_order([*happenings, *_of_confirmations(instrument.reference, overlay or Overlay())])


def path_between(
    register: Register, one: str, other: str, *, on: date, overlay: Overlay | None = None
) -> Path:
    """The whole path of two administrations, in the order of `PATH`, other instruments after."""
    known = known_overlay(overlay or Overlay(), None)
    stages = [
        Stage(
            instrument=instrument.reference,
            title=instrument.title,
            programme=instrument.programme,
            standing=standing_on(instrument, on, overlay, register),
            between=basis.force.state,
            happenings=history(instrument, overlay),
        )
        for instrument in register.between(one, other)
        for basis in [
            legal_basis_of(instrument, country_of(one), country_of(other), on, register, known)
        ]
        if basis.first.belonging is not Belonging.NONE
    ]
    return Path((one, other), on, tuple(sorted(stages, key=_stage_place)))


def in_order(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    """The dated ones in order of time, then the undated in the order of life."""
    events = list(Event)
    return tuple(
        sorted(happenings, key=lambda h: (h.on is None, h.on or date.max, events.index(h.event)))
    )


def happening_document(happening: Happening) -> Document:
    """One event as JSON has it."""
    return {
        "instrument": happening.instrument,
        "event": happening.event.value,
        "on": plain(happening.on),
        "limited_to": happening.limited_to,
        "version": happening.version,
        "in_conflict": happening.in_conflict,
        "confirmed_by": happening.confirmed_by,
        "claims": [plain(claim) for claim in happening.claims],
    }


def path_document(path: Path) -> Document:
    """The path as JSON has it."""
    return {
        "parties": list(path.parties),
        "on": path.on.isoformat(),
        "missing": [programme.value for programme in path.missing()],
        "stages": [
            {
                "instrument": stage.instrument,
                "title": stage.title,
                "programme": stage.programme.value,
                "standing": plain(stage.standing),
                "in_force_between": stage.between.value,
                "happenings": [happening_document(h) for h in stage.happenings],
            }
            for stage in path.stages
        ],
    }


def _of_claims(reference: str, claims: Iterable[Claim], version: str = "") -> list[Happening]:
    """Claims of one event for one party, annex or territory are one happening."""
    ordered = sorted(claims, key=_topic)
    return [
        Happening(reference, event, limit, tuple(same), version)
        for (event, limit), same in groupby(ordered, key=_topic)
    ]


def _of_confirmations(reference: str, overlay: Overlay) -> list[Happening]:
    return [
        Happening(
            instrument=reference,
            event=event,
            limited_to="",
            claims=(),
            confirmed_by=confirmation.reference,
            confirmed_on=day,
        )
        for confirmation in overlay.confirmations
        if confirmation.instrument == reference
        and confirmation.subject is ConfirmedSubject.FORCE
        and confirmation.suspended_on is None
        and confirmation.withdrawn_on is None
        for event, day in (
            (Event.IN_FORCE, confirmation.in_force_from),
            (Event.TERMINATED, confirmation.in_force_until),
        )
        if day is not None
    ]


def _topic(claim: Claim) -> tuple[Event, str]:
    return claim.event, " ".join(filter(None, (claim.party, claim.annex, claim.territory)))


def _stage_place(stage: Stage) -> tuple[int, date, str]:
    place = PATH.index(stage.programme) if stage.programme in PATH else len(PATH)
    first = next((h.on for h in stage.happenings if h.on), date.max)
    return place, first, stage.instrument
