# SPDX-License-Identifier: Apache-2.0
"""The register as one value: every instrument, the models, and who belongs to which group when.

`Register.between` finds the instruments that two administrations may rely on, directly or through
a union; `Register.as_known_on` is the register as it stood on a past day. Loading from files is
`instrument_files`' work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from comity.agreements.instrument import Instrument, territories_of
from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.reference.groups import Groups


class UnknownInstrumentError(NotFoundError):
    """The register has no instrument of that reference."""

    code = "unknown-instrument"
    message = N_("The register has no instrument {reference}.")
    remedy = N_("List what it has with `comity agreements list`; the nearest are: {nearest}.")


def country_of(authority: str) -> str:
    """The party's code in an authority's code: `US` of `US/CBP`."""
    return authority.partition("/")[0]


@dataclass(frozen=True)
class Register:
    """Instruments by reference, model texts by reference, and the groups of states."""

    instruments: Mapping[str, Instrument]
    groups: Groups
    models: Mapping[str, Instrument] = field(default_factory=dict)

    def instrument(self, reference: str) -> Instrument:
        """The instrument or model of that reference.

        Raises:
            UnknownInstrumentError: there is none; the nearest references are named.
        """
        found = self.instruments.get(reference) or self.models.get(reference)
        if found is None:
            raise UnknownInstrumentError(
                reference=reference, nearest=", ".join(self._near(reference))
            )
        return found

    def between(self, one: str, other: str) -> tuple[Instrument, ...]:
        """Instruments to which both belong on any day, directly or through a group, in order."""
        ours = self._by_party.get(country_of(one), frozenset())
        theirs = self._by_party.get(country_of(other), frozenset())
        return tuple(self.instruments[reference] for reference in sorted(ours & theirs))

    def of(self, party: str) -> tuple[Instrument, ...]:
        """Instruments to which this party belongs on any day, directly or through a group."""
        return tuple(self.instruments[r] for r in sorted(self._by_party.get(country_of(party), ())))

    def successors(self, reference: str) -> tuple[Instrument, ...]:
        """Instruments that end this one once they are in force between the same parties."""
        return self._successors.get(reference, ())

    def as_known_on(self, day: date) -> Register:
        """The register without anything recorded after that day."""
        return replace(
            self,
            instruments={
                reference: _as_known_on(instrument, day)
                for reference, instrument in self.instruments.items()
                if instrument.recorded_on <= day
            },
        )

    @cached_property
    def _by_party(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for reference, instrument in self.instruments.items():
            for code in _codes(instrument, self.groups):
                found.setdefault(code, set()).add(reference)
        return {code: frozenset(references) for code, references in found.items()}

    @cached_property
    def _successors(self) -> dict[str, tuple[Instrument, ...]]:
        found: dict[str, tuple[Instrument, ...]] = {}
        for instrument in self.instruments.values():
            for reference in instrument.supersedes:
                found[reference] = (*found.get(reference, ()), instrument)
        return found

    def _near(self, reference: str) -> Iterable[str]:
        from difflib import get_close_matches

        return get_close_matches(reference, [*self.instruments, *self.models], n=5, cutoff=0.3)


def _codes(instrument: Instrument, groups: Groups) -> set[str]:
    codes: set[str] = set()
    for party in instrument.parties:
        codes.add(party.code)
        codes.update(territories_of(instrument, party))
        codes.update(groups.members_ever(party.code))
    return codes


def _as_known_on(instrument: Instrument, day: date) -> Instrument:
    return replace(
        instrument,
        claims=tuple(c for c in instrument.claims if c.recorded_on <= day),
        provisions=tuple(p for p in instrument.provisions if p.recorded_on <= day),
        versions=tuple(
            replace(v, claims=tuple(c for c in v.claims if c.recorded_on <= day))
            for v in instrument.versions
        ),
    )
