# SPDX-License-Identifier: Apache-2.0
"""What an administration's node says of itself to its partners, and which keys it takes back.

A card is signed (DSSE) by an identity key that it names itself, so it proves only that it is
whole: trust comes from comparing the fingerprint out of band, or from the identity key that an
earlier, trusted card named. Keeping and trusting cards is left to `services.partners`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import VerificationError
from comity.exchange import members as form
from comity.exchange import wire
from comity.exchange.members import Members, filled, instant_text, read_object
from comity.exchange.partner import Binding, CardKey, KeyUse
from comity.exchange.signed_document import read_signed, signed, verify_read, verify_signed
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import KeyFileError, SigningKey, VerificationKey

PAYLOAD_TYPE = "application/vnd.comity.partner-card+json"
REVOCATION_TYPE = "application/vnd.comity.revocation+json"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FINGERPRINT_BITS = 100
_GROUP = 4


class CardUntrustedError(VerificationError):
    """A card is not signed by an identity key that it names, or that was trusted before."""

    code = "card-untrusted"
    message = N_("The card of {administration} is not to be trusted: {obstacle}.")
    remedy = N_("Ask the partner for its card anew, and compare the fingerprint by telephone.")


@dataclass(frozen=True, slots=True)
class Official:
    """A designated official, and how to call back whoever claims to be that person."""

    reference: str
    name: str
    office: str = ""
    telephone: str = ""
    email: str = ""
    languages: tuple[str, ...] = ()
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The official as the JSON object of the wire format."""
        optional = {
            "office": self.office,
            "telephone": self.telephone,
            "email": self.email,
            "languages": self.languages,
        }
        return {
            **self.further,
            **filled(optional),
            "reference": self.reference,
            "name": self.name,
        }


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there on a day of the week, in the card's time zone."""

    day: int
    """1 for Monday to 7 for Sunday (ISO 8601)."""
    opens: str
    """`08:30`"""
    closes: str
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The hours as the JSON object of the wire format."""
        return {**self.further, "day": self.day, "opens": self.opens, "closes": self.closes}


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """One version of what an administration says of its node."""

    administration: str
    """Its code in the register."""
    name: str
    version: int
    """Counts from 1; a later card has a higher one."""
    issued_at: datetime
    endpoints: tuple[str, ...]
    """Addresses that its exchange answers at, the preferred one first; none for pull only."""
    wire_versions: tuple[int, ...]
    bindings: tuple[Binding, ...]
    """By which it can be reached, the preferred one first."""
    kinds: tuple[str, ...]
    """`kind/version` of each that it takes."""
    instruments: tuple[str, ...]
    """References of the instruments that it acts under."""
    keys: tuple[CardKey, ...]
    officials: tuple[Official, ...] = ()
    hours: tuple[Hours, ...] = ()
    time_zone: str = "UTC"
    """Name in the IANA time zone database."""
    wire: int = wire.CURRENT
    further: Mapping[str, Any] = field(default_factory=dict)

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(self.as_dict())

    @property
    def fingerprint(self) -> str:
        """Twenty letters and digits that two people compare by telephone."""
        return fingerprint_of(self.payload())

    def keys_for(self, use: KeyUse, *, at: datetime) -> tuple[CardKey, ...]:
        """The keys of this use that count at an instant."""
        return tuple(key for key in self.keys if key.use is use and key.fits(at))

    def as_dict(self) -> dict[str, Any]:
        """The card as the JSON object of the wire format."""
        optional = {
            "endpoints": self.endpoints,
            "kinds": self.kinds,
            "instruments": self.instruments,
            "officials": [official.as_dict() for official in self.officials],
            "hours": [hours.as_dict() for hours in self.hours],
        }
        return {
            **self.further,
            **filled(optional),
            "wire": self.wire,
            "administration": self.administration,
            "name": self.name,
            "version": self.version,
            "issued_at": instant_text(self.issued_at),
            "wire_versions": self.wire_versions,
            "bindings": [binding.value for binding in self.bindings],
            "keys": [key_document(key) for key in self.keys],
            "time_zone": self.time_zone,
        }


@dataclass(frozen=True, slots=True)
class SignedCard:
    """A card with the bytes that were signed."""

    card: PartnerCard
    document: bytes
    """The DSSE document, byte for byte."""
    payload: bytes
    """Kept as it was read: its fingerprint is what people compare."""

    @property
    def fingerprint(self) -> str:
        """Twenty letters and digits that two people compare by telephone."""
        return fingerprint_of(self.payload)


class RevocationReason(StrEnum):
    """Why a key is taken back."""

    COMPROMISED = "compromised"
    LOST = "lost"
    REPLACED = "replaced"
    HOLDER_LEFT = "holder-left"


@dataclass(frozen=True, slots=True)
class Revocation:
    """A key is not to be trusted for what was signed from an instant on."""

    administration: str
    use: KeyUse
    key_id: str
    revoked_at: datetime
    """From when signatures no longer count; may lie before the statement."""
    issued_at: datetime
    reason: RevocationReason
    wire: int = wire.CURRENT
    further: Mapping[str, Any] = field(default_factory=dict)

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(
            {
                **self.further,
                "wire": self.wire,
                "administration": self.administration,
                "use": self.use.value,
                "key": self.key_id,
                "revoked_at": instant_text(self.revoked_at),
                "issued_at": instant_text(self.issued_at),
                "reason": self.reason.value,
            }
        )


def fingerprint_of(payload: bytes) -> str:
    """The first 100 bits of SHA-256 in Crockford's base32, in five groups of four."""
    number = int.from_bytes(hashlib.sha256(payload).digest(), "big") >> (256 - _FINGERPRINT_BITS)
    shifts = range(_FINGERPRINT_BITS - 5, -1, -5)
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in shifts)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def sign_card(card: PartnerCard, key: SigningKey) -> bytes:
    """The card as it is handed out, signed by an identity key that it names."""
    return signed(card.payload(), PAYLOAD_TYPE, [key])


def read_card(document: bytes) -> SignedCard:
    """The card, once an identity key that it names proves to have signed it: whole, not trusted."""
    envelope = read_signed(document, PAYLOAD_TYPE)
    card = _read_card(envelope.payload)
    named = card.keys_for(KeyUse.IDENTITY, at=card.issued_at)
    if not named:
        obstacle = "it names no identity key that is valid on the day of its issue"
        raise CardUntrustedError(administration=card.administration, obstacle=obstacle)
    payload = verify_read(envelope, [identity_key(key) for key in named])
    return SignedCard(card, document, payload)


def require_signed_by(card: SignedCard, trusted: Iterable[CardKey]) -> None:
    """Raise `CardUntrustedError` unless a trusted identity key, valid at its issue, signed it."""
    at = card.card.issued_at
    keys = [identity_key(k) for k in trusted if k.use is KeyUse.IDENTITY and k.fits(at)]
    known = {key.key_id for key in keys}
    envelope = read_signed(card.document, PAYLOAD_TYPE)
    if not known & {signature.key_id for signature in envelope.signatures}:
        obstacle = "no identity key that was trusted before signed it"
        raise CardUntrustedError(administration=card.card.administration, obstacle=obstacle)
    verify_read(envelope, keys)


def sign_revocation(revocation: Revocation, key: SigningKey) -> bytes:
    """The statement as it is handed out, signed by an identity key."""
    return signed(revocation.payload(), REVOCATION_TYPE, [key])


def read_revocation(document: bytes, trusted: Iterable[CardKey]) -> Revocation:
    """The statement, once a trusted identity key that was valid at its issue signed it."""
    claimed = _read_revocation(read_signed(document, REVOCATION_TYPE).payload)
    at = claimed.issued_at
    keys = [identity_key(k) for k in trusted if k.use is KeyUse.IDENTITY and k.fits(at)]
    verify_signed(document, REVOCATION_TYPE, keys)
    return claimed


def identity_key(key: CardKey) -> VerificationKey:
    """The Ed25519 key of a card's entry, whose key id must be the one that follows from it."""
    public = VerificationKey.from_pem(key.public.encode(), named=f"key {key.key_id}")
    if public.key_id != key.key_id:
        raise KeyFileError(path=f"key {key.key_id}", obstacle=f"its key id is {public.key_id}")
    return public


def key_document(key: CardKey) -> dict[str, Any]:
    """The key as the JSON object of the wire format."""
    optional = {
        "revoked_at": instant_text(key.revoked_at) if key.revoked_at else "",
        "holder": key.holder,
    }
    return {
        **key.further,
        **filled(optional),
        "use": key.use.value,
        "key": key.key_id,
        "public": key.public,
        "valid_from": instant_text(key.valid_from),
        "valid_until": instant_text(key.valid_until),
    }


def _read_card(payload: bytes) -> PartnerCard:
    members = read_object(payload, "partner card", wire.CARD_BYTES)
    version = wire.require_version(members.anything("wire"))
    return PartnerCard(
        administration=members.text("administration", form.ADMINISTRATION, most=20),
        name=members.text("name", most=wire.NAME),
        version=members.number("version", least=1, most=10**9),
        issued_at=members.instant("issued_at"),
        endpoints=members.texts("endpoints", form.ADDRESS, most=10),
        wire_versions=members.numbers("wire_versions", most=20),
        bindings=members.codes("bindings", Binding, most=len(Binding)),
        kinds=members.texts("kinds", form.KIND, most=wire.CARD_LIST, each=wire.CODE),
        instruments=members.texts("instruments", most=wire.CARD_LIST, each=wire.REFERENCE),
        keys=members.each("keys", _read_key, most=wire.CARD_KEYS),
        officials=members.each("officials", read_official, most=wire.CARD_LIST),
        hours=members.each("hours", read_hours, most=wire.CARD_LIST),
        time_zone=members.text("time_zone", form.TIME_ZONE, most=wire.CODE),
        wire=version,
        further=members.rest(),
    )


def _read_key(members: Members) -> CardKey:
    key = CardKey(
        use=members.code("use", KeyUse),
        key_id=members.text("key", form.KEY_ID),
        public=members.text("public", form.NOTE, most=wire.NOTE),
        valid_from=members.instant("valid_from"),
        valid_until=members.instant("valid_until"),
        revoked_at=members.instant_or_none("revoked_at"),
        holder=members.text_or_none("holder", most=wire.REFERENCE),
        further=members.rest(),
    )
    if key.valid_until <= key.valid_from:
        raise members.refuse("valid_until", "after valid_from")
    return key


def read_official(members: Members) -> Official:
    """The official of a JSON object."""
    return Official(
        reference=members.text("reference", most=wire.REFERENCE),
        name=members.text("name", most=wire.NAME),
        office=members.text_or_none("office"),
        telephone=members.text_or_none("telephone", most=wire.CODE),
        email=members.text_or_none("email", most=wire.NAME),
        languages=members.texts("languages", form.CODE, most=20, each=wire.CODE),
        further=members.rest(),
    )


def read_hours(members: Members) -> Hours:
    """The hours of a JSON object."""
    return Hours(
        day=members.number("day", least=1, most=7),
        opens=members.text("opens", form.TIME),
        closes=members.text("closes", form.TIME),
        further=members.rest(),
    )


def _read_revocation(payload: bytes) -> Revocation:
    members = read_object(payload, "revocation", wire.CARD_BYTES)
    version = wire.require_version(members.anything("wire"))
    return Revocation(
        administration=members.text("administration", form.ADMINISTRATION, most=20),
        use=members.code("use", KeyUse),
        key_id=members.text("key", form.KEY_ID),
        revoked_at=members.instant("revoked_at"),
        issued_at=members.instant("issued_at"),
        reason=members.code("reason", RevocationReason),
        wire=version,
        further=members.rest(),
    )
