# SPDX-License-Identifier: Apache-2.0
"""What a recipient's node answers to one envelope that was handed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comity.exchange import members as form
from comity.exchange import wire
from comity.exchange.members import Members, encoded
from comity.exchange.wire import WireFormError


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
    match outcome:
        case Wanted():
            parts = [{"part": p.number, "from": p.from_segment} for p in outcome.parts]
            return {"outcome": "wanted", "message": outcome.message, "parts": parts}
        case Stated():
            evidence = outcome.evidence.decode()
            return {"outcome": "stated", "message": outcome.message, "evidence": evidence}
        case Held():
            held = {"reason": outcome.reason, "retry_after": outcome.retry_after}
            return {"outcome": "held", "message": outcome.message, **held}
        case Unknown():
            return {"outcome": "unknown", "message": outcome.message}


def read_outcome(document: Any) -> Outcome:  # any: whatever a partner's node answered
    """The outcome of a JSON object; members that this release does not know are passed over."""
    if not isinstance(document, dict):
        raise WireFormError(
            document="outcome", member="it", found="something else", expected="an object"
        )
    members = Members(document, "outcome")
    read = _READERS.get(members.text("outcome", form.CODE, most=wire.CODE))
    if read is None:
        raise members.refuse("outcome", " or ".join(_READERS))
    return read(members)


def _read_wanted(members: Members) -> Wanted:
    message = members.text("message", form.IDENTIFIER)
    parts = members.each("parts", _read_wanted_part, most=wire.PARTS)
    if not parts or len({part.number for part in parts}) < len(parts):
        raise members.refuse("parts", "at least one, and each once")
    return Wanted(message, parts)


def _read_wanted_part(members: Members) -> WantedPart:
    number = members.number("part", most=wire.PARTS - 1)
    return WantedPart(number, members.number("from", most=wire.SEGMENTS))


def _read_stated(members: Members) -> Stated:
    evidence = members.text("evidence", form.NOTE, most=wire.DOCUMENT_BYTES)
    return Stated(members.text("message", form.IDENTIFIER), encoded(evidence, "outcome"))


def _read_held(members: Members) -> Held:
    return Held(
        message=members.text("message", form.IDENTIFIER),
        reason=members.text("reason", form.CODE, most=wire.CODE),
        retry_after=members.number("retry_after", most=wire.LONGEST_WAIT),
    )


def _read_unknown(members: Members) -> Unknown:
    return Unknown(members.text("message", form.IDENTIFIER))


_READERS: dict[str, Callable[[Members], Outcome]] = {
    "wanted": _read_wanted,
    "stated": _read_stated,
    "held": _read_held,
    "unknown": _read_unknown,
}
