# SPDX-License-Identifier: Apache-2.0
"""What our own card says next: the same as before, or a new version where anything changed.

The last card is itself the memory of what people entered (name, officials, hours); everything
else on it follows from the node's keys, settings and register. Signing and keeping it is left to
`services.cards`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from comity.exchange.partner import Binding, CardKey
from comity.exchange.partner_card import Hours, Official, PartnerCard
from comity.exchange.wire import WIRE_VERSIONS

INVITATION_DAYS = 7
LONGEST_INVITATION_DAYS = 30


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What people say of their administration on its card."""

    name: str
    officials: tuple[Official, ...] = ()
    hours: tuple[Hours, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Invited:
    """Our card as it is handed out, and under which address for how long."""

    document: bytes
    version: int
    fingerprint: str
    token: str = ""
    """The secret end of the address; empty where only a file was asked for."""
    expires_at: datetime | None = None


def details_of(card: PartnerCard) -> OwnDetails:
    """What people entered for this card."""
    return OwnDetails(card.name, card.officials, card.hours, card.time_zone)


def bindings_of(endpoint: str) -> tuple[Binding, ...]:
    """How a node with this endpoint, or with none, can be reached."""
    machine = (Binding.PUSH, Binding.PULL) if endpoint else (Binding.PULL,)
    return (*machine, Binding.FOLDER, Binding.LETTER)


def next_card(
    before: PartnerCard | None,
    *,
    administration: str,
    details: OwnDetails,
    endpoint: str,
    kinds: Iterable[str],
    instruments: Iterable[str],
    keys: Iterable[CardKey],
    at: datetime,
) -> PartnerCard | None:
    """The card that is due, one version on; None where the last one still says everything."""
    card = PartnerCard(
        administration=administration,
        name=details.name,
        version=1 if before is None else before.version + 1,
        issued_at=at if before is None else max(at, before.issued_at + timedelta(microseconds=1)),
        endpoints=(endpoint,) if endpoint else (),
        wire_versions=WIRE_VERSIONS,
        bindings=bindings_of(endpoint),
        kinds=tuple(sorted(kinds)),
        instruments=tuple(sorted(instruments)),
        keys=tuple(sorted(keys, key=lambda key: (key.use, key.valid_from, key.key_id))),
        officials=details.officials,
        hours=details.hours,
        time_zone=details.time_zone,
    )
    if before is None:
        return card
    same = replace(card, version=before.version, issued_at=before.issued_at)
    return None if same.payload() == before.payload() else card
