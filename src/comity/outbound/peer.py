# SPDX-License-Identifier: Apache-2.0
"""The client that speaks to a partner's node: TLS 1.3 with pinned certificates, kept connections.

It goes where the policy allows, streams bodies from a file, and takes no more from an answer than
was asked for, no later than agreed. It follows no redirect, keeps no cookie and tries nothing
twice: what an answer means, and whether to ask again, is the caller's.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import httpcore2
import httpx2

from comity.catalogues import N_
from comity.errors import InvalidInputError, PeerError
from comity.outbound.addresses import checked_address
from comity.outbound.connection import NameUnknownError, OutboundSettingError, allowed_addresses
from comity.outbound.policy import Policy

PIECE = 256 * 1024
"""Bytes of a streamed body that are handed over at a time."""


class PeerNameUnknownError(PeerError):
    """The name of the partner's node stands for no address."""

    code = "peer-name-unknown"
    message = N_("The name {host} of the partner's node is not known.")
    remedy = N_("Check this machine's name service, and the address on the partner's card.")


class PeerRefusesConnectionError(PeerError):
    """Nobody listens at the partner's port."""

    code = "peer-refuses-connection"
    message = N_("{host} answers, and nobody listens at port {port}.")
    remedy = N_(
        "Ask the partner whether its node runs and whether its port is the one on its card."
    )


class PeerUnreachableError(PeerError):
    """No connection came about."""

    code = "peer-unreachable"
    message = N_("No connection to {host}, port {port}, came about.")
    remedy = N_("Check the firewalls on both sides and the way to the partner's network.")


class PeerTlsError(PeerError):
    """The connection could not be secured."""

    code = "peer-tls-failed"
    message = N_("{host} does not speak TLS 1.3 at port {port}.")
    remedy = N_("Check that the address is that of the exchange, with no other server before it.")


class PeerCertificateUnknownError(PeerError):
    """The certificate shown is none of those on the partner's card."""

    code = "peer-certificate-unknown"
    message = N_("{host} shows a certificate that is not on the partner's card.")
    remedy = N_("Ask the partner for its present card, and compare the fingerprint by telephone.")


class PeerCertificateExpiredError(PeerError):
    """The certificate shown is on the partner's card, and its time is over or has not come."""

    code = "peer-certificate-expired"
    message = N_("The certificate of {host} is not valid today.")
    remedy = N_("Check this machine's clock, and ask the partner to renew its certificate.")


class OwnCertificateRefusedError(PeerError):
    """The partner does not take our certificate."""

    code = "own-certificate-refused"
    message = N_("{host} refuses this node's certificate.")
    remedy = N_("Send the partner this node's present card, and ask it to accept it.")


class PeerConnectionBrokenError(PeerError):
    """The connection ended before the answer was whole."""

    code = "peer-connection-broken"
    message = N_("The connection to {host} ended before the answer was whole.")
    remedy = N_("Nothing needs to be done: the node tries again.")


class PeerTooSlowError(PeerError):
    """The answer, or the taking of what we sent, lasted too long."""

    code = "peer-too-slow"
    message = N_("{host} did not answer in full in the time that is waited.")
    remedy = N_("Nothing needs to be done: the node tries again; ask the partner if it stays so.")


class PeerAnswerTooLargeError(PeerError):
    """The answer is larger than any that the exchange knows."""

    code = "peer-answer-too-large"
    message = N_("{host} answers with more than {size} bytes, and no more is taken.")
    remedy = N_("Ask the partner what stands at its address: no node answers so.")
    permanent = True


class PeerOddAnswerError(PeerError):
    """What came back is not HTTP as it should be."""

    code = "peer-odd-answer"
    message = N_("{host} gave an answer that breaks the rules of HTTP.")
    remedy = N_("Ask the partner what stands between its node and the network.")


class PeerEndpointError(InvalidInputError):
    """A partner's endpoint is no secure address."""

    code = "peer-endpoint"
    message = N_("A partner's node is asked over https, and the endpoint is another address.")
    remedy = N_("Ask the partner for a card with an address such as https://customs.example:8443.")


@dataclass(frozen=True, slots=True)
class PeerLimits:
    """How long is waited, and how much is taken."""

    connect_seconds: float = 10
    silence_seconds: float = 30
    """Longest time in which nothing at all moves."""
    answer_seconds: float = 60
    """For the whole of a request and its answer, beside what a streamed body takes."""
    slowest: int = 32 * 1024
    """Bytes in a second of a streamed body, on average; below that it is given up."""
    answer_bytes: int = 16 * 1024 * 1024
    connections: int = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """How both sides of a connection prove who they are."""

    tls: ssl.SSLContext
    """With our certificate, and the partner's certificates as the only ones trusted."""
    pins: frozenset[str]
    """SHA-256 (hexadecimal) of each of the partner's certificates (DER)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the partner's node answered, nothing of it verified."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes = b""

    def header(self, name: str) -> str:
        """All values of the header, joined as HTTP joins them; empty where it is missing."""
        return ", ".join(value for known, value in self.headers if known.lower() == name.lower())


class Peer:
    """The partner's node at its endpoint; may be used by several threads."""

    def __init__(
        self,
        endpoint: str,
        identity: Identity,
        *,
        policy: Policy,
        limits: PeerLimits | None = None,
    ) -> None:
        self._base = checked_address(endpoint, policy, any_port=True)
        if self._base.scheme != "https":
            raise PeerEndpointError
        self._limits = limits or PeerLimits()
        self._backend = _Backend(policy.private or bool(policy.proxy), identity.pins)
        self._pool = _pool(identity.tls, policy, self._limits, self._backend)

    @property
    def host(self) -> str:
        """The host that is asked, for messages."""
        return self._base.host

    @property
    def connections_made(self) -> int:
        """How many connections were made so far: kept ones serve many requests."""
        return self._backend.made

    def address(self, path: str) -> str:
        """The whole address of a path below the endpoint, as it will be asked."""
        return str(self._base.copy_with(raw_path=self._base.raw_path.rstrip(b"/") + path.encode()))

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Ask once, with a small body, and take the whole answer."""
        seconds = self._limits.answer_seconds + len(body) / self._limits.slowest
        pieces = iter([body]) if body else None
        with self._asked(method, path, headers, pieces, len(body), seconds) as answer:
            return self._whole(answer)

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: BinaryIO, length: int
    ) -> Answer:
        """Ask once, with a body of this length read from the file as it is sent."""
        seconds = self._limits.answer_seconds + length / self._limits.slowest
        pieces = _pieces(body, length)
        with self._asked(method, path, headers, pieces, length, seconds) as answer:
            return self._whole(answer)

    @contextmanager
    def fetch(
        self, path: str, headers: Mapping[str, str], at_most: int
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """Ask for something large: its head, and its content piece by piece."""
        seconds = self._limits.answer_seconds + at_most / self._limits.slowest
        with self._asked("GET", path, headers, None, 0, seconds) as answer:
            head = Answer(answer.status, _headers(answer))
            yield head, self._counted(answer, at_most)

    def close(self) -> None:
        """End every connection."""
        self._pool.close()

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Iterator[bytes] | None,
        length: int,
        seconds: float,
    ) -> Iterator[httpcore2.Response]:
        silence = {name: self._limits.silence_seconds for name in ("read", "write", "pool")}
        timeouts = {"timeout": silence | {"connect": self._limits.connect_seconds}}
        sent = [("Host", self._base.netloc.decode()), *headers.items()]
        sent += [("Content-Length", str(length))] if method in ("POST", "PUT") else []
        self._backend.deadline.until = time.monotonic() + seconds
        with (
            self._failures_named(),
            self._pool.stream(
                method, self.address(path), headers=sent, content=body, extensions=timeouts
            ) as answer,
        ):
            yield answer

    def _whole(self, answer: httpcore2.Response) -> Answer:
        content = b"".join(self._counted(answer, self._limits.answer_bytes))
        return Answer(answer.status, _headers(answer), content)

    def _counted(self, answer: httpcore2.Response, at_most: int) -> Iterator[bytes]:
        announced = dict(_headers(answer)).get("content-length", "")
        if announced.isdigit() and int(announced) > at_most:
            raise PeerAnswerTooLargeError(host=self.host, size=at_most)
        taken, pieces = 0, iter(answer.iter_stream())
        while piece := self._next(pieces):
            taken += len(piece)
            if taken > at_most:
                raise PeerAnswerTooLargeError(host=self.host, size=at_most)
            yield piece

    def _next(self, pieces: Iterator[bytes]) -> bytes:
        """The next piece; a failure is named here already, for whoever keeps what came before."""
        with self._failures_named():
            return next((piece for piece in pieces if piece), b"")

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        try:
            yield
        except httpcore2.TimeoutException as error:
            if isinstance(error, httpcore2.ConnectTimeout):
                raise self._unreachable() from error
            raise PeerTooSlowError(host=self.host) from error
        except NameUnknownError as error:
            raise PeerNameUnknownError(host=self.host) from error
        except httpcore2.ConnectError as error:
            raise self._not_connected(error) from error
        except (httpcore2.NetworkError, httpcore2.ProxyError) as error:
            raise self._broken(error) from error
        except httpcore2.ProtocolError as error:
            if "without sending" in str(error) or "peer closed" in str(error):
                raise PeerConnectionBrokenError(host=self.host) from error
            raise PeerOddAnswerError(host=self.host) from error

    def _not_connected(self, error: Exception) -> PeerError:
        cause = _cause(error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            if getattr(cause, "verify_code", 0) in _OUT_OF_TIME:
                return PeerCertificateExpiredError(host=self.host)
            return PeerCertificateUnknownError(host=self.host)
        if isinstance(cause, ssl.SSLError | ConnectionResetError):
            return PeerTlsError(host=self.host, port=self._port)
        if isinstance(cause, ConnectionRefusedError):
            return PeerRefusesConnectionError(host=self.host, port=self._port)
        return self._unreachable()

    def _broken(self, error: Exception) -> PeerError:
        cause = _cause(error)
        if isinstance(cause, ssl.SSLError) and "ALERT" in (cause.reason or ""):
            return OwnCertificateRefusedError(host=self.host)
        return PeerConnectionBrokenError(host=self.host)

    def _unreachable(self) -> PeerError:
        return PeerUnreachableError(host=self.host, port=self._port)

    @property
    def _port(self) -> int:
        return self._base.port or 443


_OUT_OF_TIME = (9, 10)
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


def _pool(
    tls: ssl.SSLContext, policy: Policy, limits: PeerLimits, backend: _Backend
) -> httpcore2.ConnectionPool:
    # A node ends idle connections after 30 seconds; ours end before, so that none ends as it is
    # taken for the next request.
    kept: dict[str, Any] = {"keepalive_expiry": 20, "max_connections": limits.connections}
    if not policy.proxy:
        return httpcore2.ConnectionPool(ssl_context=tls, network_backend=backend, **kept)
    try:
        proxy = httpx2.Proxy(policy.proxy)
    except (ValueError, httpx2.InvalidURL) as error:
        raise OutboundSettingError(variable="COMITY_OUTBOUND_PROXY") from error
    return httpcore2.HTTPProxy(
        proxy_url=str(proxy.url),
        proxy_auth=proxy.raw_auth,
        ssl_context=tls,
        network_backend=backend,
        **kept,
    )


class _Deadline(threading.local):
    """Until when the request of this thread may last."""

    until = float("inf")

    def left(self, timeout: float | None) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time is over")
        return left if timeout is None else min(left, timeout)


class _Backend(httpcore2.NetworkBackend):
    """Connects to allowed addresses only, and ends what does not show a pinned certificate."""

    def __init__(self, private: bool, pins: frozenset[str]) -> None:  # noqa: FBT001 - one caller
        self._private = private
        self.pins = pins
        self.deadline = _Deadline()
        self.made = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address that answers, when every one of them is allowed."""
        failure: Exception = httpcore2.ConnectError("it has no address")
        seconds = self.deadline.left(timeout)
        options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), *(socket_options or ())]
        for ip in allowed_addresses(host, port, seconds=seconds, private=self._private):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    ip, port, self.deadline.left(timeout), local_address, options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                self.made += 1
                return _Stream(stream, self)
        raise failure


class _Stream(httpcore2.NetworkStream):
    """A kept connection: each request has its own deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, backend: _Backend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = self._backend.deadline.left(timeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        shown = secured.get_extra_info("ssl_object").getpeercert(True)  # noqa: FBT003 - the standard library has no name for it
        if shown is None or hashlib.sha256(shown).hexdigest() not in self._backend.pins:
            secured.close()
            raise httpcore2.ConnectError(ssl.SSLCertVerificationError("not pinned"))
        return _Stream(secured, self._backend)

    def get_extra_info(self, info: str) -> Any:  # any: what httpcore2 asks for
        return self._stream.get_extra_info(info)


def _pieces(body: BinaryIO, length: int) -> Iterator[bytes]:
    left = length
    while left > 0 and (piece := body.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _headers(answer: httpcore2.Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers
    )


def _cause(error: Exception) -> BaseException | None:
    return next((each for each in error.args if isinstance(each, BaseException)), error.__cause__)
