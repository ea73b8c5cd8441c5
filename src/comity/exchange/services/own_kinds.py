# SPDX-License-Identifier: Apache-2.0
"""The exchange's own kinds of message: a covering note with files, and a test of the way."""

from __future__ import annotations

import uuid
from datetime import datetime

from comity.accounts.officer import Officer
from comity.catalogues import N_
from comity.exchange.draft import Draft, Posted
from comity.exchange.kind import Arrived, Kind
from comity.exchange.note import NOTE, TEST, Half, body_of_test, read_half, read_note
from comity.exchange.services.entering import MACHINE
from comity.exchange.services.posting import post
from comity.journal.entry import Actor

ANSWERS = uuid.UUID("5b0d6a3e-6d5c-5e0e-9f0c-7a3b1c2d4e5f")
"""Makes the id of an answer from that of its question, so that one has one answer."""


def receive_note(arrived: Arrived, at: datetime) -> None:
    """A note is read on the desk; here only its form is checked."""
    read_note(arrived.envelope.body)


def receive_test(arrived: Arrived, at: datetime) -> None:
    """Answer the question of a test, once; an answer is only received."""
    head = arrived.envelope.header
    if read_half(arrived.envelope.body) is Half.QUESTION:
        answer = Draft(
            kind=TEST,
            to=head.sender,
            body=body_of_test(Half.ANSWER),
            in_reply_to=head.id,
            identifier=str(uuid.uuid5(ANSWERS, head.id)),
        )
        post(answer, by=MACHINE, at=at)


def send_test(partner: str, *, by: Officer | Actor, at: datetime) -> Posted:
    """Send a test of the way: the partner's node receipts it, and answers it."""
    draft = Draft(kind=TEST, to=partner, body=body_of_test(Half.QUESTION))
    return post(draft, by=by, at=at)


COVERING_NOTE = Kind(NOTE, N_("covering note with files"), receive_note, largest_body=512 * 1024)
TEST_OF_THE_WAY = Kind(
    TEST,
    N_("test of the way"),
    receive_test,
    needs_basis=False,
    for_the_desk=False,
    largest_body=4096,
)
