# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors beside this file, once per format and never to make a test pass.

    python -m tests.vectors.exchange.build

Frames hold fresh randomness, so running it again gives other bytes of the same meaning; a file
that exists is therefore left as it is. `verify.mjs` (node.js), `verify_with_openssl.sh` and
`tests/exchange/test_vectors.py` hold the files against two other implementations.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from comity.exchange import envelope, evidence, partner_card
from comity.exchange.envelope import Envelope, Header, LegalBasis, LogStatement, PartEntry
from comity.exchange.evidence import Evidence, EvidenceKind, LegalFinding, Reason
from comity.exchange.partner import Binding, CardKey, KeyUse
from comity.exchange.partner_card import (
    Hours,
    Official,
    PartnerCard,
    Revocation,
    RevocationReason,
)
from comity.exchange.sealed_frame import seal
from comity.exchange.signed_document import signed
from comity.exchange.transports.request_signatures import (
    Request,
    content_digest,
    sign_answer,
    sign_request,
)
from comity.sealing.checkpoint import Checkpoint, NoteKey, cosign, sign_checkpoint
from comity.sealing.keys import DecryptionKey, SigningKey
from comity.sealing.segments import SEGMENT_LENGTH, Segments, segments_of

FOLDER = Path(__file__).parent
SEEDS = {
    "northland-identity": bytes(range(32)),
    "northland-envelope": bytes(range(1, 33)),
    "northland-encryption": bytes(range(2, 34)),
    "northland-journal": bytes(range(3, 35)),
    "southland-envelope": bytes(range(4, 36)),
    "southland-encryption": bytes(range(5, 37)),
    "southland-journal": bytes(range(6, 38)),
    "official": bytes(range(7, 39)),
}
SIGNERS = {
    name: SigningKey.from_seed(seed) for name, seed in SEEDS.items() if "encryption" not in name
}
RECIPIENT = DecryptionKey.from_seed(SEEDS["southland-encryption"])
NORTHLAND = DecryptionKey.from_seed(SEEDS["northland-encryption"])
CONTENT_KEYS = {
    "short": bytes(range(64, 96)),
    "empty": bytes(range(96, 128)),
    "long": bytes(range(128, 160)),
}
CONTENTS = {
    "short": b"Seized at the Southland border: one container, seals intact.\n",
    "empty": b"",
    "long": bytes(number % 251 for number in range(SEGMENT_LENGTH + 5)),
}
ORIGINS = {"XN": "northland.example/journal", "XS": "southland.example/journal"}
MESSAGE = "5f0c1f0e-6a52-4c9e-9a63-1f2d3c4b5a69"
CREATED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 20, 9, 30, 4, 250000, tzinfo=UTC)
BASIS = LegalBasis(
    instrument="XN-XS-2020",
    version=hashlib.sha256(b"the agreement as Northland has it").hexdigest(),
    article="5",
    verdict="permitted",
    question={
        "kind": "ask",
        "asker": "XN",
        "asked": "XS",
        "form": "documents",
        "on": "2026-11-20",
        "spontaneous": False,
    },
)


def checkpoint(administration: str, size: int) -> str:
    """A signed checkpoint of an administration's journal."""
    origin = ORIGINS[administration]
    root = hashlib.sha256(f"{origin} {size}".encode()).digest()
    name = "northland-journal" if administration == "XN" else "southland-journal"
    return sign_checkpoint(Checkpoint(origin, size, root), SIGNERS[name])


def witnessed(administration: str = "XN") -> str:
    """An administration's checkpoint as the other one cosigned it."""
    if administration == "XS":
        key = SIGNERS["northland-journal"]
        return cosign(checkpoint("XS", 11), key, name=ORIGINS["XN"], at=CREATED)
    key = SIGNERS["southland-journal"]
    return cosign(checkpoint("XN", 41), key, name=ORIGINS["XS"], at=RECEIVED)


def parts() -> tuple[PartEntry, ...]:
    """The parts of the envelope."""
    return tuple(
        PartEntry(f"{name}.txt", "text/plain", len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENTS.items()
    )


def the_envelope(wire: int) -> Envelope:
    """An envelope with everything that may stand in one of this version."""
    header = Header(
        id=MESSAGE,
        kind="exchange.note/1",
        conversation=MESSAGE,
        sender="XN",
        recipient="XS",
        created=CREATED,
        expires=datetime(2026, 12, 20, tzinfo=UTC),
        basis=BASIS,
        handling="H1",
        caveats=("no-onward",),
        case="XN-2026-00041",
        official="OFC-XN-7",
        further={"a-later-release": {"added": [1, 2.5, "é"]}},
    )
    log = LogStatement(checkpoint("XN", 41), 40, (hashlib.sha256(b"step").hexdigest(),))
    body = {
        "subject": "Tobacco, container €-42",
        "text": "Line one.\nLine two.",
        "language": "en",
        "weight": 12.5,
    }
    given = parts() if wire > 1 else parts()[:1]
    if wire == 1:
        return Envelope(header, body, given, wire=wire)
    return Envelope(header, body, given, log=log, witness=witnessed("XS"), wire=wire)


def the_receipt() -> Evidence:
    """Southland's receipt for it."""
    given = the_envelope(2)
    finding = {"rule": "AGR-1", "holds": True, "reason": "both-are-parties", "article": "1"}
    return Evidence(
        id="b3b1f3a0-3f42-4d6b-8a55-0d2f0f5f7d11",
        kind=EvidenceKind.RELAYED,
        message=MESSAGE,
        envelope=given.digest,
        by="XS",
        to="XN",
        at=RECEIVED,
        parts=tuple(part.digest for part in given.parts),
        law=LegalFinding("permitted", "XN-XS-2020", BASIS.version, "5", (finding,)),
        log=LogStatement(checkpoint("XS", 12)),
        witness=witnessed(),
    )


def the_refusal() -> Evidence:
    """What Southland could have answered instead."""
    return Evidence(
        id="b3b1f3a0-3f42-4d6b-8a55-0d2f0f5f7d12",
        kind=EvidenceKind.REFUSED,
        message=MESSAGE,
        envelope=the_envelope(2).digest,
        by="XS",
        to="XN",
        at=RECEIVED,
        reason=Reason("legal-basis-differs", {"verdict": "no-legal-basis"}),
        law=LegalFinding("no-legal-basis", "", "", ""),
    )


def card_key(use: KeyUse, name: str, holder: str = "") -> CardKey:
    """A key of Northland's card."""
    public = NORTHLAND.public if use is KeyUse.ENCRYPTION else SIGNERS[name].public
    text = public.pem.decode()
    if use is KeyUse.JOURNAL:
        text = NoteKey(ORIGINS["XN"], SIGNERS[name].public).text
    until = datetime(2027, 11, 1, tzinfo=UTC)
    begins = datetime(2026, 11, 1, tzinfo=UTC)
    return CardKey(use, public.key_id, text, begins, until, holder=holder)


def the_card() -> PartnerCard:
    """Northland's card."""
    return PartnerCard(
        administration="XN",
        name="Northland Customs",
        version=3,
        issued_at=CREATED,
        endpoints=("https://exchange.northland.example:8443",),
        wire_versions=(2, 1),
        bindings=(Binding.PUSH, Binding.FOLDER, Binding.LETTER),
        kinds=("exchange.note/1", "exchange.card/1"),
        instruments=("XN-XS-2020",),
        keys=(
            card_key(KeyUse.IDENTITY, "northland-identity"),
            card_key(KeyUse.ENVELOPE, "northland-envelope"),
            card_key(KeyUse.ENCRYPTION, "northland-encryption"),
            card_key(KeyUse.JOURNAL, "northland-journal"),
            card_key(KeyUse.OFFICIAL, "official", holder="OFC-XN-7"),
        ),
        officials=(
            Official(
                "OFC-XN-7",
                "The duty officer",
                office="Mutual assistance desk",
                telephone="+99 5550 100",
                email="desk@northland.example",
                languages=("en", "fr"),
            ),
        ),
        hours=tuple(Hours(day, "08:30", "17:00") for day in range(1, 6)),
        time_zone="Etc/GMT-3",
    )


def the_revocation() -> Revocation:
    """Northland takes a key back."""
    return Revocation(
        administration="XN",
        use=KeyUse.ENVELOPE,
        key_id=SIGNERS["northland-envelope"].public.key_id,
        revoked_at=RECEIVED,
        issued_at=RECEIVED,
        reason=RevocationReason.COMPROMISED,
    )


def sealed_part(name: str) -> bytes:
    """The segments of a part."""
    content, segments = CONTENTS[name], Segments(CONTENT_KEYS[name])
    count = segments_of(len(content))
    return b"".join(
        segments.seal(
            number,
            content[number * SEGMENT_LENGTH : (number + 1) * SEGMENT_LENGTH],
            final=number == count - 1,
        )
        for number in range(count)
    )


def signed_envelope(wire: int) -> bytes:
    """The envelope as its sender's node and a designated official sign it."""
    keys = [SIGNERS["northland-envelope"], SIGNERS["official"]]
    return signed(the_envelope(wire).payload(), envelope.PAYLOAD_TYPE, keys)


def framed(document: bytes, payload_type: str, *, wire: int = 2, names: tuple[str, ...]) -> bytes:
    """The document sealed for Southland."""
    return seal(
        document,
        message=MESSAGE,
        sender="XN",
        recipient="XS",
        payload_type=payload_type,
        part_keys=[CONTENT_KEYS[name] for name in names],
        to=RECIPIENT.public,
        version=wire,
    )


def signed_evidence(statement: Evidence) -> bytes:
    """An evidence as Southland's node signs it."""
    return signed(statement.payload(), evidence.PAYLOAD_TYPE, [SIGNERS["southland-envelope"]])


def http_signatures() -> dict[str, object]:
    """A request of Northland's and Southland's answer, with their signatures (RFC 9421)."""
    url = "https://exchange.southland.example:8443/exchange/2/evidences"
    body, answered = "[]", "[]"
    kind = "application/json"
    headers = {"content-type": kind, "content-digest": content_digest(body.encode())}
    bare = Request("POST", url, headers)
    nonce = bytes(range(16)).hex()
    sent = sign_request(bare, SIGNERS["northland-envelope"], at=CREATED, nonce=nonce)
    headers = {"content-type": kind, "content-digest": content_digest(answered.encode())}
    request = Request("POST", url, sent)
    came = sign_answer(200, headers, request, SIGNERS["southland-envelope"], at=RECEIVED)
    return {
        "request": {"method": "POST", "url": url, "headers": sent, "body": body},
        "answer": {"status": 200, "headers": came, "body": answered},
    }


def vectors() -> dict[str, bytes]:
    """Every vector's file name and content."""
    identity = SIGNERS["northland-identity"]
    envelopes = {wire: signed_envelope(wire) for wire in (2, 1)}
    names = tuple(CONTENTS)
    return {
        "northland-envelope.pub": SIGNERS["northland-envelope"].public.pem,
        "northland-identity.pub": identity.public.pem,
        "southland-envelope.pub": SIGNERS["southland-envelope"].public.pem,
        "official.pub": SIGNERS["official"].public.pem,
        "envelope-2.json": envelopes[2],
        "envelope-1.json": envelopes[1],
        "envelope-2.frame": framed(envelopes[2], envelope.PAYLOAD_TYPE, names=names),
        "envelope-1.frame": framed(envelopes[1], envelope.PAYLOAD_TYPE, wire=1, names=names[:1]),
        "receipt.json": signed_evidence(the_receipt()),
        "refusal.json": signed_evidence(the_refusal()),
        "card.json": partner_card.sign_card(the_card(), identity),
        "revocation.json": partner_card.sign_revocation(the_revocation(), identity),
        "cosigned-checkpoint.txt": witnessed().encode(),
        "part-short.segments": sealed_part("short"),
        "part-empty.segments": sealed_part("empty"),
        "http-signatures.json": json.dumps(http_signatures(), indent=2).encode() + b"\n",
        "vectors.json": json.dumps(expectations(), indent=2, ensure_ascii=False).encode() + b"\n",
    }


def expectations() -> dict[str, object]:
    """The keys, and what another implementation must find."""
    return {
        "seeds": {name: seed.hex() for name, seed in SEEDS.items()},
        "message": MESSAGE,
        "envelope_digests": {str(wire): the_envelope(wire).digest for wire in (2, 1)},
        "recipient_key": RECIPIENT.public.key_id,
        "card_fingerprint": the_card().fingerprint,
        "cosigned": {
            "origin": ORIGINS["XN"],
            "witness": ORIGINS["XS"],
            "time": int(RECEIVED.timestamp()),
        },
        "parts": [
            {
                "name": name,
                "content_key": CONTENT_KEYS[name].hex(),
                "size": len(content),
                "digest": hashlib.sha256(content).hexdigest(),
                "sealed_digest": hashlib.sha256(sealed_part(name)).hexdigest(),
            }
            for name, content in CONTENTS.items()
        ],
    }


def main() -> None:
    """Write the files that are not there yet."""
    for name, content in vectors().items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(content)
            print(f"written: {name}")


if __name__ == "__main__":
    main()
