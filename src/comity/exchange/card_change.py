# SPDX-License-Identifier: Apache-2.0
"""What must hold of a card before its keys are kept, and what its successor may change.

A first card proves only that it is whole; a successor needs the signature of an identity key
that is known. On every card each identity key in force signs, so the roll-over of the identity
carries the old key's signature and the new one's.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.catalogues import N_
from comity.errors import ConflictError
from comity.exchange.partner import CardKey, KeyUse
from comity.exchange.partner_card import (
    PAYLOAD_TYPE,
    CardUntrustedError,
    PartnerCard,
    SignedCard,
    identity_key,
    read_card,
    require_signed_by,
)
from comity.exchange.signed_document import read_signed, verify_read
from comity.sealing.certificates import CertificateUnreadableError, read_sound_certificate
from comity.sealing.checkpoint import CheckpointUnreadableError, read_note_key
from comity.sealing.keys import EncryptionKey, KeyFileError, VerificationKey

NEEDED = (KeyUse.ENVELOPE, KeyUse.ENCRYPTION)
"""Uses without a key of which nothing can be exchanged by machine."""

TO_BE_SEEN = ("name", "endpoints", "bindings", "identity", "tls", "officials", "time_zone")
"""Changes that a person looks at: each is what somebody who took over a node would change."""


class CardNotNewerError(ConflictError):
    """The card is the one that is known, or an older one."""

    code = "card-not-newer"
    message = N_("The card of {administration} has version {found}; version {known} is known.")
    remedy = N_("Ask the partner for its present card.")


def read_whole_card(document: bytes) -> SignedCard:
    """The card, once every key on it is what it says and every identity key signed."""
    signed = read_card(document)
    card = signed.card
    for key in card.keys:
        _check_key(card.administration, key)
    missing = [use.value for use in NEEDED if not any(key.use is use for key in card.keys)]
    if missing:
        raise _untrusted(card, f"it has no key for {', '.join(missing)}")
    identities = card.keys_for(KeyUse.IDENTITY, at=card.issued_at)
    envelope = read_signed(document, PAYLOAD_TYPE)
    if {key.key_id for key in identities} - {each.key_id for each in envelope.signatures}:
        raise _untrusted(card, "an identity key that it names did not sign it")
    verify_read(envelope, [identity_key(key) for key in identities], at_least=len(identities))
    return signed


def read_successor(
    document: bytes, *, administration: str, version: int, keys: Iterable[CardKey]
) -> SignedCard:
    """The card that follows the known one: newer, of the same administration, by a known key.

    Raises:
        CardUntrustedError, SignatureBrokenError: it is not the known partner's.
        CardNotNewerError: it is the known card or an older one.
    """
    signed = read_whole_card(document)
    if signed.card.administration != administration:
        raise _untrusted(signed.card, f"it is not one of {administration}")
    require_signed_by(signed, keys)
    if signed.card.version <= version:
        raise CardNotNewerError(
            administration=administration, found=signed.card.version, known=version
        )
    return signed


def changes(before: PartnerCard, after: PartnerCard) -> tuple[str, ...]:
    """What differs between two cards, by the names of their members and of the uses of keys."""
    members = (
        "name", "endpoints", "wire_versions", "bindings", "kinds", "instruments", "officials",
        "hours", "time_zone",
    )  # fmt: skip
    differing = [name for name in members if getattr(before, name) != getattr(after, name)]
    differing += [use.value for use in KeyUse if _of(before, use) != _of(after, use)]
    return tuple(differing)


def to_be_seen(changed: Iterable[str]) -> tuple[str, ...]:
    """Those of the changes that a person has to look at."""
    return tuple(name for name in changed if name in TO_BE_SEEN)


def _of(card: PartnerCard, use: KeyUse) -> frozenset[tuple[str, object]]:
    return frozenset((key.key_id, key.revoked_at) for key in card.keys if key.use is use)


def _check_key(administration: str, key: CardKey) -> None:
    """The key can be read as what its use needs, and its id follows from it."""
    try:
        found = _READ[key.use](key.public.encode())
    except (KeyFileError, CertificateUnreadableError, CheckpointUnreadableError) as error:
        why = error.fields.get("obstacle", error.code)
        obstacle = f"its {key.use} key {key.key_id} is not to be used: {why}"
        raise CardUntrustedError(administration=administration, obstacle=obstacle) from error
    if found != key.key_id:
        obstacle = f"its {key.use} key {key.key_id} is in truth {found}"
        raise CardUntrustedError(administration=administration, obstacle=obstacle)


_READ = {
    KeyUse.IDENTITY: lambda public: VerificationKey.from_pem(public).key_id,
    KeyUse.ENVELOPE: lambda public: VerificationKey.from_pem(public).key_id,
    KeyUse.OFFICIAL: lambda public: VerificationKey.from_pem(public).key_id,
    KeyUse.ENCRYPTION: lambda public: EncryptionKey.from_pem(public).key_id,
    KeyUse.TLS: lambda public: read_sound_certificate(public).key_id,
    KeyUse.JOURNAL: lambda public: read_note_key(public.decode()).key.key_id,
}


def _untrusted(card: PartnerCard, obstacle: str) -> CardUntrustedError:
    return CardUntrustedError(administration=card.administration, obstacle=obstacle)
