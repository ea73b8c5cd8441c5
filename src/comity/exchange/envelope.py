# SPDX-License-Identifier: Apache-2.0
"""What one administration hands to another: a header, a body, and parts named by their digests.

The payload is canonical JSON (RFC 8785); its SHA-256 is the envelope's digest, which every
evidence names. Signing it is left to `sealing.signing` (DSSE), sealing it for the recipient to
`sealed_frame`, its way to `transports`. The wire format as a whole: `docs/reference/wire.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from comity.sealing.canonical_json import canonical

PAYLOAD_TYPE = "application/vnd.comity.envelope+json"


@dataclass(frozen=True, slots=True)
class PartEntry:
    """One file that belongs to an envelope."""

    name: str
    """As the sender calls it; for people, never a path."""
    media_type: str
    size: int
    """Bytes of its plain content."""
    digest: str
    """SHA-256 of its plain content, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """What the sender relies on, and the question that it put to the rules."""

    instrument: str
    """Reference of the governing instrument; empty where a person decided without one."""
    version: str
    """Digest of the instrument as the sender's register has it."""
    article: str
    verdict: str
    """The sender's own answer: a `Verdict`, or what a person decided after it."""
    question: Mapping[str, Any]
    """As `agreements.answers.question_document` writes it; the recipient puts the same one."""


@dataclass(frozen=True, slots=True)
class LogStatement:
    """What a node says of its own journal in everything it sends."""

    checkpoint: str
    """Its latest signed checkpoint (a C2SP note)."""
    since: int = 0
    """The size that the partner is known to have seen; 0 for none."""
    consistency: tuple[str, ...] = ()
    """Hashes (hexadecimal) that prove that the log only grew since then (RFC 9162)."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of an envelope before its body is read."""

    id: str
    """Made once, before the first attempt to send (UUID); every attempt uses it again."""
    kind: str
    """`kind/version`, such as `assistance.request/1`."""
    conversation: str
    """The id of the envelope that began the conversation."""
    sender: str
    recipient: str
    created: datetime
    in_reply_to: str = ""
    expires: datetime | None = None
    basis: LegalBasis | None = None
    """None for the exchange's own kinds, which carry nothing under an instrument."""
    handling: str = ""
    """A handling code (H0 to H3)."""
    caveats: tuple[str, ...] = ()
    case: str = ""
    """The sender's own reference of the case: a code, never a name."""
    official: str = ""
    """Reference of the designated official whose key signed as well."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as it is signed."""

    header: Header
    body: Mapping[str, Any]
    parts: tuple[PartEntry, ...] = ()
    log: LogStatement | None = None
    wire: int = 2
    further: Mapping[str, Any] = field(default_factory=dict)
    """Members that this release does not know, kept so that a round trip loses nothing."""

    @property
    def digest(self) -> str:
        """SHA-256 of the payload, in hexadecimal."""
        return hashlib.sha256(self.payload()).hexdigest()

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """The envelope as the JSON object of the wire format."""
        raise NotImplementedError  # the wire format's owner writes it at once


def read_envelope(payload: bytes) -> Envelope:
    """The envelope of a payload; every limit and form is checked, nothing of it is verified."""
    raise NotImplementedError


def wire_instant(at: datetime) -> str:
    """An instant as it stands on the wire: UTC, with microseconds, always of the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
