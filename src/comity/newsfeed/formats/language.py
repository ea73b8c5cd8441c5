# SPDX-License-Identifier: Apache-2.0
"""Which language a text is written in: what it says of itself, checked by a vote of small words."""

from __future__ import annotations

import re
from collections import Counter

_SMALL_WORDS = {
    "en": "the of and to in a that with for is was on by this from at it has were",
    "fr": "le la les des du et de en une un est pour dans par au aux sur avec qui cette l d",
    "es": "el la los las del y de en una un es por para con que al se su lo como esta",
    "pt": "o a os as do da dos das e de em uma um no na nos nas por para com que ao se seu",
}
SMALL_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()
}
"""Words that stand in every text of the language; those of two languages vote for both."""

FEWEST_VOTES = 4
ENOUGH_TO_DIFFER = 1.5
"""How many times as many votes another language needs before the declared one is not believed."""

_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_].{0,20})?", re.DOTALL)


def language_of(text: str, declared: str = "") -> str:
    """The ISO 639-1 code of the text's language; empty when it could not be told."""
    said = _CODE.fullmatch(declared.strip())
    said_code = said[1].lower() if said else ""
    votes = _votes(text)
    best = max(votes, key=lambda language: (votes[language], language == said_code))
    if votes[best] < FEWEST_VOTES:
        return said_code
    if said_code and said_code not in SMALL_WORDS:
        # Four languages only are counted here: few small words among many decide nothing.
        share = votes[best] / max(1, len(_WORD.findall(text[:4000])))
        return best if share > 0.25 else said_code
    if said_code and votes[best] < ENOUGH_TO_DIFFER * votes[said_code]:
        return said_code
    return best


def _votes(text: str) -> dict[str, int]:
    counted = Counter(_WORD.findall(text[:4000].casefold()))
    return {
        language: sum(counted.get(word, 0) for word in words)
        for language, words in SMALL_WORDS.items()
    }
