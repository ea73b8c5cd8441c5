# SPDX-License-Identifier: Apache-2.0
"""The rows of one partner as its card changes them, in the caller's transaction.

A key is never forgotten: what it signed while it counted is still to be verified. What a card no
longer names ends with that card, and a revocation that is known is never taken back by a card.
"""

from __future__ import annotations

from datetime import datetime

from comity.accounts.administration import require_version
from comity.exchange import models
from comity.exchange.acquaintance import UnknownPartnerError
from comity.exchange.partner import Binding, CardKey, PartnerState
from comity.exchange.partner_card import PartnerCard, SignedCard
from comity.exchange.services.waking import wake
from comity.exchange.wire import highest_common

REPLACED, ENDED = "replaced", "ended"


def _row_of(code: str) -> models.Partner | None:
    """The partner's row, locked; None where there is none."""
    return models.Partner.objects.select_for_update(no_key=True).filter(code=code).first()


def _locked(code: str, version: int | None = None) -> models.Partner:
    """The partner's row, locked, in the version that the change was made to."""
    row = _row_of(code)
    if row is None:
        raise UnknownPartnerError(partner=code)
    require_version(code, given=version, current=row.version)
    return row


def _new_row(code: str, *, at: datetime) -> models.Partner:
    """A proposed partner, with its way."""
    row = models.Partner(code=code, state=PartnerState.PROPOSED, proposed_at=at)
    row.save(force_insert=True)
    models.Way(partner=row).save(force_insert=True)
    return row


def _save(row: models.Partner) -> None:
    """Keep the row as its next version, and let the exchange's worker follow it at once."""
    row.version += 1
    row.save()
    wake()


def _take_card(row: models.Partner, signed: SignedCard) -> None:
    """Let the card say name, endpoint and wire version; the way that was chosen stays if it can."""
    card = signed.card
    row.wire = highest_common(card.wire_versions)
    row.name, row.card, row.card_version = card.name, signed.document, card.version
    row.fingerprint = signed.fingerprint
    row.endpoint = card.endpoints[0] if card.endpoints else ""
    known = row.binding if row.pk and row.binding in card.bindings else None
    row.binding = known or next(iter(card.bindings), Binding.FOLDER)


def _keep_keys(row: models.Partner, card: PartnerCard, *, at: datetime, anew: bool = False) -> None:
    """Make the card's keys the partner's; those that it does not name end when it was issued.

    Where the acquaintance begins anew, what we had ourselves stopped trusting counts again if the
    card names it; what the partner revoked never does.
    """
    known = {(each.use, each.key_id): each for each in row.keys.all()}
    for key in card.keys:
        found = known.pop((key.use.value, key.key_id), None)
        if found is None:
            _new_key(row, key, at=at)
            continue
        found.valid_from, found.valid_until = key.valid_from, key.valid_until
        found.holder = key.holder
        if anew and found.revoked_reason in (REPLACED, ENDED):
            found.revoked_at, found.revoked_reason = None, ""
        found.revoked_at = _earlier(found.revoked_at, key.revoked_at)
        found.save()
    for gone in known.values():
        gone.valid_until = max(gone.valid_from, min(gone.valid_until, card.issued_at))
        gone.save(update_fields=["valid_until"])


def _never_trust(row: models.Partner) -> None:
    """The keys of a card that nobody confirmed count for no instant."""
    for key in row.keys.all():
        key.revoked_at, key.revoked_reason = key.valid_from, REPLACED
        key.save(update_fields=["revoked_at", "revoked_reason"])


def _trust_no_longer(row: models.Partner, *, at: datetime) -> None:
    """The partner's keys count no longer from this instant on."""
    for key in row.keys.all():
        if key.revoked_at is None or key.revoked_at > at:
            key.revoked_at, key.revoked_reason = at, ENDED
            key.save(update_fields=["revoked_at", "revoked_reason"])


def _new_key(row: models.Partner, key: CardKey, *, at: datetime) -> None:
    models.PartnerKey(
        partner=row,
        use=key.use,
        key_id=key.key_id,
        public=key.public,
        holder=key.holder,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
        revoked_at=key.revoked_at,
        known_since=at,
    ).save(force_insert=True)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)
