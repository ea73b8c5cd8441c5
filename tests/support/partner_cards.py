# SPDX-License-Identifier: Apache-2.0
"""Partner cards of made-up administrations, with the private keys that belong to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from comity.exchange.partner import Binding, CardKey, KeyUse
from comity.exchange.partner_card import (
    PAYLOAD_TYPE,
    Official,
    PartnerCard,
    SignedCard,
    read_card,
)
from comity.exchange.signed_document import signed
from comity.sealing.certificates import make_certificate
from comity.sealing.keys import DecryptionKey, SigningKey
from tests.support.agreements import SOUTHLAND

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class HeldCard:
    """A card, and what its administration holds to go with it."""

    card: PartnerCard
    identity: SigningKey
    envelope: SigningKey
    decryption: DecryptionKey
    certificate: bytes
    private: bytes

    def signed(self, *more: SigningKey, **changes: object) -> SignedCard:
        """The card with these changes, signed by its identity and by whoever else is named."""
        card = replace(self.card, **changes)
        document = signed(card.payload(), PAYLOAD_TYPE, [self.identity, *more])
        return read_card(document)

    @property
    def document(self) -> bytes:
        """The card as it is handed out."""
        return self.signed().document


def signing_card_key(use: KeyUse, key: SigningKey, at: datetime = NOON, **more: object) -> CardKey:
    """An Ed25519 key as a card lists it, valid for a year around the instant."""
    given: dict[str, object] = {
        "use": use,
        "key_id": key.public.key_id,
        "public": key.public.pem.decode(),
        "valid_from": at - DAY,
        "valid_until": at + 365 * DAY,
    }
    return CardKey(**(given | more))  # type: ignore[arg-type]


def held_card(code: str = SOUTHLAND, at: datetime = NOON, **changes: object) -> HeldCard:
    """The first card of an administration, with fresh keys of every use."""
    identity, envelope, decryption = SigningKey.make(), SigningKey.make(), DecryptionKey.make()
    made = make_certificate(
        common_name=f"{code} exchange",
        names=("localhost", "127.0.0.1"),
        valid_from=at - DAY,
        valid_until=at + 365 * DAY,
    )
    keys = (
        signing_card_key(KeyUse.IDENTITY, identity, at),
        signing_card_key(KeyUse.ENVELOPE, envelope, at),
        CardKey(
            KeyUse.ENCRYPTION,
            decryption.public.key_id,
            decryption.public.pem.decode(),
            at - DAY,
            at + 365 * DAY,
        ),
        CardKey(
            KeyUse.TLS,
            made.certificate.key_id,
            made.certificate.pem.decode(),
            at - DAY,
            at + 365 * DAY,
        ),
    )
    card = PartnerCard(
        administration=code,
        name=f"Customs of {code}",
        version=1,
        issued_at=at,
        endpoints=("https://localhost:9443",),
        wire_versions=(2, 1),
        bindings=(Binding.PUSH, Binding.PULL, Binding.FOLDER, Binding.LETTER),
        kinds=("exchange.note/1", "exchange.test/1"),
        instruments=(),
        keys=keys,
        officials=(Official("O-1", "The head of the liaison unit", telephone="+00 1 234"),),
    )
    card = replace(card, **changes)
    return HeldCard(card, identity, envelope, decryption, made.certificate.pem, made.private_pem)
