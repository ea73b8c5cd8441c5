# SPDX-License-Identifier: Apache-2.0
"""Kinds of message: what each demands, and who takes it. The table is `MESSAGE_KINDS` in wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from comity.errors import ComityError
from comity.exchange.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a kind's receiving service gets: values, never rows."""

    reference: str
    """Of the message in this node's ledger."""
    envelope: Envelope
    parts: tuple[str, ...]
    """Names of the blobs in the node's storage, in the order of the envelope's parts."""


Receive = Callable[[Arrived, datetime], None]
"""Called in the transaction that ends in the receipt: what it writes happens exactly once. An
error of the families NotPermitted and InvalidInput refuses the message with an evidence; every
other error leaves it unreceipted, and the sender tries again."""

Refused = Callable[[Arrived, ComityError, datetime], None]
"""Called in the transaction that keeps a refusal by the kind's own service: what must outlive what
was undone, such as an alarm."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is demanded of messages of one kind."""

    name: str
    """`kind/version`."""
    says: str
    """What it is, in words, marked for translation."""
    receive: Receive
    needs_basis: bool = True
    """Whether both sides put the question of the law."""
    needs_official: bool = False
    """Whether a designated official signs beside the node."""
    for_the_desk: bool = True
    """Whether a person opens it: delivered, opened, not opened in time."""
    largest_body: int = 1024 * 1024
    refused: Refused | None = None


Kinds = Mapping[str, Kind]
