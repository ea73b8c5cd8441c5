# SPDX-License-Identifier: Apache-2.0
"""Our own card: issued anew whenever anything on it changes, and handed out by file or address.

It is signed by every identity key that is in force. What people say on it (name, officials,
hours) is remembered by the last card; keys, endpoint, kinds and instruments follow from the node.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from comity.accounts.officer import NODE, Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import register
from comity.catalogues import N_
from comity.errors import InvalidInputError, NotFoundError
from comity.exchange import models
from comity.exchange.own_card import (
    INVITATION_DAYS,
    LONGEST_INVITATION_DAYS,
    Invited,
    OwnDetails,
    details_of,
    next_card,
)
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import PAYLOAD_TYPE, PartnerCard, SignedCard, read_card
from comity.exchange.queries.own import kinds, own_code
from comity.exchange.services import own_keys
from comity.exchange.services.standby_keys import keep_standbys
from comity.exchange.signed_document import signed
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.reference.countries import country_name

INVITATION_PATH = "/exchange/cards/"
_TOKEN_BYTES = 24


class NoInvitationError(NotFoundError):
    """No invitation has this address, or its time is over."""

    code = "no-invitation"
    message = N_("There is no invitation at this address, or its time is over.")
    remedy = N_("Ask the administration that invited you for a new address, or for a file.")


class OddInvitationError(InvalidInputError):
    """An invitation for an odd number of days."""

    code = "odd-invitation"
    message = N_("An invitation cannot last {found} days: expected 1 to {most}.")
    remedy = N_("Give fewer days, and invite again when they are over.")


@transaction.atomic
def own_card(*, at: datetime) -> SignedCard:
    """Our card as it is now; a new version is issued where the last one no longer says all."""
    return _issued(None, by=NODE, at=at)[0]


@transaction.atomic
def issue_if_changed(*, at: datetime) -> SignedCard | None:
    """The new version of our card; None where nothing on it changed."""
    card, is_new = _issued(None, by=NODE, at=at)
    return card if is_new else None


@transaction.atomic
def change_details(details: OwnDetails, *, by: Officer, at: datetime) -> SignedCard:
    """Say something else of our administration; the card is issued anew."""
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    return _issued(details, by=actor, at=at)[0]


def own_details(*, at: datetime) -> OwnDetails:
    """What our card says of our administration."""
    return details_of(own_card(at=at).card)


@transaction.atomic
def invite(
    *, by: Officer, at: datetime, days: int = INVITATION_DAYS, address: bool = True
) -> Invited:
    """Our card to hand out, and the end of an address under which it can be fetched for a time.

    The fingerprint is told to the partner another way than the card: by telephone, in person.
    """
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    if not 1 <= days <= LONGEST_INVITATION_DAYS:
        raise OddInvitationError(found=days, most=LONGEST_INVITATION_DAYS)
    card = _issued(None, by=NODE, at=at)[0]
    handed = Invited(card.document, card.card.version, card.fingerprint)
    if not address:
        return handed
    token, expires_at = secrets.token_urlsafe(_TOKEN_BYTES), at + timedelta(days=days)
    models.Invitation.objects.filter(expires_at__lte=at).delete()
    models.Invitation(
        token_digest=_digest(token), made_by=by.reference, made_at=at, expires_at=expires_at
    ).save(force_insert=True)
    facts = {"version": str(card.card.version), "expires_at": _instant(expires_at)}
    journal.record("partner-invited", card.card.administration, by=actor, at=at, facts=facts)
    return Invited(card.document, card.card.version, card.fingerprint, token, expires_at)


def invited_card(token: str, *, at: datetime) -> bytes:
    """Our present card, for whoever has the address of an invitation that has not run out."""
    found = models.Invitation.objects.filter(token_digest=_digest(token), expires_at__gt=at)
    if not found.exists():
        raise NoInvitationError
    return own_card(at=at).document


def _issued(details: OwnDetails | None, *, by: Actor, at: datetime) -> tuple[SignedCard, bool]:
    """The card that is due, and whether it is new.

    1. One card is made at a time.
    2. What is due is worked out from the last one; where they agree, the last one stands.
    3. Every identity key in force signs the new one, and it is kept.
    """
    administration = own_code()
    own_keys.make_own_keys(at=at)
    keep_standbys(at=at)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE exchange_owncard IN SHARE ROW EXCLUSIVE MODE")
    last = last_card()
    due = next_card(
        last.card if last else None,
        administration=administration,
        details=details or _details(last, administration),
        endpoint=settings.ENVIRONMENT.exchange_url,
        kinds=kinds(),
        instruments=_instruments(administration),
        keys=own_keys.own_card_keys(at=at),
        at=at,
    )
    if due is None and last is not None:
        return last, False
    assert due is not None  # without a last card there is always one due
    return _keep(due, by=by, at=at), True


def _keep(card: PartnerCard, *, by: Actor, at: datetime) -> SignedCard:
    keys = own_keys.signing_keys(KeyUse.IDENTITY, at=card.issued_at)
    kept = read_card(signed(card.payload(), PAYLOAD_TYPE, keys))
    models.OwnCard(
        version=card.version, document=kept.document, fingerprint=kept.fingerprint, made_at=at
    ).save(force_insert=True)
    facts = {"version": str(card.version), "digest": hashlib.sha256(kept.payload).hexdigest()}
    journal.record("card-issued", card.administration, by=by, at=at, facts=facts)
    return kept


def last_card() -> SignedCard | None:
    """The last version that was issued; None before the first."""
    row = models.OwnCard.objects.order_by("-version").first()
    return read_card(bytes(row.document)) if row else None


def _details(last: SignedCard | None, administration: str) -> OwnDetails:
    if last is not None:
        return details_of(last.card)
    name = settings.ENVIRONMENT.node_name or country_name(administration)
    return OwnDetails(name, time_zone=settings.ENVIRONMENT.time_zone)


def _instruments(administration: str) -> Iterable[str]:
    return (instrument.reference for instrument in register().of(administration))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
