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
from datetime import datetime
from typing import Any

from comity.exchange import members as form
from comity.exchange import wire
from comity.exchange.members import Members, filled, instant_text, read_object
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
    further: Mapping[str, Any] = field(default_factory=dict)
    """Members that this release does not know, kept so that a round trip loses nothing."""

    def as_dict(self) -> dict[str, Any]:
        """The entry as the JSON object of the wire format."""
        return {
            **self.further,
            "name": self.name,
            "media_type": self.media_type,
            "size": self.size,
            "digest": self.digest,
        }


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
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The basis as the JSON object of the wire format."""
        optional = {
            "instrument": self.instrument,
            "version": self.version,
            "article": self.article,
        }
        required = {"verdict": self.verdict, "question": self.question}
        return {**self.further, **filled(optional), **required}


@dataclass(frozen=True, slots=True)
class LogStatement:
    """What a node says of its own journal in everything it sends."""

    checkpoint: str
    """Its latest signed checkpoint (a C2SP note)."""
    since: int = 0
    """The size that the partner is known to have seen; 0 for none."""
    consistency: tuple[str, ...] = ()
    """Hashes (hexadecimal) that prove that the log only grew since then (RFC 9162)."""
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The statement as the JSON object of the wire format."""
        optional = filled({"consistency": self.consistency})
        return {**self.further, **optional, "checkpoint": self.checkpoint, "since": self.since}


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
    further: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The header as the JSON object of the wire format."""
        optional = {
            "in_reply_to": self.in_reply_to,
            "expires": instant_text(self.expires) if self.expires else "",
            "basis": self.basis.as_dict() if self.basis else None,
            "handling": self.handling,
            "caveats": self.caveats,
            "case": self.case,
            "official": self.official,
        }
        return {
            **self.further,
            **filled(optional),
            "id": self.id,
            "kind": self.kind,
            "conversation": self.conversation,
            "sender": self.sender,
            "recipient": self.recipient,
            "created": instant_text(self.created),
        }


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as it is signed."""

    header: Header
    body: Mapping[str, Any]
    parts: tuple[PartEntry, ...] = ()
    log: LogStatement | None = None
    """Wire version 1 has no place for it and leaves it out."""
    witness: str = ""
    """The recipient's latest checkpoint that we know, with our cosignature (a C2SP note)."""
    wire: int = wire.CURRENT
    further: Mapping[str, Any] = field(default_factory=dict)
    _payload: bytes = field(init=False, default=b"", repr=False, compare=False)
    """Spelled once; what is made from this value by `replace` spells its own."""

    @property
    def digest(self) -> str:
        """SHA-256 of the payload, in hexadecimal."""
        return hashlib.sha256(self.payload()).hexdigest()

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        if not self._payload:
            object.__setattr__(self, "_payload", canonical(self.as_dict()))
        return self._payload

    def as_dict(self) -> dict[str, Any]:
        """The envelope as the JSON object of the wire format."""
        optional = {
            "parts": [part.as_dict() for part in self.parts],
            "log": self.log.as_dict() if self.log and self.wire > 1 else None,
            "witness": self.witness if self.wire > 1 else "",
        }
        return {
            **self.further,
            **filled(optional),
            "wire": self.wire,
            "header": self.header.as_dict(),
            "body": self.body,
        }


def read_envelope(payload: bytes) -> Envelope:
    """The envelope of a payload; every limit and form is checked, nothing of it is verified."""
    members = read_object(payload, "envelope", wire.PAYLOAD_BYTES)
    version = wire.require_version(members.anything("wire"))
    header, body = members.mapping("header"), members.mapping("body")
    _require_small(header, "header", wire.HEADER_BYTES, of=payload)
    _require_small(body, "body", wire.BODY_BYTES, of=payload)
    envelope = Envelope(
        header=_read_header(Members(header, "envelope", "header.")),
        body=body,
        parts=members.each("parts", _read_part, most=wire.PARTS),
        log=members.one_or_none("log", read_log) if version > 1 else None,
        witness=members.text_or_none("witness", form.NOTE, most=wire.NOTE) if version > 1 else "",
        wire=version,
        further=members.rest(),
    )
    object.__setattr__(envelope, "_payload", payload)  # canonical, or it would not have been read
    return envelope


def checked(envelope: Envelope) -> Envelope:
    """The envelope, once it is known that every recipient can read it.

    Raises:
        WireFormError, WireLimitError, NotCanonicalError: it has not the form of the wire format.
    """
    read_envelope(envelope.payload())
    return envelope


def _require_small(member: Mapping[str, Any], name: str, most: int, *, of: bytes) -> None:
    """What is longer than the limit on its own; a short payload needs no second spelling."""
    if len(of) > most:
        length = len(canonical(member))
        wire.require_at_most(length, most, document="envelope", member=f"{name} (bytes)")


def _read_header(members: Members) -> Header:
    return Header(
        id=members.text("id", form.IDENTIFIER),
        kind=members.text("kind", form.KIND, most=wire.CODE),
        conversation=members.text("conversation", form.IDENTIFIER),
        sender=members.text("sender", form.ADMINISTRATION, most=wire.ADMINISTRATION),
        recipient=members.text("recipient", form.ADMINISTRATION, most=wire.ADMINISTRATION),
        created=members.instant("created"),
        in_reply_to=members.text_or_none("in_reply_to", form.IDENTIFIER),
        expires=members.instant_or_none("expires"),
        basis=members.one_or_none("basis", _read_basis),
        handling=members.text_or_none("handling", form.CODE, most=wire.CODE),
        caveats=members.texts("caveats", form.CODE, most=wire.CAVEATS, each=wire.CODE),
        case=members.text_or_none("case", most=wire.CODE),
        official=members.text_or_none("official", most=wire.REFERENCE),
        further=members.rest(),
    )


def _read_basis(members: Members) -> LegalBasis:
    return LegalBasis(
        instrument=members.text_or_none("instrument", most=wire.REFERENCE),
        version=members.text_or_none("version", form.DIGEST),
        article=members.text_or_none("article", most=wire.CODE),
        verdict=members.text("verdict", form.CODE, most=wire.CODE),
        question=members.mapping("question"),
        further=members.rest(),
    )


def _read_part(members: Members) -> PartEntry:
    return PartEntry(
        name=members.text("name", most=wire.NAME),
        media_type=members.text("media_type", form.MEDIA_TYPE, most=wire.MEDIA_TYPE),
        size=members.number("size"),
        digest=members.text("digest", form.DIGEST),
        further=members.rest(),
    )


def read_log(members: Members) -> LogStatement:
    """What a document says of its writer's log."""
    return LogStatement(
        checkpoint=members.text("checkpoint", form.NOTE, most=wire.NOTE),
        since=members.number("since"),
        consistency=members.texts("consistency", form.DIGEST, most=wire.CONSISTENCY),
        further=members.rest(),
    )


def wire_instant(at: datetime) -> str:
    """An instant as it stands on the wire: UTC, with microseconds, always of the same length."""
    return instant_text(at)
