# SPDX-License-Identifier: Apache-2.0
"""People and the capacity in which a text names them: signatories, visitors, nominees.

Found are only people who stand beside their capacity ("CBP Commissioner Alex North", "Alex North,
Chair of the Customs Committee,", "le directeur général des douanes, M. Alex North"). Both are
given as the text has them; a name alone is nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Token


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person and the capacity; `start` to `end` is the whole of it, tokens `first` to `last`."""

    start: int
    end: int
    first: int
    last: int
    name_start: int
    name_end: int
    capacity_start: int
    capacity_end: int
    party: str = ""
    """Country or group for which the person acts, where the capacity names it."""


def people_in(
    tokens: Sequence[Token], parties: Sequence[PartyMention]
) -> tuple[PersonMention, ...]:
    """Everybody named with a capacity, from left to right, not overlapping."""
    return ()
