# SPDX-License-Identifier: Apache-2.0
"""What the kit hands over: envelopes of the kind `exchange.test/1`, sound and unsound ones."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comity.exchange.conform.subject import Subject
from comity.exchange.envelope import PAYLOAD_TYPE, Envelope, Header, PartEntry
from comity.exchange.note import TEST, Half, body_of_test
from comity.exchange.sealed_frame import MAGIC, FrameHeader, seal
from comity.exchange.signed_document import signed
from comity.sealing.keys import SigningKey
from comity.sealing.segments import SEGMENT_LENGTH, Segments, make_content_key, segments_of
from comity.sealing.wrapping import DEFAULT_SUITE


@dataclass(frozen=True, slots=True)
class File:
    """A part with its content key."""

    content: bytes
    key: bytes = field(default_factory=make_content_key, repr=False)

    @property
    def entry(self) -> PartEntry:
        """The part as its envelope names it."""
        digest = hashlib.sha256(self.content).hexdigest()
        return PartEntry("conform.bin", "application/octet-stream", len(self.content), digest)

    def sealed(self, first: int = 0, before: int | None = None) -> bytes:
        """Its sealed segments from one to before another."""
        segments, count = Segments(self.key), segments_of(len(self.content))
        pieces = [
            segments.seal(
                number,
                self.content[number * SEGMENT_LENGTH : (number + 1) * SEGMENT_LENGTH],
                final=number == count - 1,
            )
            for number in range(count)
        ]
        return b"".join(pieces[first:before])


def envelope(subject: Subject, *, files: Sequence[File] = (), **changes: Any) -> Envelope:
    """A test of the way that asks for no answer; the named members of its header are others."""
    made = str(uuid.uuid4())
    header: dict[str, Any] = {
        "id": made,
        "kind": TEST,
        "conversation": made,
        "sender": subject.tester.code,
        "recipient": subject.code,
        "created": subject.now(),
    }
    parts = tuple(file.entry for file in files)
    return Envelope(
        Header(**(header | changes)), body_of_test(Half.ANSWER), parts, wire=subject.wire
    )


def frame(
    subject: Subject,
    made: Envelope,
    *,
    files: Sequence[File] = (),
    key: SigningKey | None = None,
) -> bytes:
    """The envelope signed and sealed for the node under test."""
    return seal(
        signed(made.payload(), PAYLOAD_TYPE, [key or subject.tester.envelope]),
        message=made.header.id,
        sender=subject.tester.code,
        recipient=subject.code,
        payload_type=PAYLOAD_TYPE,
        part_keys=[file.key for file in files],
        to=subject.encryption_key(),
        version=subject.wire,
    )


def bomb(subject: Subject, parts: int) -> bytes:
    """A frame that announces so many parts, and holds nothing that could be opened."""
    header = FrameHeader(
        wire=subject.wire,
        suite=DEFAULT_SUITE,
        message=str(uuid.uuid4()),
        sender=subject.tester.code,
        recipient=subject.code,
        key_id=subject.encryption_key().key_id,
        payload_type=PAYLOAD_TYPE,
        parts=parts,
    ).encoded()
    keys, document = bytes(32 * (parts + 1)), bytes(64)
    lengths = b"".join(len(each).to_bytes(4, "big") for each in (header, keys, document))
    return MAGIC + lengths + header + keys + document


def later(at: datetime, seconds: float) -> datetime:
    """An instant so many seconds after another."""
    return datetime.fromtimestamp(at.timestamp() + seconds, at.tzinfo)
