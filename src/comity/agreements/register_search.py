# SPDX-License-Identifier: Apache-2.0
"""Finding instruments in the register: by party, kind, programme, state on a day, and words.

Every condition narrows; a condition left out narrows nothing. Words are found in the reference,
the title, the notes and the parties' names in both languages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from comity.agreements.agreement_state import standing_on
from comity.agreements.instrument import Instrument
from comity.agreements.overlay import Overlay
from comity.agreements.register import Register
from comity.reference.countries import country_name
from comity.reference.taxonomy import AgreementState, InstrumentKind, Programme


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, on which day the state is judged."""

    on: date
    party: str = ""
    with_: str = ""
    """A second party: only instruments that may hold between the two."""
    kind: InstrumentKind | None = None
    programme: Programme | None = None
    state: AgreementState | None = None
    awaiting: bool = False
    """Only those signed and not known to be in force."""
    words: str = ""


def found(register: Register, search: Search, overlay: Overlay) -> tuple[Instrument, ...]:
    """The instruments that fit, in the order of their references."""
    if search.party and search.with_:
        candidates = register.between(search.party, search.with_)
    elif search.party or search.with_:
        candidates = register.of(search.party or search.with_)
    else:
        candidates = tuple(register.instruments[r] for r in sorted(register.instruments))
    conditions = _conditions(register, search, overlay)
    return tuple(one for one in candidates if all(holds(one) for holds in conditions))


def _conditions(
    register: Register, search: Search, overlay: Overlay
) -> list[Callable[[Instrument], bool]]:
    """The cheap conditions first; the state is judged only for what is left."""
    conditions: list[Callable[[Instrument], bool]] = []
    if search.kind is not None:
        conditions.append(lambda one: one.kind is search.kind)
    if search.programme is not None:
        conditions.append(lambda one: one.programme is search.programme)
    if search.words.strip():
        words = search.words.casefold().split()
        conditions.append(lambda one: all(word in _haystack(one) for word in words))
    if search.state is not None or search.awaiting:
        conditions.append(lambda one: _stands(register, one, search, overlay))
    return conditions


def _stands(register: Register, one: Instrument, search: Search, overlay: Overlay) -> bool:
    standing = standing_on(one, search.on, overlay, register)
    return (search.state is None or standing.state is search.state) and (
        not search.awaiting or standing.awaiting
    )


def _haystack(one: Instrument) -> str:
    names = [
        f"{party.code} {country_name(party.code)} {country_name(party.code, 'fr')}"
        for party in one.parties
    ]
    return " ".join((one.reference, one.title, *one.notes, *names)).casefold()
