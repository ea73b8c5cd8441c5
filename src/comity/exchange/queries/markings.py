# SPDX-License-Identifier: Apache-2.0
"""How a message is to be handled, and what its sender relies on: its header, not its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.exchange import models
from comity.exchange.queries.messages import (
    UnknownMessageError,
    envelope_document,
    envelope_in,
)


@dataclass(frozen=True, slots=True)
class Marking:
    """What stands on the outside of a message, as it were."""

    handling: str
    """A handling code; empty for none."""
    caveats: tuple[str, ...]
    question: Mapping[str, Any] | None
    """The sender's question to the law; None where it put none."""
    official: str
    """Reference of the designated official who signed beside the node."""


def marking(reference: str) -> Marking:
    """The marking of a message.

    Raises:
        UnknownMessageError: there is none of that reference.
    """
    row = models.Message.objects.filter(reference=reference).only("sealed").first()
    if row is None:
        raise UnknownMessageError(reference=reference)
    header = envelope_in(envelope_document(row.sealed)).header
    question = header.basis.question if header.basis else None
    return Marking(header.handling, header.caveats, question, header.official)
