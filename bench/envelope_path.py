# SPDX-License-Identifier: Apache-2.0
"""Our envelope's whole way in memory, in a process of its own; prints what it took as JSON.

    python -m bench.envelope_path SECONDS_SHORT SECONDS_LONG

Build, sign, encrypt; then read the header, decrypt, verify, parse, check the content's digest,
sign a receipt; then verify and read the receipt. Both signatures are Ed25519.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import uuid
from datetime import UTC, datetime

from bench.messages import document, records
from bench.repetition import memory, paces
from comity.exchange import envelope, evidence, sealed_frame
from comity.exchange.envelope import Envelope, Header, LegalBasis, LogStatement, PartEntry
from comity.exchange.evidence import Evidence, EvidenceKind, LegalFinding
from comity.exchange.signed_document import signed, verify_signed
from comity.sealing.keys import DecryptionKey, SigningKey
from comity.sealing.segments import (
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    Segments,
    make_content_key,
    segments_of,
)

NORTHLAND, SOUTHLAND = SigningKey.make(), SigningKey.make()
RECIPIENT = DecryptionKey.make()
NOTE = f"northland.example/journal\n1200\n{'A' * 43}=\n\n— northland.example/journal {'B' * 91}=\n"
QUESTION = {"kind": "ask", "asker": "XN", "asked": "XS", "form": "documents", "on": "2026-11-20"}
FINDINGS = tuple(
    {"rule": f"AGR-{number}", "holds": True, "reason": "in-force", "article": str(number)}
    for number in range(12)
)
DIGEST = hashlib.sha256(b"instrument").hexdigest()
LOG = LogStatement(NOTE, 1100, (DIGEST,) * 8)


def short_message() -> bytes:
    """The way of a message of about 10 kB, all in its body."""
    return _there_and_back(BODY, (), ())[0]


def long_message() -> bytes:
    """The way of a message with a part of 8 MB."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    key = make_content_key()
    sealed = _sealed(key)
    part = PartEntry("records.xml", "application/xml", len(CONTENT), digest)
    body = {"text": "See the attached records."}
    receipt, (opened_with,), parts = _there_and_back(body, (part,), (key,))
    if _digest_of(sealed, opened_with, parts[0].size) != parts[0].digest:
        raise SystemExit("the content is not the one that was announced")
    return receipt


def _there_and_back(
    body: dict[str, object], parts: tuple[PartEntry, ...], keys: tuple[bytes, ...]
) -> tuple[bytes, tuple[bytes, ...], tuple[PartEntry, ...]]:
    sent = Envelope(_header(), body, parts, log=LOG)
    identifier = sent.header.id
    document = signed(sent.payload(), envelope.PAYLOAD_TYPE, [NORTHLAND])
    frame = sealed_frame.seal(
        document,
        message=identifier,
        sender="XN",
        recipient="XS",
        payload_type=envelope.PAYLOAD_TYPE,
        part_keys=keys,
        to=RECIPIENT.public,
    )

    opened = sealed_frame.open_frame(frame, {RECIPIENT.public.key_id: RECIPIENT})
    received = envelope.read_envelope(
        verify_signed(opened.document, envelope.PAYLOAD_TYPE, [NORTHLAND.public])
    )
    receipt = signed(_receipt(received).payload(), evidence.PAYLOAD_TYPE, [SOUTHLAND])

    stated = evidence.read_evidence(
        verify_signed(receipt, evidence.PAYLOAD_TYPE, [SOUTHLAND.public])
    )
    if (stated.envelope, stated.parts) != (sent.digest, tuple(p.digest for p in parts)):
        raise SystemExit("the receipt is not for what was sent")
    return receipt, opened.part_keys, received.parts


def _header() -> Header:
    identifier = str(uuid.uuid4())
    return Header(
        id=identifier,
        kind="assistance.request/1",
        conversation=identifier,
        sender="XN",
        recipient="XS",
        created=datetime.now(UTC),
        basis=LegalBasis("XN-XS-2020", DIGEST, "5", "permitted", QUESTION),
        handling="H1",
        case="XN-2026-00041",
    )


def _receipt(received: Envelope) -> Evidence:
    return Evidence(
        id=str(uuid.uuid4()),
        kind=EvidenceKind.RELAYED,
        message=received.header.id,
        envelope=received.digest,
        by="XS",
        to="XN",
        at=datetime.now(UTC),
        parts=tuple(part.digest for part in received.parts),
        law=LegalFinding("permitted", "XN-XS-2020", DIGEST, "5", FINDINGS),
        log=LOG,
        witness=NOTE,
    )


def _sealed(key: bytes) -> bytes:
    segments, last = Segments(key), segments_of(len(CONTENT)) - 1
    content, sealed = memoryview(CONTENT), io.BytesIO()
    for number in range(last + 1):
        piece = content[number * SEGMENT_LENGTH : (number + 1) * SEGMENT_LENGTH]
        sealed.write(segments.seal(number, piece, final=number == last))
    return sealed.getvalue()


def _digest_of(sealed: bytes, key: bytes, size: int) -> str:
    segments, last, digest = Segments(key), segments_of(size) - 1, hashlib.sha256()
    content = memoryview(sealed)
    for number in range(last + 1):
        start = number * SEALED_SEGMENT_LENGTH
        piece = content[start : start + SEALED_SEGMENT_LENGTH]
        digest.update(segments.open(number, piece, final=number == last))
    return digest.hexdigest()


BODY: dict[str, object] = {"records": records(10_000)}
CONTENT = b""


def main() -> None:
    """Measure both ways for so long, and say how much memory each took at most."""
    global CONTENT
    short_for, long_for = map(float, sys.argv[1:3])
    short_message()
    found = {"short_memory": memory(short_message), "short": paces(short_message, short_for)}
    CONTENT = document(8_000_000)
    found["long_memory"] = memory(long_message)
    found["long"] = paces(long_message, long_for)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
