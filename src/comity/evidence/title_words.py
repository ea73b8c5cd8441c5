# SPDX-License-Identifier: Apache-2.0
"""The words by which an item is found: those of its title and its marks, folded.

Case, accents and signs do not count; a script that is written without blanks is taken two signs
at a time. Values only: what is kept of the words is a keyed digest of each (`queries.words`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

SHORTEST = 2
LONGEST = 40
MOST = 200
"""So many words of one item are kept; the rest do not find it."""
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Japanese syllables
    (0x3400, 0x9FFF),  # Chinese signs
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Scripts that are written without blanks between words."""


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The folded words of these texts, each once, in their order."""
    found = dict.fromkeys(part for text in texts for run in _runs(text) for part in _parts(run))
    return tuple(found)[:MOST]


def fits(asked: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether every one of these words is among those of the texts."""
    return set(asked) <= set(words_of(texts))


def _runs(text: str) -> Iterator[str]:
    """Letters and numbers that stand together, folded: “Ångström-7” is “angstrom” and “7”."""
    run = ""
    for sign in unicodedata.normalize("NFKD", text.casefold()).casefold():
        kind = unicodedata.category(sign)
        if kind[0] in "LN" or kind == "Mc":
            run += sign
        elif kind[0] != "M" and run:
            yield unicodedata.normalize("NFC", run)
            run = ""
    if run:
        yield unicodedata.normalize("NFC", run)


def _parts(run: str) -> Iterator[str]:
    if any(_is_unspaced(sign) for sign in run):
        yield from (run[at : at + SHORTEST] for at in range(len(run) - 1))
    elif len(run) >= SHORTEST:
        yield run[:LONGEST]


def _is_unspaced(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in UNSPACED)
