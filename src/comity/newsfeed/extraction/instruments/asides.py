# SPDX-License-Identifier: Apache-2.0
"""Mentions of a signing that announce none: "At the signing, the minister said", "will bring".

Such a mention still tells whose signing it was, which another sentence may leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from comity.newsfeed.extraction.instruments.scene import Told
from comity.newsfeed.extraction.instruments.words import BREAKS, WHO, word_set
from comity.newsfeed.extraction.phrases import Token


def as_aside(tokens: Sequence[Token], told: Told) -> Told:
    """What is told, marked where it only speaks of a signing and has no day of its own."""
    if told.cue.rule.code != "NWS-101" or (told.day is not None and not _is_year_before(told)):
        return told
    return replace(told, day=None, aside=True) if _is_of_effects(tokens, told) else told


def _is_year_before(told: Told) -> bool:
    """Whether a bare year stands before "the signing": more often that of figures of trade."""
    day = told.day
    return day is not None and len(day.value) == len("YYYY") and day.last <= told.cue.first


def _is_of_effects(tokens: Sequence[Token], told: Told) -> bool:
    """Whether only its effects or a wish for it are told: "signing the MRA will bring"."""
    named = told.named
    if named is None:
        return tokens[min(told.cue.last, len(tokens) - 1)].folded == ","
    if any(t.folded in _TO_COME for t in tokens[named.first : named.head]):
        return True
    for token in tokens[named.head : told.cue.end]:
        if token.folded in BREAKS or token.folded in WHO or token.folded in _CLAUSE_ENDS:
            return False
        if token.folded in _WILL or token.folded.endswith(_FUTURE_ENDS):
            return True
    return False


_TO_COME = word_set("future futur future futuro futura eventual eventuel eventuelle prochain")
_CLAUSE_ENDS = word_set(", . which that que")
_WILL = word_set("will would could facilitera facilitara renforcera fortalecera ouvrira abrira")
_FUTURE_ENDS = ("ettra", "itira", "uira", "orcera")
