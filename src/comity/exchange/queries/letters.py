# SPDX-License-Identifier: Apache-2.0
"""The register of letters: what waits to be sent, what is on its way, every line of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.exchange import models
from comity.exchange.ledger import LedgerRow
from comity.exchange.letter import Channel
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding
from comity.exchange.queries.ledger import LONG_COLUMNS, _ledger_rows

MOST = 100


@dataclass(frozen=True, slots=True)
class DispatchRecord:
    """One line of the register about a message."""

    number: int
    """Of the line; it means nothing outside the node."""
    register_number: str
    channel: Channel
    at: datetime
    recorded_at: datetime
    recorded_by: str
    proof: str
    """Name of the blob; empty where no scan was kept."""


def letters_in(state: MessageState, *, most: int = MOST) -> tuple[LedgerRow, ...]:
    """Messages of ours to partners without a node that are in this state, the oldest first."""
    rows = models.Message.objects.filter(
        direction=Direction.OUT, state=state, partner__binding=Binding.LETTER
    )
    rows = rows.select_related("partner").defer(*LONG_COLUMNS, "partner__card").order_by("pk")
    return tuple(_ledger_rows(rows[:most]))


def letters_received(*, most: int = 20) -> tuple[LedgerRow, ...]:
    """The letters of partners that were registered last."""
    rows = models.Message.objects.filter(
        direction=Direction.IN, partner__binding=Binding.LETTER
    ).select_related("partner")
    return tuple(_ledger_rows(rows.defer(*LONG_COLUMNS, "partner__card").order_by("-pk")[:most]))


def dispatches(reference: str) -> tuple[DispatchRecord, ...]:
    """Every line of the register about a message, in the order in which they were written."""
    rows = models.Dispatch.objects.filter(message__reference=reference).order_by("pk")
    return tuple(
        DispatchRecord(
            row.pk,
            row.register_number,
            Channel(row.channel),
            row.at,
            row.recorded_at,
            row.recorded_by,
            row.proof,
        )
        for row in rows
    )
