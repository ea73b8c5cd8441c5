# SPDX-License-Identifier: Apache-2.0
"""Which of a node's keys signs at an instant, and what a schedule of keys must hold to.

A key is *valid* while partners accept what it signed, and *active* from the instant when its
node begins to use it, which is later: between the two, every partner learns of it. All of this
follows from the keys and the instant alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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


PRE_ANNOUNCED: Mapping[KeyUse, timedelta] = {
    KeyUse.IDENTITY: timedelta(days=60),
    KeyUse.ENVELOPE: timedelta(days=14),
    KeyUse.ENCRYPTION: timedelta(days=14),
    KeyUse.TLS: timedelta(days=14),
}
"""So long before it is used, a successor stands on the card."""
OVERLAP: Mapping[KeyUse, timedelta] = {
    KeyUse.IDENTITY: timedelta(days=180),
    KeyUse.ENVELOPE: timedelta(days=30),
    KeyUse.ENCRYPTION: timedelta(days=30),
    KeyUse.TLS: timedelta(days=30),
}
"""So long a key stays valid after its successor took over, if nothing hurries."""
LAST_MOMENT = timedelta(hours=1)
"""However late a successor is made, it takes over so much before the old key ends."""


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


def successor(keys: Iterable[OwnKey], use: KeyUse, *, at: datetime) -> OwnKey | None:
    """The key that will take over next, if one was made already."""
    waiting = [
        key
        for key in keys
        if key.use is use and key.active_from > at and key.card_key.fits(key.active_from)
    ]
    return min(waiting, key=lambda key: (key.active_from, key.key_id), default=None)


def covered_until(keys: Sequence[OwnKey], use: KeyUse, *, at: datetime) -> datetime:
    """Until when a key of this use is in force without a gap; `at` itself where none is.

    A successor takes over by then at the latest. The end of the key in force is not enough: where
    it is to be taken back, the one before it serves again, and ends sooner.
    """
    end = at
    while True:
        serving = [
            min(key.valid_until, key.revoked_at or key.valid_until)
            for key in keys
            if key.use is use and key.active_from <= end and key.card_key.fits(end)
        ]
        if not serving:
            return end
        end = max(serving)


@dataclass(frozen=True, slots=True)
class Times:
    """From when on partners accept a new key, and from when on it is used."""

    valid_from: datetime
    active_from: datetime


def times_of(use: KeyUse, *, active_from: datetime, at: datetime) -> Times:
    """The times of a key that is made now and is to be used from an instant on.

    What signs is accepted at once, so that it can take over in an emergency. What partners seal
    for is chosen by them, so it begins when it is to be used.
    """
    valid_from = max(active_from, at) if use is KeyUse.ENCRYPTION else at
    return Times(valid_from - SKEW, active_from)


def renewal_due(keys: Sequence[OwnKey], use: KeyUse, *, at: datetime) -> Times | None:
    """When the successor that must be made now takes over; None where none is due."""
    end = covered_until(keys, use, at=at)
    if end == at:
        return times_of(use, active_from=at, at=at)
    if at < end - OVERLAP[use] - PRE_ANNOUNCED[use]:
        return None
    planned = max(end - OVERLAP[use], at + PRE_ANNOUNCED[use])
    latest = max(at, end - LAST_MOMENT)
    return times_of(use, active_from=min(planned, latest), at=at)


def instants_to_fill(keys: Iterable[OwnKey], use: KeyUse, *, at: datetime) -> tuple[datetime, ...]:
    """Now, and every later instant at which a key of this use is taken back before its end."""
    taken = {key.revoked_at or key.valid_until for key in keys if key.use is use and _cut(key)}
    return tuple(sorted({at} | {instant for instant in taken if instant > at}))


def _cut(key: OwnKey) -> bool:
    return key.revoked_at is not None and key.revoked_at < key.valid_until


def in_place(
    keys: Sequence[OwnKey], use: KeyUse, *, from_: datetime, at: datetime
) -> OwnKey | Times:
    """What is used from an instant on: a key as it is, one that takes over early, or a new one."""
    try:
        return active_key(keys, use, at=from_)
    except NoKeyError:
        waiting = successor(keys, use, at=from_)
    if waiting is None:
        return times_of(use, active_from=from_, at=at)
    return replace(waiting, active_from=from_, valid_from=min(waiting.valid_from, from_ - SKEW))


def key_to_seal_for(keys: Sequence[CardKey], *, at: datetime) -> CardKey | None:
    """Which of a partner's encryption keys to seal for now: the newest that is valid."""
    fitting = [key for key in keys if key.use is KeyUse.ENCRYPTION and key.fits(at)]
    return max(fitting, key=lambda key: (key.valid_from, key.key_id), default=None)
