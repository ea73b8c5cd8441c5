# SPDX-License-Identifier: Apache-2.0
"""The node under test, as the kit speaks to it: signed requests of every sort, and bare sockets.

Nothing is concluded here; what came back is what came back. Only the node's own card is believed,
because a person compared its fingerprint.
"""

from __future__ import annotations

import io
import json
import secrets
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from comity.errors import InvalidInputError, VerificationError
from comity.exchange.conform.tester import Tester
from comity.exchange.evidence import PAYLOAD_TYPE as EVIDENCE_TYPE
from comity.exchange.evidence import Evidence, read_evidence
from comity.exchange.outcome import Outcome, read_outcome
from comity.exchange.partner import CardKey, KeyUse
from comity.exchange.partner_card import PartnerCard
from comity.exchange.signed_document import verify_signed
from comity.exchange.transports.framing import write_frames
from comity.exchange.transports.media_types import FRAMES, JSON, NOTHING, PROBLEM, SEGMENTS
from comity.exchange.transports.request_signatures import (
    Request,
    content_digest,
    sign_request,
    verify_answer,
)
from comity.exchange.transports.tls import OwnCertificate, client_context, pins
from comity.outbound import Policy
from comity.outbound.peer import Answer, Identity, Peer, PeerLimits
from comity.sealing.keys import EncryptionKey, SigningKey, VerificationKey

LIMITS = PeerLimits(connect_seconds=10, silence_seconds=30, answer_seconds=60)
SECONDS = 20.0
"""How long a bare socket waits for the end of an answer."""


@dataclass
class Subject:
    """The node under test."""

    endpoint: str
    card: PartnerCard
    tester: Tester
    policy: Policy
    now: Callable[[], datetime]
    wire: int = 2
    peer: Peer = field(init=False)

    def __post_init__(self) -> None:
        keys, at = self.card.keys, self.now()
        identity = Identity(client_context(self.tester.certificate, keys, at=at), pins(keys, at=at))
        self.peer = Peer(self.endpoint, identity, policy=self.policy, limits=LIMITS)

    @property
    def code(self) -> str:
        """Code of its administration."""
        return self.card.administration

    def encryption_key(self) -> EncryptionKey:
        """What frames are sealed for now."""
        keys = self.card.keys_for(KeyUse.ENCRYPTION, at=self.now())
        newest = max(keys, key=lambda key: (key.valid_from, key.key_id))
        return EncryptionKey.from_pem(newest.public.encode())

    def _signers(self) -> list[CardKey]:
        return [key for key in self.card.keys if key.use is KeyUse.ENVELOPE]

    # Requests

    def signed_request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = NOTHING,
        *,
        at: datetime | None = None,
        key: SigningKey | None = None,
        nonce: str = "",
        wire: int = 0,
    ) -> Request:
        """A request as a partner signs it; the named things may be as no partner's are."""
        url = self.peer.address(self._path(path, wire))
        headers = {"Content-Type": content_type, "Content-Digest": content_digest(body)}
        return Request(
            method,
            url,
            sign_request(
                Request(method, url, headers),
                key or self.tester.envelope,
                at=at or self.now(),
                nonce=nonce or secrets.token_hex(16),
            ),
        )

    def ask(self, request: Request, body: bytes = b"") -> Answer:
        """What the node answers to exactly this request."""
        return self.peer.request(request.method, self._below(request), request.headers, body)

    def get(self, path: str, *, wire: int = 0) -> Answer:
        """An honest request, whose answer must be signed."""
        request = self.signed_request("GET", path, wire=wire)
        return self._proven(request, self.ask(request))

    def post(self, path: str, body: bytes, content_type: str) -> Answer:
        """The same with a body."""
        request = self.signed_request("POST", path, body, content_type)
        return self._proven(request, self.ask(request, body))

    def put_part(self, message: str, number: int, from_segment: int, sealed: bytes) -> Answer:
        """Hand over sealed segments of a part."""
        path = f"messages/{message}/parts/{number}?from={from_segment}"
        url = self.peer.address(self._path(path, 0))
        headers = {"Content-Type": SEGMENTS}
        request = Request(
            "PUT",
            url,
            sign_request(
                Request("PUT", url, headers),
                self.tester.envelope,
                at=self.now(),
                nonce=secrets.token_hex(16),
            ),
        )
        answer = self.peer.send(
            "PUT", self._below(request), request.headers, io.BytesIO(sealed), len(sealed)
        )
        return self._proven(request, answer)

    def hand_over(self, *frames: bytes) -> tuple[Outcome, ...]:
        """The outcomes of these frames."""
        answer = self.post("envelopes", write_frames(frames), FRAMES)
        return read_outcomes(answer)

    def tell(self, statements: Sequence[bytes]) -> Any:  # any: whatever the node answers
        """What the node says of each evidence."""
        body = json.dumps([statement.decode() for statement in statements]).encode()
        return read_json(self.post("evidences", body, JSON))

    def outcome_of(self, message: str) -> Outcome:
        """What the node knows of a message."""
        return read_outcome(read_json(self.get(f"messages/{message}")))

    def evidence(self, document: bytes) -> Evidence:
        """What the node states, once one of its keys of now proves to have signed it."""
        at = self.now()
        keys = [VerificationKey.from_pem(k.public.encode()) for k in self._signers() if k.fits(at)]
        return read_evidence(verify_signed(document, EVIDENCE_TYPE, keys))

    def close(self) -> None:
        """End every connection."""
        self.peer.close()

    def _path(self, path: str, wire: int) -> str:
        return f"/exchange/{wire or self.wire}/{path}"

    def _below(self, request: Request) -> str:
        return _target(request.url).removeprefix(urlsplit(self.endpoint).path.rstrip("/"))

    def _proven(self, request: Request, answer: Answer) -> Answer:
        verify_answer(answer.status, dict(answer.headers), request, self._signers(), at=self.now())
        return answer

    # Bare sockets

    def shake_hands(
        self,
        own: OwnCertificate | None,
        *,
        version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
        send: bytes = b"",
    ) -> bytes:
        """What comes back after a handshake with this certificate, or without any; empty if none.

        Raises:
            OSError: the handshake was refused, or the connection ended.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        if own is not None:
            context.load_cert_chain(own.certificate, own.key, b"")
        parts = urlsplit(self.endpoint)
        where = (parts.hostname or "", parts.port or 443)
        with (
            socket.create_connection(where, timeout=LIMITS.connect_seconds) as bare,
            context.wrap_socket(bare, server_hostname=parts.hostname) as secured,
        ):
            secured.settimeout(SECONDS)
            secured.sendall(send or self._bare_request())
            return secured.recv(65536)

    def _bare_request(self) -> bytes:
        host = urlsplit(self.endpoint).netloc
        return f"GET {self._path('status', 0)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    def announce(self, request: Request, length: int) -> bytes:
        """What comes back to the head of a request that announces this body and sends none."""
        lines = [f"{request.method} {_target(request.url)} HTTP/1.1"]
        headers = {"Host": urlsplit(self.endpoint).netloc, **request.headers}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()
        return self.shake_hands(self.tester.certificate, send=head)


def read_json(answer: Answer) -> Any:  # any: whatever the node answers
    """The JSON of an answer."""
    if answer.header("content-type").partition(";")[0].strip() not in (JSON, PROBLEM):
        return None
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def read_outcomes(answer: Answer) -> tuple[Outcome, ...]:
    """The outcomes of an answer to envelopes; none where it holds none."""
    document = read_json(answer)
    if answer.status != 200 or not isinstance(document, list):
        return ()
    return tuple(read_outcome(each) for each in document)


def problem_of(answer: Answer) -> str:
    """The code of a problem document; empty where there is none."""
    document = read_json(answer) if answer.header("content-type").startswith(PROBLEM) else None
    code = document.get("type") if isinstance(document, dict) else ""
    return code if isinstance(code, str) else ""


def _target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


UNREADABLE = (InvalidInputError, VerificationError)
"""What reading an answer can raise."""
