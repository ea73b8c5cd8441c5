# SPDX-License-Identifier: Apache-2.0
"""What is laid on a piece of information, and how two such markings combine.

Markings form a join-semilattice: the join of two is at least as restrictive as either in every
part, so combining in any order, any number of times, gives the same and never less. Nothing is
ever overwritten. What a marking means for an act is decided by the assessment (`agreements`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.reference.taxonomy import Caveat, HandlingCode, InformationClass, Purpose, UseRule


@dataclass(frozen=True, slots=True)
class Marking:
    """Every condition laid on an item. The default lays none; unknown facts stay unknown."""

    caveats: frozenset[Caveat] = frozenset()
    handling: frozenset[HandlingCode] = frozenset()
    use_rules: frozenset[tuple[Purpose, UseRule]] = frozenset()
    """The strictest rule that the supplier set for a purpose; a purpose left out has none."""
    audience: frozenset[str] | None = None
    """Named recipients; None for no list. An empty list is nobody, never everybody."""
    classes: frozenset[InformationClass] = frozenset()
    personal_data: bool | None = None
    judicially_obtained: bool | None = None
    return_or_destroy_by: date | None = None
    restrictions: frozenset[str] = frozenset()
    """What was laid down in words (handling code H3, a letter); a person reads it."""
