# SPDX-License-Identifier: Apache-2.0
"""An administration's node in memory, without a database: what bindings are tried against.

It keeps what the exchange promises – a message once, a receipt after the last part, the same
receipt whenever it is asked for – in the plainest way, so that whatever a binding loses, doubles
or invents shows as a difference between two of them.
"""

from __future__ import annotations

import hashlib
import io
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from comity.exchange import envelope as envelopes
from comity.exchange import evidence as evidences
from comity.exchange.envelope import Envelope, Header, PartEntry, read_envelope
from comity.exchange.evidence import Evidence, EvidenceKind, Reason, read_evidence
from comity.exchange.outcome import Held, Outcome, Stated, Unknown, Wanted, WantedPart
from comity.exchange.partner import Binding, CardKey, Ceilings, KeyUse, Partner, PartnerState
from comity.exchange.sealed_frame import open_frame, seal
from comity.exchange.signed_document import signed, verify_signed
from comity.exchange.transports.base import Transport
from comity.exchange.transports.tls import OwnCertificate, certificate_digest
from comity.sealing.certificates import make_certificate
from comity.sealing.keys import DecryptionKey, EncryptionKey, SigningKey, VerificationKey
from comity.sealing.segments import (
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    Segments,
    make_content_key,
    segments_of,
)
from comity.sealing.signing import SignatureBrokenError

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = datetime(2036, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Bindings live in real time: their connections do."""
    return datetime.now(UTC)


@dataclass
class Keys:
    """Everything secret that a node has."""

    sign: SigningKey
    open: DecryptionKey
    tls: OwnCertificate
    certificate: str

    def public(self) -> tuple[CardKey, ...]:
        """What its card says of them."""
        sign, seal_for = self.sign.public, self.open.public
        pin = certificate_digest(self.certificate)
        return (
            CardKey(KeyUse.ENVELOPE, sign.key_id, sign.pem.decode(), BEGUN, ENDED),
            CardKey(KeyUse.ENCRYPTION, seal_for.key_id, seal_for.pem.decode(), BEGUN, ENDED),
            CardKey(KeyUse.TLS, pin[:16], self.certificate, BEGUN, ENDED),
        )


def make_keys(folder: Path, code: str, *, days: tuple[int, int] = (-1, 30)) -> Keys:
    """New keys; the certificate and its key as files in the folder, as TLS wants them."""
    made = make_certificate(
        common_name=code,
        names=("localhost", "127.0.0.1"),
        valid_from=now() + timedelta(days=days[0]),
        valid_until=now() + timedelta(days=days[1]),
    )
    certificate, key = folder / f"{code}-{uuid.uuid4()}.crt", folder / f"{code}-{uuid.uuid4()}.key"
    certificate.write_bytes(made.certificate.pem)
    key.write_bytes(made.private_pem)
    return Keys(
        sign=SigningKey.make(),
        open=DecryptionKey.make(),
        tls=OwnCertificate(certificate, key),
        certificate=made.certificate.pem.decode(),
    )


@dataclass
class Posted:
    """A message of ours."""

    envelope: Envelope
    frame: bytes
    sealed: list[bytes]
    settled: Evidence | None = None
    receipt: bytes = b""
    heard: int = 0
    """How often an evidence that settles it came."""
    later: list[EvidenceKind] = field(default_factory=list)


@dataclass
class Arrival:
    """A message of theirs."""

    envelope: Envelope
    keys: tuple[bytes, ...]
    segments: list[list[bytes]]
    stated: bytes = b""
    effects: int = 0
    to_tell: list[bytes] = field(default_factory=list)

    def content(self, number: int) -> bytes:
        """A part's plain content."""
        return b"".join(self.segments[number])


@dataclass(frozen=True)
class File:
    """A part that arrived."""

    name: str
    content: bytes


class MemoryNode:
    """A node: `Reception`, `Outgoing` and `Nonces` at once."""

    def __init__(self, code: str, folder: Path) -> None:
        self.code = code
        self.folder = folder
        self.keys = make_keys(folder, code)
        self.outbox: dict[str, Posted] = {}
        self.inbox: dict[str, Arrival] = {}
        self.partner: Partner | None = None
        self.hold: Held | None = None
        self.refuses: dict[str, str] = {}
        """Kinds that are refused, with the reason."""
        self.bytes_read = 0
        """Of parts' segments, those that were in vain as well."""
        self.order: Callable[[list[str]], list[str]] = list
        """In which order what is due is handed over."""
        self.forgotten: set[str] = set()
        self.forge_next_receipt = False
        self._given: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self._lock = threading.RLock()
        self._taking = threading.Lock()

    def as_partner(self, endpoint: str = "", binding: Binding = Binding.PUSH) -> Partner:
        """This node as the other one knows it."""
        return Partner(
            code=self.code,
            name=self.code,
            state=PartnerState.ACTIVE,
            binding=binding,
            endpoint=endpoint,
            wire=2,
            kinds=frozenset({"note/1"}),
            keys=self.keys.public(),
            ceilings=Ceilings(),
            card_version=1,
            fingerprint="",
        )

    # Sending

    def post(self, *contents: bytes, kind: str = "note/1", text: str = "") -> str:
        """Accept a message with these parts for the partner; its id."""
        assert self.partner is not None
        message = str(uuid.uuid4())
        keys = [make_content_key() for _ in contents]
        header = Header(
            id=message,
            kind=kind,
            conversation=message,
            sender=self.code,
            recipient=self.partner.code,
            created=now(),
        )
        parts = tuple(
            PartEntry(f"part {n}", "text/plain", len(c), hashlib.sha256(c).hexdigest())
            for n, c in enumerate(contents)
        )
        envelope = Envelope(header, {"text": text}, parts)
        document = signed(envelope.payload(), envelopes.PAYLOAD_TYPE, [self.keys.sign])
        frame = seal(
            document,
            message=message,
            sender=self.code,
            recipient=self.partner.code,
            payload_type=envelopes.PAYLOAD_TYPE,
            part_keys=keys,
            to=self._their(KeyUse.ENCRYPTION),
        )
        sealed = [sealed_content(key, content) for key, content in zip(keys, contents, strict=True)]
        self.outbox[message] = Posted(envelope, frame, sealed)
        return message

    def due(self) -> list[str]:
        """What waits for a receipt, and what the node forgot that it has one for."""
        unsettled = [m for m, posted in self.outbox.items() if posted.settled is None]
        return unsettled + [m for m in self.forgotten if m not in unsettled]

    def send(self, transport: Transport, *, of: Sequence[str] | None = None) -> None:
        """One round of the dispatcher: envelopes, then the parts that are asked for."""
        due = self.order(self.due() if of is None else list(of))
        for start in range(0, len(due), 50):
            self._send_batch(transport, due[start : start + 50])

    def _send_batch(self, transport: Transport, due: list[str]) -> None:
        outcomes = transport.deliver([self.outbox[message].frame for message in due])
        assert len(outcomes) == len(due)
        for message, outcome in zip(due, outcomes, strict=True):
            assert outcome.message == message
            self.settle(outcome)
            while isinstance(outcome, Wanted):
                outcome = self.send_wanted(transport, outcome)
                self.settle(outcome)

    def send_wanted(self, transport: Transport, wanted: Wanted) -> Outcome:
        """Send the first part that is asked for, from the segment that is asked for."""
        part = wanted.parts[0]
        sealed = self.part(
            wanted.message, part.number, part.from_segment, partner=self._partner.code
        )
        assert sealed is not None
        return transport.send_part(wanted.message, part.number, part.from_segment, sealed)

    def settle(self, outcome: Outcome) -> None:
        """Keep what the partner answered."""
        if isinstance(outcome, Stated):
            heard = self.hear([outcome.evidence], partner=self._partner.code, at=now())
            assert heard == [True], "a receipt that proves nothing"

    def tell(self, transport: Transport) -> None:
        """One round of telling later evidences."""
        statements = self.statements(partner=self._partner.code)
        told = transport.tell(statements) if statements else []
        digests = [
            hashlib.sha256(s).hexdigest() for s, kept in zip(statements, told, strict=True) if kept
        ]
        self.confirmed(digests, partner=self._partner.code, at=now())

    # Reception

    def receive(self, frames: Sequence[bytes], *, partner: str, at: datetime) -> list[Outcome]:
        """Take sealed envelopes."""
        with self._lock:
            return [self._receive(frame, partner) for frame in frames]

    def _receive(self, frame: bytes, partner: str) -> Outcome:
        opened = open_frame(frame, {self.keys.open.public.key_id: self.keys.open})
        keys = [self._their_signature()]
        envelope = read_envelope(verify_signed(opened.document, envelopes.PAYLOAD_TYPE, keys))
        message = envelope.header.id
        assert (envelope.header.sender, envelope.header.recipient) == (partner, self.code)
        if self.hold is not None and message not in self.inbox:
            return Held(message, self.hold.reason, self.hold.retry_after)
        if message not in self.inbox:
            empty: list[list[bytes]] = [[] for _ in envelope.parts]
            self.inbox[message] = Arrival(envelope, opened.part_keys, empty)
            if envelope.header.kind in self.refuses:
                reason = self.refuses[envelope.header.kind]
                self.inbox[message].stated = self._state(message, EvidenceKind.REFUSED, reason)
        return self.outcome_of(message, partner=partner)

    def take_part(
        self,
        message: str,
        number: int,
        from_segment: int,
        sealed: BinaryIO,
        *,
        partner: str,
        at: datetime,
    ) -> Outcome:
        """Take a part's segments, each of which proves itself."""
        arrival = self.inbox.get(message)
        if arrival is None or number >= len(arrival.segments):
            return Unknown(message)
        with self._taking:
            stream = cast("BinaryIO", _Counted(sealed, self))
            self._take(arrival, number, from_segment, stream)
        with self._lock:
            return self.outcome_of(message, partner=partner)

    def _take(self, arrival: Arrival, number: int, at: int, sealed: BinaryIO) -> None:
        there = arrival.segments[number]
        total = segments_of(arrival.envelope.parts[number].size)
        seals = Segments(arrival.keys[number])
        while at <= len(there) < total and (segment := sealed.read(SEALED_SEGMENT_LENGTH)):
            final = at == total - 1
            if len(segment) < (_last_length(arrival, number) if final else SEALED_SEGMENT_LENGTH):
                break  # the connection ended within it
            if at == len(there):
                there.append(seals.open(at, segment, final=final))
            at += 1

    def wait_until_quiet(self) -> None:
        """Wait for parts that are still being taken, as time passes between two attempts."""
        time.sleep(0.02)
        with self._taking:
            pass

    def outcome_of(self, message: str, *, partner: str) -> Outcome:
        """What is known of it."""
        arrival = self.inbox.get(message)
        if arrival is None:
            return Unknown(message)
        if arrival.stated:
            return Stated(message, arrival.stated)
        missing = tuple(
            WantedPart(number, len(there))
            for number, there in enumerate(arrival.segments)
            if len(there) < segments_of(arrival.envelope.parts[number].size)
        )
        if missing:
            return Wanted(message, missing)
        for number, part in enumerate(arrival.envelope.parts):
            assert hashlib.sha256(arrival.content(number)).hexdigest() == part.digest
        arrival.effects += 1
        arrival.stated = self._state(message, EvidenceKind.RELAYED)
        return Stated(message, arrival.stated)

    def hear(self, statements: Sequence[bytes], *, partner: str, at: datetime) -> list[bool]:
        """Take evidences about what was sent."""
        with self._lock:
            return [self._hear(statement) for statement in statements]

    def _hear(self, statement: bytes) -> bool:
        try:
            payload = verify_signed(statement, evidences.PAYLOAD_TYPE, [self._their_signature()])
        except SignatureBrokenError:
            return False
        evidence = read_evidence(payload)
        posted = self.outbox.get(evidence.message)
        if posted is None or posted.envelope.digest != evidence.envelope:
            return False
        if evidence.kind not in (EvidenceKind.RELAYED, EvidenceKind.REFUSED):
            posted.later += [evidence.kind] if evidence.kind not in posted.later else []
        elif posted.settled is None:
            posted.settled, posted.receipt, posted.heard = evidence, statement, 1
        else:
            assert posted.receipt == statement, "two receipts of one message"
            posted.heard += 1
        return True

    def files(self, message: str) -> list[File]:
        """The parts of a message of theirs."""
        arrival = self.inbox[message]
        parts = arrival.envelope.parts
        return [File(part.name, arrival.content(n)) for n, part in enumerate(parts)]

    def open_on_the_desk(self, message: str) -> None:
        """A person opens it: one more evidence to tell."""
        self.inbox[message].to_tell.append(self._state(message, EvidenceKind.OPENED))

    # Outgoing

    def waiting(self, *, partner: str, at: datetime) -> list[bytes]:
        """Envelopes for whoever fetches, a few at a time; after the last one, from the first."""
        with self._lock:
            left = [m for m in self.order(self.due()) if m not in self._given][:30]
            self._given = self._given | set(left) if left else set()
            return [self.outbox[message].frame for message in left]

    def time_passes(self) -> None:
        """What was given is due again."""
        self._given.clear()

    def part(
        self, message: str, number: int, from_segment: int, *, partner: str
    ) -> BinaryIO | None:
        """Segments for whoever fetches."""
        posted = self.outbox.get(message)
        if posted is None or number >= len(posted.sealed):
            return None
        stream = io.BytesIO(posted.sealed[number])
        stream.seek(from_segment * SEALED_SEGMENT_LENGTH)
        return stream

    def statements(self, *, partner: str) -> list[bytes]:
        """Evidences that were not confirmed."""
        return [each for arrival in self.inbox.values() for each in arrival.to_tell]

    def untold(self) -> int:
        """How many wait to be told."""
        return len(self.statements(partner=self._partner.code))

    def confirmed(self, digests: Sequence[str], *, partner: str, at: datetime) -> None:
        """They have these."""
        for arrival in self.inbox.values():
            left = [s for s in arrival.to_tell if hashlib.sha256(s).hexdigest() not in digests]
            arrival.to_tell = left

    # Nonces

    def use(self, key_id: str, nonce: str, *, until: datetime) -> bool:
        """Whether it is new."""
        with self._lock:
            new = (key_id, nonce) not in self.used
            self.used.add((key_id, nonce))
            return new

    # Shared

    def _state(self, message: str, kind: EvidenceKind, reason: str = "") -> bytes:
        envelope = self.inbox[message].envelope
        evidence = Evidence(
            id=str(uuid.uuid4()),
            kind=kind,
            message=message,
            envelope=envelope.digest,
            by=self.code,
            to=envelope.header.sender,
            at=now(),
            parts=tuple(p.digest for p in envelope.parts) if kind is EvidenceKind.RELAYED else (),
            reason=Reason(reason) if reason else None,
        )
        forged, self.forge_next_receipt = self.forge_next_receipt, False
        signer = SigningKey.make() if forged else self.keys.sign
        return signed(evidence.payload(), evidences.PAYLOAD_TYPE, [signer])

    @property
    def _partner(self) -> Partner:
        assert self.partner is not None
        return self.partner

    def _their(self, use: KeyUse) -> EncryptionKey:
        pem = next(key.public for key in self._partner.keys if key.use is use)
        return EncryptionKey.from_pem(pem.encode())

    def _their_signature(self) -> VerificationKey:
        key = next(key for key in self._partner.keys if key.use is KeyUse.ENVELOPE)
        return VerificationKey.from_pem(key.public.encode())


class _Counted:
    """A stream whose reads are counted."""

    def __init__(self, stream: BinaryIO, node: MemoryNode) -> None:
        self._stream, self._node = stream, node

    def read(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        self._node.bytes_read += len(piece)
        return piece


def _last_length(arrival: Arrival, number: int) -> int:
    size = arrival.envelope.parts[number].size
    return size - (segments_of(size) - 1) * SEGMENT_LENGTH + 16


def sealed_content(key: bytes, content: bytes) -> bytes:
    """All segments of a content."""
    seals, count = Segments(key), segments_of(len(content))
    return b"".join(
        seals.seal(n, content[n * SEGMENT_LENGTH : (n + 1) * SEGMENT_LENGTH], final=n == count - 1)
        for n in range(count)
    )


def acquaint(ours: MemoryNode, theirs: MemoryNode) -> None:
    """Let each know the other."""
    ours.partner, theirs.partner = theirs.as_partner(), ours.as_partner()
