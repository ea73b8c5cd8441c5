# SPDX-License-Identifier: Apache-2.0
"""The overlay as it was known on a day, arranged by instrument and by pair.

What was recorded later, and what had been suspended or withdrawn by then, is left out. Without a
day, everything recorded counts, and everything ever suspended or withdrawn does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from comity.agreements.overlay import (
    Attestation,
    Confirmation,
    ConfirmedSubject,
    Overlay,
    StandingRuling,
)

Entry = TypeVar("Entry", Confirmation, StandingRuling, Attestation)


@dataclass(frozen=True)
class KnownOverlay:
    """Confirmations, rulings and attestations that count, by what they are about."""

    force: Mapping[str, tuple[Confirmation, ...]]
    provisions: Mapping[str, tuple[Confirmation, ...]]
    rulings: Mapping[str, tuple[StandingRuling, ...]]
    attestations: Mapping[frozenset[str], tuple[Attestation, ...]]
    base: KnownOverlay | None = None
    """What this one adds to, where it is tried out only."""
    touched: frozenset[str] = frozenset()
    """The instruments of which something was added to `base`."""

    def with_added(
        self, confirmations: Iterable[Confirmation], rulings: Iterable[StandingRuling]
    ) -> KnownOverlay:
        """This and something more, to be tried out; itself where nothing is added."""
        force, provisions = dict(self.force), dict(self.provisions)
        ruled = dict(self.rulings)
        touched = set()
        for confirmation in confirmations:
            reference = confirmation.instrument
            table = force if confirmation.subject is ConfirmedSubject.FORCE else provisions
            table[reference] = (*table.get(reference, ()), confirmation)
            touched.add(reference)
        for ruling in rulings:
            ruled[ruling.instrument] = (*ruled.get(ruling.instrument, ()), ruling)
            touched.add(ruling.instrument)
        if not touched:
            return self
        return KnownOverlay(force, provisions, ruled, self.attestations, self, frozenset(touched))

    def attestation(self, one: str, other: str, on: date) -> Attestation | None:
        """The attestation that the list for this pair is complete on the day."""
        for attestation in self.attestations.get(frozenset((one, other)), ()):
            if attestation.valid_from <= on < attestation.valid_until:
                return attestation
        return None


def known_overlay(overlay: Overlay, known_on: date | None) -> KnownOverlay:
    """What of the overlay counts, as known on that day (None: by now)."""
    key = (id(overlay), known_on)
    kept = _CACHE.get(key)
    if kept is not None and kept[0] is overlay:
        return kept[1]
    if len(_CACHE) >= CACHED:
        _CACHE.clear()
    known = _known(overlay, known_on)
    _CACHE[key] = (overlay, known)
    return known


CACHED = 256
_CACHE: dict[tuple[int, date | None], tuple[Overlay, KnownOverlay]] = {}
"""Arranged overlays; each keeps its overlay alive, so that an id never means another one."""


def _known(overlay: Overlay, known_on: date | None) -> KnownOverlay:
    force: dict[str, list[Confirmation]] = {}
    provisions: dict[str, list[Confirmation]] = {}
    for confirmation in _standing(overlay.confirmations, known_on):
        of_force = confirmation.subject is ConfirmedSubject.FORCE
        table = force if of_force else provisions
        table.setdefault(confirmation.instrument, []).append(confirmation)
    rulings: dict[str, list[StandingRuling]] = {}
    for ruling in _standing(overlay.rulings, known_on):
        rulings.setdefault(ruling.instrument, []).append(ruling)
    attestations: dict[frozenset[str], list[Attestation]] = {}
    for attestation in _standing(overlay.attestations, known_on):
        attestations.setdefault(attestation.parties, []).append(attestation)
    return KnownOverlay(
        force={k: tuple(v) for k, v in force.items()},
        provisions={k: tuple(v) for k, v in provisions.items()},
        rulings={k: tuple(v) for k, v in rulings.items()},
        attestations={k: tuple(v) for k, v in attestations.items()},
    )


def _standing(entries: Iterable[Entry], known_on: date | None) -> Iterable[Entry]:
    """Those recorded by the day and neither suspended nor withdrawn by it."""
    for entry in entries:
        if known_on is not None and entry.recorded_on > known_on:
            continue
        ended = (getattr(entry, "suspended_on", None), entry.withdrawn_on)
        if not any(day is not None and (known_on is None or day <= known_on) for day in ended):
            yield entry
