# SPDX-License-Identifier: Apache-2.0
"""Another administration's node as this one knows it: its keys, its ways, its ceilings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Binding(StrEnum):
    """How what we send reaches the partner."""

    PUSH = "push"
    """We hand it to its endpoint."""
    PULL = "pull"
    """It fetches from ours, for it takes no connections."""
    FOLDER = "folder"
    """Files in a folder or on a stick."""
    LETTER = "letter"
    """It has no node: a person sends a letter."""


class PartnerState(StrEnum):
    """How far the acquaintance has come."""

    PROPOSED = "proposed"
    """Its card was read; nobody has compared the fingerprint yet. Nothing is accepted from it."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """By us, for a time: what it sends is held off, what we have for it waits."""
    ENDED = "ended"


class KeyUse(StrEnum):
    """What a key of a card is for."""

    IDENTITY = "identity"
    """Signs cards and revocations (Ed25519)."""
    ENVELOPE = "envelope"
    """Signs envelopes, evidences and HTTP requests (Ed25519)."""
    ENCRYPTION = "encryption"
    """Envelopes are sealed for it (X25519)."""
    TLS = "tls"
    """A certificate, pinned by its SHA-256 (X.509, DER)."""
    JOURNAL = "journal"
    """Signs checkpoints (C2SP verifier key)."""
    OFFICIAL = "official"
    """A designated official's own (Ed25519)."""


@dataclass(frozen=True, slots=True)
class CardKey:
    """One public key with its validity."""

    use: KeyUse
    key_id: str
    """First 16 hexadecimal digits of the SHA-256 of its SubjectPublicKeyInfo (TLS: of the DER)."""
    public: str
    """PEM; for `journal` the C2SP verifier-key line."""
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None
    holder: str = ""
    """For `official`: the reference of the designated official."""
    further: Mapping[str, Any] = field(default_factory=dict)
    """Members that this release does not know, kept so that a round trip loses nothing."""

    def fits(self, signed_at: datetime) -> bool:
        """Whether a signature made at this instant counts: judged at signing time."""
        begun = self.valid_from <= signed_at < self.valid_until
        return begun and (self.revoked_at is None or signed_at < self.revoked_at)


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What an administrator allows a partner at most, below every page and API."""

    kinds: frozenset[str] | None = None
    """None for every kind that both know; an empty set is none at all."""
    message_bytes: int = 4 * 1024**3
    """Of one message with its parts."""
    parts: int = 100
    messages_a_day: int = 100_000
    bytes_a_day: int = 64 * 1024**3
    waiting: int = 100_000
    """Messages of ours that may wait for it."""
    forms: frozenset[str] | None = None
    """Forms of assistance that may be exchanged at all."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as services and pages see it."""

    code: str
    """Code of its administration, as in the register."""
    name: str
    state: PartnerState
    binding: Binding
    endpoint: str
    wire: int
    """The highest wire version that both speak."""
    kinds: frozenset[str]
    """What its card says it takes."""
    keys: tuple[CardKey, ...]
    ceilings: Ceilings
    card_version: int
    fingerprint: str
