# SPDX-License-Identifier: Apache-2.0
"""Countries, unions and customs administrations by their many names in three languages.

A party is named by its country ("Cabo Verde", "Costa Rican"), by its capital or seat of government
where the text speaks of it as an actor, or by its administration ("CBP", "Receita Federal", "HM
Revenue and Customs"). A name that means something else here ("New Mexico", "Jordan Smith") is no
party.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from comity.newsfeed.extraction.phrases import Token


class NamedBy(StrEnum):
    """By what a party is named."""

    COUNTRY = "country"
    ADJECTIVE = "adjective"
    """Such as "Brazilian", "française", "mexicanas"."""
    AUTHORITY = "authority"
    """Such as "CBP" or "Direction générale des douanes et droits indirects"."""


@dataclass(frozen=True, slots=True)
class PartyMention:
    """A party named in the text."""

    start: int
    end: int
    first: int
    """Index of its first token in the sentence."""
    last: int
    code: str
    """ISO 3166-1 alpha-2, or a group's code (`EU`)."""
    named_by: NamedBy = NamedBy.COUNTRY
    authority: str = ""
    """Code of the authority as in the register (`US/CBP`), where it is one."""


def parties_in(tokens: Sequence[Token]) -> tuple[PartyMention, ...]:
    """Every party among the tokens, from left to right, not overlapping."""
    return ()
