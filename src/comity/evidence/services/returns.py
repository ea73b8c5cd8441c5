# SPDX-License-Identifier: Apache-2.0
"""Returning originals: a hand-over for good to who supplied the item, in a kind of its own."""

from __future__ import annotations

from datetime import date, datetime

from comity.accounts.officer import Officer
from comity.catalogues import N_, Phrase
from comity.evidence.custody import CustodyWords
from comity.evidence.hand_over import HandOver
from comity.evidence.hand_over_messages import RETURN
from comity.evidence.item import RANK_WORDS, STATE_WORDS, Item, ItemState, Rank
from comity.evidence.lifetime import NotAnOriginalError
from comity.evidence.queries.items import item as item_value
from comity.evidence.services import handing_over
from comity.evidence.services.hand_overs_told import receive
from comity.exchange.kind import Kind


def send_back(
    item: str, how: str, *, by: Officer, at: datetime, on: date | None = None, supplier: str = ""
) -> HandOver:
    """Send an original or a thing back to who supplied it; it waits for their confirmation.

    Raises:
        NotAnOriginalError: it is a copy, our own, or not here.
        HandOverUnderWayError: it is being handed over already.
        MessageRejectedError: the message was not accepted for sending.
    """
    return handing_over.propose(
        item,
        administration=_returns_to(item_value(item), supplier),
        for_good=True,
        words=CustodyWords(reason=how),
        on=on,
        kind=RETURN,
        by=by,
        at=at,
    )


def _returns_to(item: Item, supplier: str) -> str:
    """To whom it goes back."""
    suppliers = [channel.supplier for channel in item.channels if channel.supplier]
    obstacle = ""
    if item.state is not ItemState.HELD:
        obstacle = STATE_WORDS[item.state]
    elif item.rank is not Rank.ORIGINAL and not item.is_object:
        obstacle = RANK_WORDS[item.rank]
    elif not suppliers:
        obstacle = N_("it is our own")
    elif supplier and supplier not in suppliers:
        obstacle = Phrase(N_("{partner} did not supply it"), partner=supplier)
    if obstacle:
        raise NotAnOriginalError(item=item.reference, obstacle=obstacle)
    return supplier or suppliers[0]


ORIGINAL_RETURN = Kind(
    RETURN,
    N_("return of an original"),
    receive,
    needs_basis=False,
    largest_body=64 * 1024,
)
