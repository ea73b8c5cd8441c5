# SPDX-License-Identifier: Apache-2.0
"""Which of a node's keys signs at an instant, and what a schedule of keys must hold to.

A key is *valid* while partners accept what it signed, and *active* from the instant when its
node begins to use it, which is later: between the two, every partner learns of it. All of this
follows from the keys and the instant alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.exchange.partner import CardKey, KeyUse

MADE_USES = (KeyUse.IDENTITY, KeyUse.ENVELOPE, KeyUse.ENCRYPTION, KeyUse.TLS)
"""What every node has a key for; the journal keeps its own."""

LIFETIMES: Mapping[KeyUse, timedelta] = {
    KeyUse.IDENTITY: timedelta(days=3652),
    KeyUse.ENVELOPE: timedelta(days=730),
    KeyUse.ENCRYPTION: timedelta(days=730),
    KeyUse.TLS: timedelta(days=397),
    KeyUse.JOURNAL: timedelta(days=36525),
}
SKEW = timedelta(minutes=10)
"""Validity begins so much earlier, because no two clocks agree."""


class NoKeyError(NotFoundError):
    """The node has no key for a use at an instant."""

    code = "no-key-in-force"
    message = N_("This node has no {use} key in force at {at}: expected one, found none.")
    remedy = N_("Make one with `comity partner rotate-keys --use {use}`, and tell the partners.")


@dataclass(frozen=True, slots=True)
class OwnKey:
    """One of this node's keys; its private half lies in the folder of keys."""

    use: KeyUse
    key_id: str
    public: str
    valid_from: datetime
    valid_until: datetime
    active_from: datetime
    made_at: datetime
    announced_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_reason: str = ""
    holder: str = ""

    @property
    def card_key(self) -> CardKey:
        """What a card says of it."""
        return CardKey(
            self.use,
            self.key_id,
            self.public,
            self.valid_from,
            self.valid_until,
            self.revoked_at,
            self.holder,
        )


def active_key(keys: Iterable[OwnKey], use: KeyUse, *, at: datetime) -> OwnKey:
    """The one key that this use is made of at this instant; raises `NoKeyError`.

    Of those that are valid, activated and not revoked it is the one activated last.
    """
    fitting = [
        key for key in keys if key.use is use and key.active_from <= at and key.card_key.fits(at)
    ]
    if not fitting:
        raise NoKeyError(use=use.value, at=at.isoformat(timespec="seconds"))
    return max(fitting, key=lambda key: (key.active_from, key.valid_from, key.key_id))


def key_to_seal_for(keys: Sequence[CardKey], *, at: datetime) -> CardKey | None:
    """Which of a partner's encryption keys to seal for now: the newest that is valid."""
    fitting = [key for key in keys if key.use is KeyUse.ENCRYPTION and key.fits(at)]
    return max(fitting, key=lambda key: (key.valid_from, key.key_id), default=None)
