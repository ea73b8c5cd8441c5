# SPDX-License-Identifier: Apache-2.0
"""The states of a message in this node's ledger, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from comity.catalogues import N_


class Direction(StrEnum):
    """Who sent it."""

    OUT = "out"
    IN = "in"


class MessageState(StrEnum):
    """How far it has come."""

    # Ours
    QUEUED = "queued"
    """Accepted, and waiting for its next attempt."""
    SENDING = "sending"
    """The partner has the envelope and asks for parts."""
    DISPATCHED = "dispatched"
    """A letter, or a file that was written: it left, and nothing has come back yet."""
    RELAYED = "relayed"
    """The receipt is here and was verified."""
    DEAD = "dead"
    """Given up, with the reason; an operator can try again."""
    REJECTED = "rejected"
    """Never accepted for sending: the law, a ceiling, the partner."""
    # The partner's
    ARRIVING = "arriving"
    """Its envelope is here, parts are missing."""
    RECEIVED = "received"
    """Whole, and receipted."""
    # Both
    REFUSED = "refused"
    """The recipient refused it, with an evidence."""
    DELIVERED = "delivered"
    """It lies on the recipient's desk."""
    OPENED = "opened"
    WITHDRAWN = "withdrawn"
    """Taken back before it left."""


FOLLOWS: Mapping[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset(
        {
            MessageState.SENDING,
            MessageState.DISPATCHED,
            MessageState.RELAYED,
            MessageState.REFUSED,
            MessageState.DEAD,
            MessageState.WITHDRAWN,
            MessageState.DELIVERED,
            MessageState.OPENED,
        }
    ),
    MessageState.SENDING: frozenset(
        {
            MessageState.QUEUED,
            MessageState.RELAYED,
            MessageState.REFUSED,
            MessageState.DEAD,
            MessageState.DELIVERED,
            MessageState.OPENED,
        }
    ),
    MessageState.DISPATCHED: frozenset(
        {
            MessageState.QUEUED,
            MessageState.RELAYED,
            MessageState.REFUSED,
            MessageState.DEAD,
            MessageState.DELIVERED,
            MessageState.OPENED,
        }
    ),
    MessageState.RELAYED: frozenset(
        {MessageState.DELIVERED, MessageState.OPENED, MessageState.REFUSED}
    ),
    MessageState.DEAD: frozenset({MessageState.QUEUED, MessageState.RELAYED, MessageState.REFUSED}),
    MessageState.REJECTED: frozenset(),
    MessageState.ARRIVING: frozenset({MessageState.RECEIVED, MessageState.REFUSED}),
    MessageState.RECEIVED: frozenset(
        {MessageState.DELIVERED, MessageState.OPENED, MessageState.REFUSED}
    ),
    MessageState.REFUSED: frozenset(),
    MessageState.DELIVERED: frozenset({MessageState.OPENED, MessageState.REFUSED}),
    MessageState.OPENED: frozenset({MessageState.REFUSED}),
    MessageState.WITHDRAWN: frozenset(),
}
"""What may follow each state; the database refuses every other step."""

STATE_WORDS: Mapping[MessageState, str] = {
    MessageState.QUEUED: N_("waiting to be sent"),
    MessageState.SENDING: N_("being sent"),
    MessageState.DISPATCHED: N_("on its way"),
    MessageState.RELAYED: N_("received by the partner"),
    MessageState.DEAD: N_("given up"),
    MessageState.REJECTED: N_("not accepted for sending"),
    MessageState.ARRIVING: N_("arriving"),
    MessageState.RECEIVED: N_("received"),
    MessageState.REFUSED: N_("refused"),
    MessageState.DELIVERED: N_("on the desk"),
    MessageState.OPENED: N_("opened"),
    MessageState.WITHDRAWN: N_("withdrawn"),
}

SENT_WORDS: Mapping[MessageState, str] = {
    MessageState.DELIVERED: N_("on the partner's desk"),
    MessageState.OPENED: N_("opened by the partner"),
    MessageState.REFUSED: N_("refused by the partner"),
}
"""What is otherwise said of a message that we sent."""


def state_words(state: MessageState, direction: Direction) -> str:
    """How far a message has come, as whoever sent or got it says it."""
    said = SENT_WORDS if direction is Direction.OUT else STATE_WORDS
    return said.get(state, STATE_WORDS[state])


def may_follow(before: MessageState, after: MessageState) -> bool:
    """Whether this step is one of the table."""
    return after in FOLLOWS[before]
