# SPDX-License-Identifier: Apache-2.0
"""How far a file is read and expanded when it is examined."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one examination; its memory and time follow from them, not from the file."""

    longest_file: int = 64 << 30
    """Larger ones get a finding, and whoever takes files in refuses them."""
    head: int = 4 << 20
    """How many bytes from the start are held at once."""
    searched: int = 64 << 20
    """How many bytes of a document are searched, piece by piece."""
    tail: int = 1 << 17
    most_members: int = 10_000
    """Of an archive and all archives in it."""
    longest_expanded: int = 16 << 30
    """What an archive may say that it expands to."""
    greatest_ratio: int = 200
    """How many bytes one packed byte may become, where it is more than a trifle."""
    most_unpacked: int = 64 << 20
    """How much is truly unpacked, in all, to see whether archives tell the truth."""
    longest_nested: int = 8 << 20
    """An archive within an archive is held in memory up to this size, and not entered above."""
    deepest: int = 3
    """How many archives may lie in each other."""
    most_pixels: int = 64_000_000
    """Of a picture, as its head says."""


USUAL_LIMITS = Limits()
TRIFLE = 10 << 20
"""Below this size, how well something packs tells nothing."""
