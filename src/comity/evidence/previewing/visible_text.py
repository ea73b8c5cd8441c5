# SPDX-License-Identifier: Apache-2.0
"""A text as a person can trust what it looks like: marks without a shape are written out.

Plain; whoever shows it escapes it as any text.
"""

from __future__ import annotations

import unicodedata

KEPT = "\n\t"
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Categories of letters that have no shape, or that turn others around."""
JOINERS = "\u200c\u200d"
"""Without a shape, and needed to write Persian, Hindi and others."""


def visible(text: str) -> str:
    """The text with each hidden mark written as ⟨U+202E⟩, and lines ended in one way."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_visible(letter) for letter in lines)


def _visible(letter: str) -> str:
    if letter in KEPT or letter in JOINERS or unicodedata.category(letter) not in HIDDEN:
        return letter
    return f"⟨U+{ord(letter):04X}⟩"
