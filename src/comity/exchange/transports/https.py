# SPDX-License-Identifier: Apache-2.0
"""The native binding: what we send is handed to the partner's endpoint over HTTPS.

Every request is signed; of an answer nothing is believed before its signature was verified, not
even a refusal. What cannot be believed is a `PeerError`, and nothing is concluded from it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from comity.catalogues import N_
from comity.errors import InvalidInputError, PeerError, VerificationError
from comity.exchange.outcome import Outcome, read_outcome
from comity.exchange.partner import CardKey
from comity.exchange.transports.framing import write_frames
from comity.exchange.transports.media_types import FRAMES, JSON, NOTHING, PROBLEM, SEGMENTS
from comity.exchange.transports.request_signatures import (
    Request,
    content_digest,
    require_digest,
    sign_request,
    verify_answer,
)
from comity.exchange.transports.streaming import left_in
from comity.exchange.wire import LONGEST_WAIT
from comity.outbound.peer import Answer, Peer, PeerConnectionBrokenError
from comity.sealing.keys import SigningKey

LONGEST_PROOF = 128
"""Steps of a consistency proof: twice the height of the largest log."""
LONGEST_CODE = 60
_ABOUT_WHAT_WAS_SENT = frozenset({400, 411, 413, 415, 422})


class AnswerUnprovenError(PeerError):
    """An answer is not signed by the partner, or its signature does not fit."""

    code = "answer-unproven"
    message = N_("The answer of {host} is not proven to be the partner's: {obstacle}.")
    remedy = N_("Nothing was concluded from it; ask the partner what stands before its node.")


class AnswerUnreadableError(PeerError):
    """A signed answer is not what the exchange answers."""

    code = "answer-unreadable"
    message = N_("The answer of {host} is not one of the exchange: {obstacle}.")
    remedy = N_("Ask the partner which release its node runs, and whether it was changed.")
    permanent = True


class RedirectedError(PeerError):
    """The partner's endpoint points elsewhere."""

    code = "peer-redirects"
    message = N_("{host} answers with a redirection, and none is followed.")
    remedy = N_("Ask the partner for a card with the address at which its node itself answers.")
    permanent = True


class NotAnExchangeError(PeerError):
    """What answers is not the exchange of a node."""

    code = "not-an-exchange"
    message = N_("{host} answers with status {status}, but not as an exchange does.")
    remedy = N_("Compare the endpoint on the partner's card with what the partner tells you.")


class RefusedByPartnerError(PeerError):
    """The partner's node refuses whatever we ask, and says why: a key, a clock, an address."""

    code = "refused-by-partner"
    message = N_("The node of {host} refuses the request: {problem}.")
    remedy = N_("Run “comity partner diagnose” for this partner: it names the cause.")


class RequestNotTakenError(PeerError):
    """The partner's node refuses what this one request brings, and says why."""

    code = "request-not-taken"
    message = N_("The node of {host} does not take what was sent: {problem}.")
    remedy = N_("Send it in another form, or ask the partner which limits its node has.")
    permanent = True


class HeldOffError(PeerError):
    """The partner's node asks us to wait."""

    code = "held-off"
    message = N_("The node of {host} takes nothing just now: {problem}.")
    remedy = N_("Nothing needs to be done: the node waits as long as it was asked to.")

    @property
    def retry_after(self) -> int:
        """Seconds that we are asked to wait."""
        return int(str(self.fields["retry_after"]))


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs what goes out, and whose signatures count on what comes back."""

    key: Callable[[datetime], SigningKey]
    theirs: Sequence[CardKey]
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Proven:
    """An answer whose signature fits."""

    status: int
    content_type: str
    content: bytes
    retry_after: int = 0

    def json(self, host: str) -> Any:  # any: whatever the partner's node answered
        """The document that it carries."""
        if self.content_type.partition(";")[0].strip() != JSON:
            raise AnswerUnreadableError(host=host, obstacle="it is no JSON")
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise AnswerUnreadableError(host=host, obstacle="it is no JSON") from error


class SignedPeer:
    """The partner's node, asked with signatures: what every HTTPS act has in common."""

    def __init__(self, peer: Peer, signatures: Signatures, *, wire: int) -> None:
        self._peer, self._signatures = peer, signatures
        self._below = f"/exchange/{wire}/"

    @property
    def host(self) -> str:
        """Who is asked, for messages."""
        return self._peer.host

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = NOTHING) -> Proven:
        """A small request; once more where a kept connection turned out to have ended."""
        made = self._peer.connections_made
        try:
            return self._asked(method, path, body, content_type)
        except PeerConnectionBrokenError:
            if self._peer.connections_made > made:
                raise
        return self._asked(method, path, body, content_type)

    def send(self, path: str, body: BinaryIO, length: int) -> Proven:
        """A streamed request (PUT), whose content proves itself."""
        request = self._signed("PUT", path, SEGMENTS, None)
        answer = self._peer.send("PUT", self._below + path, request.headers, body, length)
        return self._proven(answer, request)

    @contextmanager
    def fetch(self, path: str, at_most: int) -> Iterator[Iterator[bytes]]:
        """A streamed answer, whose content proves itself."""
        request = self._signed("GET", path, NOTHING, b"")
        with self._peer.fetch(self._below + path, request.headers, at_most) as (head, pieces):
            if head.status != 200 or head.header("content-type") != SEGMENTS:
                content = b"".join(_first(pieces, 65536))
                self._proven(Answer(head.status, head.headers, content), request)
                raise AnswerUnreadableError(host=self.host, obstacle="it carries no segments")
            self._verify(head, request, streamed=True)
            yield pieces

    def _asked(self, method: str, path: str, body: bytes, content_type: str) -> Proven:
        request = self._signed(method, path, content_type, body)
        answer = self._peer.request(method, self._below + path, request.headers, body)
        return self._proven(answer, request)

    def _signed(self, method: str, path: str, content_type: str, body: bytes | None) -> Request:
        headers = {"Content-Type": content_type}
        if body is not None:
            headers["Content-Digest"] = content_digest(body)
        url = self._peer.address(self._below + path)
        at = self._signatures.clock()
        nonce = secrets.token_hex(16)
        bare = Request(method, url, headers)
        key = self._signatures.key(at)
        return Request(method, url, sign_request(bare, key, at=at, nonce=nonce))

    def _proven(self, answer: Answer, request: Request) -> Proven:
        if 300 <= answer.status < 400:
            raise RedirectedError(host=self.host)
        self._verify(answer, request, streamed=False)
        proven = Proven(
            status=answer.status,
            content_type=answer.header("content-type"),
            content=answer.content,
            retry_after=_seconds(answer.header("retry-after")),
        )
        if proven.status != 200:
            raise self._refusal(proven)
        return proven

    def _verify(self, answer: Answer, request: Request, *, streamed: bool) -> None:
        headers = dict(answer.headers)
        if not answer.header("signature") and answer.status != 200:
            raise NotAnExchangeError(host=self.host, status=answer.status)
        at = self._signatures.clock()
        try:
            verify_answer(
                answer.status, headers, request, self._signatures.theirs, at=at, streamed=streamed
            )
            if not streamed:
                require_digest(headers, answer.content, what="answer")
        except (VerificationError, InvalidInputError) as error:
            raise AnswerUnprovenError(host=self.host, obstacle=error.code) from error

    def _refusal(self, proven: Proven) -> PeerError:
        problem = _problem_code(proven)
        if proven.status in (429, 503) or proven.retry_after:
            wait = proven.retry_after or 60
            return HeldOffError(host=self.host, problem=problem, retry_after=wait)
        if proven.status in _ABOUT_WHAT_WAS_SENT:
            return RequestNotTakenError(host=self.host, problem=problem, status=proven.status)
        return RefusedByPartnerError(host=self.host, problem=problem, status=proven.status)


class Https:
    """The `Transport` to a partner that takes connections."""

    def __init__(self, peer: Peer, signatures: Signatures, *, wire: int) -> None:
        self._node = SignedPeer(peer, signatures, wire=wire)
        self._together = wire > 1

    def deliver(self, frames: Sequence[bytes]) -> Sequence[Outcome]:
        """Hand over sealed envelopes in one request; in wire version 1, one each."""
        if self._together:
            return self._delivered(frames)
        return [outcome for frame in frames for outcome in self._delivered([frame])]

    def ask(self, message: str) -> Outcome:
        """What the partner knows of a message that was handed over before."""
        return self._outcome(self._node.ask("GET", f"messages/{message}"), message)

    def send_part(self, message: str, number: int, from_segment: int, sealed: BinaryIO) -> Outcome:
        """Hand over a part's sealed segments from the given one on, streamed from the file."""
        path = f"messages/{message}/parts/{number}?from={from_segment}"
        return self._outcome(self._node.send(path, sealed, left_in(sealed)), message)

    def tell(self, statements: Sequence[bytes]) -> Sequence[bool]:
        """Hand over signed evidences; for each, whether the partner has it durably."""
        body = json.dumps([statement.decode() for statement in statements]).encode()
        heard = self._node.ask("POST", "evidences", body, JSON).json(self._node.host)
        whole = isinstance(heard, list) and all(isinstance(each, bool) for each in heard)
        if not whole or len(heard) != len(statements):
            raise self._unreadable("it does not say what became of each evidence")
        return [bool(each) for each in heard]

    def log_since(self, first: int, second: int) -> tuple[str, ...]:
        """The proof (hexadecimal hashes) that the partner's log at one size extends another."""
        said = self._node.ask("GET", f"log?from={first}&to={second}").json(self._node.host)
        path = said.get("consistency") if isinstance(said, Mapping) else None
        if not isinstance(path, list) or not all(isinstance(step, str) for step in path):
            raise self._unreadable("it holds no proof of a log")
        return tuple(path[:LONGEST_PROOF])

    def _delivered(self, frames: Sequence[bytes]) -> Sequence[Outcome]:
        body = write_frames(frames)
        answered = self._node.ask("POST", "envelopes", body, FRAMES).json(self._node.host)
        if not isinstance(answered, list) or len(answered) != len(frames):
            raise self._unreadable("it does not say what became of each envelope")
        return [self._read(each) for each in answered]

    def _outcome(self, proven: Proven, message: str) -> Outcome:
        outcome = self._read(proven.json(self._node.host))
        if outcome.message != message:
            raise self._unreadable("it is about another message")
        return outcome

    def _read(self, document: Any) -> Outcome:  # any: whatever the partner's node answered
        try:
            return read_outcome(document)
        except InvalidInputError as error:
            raise self._unreadable(error.code) from error

    def _unreadable(self, obstacle: str) -> AnswerUnreadableError:
        return AnswerUnreadableError(host=self._node.host, obstacle=obstacle)


def _problem_code(proven: Proven) -> str:
    """The code of a problem; `unnamed` where it names none that could be one of ours."""
    if proven.content_type.partition(";")[0].strip() != PROBLEM:
        return "unnamed"
    try:
        document = json.loads(proven.content)
    except (ValueError, RecursionError):
        return "unnamed"
    code = document.get("type") if isinstance(document, Mapping) else None
    if not isinstance(code, str) or len(code) > LONGEST_CODE or not code.isascii():
        return "unnamed"
    return code if code.replace("-", "").isalnum() else "unnamed"


def _seconds(value: str) -> int:
    plain = value.isascii() and value.isdigit() and len(value) <= 9
    return min(int(value), LONGEST_WAIT) if plain else 0


def _first(pieces: Iterator[bytes], at_most: int) -> Iterator[bytes]:
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > at_most:
            return
        yield piece
