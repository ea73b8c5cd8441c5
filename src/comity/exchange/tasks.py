# SPDX-License-Identifier: Apache-2.0
"""Work that recurs: the desk, time-outs, keys, the card, and what is to be forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from comity import clock
from comity.exchange.services import (
    announcing,
    key_rotation,
    nonces,
    own_keys,
    proving,
    standby_keys,
    stating,
    timing,
    watching,
)
from comity.storage.services import store

ARRIVALS_KEPT = timedelta(days=30)
"""A part that began to arrive and went no further is forgotten, and asked for anew."""
MOST_TURNS = 50
"""Of one run; what is left is done in the next one."""


def bring_to_the_desk() -> None:
    """Let what was received lie on the officers' desk, and state it to the senders."""
    for _ in range(MOST_TURNS):
        if not (_exchanges() and stating.bring_to_the_desk(at=clock.now())):
            return


def time_out() -> None:
    """State what was not received, delivered or opened in time."""
    for _ in range(MOST_TURNS):
        if not (_exchanges() and timing.make_due(at=clock.now())):
            return


def watch() -> None:
    """Tell people of silence, of what was given up, of a full disk and of keys that end."""
    if _exchanges():
        watching.watch(at=clock.now())


def announce_card() -> None:
    """Tell partners what changed on our card."""
    if _exchanges():
        announcing.announce_card(at=clock.now())


def keep_keys() -> None:
    """Make the successors of keys in time, and tell people of keys that end."""
    if not _exchanges():
        return
    with key_rotation.alarmed(at=clock.now()):
        own_keys.make_own_keys(at=clock.now())
        key_rotation.renew_due(at=clock.now())
        standby_keys.keep_standbys(at=clock.now())
    key_rotation.watch_keys(at=clock.now())


def ask_for_proofs() -> None:
    """Let partners prove that their journals only grew, where a message did not bring it."""
    if _exchanges():
        proving.ask_for_proofs(at=clock.now())


def sweep() -> None:
    """Forget nonces that no longer matter, and arrivals that were given up."""
    nonces.sweep_nonces(at=clock.now())
    store().sweep(clock.now() - ARRIVALS_KEPT)


def _exchanges() -> bool:
    """Whether this node knows whose it is."""
    return bool(settings.ENVIRONMENT.administration)
