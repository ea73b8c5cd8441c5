# SPDX-License-Identifier: Apache-2.0
"""Everything that changes what the exchange keeps; other capabilities post and read through here.

Each module is one concern: `posting`, `receiving`, `hearing`, `opening`, `timing` and so on.
"""

from __future__ import annotations

from comity.exchange.services.opening import open_message, open_part, refuse_message
from comity.exchange.services.own_kinds import send_test
from comity.exchange.services.posting import keep_part, post, withdraw
from comity.exchange.services.receiving import RECEPTION, NodeReception
from comity.exchange.services.stating import bring_to_the_desk
from comity.exchange.services.timing import make_due

__all__ = [
    "RECEPTION",
    "NodeReception",
    "bring_to_the_desk",
    "keep_part",
    "make_due",
    "open_message",
    "open_part",
    "post",
    "refuse_message",
    "send_test",
    "withdraw",
]
