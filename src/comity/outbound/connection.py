# SPDX-License-Identifier: Apache-2.0
"""Connections that go to a checked address only and end at a deadline."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore2
import httpx2

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.outbound.addresses import PrivateAddressError, is_public
from comity.outbound.policy import Policy


class OutboundSettingError(InvalidInputError):
    """The way out was described in a way that cannot be used."""

    code = "outbound-setting"
    message = N_("What {variable} names cannot be used.")
    remedy = N_("Correct {variable}, or remove it.")


@dataclass(frozen=True, slots=True)
class _Backend(httpcore2.NetworkBackend):
    """Connects to what a name stands for after checking it, so that no second look-up differs."""

    until: float
    private: bool

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
        seconds = _left(self.until, timeout)
        for ip in allowed_addresses(host, port, seconds=seconds, private=self.private):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    ip, port, _left(self.until, timeout), local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                failure = error
            else:
                return _Stream(stream, self.until)
        raise failure


class NameUnknownError(httpcore2.ConnectError):
    """A name stands for no address: the library's kind of error, for this package alone."""


def allowed_addresses(host: str, port: int, *, seconds: float, private: bool) -> list[str]:
    """What the name stands for, when every address of it may be asked."""
    addresses = _looked_up(host, port, seconds)
    if not private and not all(is_public(ipaddress.ip_address(ip)) for ip in addresses):
        raise PrivateAddressError(host=host)
    return addresses


def _looked_up(host: str, port: int, seconds: float) -> list[str]:
    """What the name stands for; a resolver that takes too long is left to itself."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(list(dict.fromkeys(str(where[4][0]) for where in found)))

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as error:
        raise httpcore2.ConnectTimeout("its name is not told") from error
    if isinstance(answer, Exception):
        raise NameUnknownError("its name is not known") from answer
    return answer


class _Stream(httpcore2.NetworkStream):
    """A connection that ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(self._until, timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:  # any: what httpcore2 asks for
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is over")
    return left if timeout is None else min(left, timeout)


def connections(policy: Policy, until: float) -> httpcore2.ConnectionPool:
    """The connections of one visit, through the proxy where the policy names one.

    Raises:
        OutboundSettingError: the policy's certificates or proxy cannot be used.
    """
    tls = _tls(policy)
    if not policy.proxy:
        return httpcore2.ConnectionPool(
            ssl_context=tls, network_backend=_Backend(until, policy.private)
        )
    try:
        proxy = httpx2.Proxy(policy.proxy)
    except (ValueError, httpx2.InvalidURL) as error:
        raise OutboundSettingError(variable="COMITY_OUTBOUND_PROXY") from error
    return httpcore2.HTTPProxy(
        proxy_url=str(proxy.url),
        proxy_auth=proxy.raw_auth,
        ssl_context=tls,
        network_backend=_Backend(until, private=True),
    )


def _tls(policy: Policy) -> ssl.SSLContext:
    tls = ssl.create_default_context()
    if policy.certificates:
        try:
            tls.load_verify_locations(cafile=policy.certificates)
        except OSError as error:  # what OpenSSL says is one too
            raise OutboundSettingError(variable="COMITY_OUTBOUND_CERTIFICATES") from error
    return tls
