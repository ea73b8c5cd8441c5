# SPDX-License-Identifier: Apache-2.0
"""What a partner's node may ask of this one over HTTPS: a plain WSGI application.

The listener has let nobody in without a pinned certificate. Here the certificate is looked up
again for every request, the request's signature is verified, its nonce used up, and what it
brings is handed to the `Reception` or taken from the `Outgoing`. Bodies are read up to a limit, or
streamed and never held; every answer is signed. What it all means is left to those two.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from comity.errors import (
    ComityError,
    VerificationError,
)
from comity.exchange.envelope import LogStatement
from comity.exchange.members import encoded, instant_text
from comity.exchange.outcome import outcome_document
from comity.exchange.partner import Partner, PartnerState
from comity.exchange.pressure import RETRY_AFTER, Hold, Pressure
from comity.exchange.transports.base import Nonces, Outgoing, Reception
from comity.exchange.transports.body import (
    CERTIFICATE,
    DEADLINE,
    BodyReader,
    BodyTooLargeError,
    Deadline,
    LengthMissingError,
)
from comity.exchange.transports.framing import read_frames, write_frames
from comity.exchange.transports.media_types import FRAMES, JSON, SEGMENTS
from comity.exchange.transports.reply import Refused, Reply, json_reply, problem, problem_of
from comity.exchange.transports.request_signatures import (
    WINDOW,
    Request,
    Signed,
    content_digest,
    require_digest,
    sign_answer,
    verify_request,
)
from comity.exchange.transports.streaming import Given, Streaming, Streams, left_in
from comity.exchange.wire import WIRE_VERSIONS
from comity.sealing.keys import SigningKey

log = logging.getLogger(__name__)

Environ = dict[str, Any]  # any: WSGI says so
StartResponse = Callable[[str, list[tuple[str, str]]], Any]  # any: WSGI says so


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """What one request may bring, and how slowly."""

    frames: int = 100
    frames_bytes: int = 16 * 1024 * 1024
    statements: int = 500
    statements_bytes: int = 8 * 1024 * 1024
    part_bytes: int = 1024**4
    seconds: float = 60
    slowest: int = 16 * 1024
    """Bytes in a second of a body, on average; below that the connection is ended."""
    streams: int = 3
    """Parts that come or go at the same time: fewer than the listener has threads, so that a
    short message never waits behind large files."""
    streams_of_one: int = 2
    """Of one partner."""
    large: int = 2 * 1024 * 1024
    """A longer body counts as a part while it comes: it may take as long."""


@dataclass(frozen=True, slots=True)
class House:
    """What the door opens to: everything that it needs and does not do itself."""

    reception: Reception
    nonces: Nonces
    partner_of: Callable[[str, datetime], Partner | None]
    """By the SHA-256 of its certificate (`transports.tls.partner_of_certificate`)."""
    key: Callable[[datetime], SigningKey]
    """With which this node signs its answers at an instant."""
    clock: Callable[[], datetime]
    outgoing: Outgoing | None = None
    """None where no partner fetches."""
    log: Callable[[int, int | None], LogStatement] | None = None
    """This node's log since a size, up to another."""
    held_off: Callable[[Partner, int, datetime], Hold | None] = lambda *_: None
    """Whether something of this size is taken from the partner just now."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that was authenticated, with its body unless that is streamed."""

    partner: Partner
    at: datetime
    wire: int
    message: str
    number: int
    query: dict[str, int]
    body: bytes
    stream: BinaryIO


class Door:
    """The WSGI application."""

    def __init__(self, house: House, *, limits: DoorLimits | None = None) -> None:
        self._house = house
        self._limits = limits or DoorLimits()
        self._streams = Streams(self._limits.streams, self._limits.streams_of_one)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whatever goes wrong inside is answered as well."""
        at = self._house.clock()
        request = _request(environ)
        try:
            reply = self._reply(environ, request, at)
        except Refused as refused:
            reply = refused.reply
        except ComityError as error:
            reply = problem_of(error)
        except Exception as error:  # the outermost edge of a request
            # A class and a place, never what it says: that may be content.
            log.error("a partner's request failed: %s", type(error).__name__)
            says = "The request failed on this side, and nothing of it was kept."
            reply = problem(500, "failed-here", says, retry_after=30)
        return self._answered(reply, environ, request, start_response, at=at)

    def _reply(self, environ: Environ, request: Request, at: datetime) -> Reply:
        route, parts, wire = _routed(request.method, str(environ.get("PATH_INFO", "")))
        partner = self._partner(environ, at)
        if route.content_type and request.headers["content-type"] != route.content_type:
            raise Refused(415, "odd-content-type", f"Here {route.content_type} is taken.")
        body = self._body(environ, route)
        self._allow(environ, body.length)
        content = b"" if route.streamed else self._read(body, partner)
        if body.cut:
            raise Refused(400, "body-cut-off", "The body ended before its announced length.")
        self._require_new(_proven(request, partner, content, at, streamed=route.streamed))
        asked = _Asked(
            partner=partner,
            at=at,
            wire=wire,
            message=parts.get("message", ""),
            number=int(parts.get("number", 0)),
            query=_query(environ, route),
            body=content,
            stream=cast("BinaryIO", body),
        )
        self._require_taken(route, asked, body.length)
        return route.act(self, asked)

    def _allow(self, environ: Environ, length: int) -> None:
        """Let the connection last as long as this many bytes may take from now on."""
        deadline = environ.get(DEADLINE)
        if isinstance(deadline, Deadline):
            deadline.allow(self._limits.seconds + length / self._limits.slowest)

    def _partner(self, environ: Environ, at: datetime) -> Partner:
        partner = self._house.partner_of(str(environ.get(CERTIFICATE, "")), at)
        if partner is None:
            raise Refused(403, "certificate-unknown", "The certificate is no partner's.")
        if partner.state not in (PartnerState.ACTIVE, PartnerState.SUSPENDED):
            raise Refused(403, "partner-unknown", "The partner is not confirmed, or ended.")
        return partner

    def _body(self, environ: Environ, route: Route) -> BodyReader:
        try:
            return BodyReader.of(environ, most=route.most(self._limits))
        except LengthMissingError as error:
            raise Refused(411, error.code, str(error)) from error
        except BodyTooLargeError as error:
            raise Refused(413, error.code, str(error)) from error

    def _read(self, body: BodyReader, partner: Partner) -> bytes:
        if body.length <= self._limits.large:
            return body.read()
        with self._stream(partner):
            return body.read()

    def _require_new(self, signed: Signed) -> None:
        # Accepted until WINDOW after it was made, by a clock that may be WINDOW behind.
        until = signed.created + 2 * WINDOW
        if self._house.clock() > until:  # its body came so slowly that its nonce is forgotten
            raise Refused(409, "replay", "This request began too long ago.")
        if not self._house.nonces.use(signed.key_id, signed.nonce, until=until):
            raise Refused(409, "replay", "This very request was answered before.")

    def _require_taken(self, route: Route, asked: _Asked, size: int) -> None:
        if route.always:
            return
        hold = self._house.held_off(asked.partner, size if route.brings else 0, asked.at)
        if asked.partner.state is PartnerState.SUSPENDED:
            hold = Hold(Pressure.SUSPENDED, RETRY_AFTER[Pressure.SUSPENDED])
        if hold is not None and (route.brings or hold.reason in _OF_EVERYTHING):
            status = 503 if hold.reason in _NOT_THEIR_DOING else 429
            says = "Nothing is taken just now; what waits is not lost."
            raise Refused(status, hold.reason, says, retry_after=hold.retry_after)

    # What may be asked. Each gets a request that was authenticated.

    def take_envelopes(self, asked: _Asked) -> Reply:
        """POST envelopes."""
        most = self._limits.frames if asked.wire > 1 else 1
        frames = read_frames(asked.body, most=most)
        outcomes = self._house.reception.receive(frames, partner=asked.partner.code, at=asked.at)
        return json_reply([outcome_document(outcome) for outcome in outcomes])

    def take_part(self, asked: _Asked) -> Reply:
        """PUT messages/{id}/parts/{n}?from=k."""
        with self._stream(asked.partner):
            outcome = self._house.reception.take_part(
                asked.message,
                asked.number,
                asked.query.get("from", 0),
                asked.stream,
                partner=asked.partner.code,
                at=asked.at,
            )
        return json_reply(outcome_document(outcome))

    def tell_outcome(self, asked: _Asked) -> Reply:
        """GET messages/{id}."""
        outcome = self._house.reception.outcome_of(asked.message, partner=asked.partner.code)
        return json_reply(outcome_document(outcome))

    def hear(self, asked: _Asked) -> Reply:
        """POST evidences."""
        texts = _texts(asked.body, self._limits.statements)
        statements = [encoded(text, "list of evidences") for text in texts]
        heard = self._house.reception.hear(statements, partner=asked.partner.code, at=asked.at)
        return json_reply(list(heard))

    def give_waiting(self, asked: _Asked) -> Reply:
        """GET waiting."""
        frames = self._outgoing().waiting(partner=asked.partner.code, at=asked.at)
        return Reply(200, FRAMES, write_frames(frames))

    def give_part(self, asked: _Asked) -> Reply:
        """GET messages/{id}/parts/{n}?from=k."""
        stream = self._stream(asked.partner)
        with ExitStack() as failing:
            failing.enter_context(stream)
            sealed = self._outgoing().part(
                asked.message, asked.number, asked.query.get("from", 0), partner=asked.partner.code
            )
            if sealed is None:
                raise Refused(404, "part-unknown", "No such part waits for you here.")
            failing.pop_all()
        return Reply(200, SEGMENTS, stream=Given(sealed, left_in(sealed), stream))

    def _stream(self, partner: Partner) -> Streaming:
        streaming = self._streams.enter(partner.code)
        if streaming is None:
            wait = RETRY_AFTER[Pressure.SLOW_DOWN]
            says = "As many parts as this node takes at a time are on their way."
            raise Refused(429, Pressure.SLOW_DOWN, says, retry_after=wait)
        return streaming

    def give_statements(self, asked: _Asked) -> Reply:
        """GET statements."""
        statements = self._outgoing().statements(partner=asked.partner.code)
        return json_reply([statement.decode() for statement in statements])

    def take_confirmations(self, asked: _Asked) -> Reply:
        """POST statements/confirmed."""
        digests = _texts(asked.body, self._limits.statements)
        if not all(_DIGEST.fullmatch(digest) for digest in digests):
            raise Refused(400, "odd-body", "The body is no list of digests.")
        self._outgoing().confirmed(digests, partner=asked.partner.code, at=asked.at)
        return json_reply([])

    def give_log(self, asked: _Asked) -> Reply:
        """GET log?from=&to=."""
        if self._house.log is None:
            raise Refused(404, "log-absent", "This node has no log to show.")
        said = self._house.log(asked.query.get("from", 0), asked.query.get("to"))
        shown = {"checkpoint": said.checkpoint, "since": said.since}
        return json_reply(shown | {"consistency": list(said.consistency)})

    def give_status(self, asked: _Asked) -> Reply:
        """GET status."""
        hold = self._house.held_off(asked.partner, 0, asked.at)
        maintenance = hold is not None and hold.reason is Pressure.MAINTENANCE
        shown: dict[str, object] = {
            "wire_versions": list(WIRE_VERSIONS),
            "time": instant_text(asked.at),
            "maintenance": maintenance,
            "retry_after": hold.retry_after if hold is not None else 0,
        }
        return json_reply(shown)

    def _outgoing(self) -> Outgoing:
        if self._house.outgoing is None:
            raise Refused(404, "nothing-to-fetch", "Nothing is fetched from this node.")
        return self._house.outgoing

    def _answered(
        self,
        reply: Reply,
        environ: Environ,
        request: Request,
        start_response: StartResponse,
        *,
        at: datetime,
    ) -> Iterable[bytes]:
        headers = {"Content-Type": reply.content_type, "Cache-Control": "no-store"}
        if reply.retry_after:
            headers["Retry-After"] = str(reply.retry_after)
        if reply.stream is None:
            headers["Content-Digest"] = content_digest(reply.content)
        headers = self._signed(reply.status, headers, request, at)
        length = len(reply.content) if reply.stream is None else reply.stream.length
        headers["Content-Length"] = str(length)
        self._allow(environ, length)
        status = f"{reply.status} {HTTPStatus(reply.status).phrase}"
        start_response(status, list(headers.items()))
        return [reply.content] if reply.stream is None else reply.stream

    def _signed(
        self, status: int, headers: dict[str, str], request: Request, at: datetime
    ) -> dict[str, str]:
        try:
            return sign_answer(status, headers, request, self._house.key(at), at=at)
        except ComityError:
            return headers  # a request without a signature cannot be answered with one


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that may be asked."""

    method: str
    path: re.Pattern[str]
    act: Callable[[Door, _Asked], Reply]
    most: Callable[[DoorLimits], int] = lambda _: 0
    """Bytes of its body."""
    content_type: str = ""
    streamed: bool = False
    brings: bool = False
    """Whether it fills the disk and counts against quotas."""
    always: bool = False
    """Whether it is answered in maintenance too."""
    query: tuple[str, ...] = ()
    since: int = 1
    """First wire version that has it."""


_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PART = re.compile(rf"messages/(?P<message>{_UUID})/parts/(?P<number>0|[1-9][0-9]{{0,3}})")
ROUTES = (
    Route(
        "POST",
        re.compile("envelopes"),
        Door.take_envelopes,
        most=lambda limits: limits.frames_bytes,
        content_type=FRAMES,
        brings=True,
    ),
    Route(
        "PUT",
        _PART,
        Door.take_part,
        most=lambda limits: limits.part_bytes,
        content_type=SEGMENTS,
        streamed=True,
        brings=True,
        query=("from",),
    ),
    Route("GET", re.compile(f"messages/(?P<message>{_UUID})"), Door.tell_outcome),
    Route(
        "POST",
        re.compile("evidences"),
        Door.hear,
        most=lambda limits: limits.statements_bytes,
        content_type=JSON,
    ),
    Route("GET", re.compile("waiting"), Door.give_waiting),
    Route("GET", _PART, Door.give_part, query=("from",)),
    Route("GET", re.compile("statements"), Door.give_statements),
    Route(
        "POST",
        re.compile("statements/confirmed"),
        Door.take_confirmations,
        most=lambda limits: limits.statements_bytes,
        content_type=JSON,
    ),
    Route("GET", re.compile("log"), Door.give_log, query=("from", "to"), since=2),
    Route("GET", re.compile("status"), Door.give_status, always=True),
)
"""Everything that may be asked, below `/exchange/<wire version>/`."""

_BELOW = re.compile(r"/exchange/([1-9][0-9]{0,2})/(.{1,200})", re.DOTALL)
_DIGEST = re.compile("[0-9a-f]{64}")
_QUERY = re.compile("([a-z]{1,10})=(0|[1-9][0-9]{0,14})")
_OF_EVERYTHING = frozenset({Pressure.MAINTENANCE, Pressure.SUSPENDED, Pressure.SLOW_DOWN})
_NOT_THEIR_DOING = frozenset({Pressure.MAINTENANCE, Pressure.SUSPENDED, Pressure.DISK_LOW})


def _routed(method: str, path: str) -> tuple[Route, dict[str, str], int]:
    below = _BELOW.fullmatch(path)
    if below is None:
        raise Refused(404, "address-unknown", "The exchange stands below /exchange/.")
    wire = int(below[1])
    if wire not in WIRE_VERSIONS:
        known = ", ".join(map(str, WIRE_VERSIONS))
        raise Refused(404, "wire-version-unknown", f"This node has the wire versions {known}.")
    there = [(r, m) for r in ROUTES if r.since <= wire and (m := r.path.fullmatch(below[2]))]
    if not there:
        raise Refused(404, "address-unknown", "The exchange has nothing at this address.")
    for route, match in there:
        if route.method == method:
            return route, match.groupdict(), wire
    raise Refused(405, "method-unknown", "That is not done at this address.")


def _query(environ: Environ, route: Route) -> dict[str, int]:
    asked = str(environ.get("QUERY_STRING", ""))
    pairs = [_QUERY.fullmatch(pair) for pair in asked.split("&")] if asked else []
    numbers = {pair[1]: int(pair[2]) for pair in pairs if pair}
    if len(numbers) != len(pairs) or not set(numbers) <= set(route.query):
        raise Refused(400, "odd-query", "The query of this address cannot be read.")
    return numbers


def _request(environ: Environ) -> Request:
    """The request as its sender signed it: the address as it was written, not as it was read."""
    target = str(environ.get("REQUEST_URI", ""))
    headers = {
        name[5:].replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers["content-type"] = str(environ.get("CONTENT_TYPE", ""))
    url = f"https://{headers.get('host', '')}{target}"
    return Request(str(environ["REQUEST_METHOD"]), url, headers)


def _proven(
    request: Request, partner: Partner, content: bytes, at: datetime, *, streamed: bool
) -> Signed:
    try:
        signed = verify_request(request, partner.keys, at=at, streamed=streamed)
        if not streamed:
            require_digest(request.headers, content, what="request")
    except VerificationError as error:
        raise Refused(401, error.code, str(error), advice=error.advice()) from error
    return signed


def _texts(body: bytes, most: int) -> list[str]:
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "odd-body", "The body is not JSON.") from error
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Refused(400, "odd-body", "The body is no list of texts.")
    if len(listed) > most:
        raise Refused(413, "body-too-large", f"The list has more than {most} members.")
    return listed
