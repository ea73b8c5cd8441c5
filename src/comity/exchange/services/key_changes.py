# SPDX-License-Identifier: Apache-2.0
"""An administrator changes our keys, and every partner is told: rotation and revocation.

A successor of each signing key stands by on our card. So a key can be taken back at once: what
tells the partners is signed by one that they know already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.exchange import models
from comity.exchange.key_schedule import covered_until, successor
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import RevocationReason
from comity.exchange.services import own_keys
from comity.exchange.services.announcing import announce_card, announce_revocation
from comity.exchange.services.key_rotation import (
    KeyChange,
    OddActivationError,
    revoke_own_key,
    schedule_rollover,
)
from comity.exchange.services.standby_keys import keep_standbys
from comity.journal import services as journal
from comity.journal.entry import Actor

ROTATED = (KeyUse.ENVELOPE, KeyUse.ENCRYPTION, KeyUse.TLS)
"""What a rotation without further word changes."""
TO_LEARN = timedelta(days=1)
"""So long partners have to take a new card in before its keys are used."""


@transaction.atomic
def rotate(
    uses: Iterable[KeyUse] = ROTATED,
    *,
    by: Officer,
    at: datetime,
    active_from: datetime | None = None,
) -> tuple[KeyChange, ...]:
    """Let the next key of each use take over, when partners have had time to learn of it."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    keep_standbys(at=at)
    changes = tuple(_rotated(use, active_from, by=actor, at=at) for use in dict.fromkeys(uses))
    announce_card(at=at)
    return changes


@transaction.atomic
def revoke(
    key_id: str,
    reason: RevocationReason,
    *,
    by: Officer,
    at: datetime,
    revoked_at: datetime | None = None,
) -> KeyChange:
    """Take a key of ours back: it counts no longer for what is signed from the instant on.

    The one that stood by is used at once, and every active partner is told.
    """
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    keep_standbys(at=at)
    from_ = revoked_at or at
    change = revoke_own_key(key_id, revoked_at=from_, reason=reason, by=actor, at=at)
    announce_revocation(change.use, key_id, reason, revoked_at=from_, at=at)
    return change


def _rotated(use: KeyUse, active_from: datetime | None, *, by: Actor, at: datetime) -> KeyChange:
    """The successor that stands by takes over earlier than planned; else one is made."""
    keys = own_keys.own_keys()
    waiting = successor(keys, use, at=at)
    if waiting is None:
        return schedule_rollover(use, active_from=active_from or at + TO_LEARN, by=by, at=at)
    learned = waiting.made_at + TO_LEARN
    from_ = active_from or max(at, learned)
    others = [key for key in keys if key.key_id != waiting.key_id]
    latest = covered_until(others, use, at=at)
    if not at <= from_ <= latest:
        raise OddActivationError(found=from_, earliest=at, latest=latest)
    models.OwnKey.objects.filter(key_id=waiting.key_id).update(active_from=from_)
    own_keys.changed()
    facts = {"kind": use.value, "key_id": waiting.key_id, "at": _instant(from_)}
    journal.record("own-key-scheduled", waiting.key_id.upper(), by=by, at=at, facts=facts)
    (chosen,) = (key for key in own_keys.own_keys() if key.key_id == waiting.key_id)
    return KeyChange(use, takes_over=chosen)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
