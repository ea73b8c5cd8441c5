# SPDX-License-Identifier: Apache-2.0
"""Days, months and years in English, French and Spanish, resolved against the publication.

"Today", "Monday", "yesterday", "last week" and "August 13th" mean a day only together with the day
of publication; without it they stay unresolved and give no date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from comity.newsfeed.extraction.phrases import Token


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the text: as precise as it is known."""

    start: int
    end: int
    first: int
    """Index of its first token in the sentence."""
    last: int
    value: str
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    relative: bool = False
    """Resolved against the day of publication: "today", "on Monday", "August 13th"."""
    past: bool = True
    """False where it lies after the day of publication."""


def dates_in(tokens: Sequence[Token], published: date | None) -> tuple[DateMention, ...]:
    """Every date among the tokens, from left to right, not overlapping."""
    return ()
