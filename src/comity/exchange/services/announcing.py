# SPDX-License-Identifier: Apache-2.0
"""Telling every active partner what changed on our card, and which of our keys counts no longer.

What is told has an id that follows from what it says, so telling it again tells nobody twice. A
partner without a node, or whose node does not take these kinds, is told by a person with a file.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from comity.exchange.draft import Draft
from comity.exchange.partner import Binding, KeyUse, Partner, PartnerState
from comity.exchange.partner_card import Revocation, RevocationReason, sign_revocation
from comity.exchange.queries.own import own_code
from comity.exchange.queries.partner_records import partner_records
from comity.exchange.services import cards, own_keys
from comity.exchange.services.card_updates import CARD_KIND, EXCHANGE, REVOCATION_KIND
from comity.exchange.services.posting import post

_IDS = uuid.UUID("5b1d6a5e-0d0c-4b0a-9f52-5b4c3c1f0a77")
"""Names of announcements; never changed, or partners are told once more."""
TOLD_WITHIN = timedelta(days=30)
"""How long a card is worth delivering: a later one then takes its place."""


@transaction.atomic
def announce_card(*, at: datetime) -> tuple[str, ...]:
    """Issue our card anew where anything on it changed, and post it to whoever was not told.

    Returns the codes of the partners that it is on its way to.
    """
    partners = _to_tell(CARD_KIND)
    if not partners:
        cards.issue_if_changed(at=at)
        return ()
    card = cards.own_card(at=at)
    body = {"card": _members(card.document)}
    name = f"card/{card.card.administration}/{card.card.version}"
    return tuple(_tell(CARD_KIND, body, name, partner, at=at) for partner in partners)


@transaction.atomic
def announce_revocation(
    use: KeyUse,
    key_id: str,
    reason: RevocationReason,
    *,
    revoked_at: datetime,
    at: datetime,
) -> tuple[str, ...]:
    """Post to every active partner that a key of ours counts no longer, with our present card."""
    revocation = Revocation(own_code(), use, key_id, revoked_at, at, reason)
    key = own_keys.signing_key(KeyUse.IDENTITY, at=at)
    body = {
        "revocation": _members(sign_revocation(revocation, key)),
        "card": _members(cards.own_card(at=at).document),
    }
    name = f"revocation/{revocation.administration}/{use}/{key_id}/{revoked_at.isoformat()}"
    told = _to_tell(REVOCATION_KIND)
    return tuple(_tell(REVOCATION_KIND, body, name, partner, at=at) for partner in told)


def _to_tell(kind: str) -> list[Partner]:
    active = (record.partner for record in partner_records(state=PartnerState.ACTIVE))
    return [p for p in active if p.binding is not Binding.LETTER and kind in p.kinds]


def _tell(kind: str, body: dict[str, Any], name: str, partner: Partner, *, at: datetime) -> str:
    identifier = str(uuid.uuid5(_IDS, f"{name}/{partner.code}"))
    expires = at + TOLD_WITHIN if kind == CARD_KIND else None
    post(
        Draft(kind, partner.code, body, expires=expires, identifier=identifier),
        by=EXCHANGE,
        at=at,
    )
    return partner.code


def _members(document: bytes) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(document)
    return members
