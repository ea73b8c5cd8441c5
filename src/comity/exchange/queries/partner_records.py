# SPDX-License-Identifier: Apache-2.0
"""Partners as those see them who administer them, and the card that each one gave."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from comity.exchange import models
from comity.exchange.acquaintance import PartnerRecord, UnknownPartnerError
from comity.exchange.ceilings import read_ceilings
from comity.exchange.partner import Binding, CardKey, KeyUse, Partner, PartnerState
from comity.exchange.partner_card import PartnerCard, SignedCard, read_card


def partner_records(*, state: PartnerState | None = None) -> list[PartnerRecord]:
    """Every partner, by code, or those in one state."""
    rows = _rows()
    if state is not None:
        rows = rows.filter(state=state)
    return [_record(row) for row in rows]


def partner_record(code: str) -> PartnerRecord:
    """The partner of this code."""
    try:
        return _record(_rows().get(code=code))
    except models.Partner.DoesNotExist:
        raise UnknownPartnerError(partner=code) from None


def active_partners() -> list[str]:
    """Codes of the partners with whom messages are exchanged by machine now."""
    rows = models.Partner.objects.filter(state=PartnerState.ACTIVE, card_version__gt=0)
    return list(rows.values_list("code", flat=True))


def partner_card(code: str) -> PartnerCard | None:
    """What the partner said of itself last; None where it has no node."""
    signed = _signed_card(bytes(_row(code).card))
    return signed.card if signed else None


def as_partner(row: Any) -> Partner:  # any: a row, which only services and queries hold
    """The row as the value that leaves this module; its keys are read with it."""
    return _with_keys(row, tuple(as_card_key(key) for key in row.keys.all()))


def _with_keys(row: models.Partner, keys: tuple[CardKey, ...]) -> Partner:
    """The row as a value, with keys that were read already, or that nobody needs."""
    signed = _signed_card(bytes(row.card))
    return Partner(
        code=row.code,
        name=row.name,
        state=PartnerState(row.state),
        binding=Binding(row.binding),
        endpoint=row.endpoint,
        wire=row.wire,
        kinds=frozenset(signed.card.kinds) if signed else frozenset(),
        keys=keys,
        ceilings=read_ceilings(row.ceilings),
        card_version=row.card_version,
        fingerprint=row.fingerprint,
    )


def as_card_key(row: Any) -> CardKey:  # any: a row, as above
    """One key of a partner, with what we know of its revocation."""
    return CardKey(
        use=KeyUse(row.use),
        key_id=row.key_id,
        public=row.public,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        holder=row.holder,
    )


def _rows() -> QuerySet[models.Partner]:
    return models.Partner.objects.select_related("way").prefetch_related("keys").order_by("code")


def _row(code: str) -> models.Partner:
    try:
        return models.Partner.objects.get(code=code)
    except models.Partner.DoesNotExist:
        raise UnknownPartnerError(partner=code) from None


@lru_cache(maxsize=256)
def _signed_card(document: bytes) -> SignedCard | None:
    return read_card(document) if document else None


def _record(row: models.Partner) -> PartnerRecord:
    way = row.way
    return PartnerRecord(
        partner=as_partner(row),
        proposed_at=row.proposed_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        suspended_reason=row.suspended_reason,
        settings=row.settings,
        version=row.version,
        reached_at=way.reached_at,
        heard_at=way.heard_at,
        problem=way.problem,
        failures=way.failures,
        card=bytes(row.card),
    )
