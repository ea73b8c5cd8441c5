# SPDX-License-Identifier: Apache-2.0
"""What a recipient's node answers to one envelope that was handed to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WantedPart:
    """A part of which content is missing."""

    number: int
    """Counts from 0, in the order of the envelope."""
    from_segment: int
    """Everything before this segment is durably there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The envelope is acceptable and kept; these parts are asked for (the ask-list)."""

    message: str
    parts: tuple[WantedPart, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """It is settled: the signed evidence, a receipt (`relayed`) or a refusal (`refused`)."""

    message: str
    evidence: bytes
    """The DSSE document, the same bytes whenever it is asked for."""


@dataclass(frozen=True, slots=True)
class Held:
    """Not now: quota, slow-down, maintenance, a full disk, a failure on our side. Try again."""

    message: str
    reason: str
    """A code, such as `quota-reached`."""
    retry_after: int
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Asked about a message of which nothing is known: send it again."""

    message: str


Outcome = Wanted | Stated | Held | Unknown


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """The outcome as the JSON object of the wire format."""
    raise NotImplementedError


def read_outcome(document: Any) -> Outcome:  # any: whatever a partner's node answered
    """The outcome of a JSON object; raises where it is none."""
    raise NotImplementedError
