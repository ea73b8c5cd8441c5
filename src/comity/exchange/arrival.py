# SPDX-License-Identifier: Apache-2.0
"""What a partner handed over, opened and verified: whether it is what it says, and whose.

Pure: keys, ceilings, the kinds and the instant are arguments. The law is put by `law`, what
becomes of a message is written by `services.receiving`. In this order, as the answer to the first
that fails must not say more than was proven by then:

1. the frame opens with one of our keys;
2. a key of the partner's card, valid when the envelope says that it was made, signed it;
3. it is from this partner and for us;
4. it is of a kind that we take, and within the ceilings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from comity.errors import ComityError
from comity.exchange import wire
from comity.exchange.envelope import PAYLOAD_TYPE, Envelope, read_envelope
from comity.exchange.evidence import Reason
from comity.exchange.kind import Kind, Kinds
from comity.exchange.partner import CardKey, Ceilings, KeyUse, Partner
from comity.exchange.reasons import ReasonCode
from comity.exchange.sealed_frame import (
    FrameHeader,
    KeyUnknownError,
    OpenedFrame,
    open_frame,
    read_header,
)
from comity.exchange.signed_document import read_signed
from comity.exchange.wire import WireVersionUnknownError
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import DecryptionKey, VerificationKey
from comity.sealing.signing import Envelope as Signed
from comity.sealing.signing import pre_authentication_encoding

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far two nodes' clocks may be apart."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for the id of what is no envelope."""


@dataclass(frozen=True, slots=True)
class Sound:
    """An envelope that this partner signed for us."""

    envelope: Envelope
    document: bytes = field(repr=False)
    """The DSSE document, byte for byte."""
    digest: str
    part_keys: tuple[bytes, ...] = field(repr=False)

    @property
    def message(self) -> str:
        """Its id."""
        return self.envelope.header.id


@dataclass(frozen=True, slots=True)
class Unsound:
    """Something of which nothing is proven but why it is not taken."""

    message: str
    """The id that it claims; `NOBODY` where it claims none."""
    digest: str
    """Of the envelope; empty where it could not be opened."""
    reason: Reason
    remarkable: bool = True
    """Whether somebody must look at it: no fault of a clock or of a card on its way."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """A partner's keys of one use, read once for a batch."""

    keys: Mapping[str, tuple[CardKey, VerificationKey]]

    @classmethod
    def of(cls, keys: Iterable[CardKey], use: KeyUse) -> KeyRing:
        """The keys of this use by their ids."""
        return cls({k.key_id: (k, _public(k.public)) for k in keys if k.use is use})

    def judged(
        self, signed: Signed, at: datetime, *, holder: str = ""
    ) -> tuple[ReasonCode | None, str]:
        """Why no key of the ring made a signature that counts, and the key's id; None if one did.

        A key counts by the instant of signing: what is revoked today may have been good.
        """
        known = [self.keys[s.key_id] for s in signed.signatures if s.key_id in self.keys]
        known = [each for each in known if each[0].holder == holder]
        if not known:
            return ReasonCode.KEY_UNKNOWN, ""
        to_verify = pre_authentication_encoding(signed.payload_type, signed.payload)
        signatures = {s.key_id: s.signature for s in signed.signatures}
        made = [k for k in known if k[1].fits(signatures[k[0].key_id], to_verify)]
        if not made:
            return ReasonCode.SIGNATURE_BROKEN, known[0][0].key_id
        if any(key.fits(at) for key, _ in made):
            return None, made[0][0].key_id
        return _out_of_time(made[0][0], at), made[0][0].key_id


_PUBLIC: dict[str, VerificationKey] = {}


def _public(pem: str) -> VerificationKey:
    """The key of this PEM text, parsed once per process."""
    found = _PUBLIC.get(pem)
    if found is None:
        if len(_PUBLIC) > 10_000:
            _PUBLIC.clear()
        found = _PUBLIC[pem] = VerificationKey.from_pem(pem.encode())
    return found


def _out_of_time(key: CardKey, at: datetime) -> ReasonCode:
    if at < key.valid_from:
        return ReasonCode.KEY_NOT_YET_VALID
    if key.revoked_at is not None and at >= key.revoked_at:
        return ReasonCode.KEY_REVOKED
    return ReasonCode.KEY_EXPIRED


def opened(
    frame: bytes,
    keys: Mapping[str, DecryptionKey],
    *,
    partner: Partner,
    ring: KeyRing,
    own: str,
    at: datetime,
) -> Sound | Unsound:
    """Steps 1 to 3."""
    try:
        header = read_header(frame)
    except WireVersionUnknownError:
        return _unsound(NOBODY, "", ReasonCode.WIRE_VERSION_UNKNOWN)
    except ComityError as error:
        return _unsound(NOBODY, "", ReasonCode.ENVELOPE_UNREADABLE, error=error.code)
    try:
        inside = open_frame(frame, keys)  # (1)
        found = _verified(header, inside, partner, ring, own)
    except KeyUnknownError:
        # A card of ours that the partner has not read yet names another: no reason to alarm.
        reason = Reason(ReasonCode.SEALED_FOR_ANOTHER_KEY, {"key": header.key_id})
        return Unsound(header.message, "", reason, remarkable=False)
    except WireVersionUnknownError:
        return _unsound(header.message, "", ReasonCode.WIRE_VERSION_UNKNOWN)
    except ComityError as error:
        return _unsound(header.message, "", ReasonCode.ENVELOPE_UNREADABLE, error=error.code)
    if isinstance(found, Sound) and found.envelope.header.created > at + CLOCKS_DIFFER:
        # Its signature could not be judged by a time that has not come; later it can.
        reason = Reason(ReasonCode.CREATED_IN_FUTURE)
        return Unsound(found.message, found.digest, reason, remarkable=False)
    return found


def _verified(
    header: FrameHeader, inside: OpenedFrame, partner: Partner, ring: KeyRing, own: str
) -> Sound | Unsound:
    signed = read_signed(inside.document, PAYLOAD_TYPE)
    digest = hashlib.sha256(signed.payload).hexdigest()
    envelope = read_envelope(signed.payload)
    head = envelope.header
    if head.id != header.message or len(envelope.parts) != len(inside.part_keys):
        return _unsound(header.message, "", ReasonCode.ENVELOPE_UNREADABLE)
    fault, key = ring.judged(signed, head.created)  # (2)
    if fault is not None:
        facts = {"key": key} if key else {}
        return Unsound(
            head.id, digest, Reason(fault, facts), remarkable=fault is not ReasonCode.KEY_UNKNOWN
        )
    if head.sender != partner.code:  # (3)
        return _unsound(head.id, digest, ReasonCode.SENDER_DIFFERS)
    if head.recipient != own:
        return _unsound(head.id, digest, ReasonCode.RECIPIENT_DIFFERS)
    return Sound(envelope, inside.document, digest, inside.part_keys)


def obstacle(
    sound: Sound, *, partner: Partner, kinds: Kinds, officials: KeyRing, at: datetime
) -> Reason | None:
    """Step 4: why a sound envelope is refused whatever the law says; None where it is not."""
    envelope, head = sound.envelope, sound.envelope.header
    kind = kinds.get(head.kind)
    if kind is None:
        return Reason(ReasonCode.KIND_UNKNOWN, {"kind": head.kind})
    if head.expires is not None and head.expires <= at:
        return Reason(ReasonCode.EXPIRED)
    return (
        above_ceiling(envelope, kind, partner.ceilings)
        or _official(sound, kind, officials)
        or (Reason(ReasonCode.LEGAL_BASIS_MISSING) if _baseless(envelope, kind) else None)
    )


def above_ceiling(envelope: Envelope, kind: Kind, ceilings: Ceilings) -> Reason | None:
    """Which ceiling an envelope is above; the same for what we send and for what we take.

    What nodes tell one another (cards, revocations, tests) needs no basis and, where it brings no
    parts, no administrator's room: a low ceiling must not shut out a revocation.
    """
    if ceilings.kinds is not None and kind.name not in ceilings.kinds and kind.needs_basis:
        return Reason(ReasonCode.KIND_NOT_ALLOWED, {"kind": kind.name})
    most_parts = min(ceilings.parts, wire.PARTS)
    if len(envelope.parts) > most_parts:
        found = str(len(envelope.parts))
        return Reason(ReasonCode.TOO_MANY_PARTS, {"found": found, "most": str(most_parts)})
    size = sum(part.size for part in envelope.parts)
    if size > ceilings.message_bytes:
        found, most = str(size), str(ceilings.message_bytes)
        return Reason(ReasonCode.TOO_LARGE, {"found": found, "most": most})
    length = len(canonical(envelope.body))
    if length > kind.largest_body:
        found, most = str(length), str(kind.largest_body)
        return Reason(ReasonCode.BODY_TOO_LARGE, {"found": found, "most": most})
    return None


def _baseless(envelope: Envelope, kind: Kind) -> bool:
    return kind.needs_basis and envelope.header.basis is None


def _official(sound: Sound, kind: Kind, officials: KeyRing) -> Reason | None:
    """A named official must have signed, whether the kind demands it or not."""
    head = sound.envelope.header
    if not head.official:
        return Reason(ReasonCode.OFFICIAL_MISSING) if kind.needs_official else None
    signed = read_signed(sound.document, PAYLOAD_TYPE)
    fault, _ = officials.judged(signed, head.created, holder=head.official)
    if fault is None:
        return None
    if fault is ReasonCode.KEY_UNKNOWN:
        fault = ReasonCode.OFFICIAL_NOT_DESIGNATED
    return Reason(fault, {"official": head.official})


def _unsound(message: str, digest: str, code: ReasonCode, **facts: str) -> Unsound:
    return Unsound(message, digest, Reason(code, facts))
