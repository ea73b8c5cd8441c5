# SPDX-License-Identifier: Apache-2.0
"""Reading a partner's card at the address of its invitation: bytes only, nothing of it trusted.

The fingerprint is compared by people whatever brought the card, so the way needs no trust.
"""

from __future__ import annotations

from django.conf import settings

from comity.exchange import wire
from comity.outbound import Limits, Policy
from comity.outbound.visit import fetch

CARD_TYPE = "application/json"
"""A card is a signed document (DSSE), and that is JSON."""
LIMITS = Limits(size=wire.DOCUMENT_BYTES, total_seconds=30)


def fetch_card(address: str) -> bytes:
    """What stands at the address.

    Raises:
        PeerError: nobody answered, or with no document.
        OddAddressError, PrivateAddressError, OutboundOffError: the address is not asked.
    """
    policy: Policy = settings.OUTBOUND
    return fetch(address, accept=CARD_TYPE, limits=LIMITS, policy=policy).document()
