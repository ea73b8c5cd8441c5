# SPDX-License-Identifier: Apache-2.0
"""One visit to an address of the web: ask, and take what is answered within the caller's limits.

No cookie and no credential goes along, and every redirect's address is checked like the first.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpcore2
import httpx2

from comity.catalogues import N_
from comity.errors import PeerError
from comity.outbound.addresses import checked_address, host_of
from comity.outbound.connection import connections
from comity.outbound.policy import PUBLIC_WEB, USUAL_LIMITS, Limits, Policy

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
LONGEST_HEADER = 500
"""A validator (ETag, Last-Modified) longer than this is not kept."""


class UnreachableError(PeerError):
    """Nobody answered there."""

    code = "unreachable"
    message = N_("{host} could not be reached.")
    remedy = N_("Check the address and the node's way to the internet, then try again.")


class UntrustedServerError(PeerError):
    """The server does not prove who it is."""

    code = "untrusted-server"
    message = N_("The certificate of {host} does not hold.")
    remedy = N_("Check the address; name an authority of your own in COMITY_OUTBOUND_CERTIFICATES.")


class TooSlowError(PeerError):
    """The answer did not come in time."""

    code = "too-slow"
    message = N_("{host} did not answer in full in the time that is waited.")
    remedy = N_("Try again later.")


class TooLargeError(PeerError):
    """The answer is larger than what is taken."""

    code = "too-large"
    message = N_("{host} sends more than {size} bytes, and no more is taken.")
    remedy = N_("Give the address of a smaller feed, or read it from a file.")
    permanent = True


class TooManyRedirectsError(PeerError):
    """The answer points elsewhere again and again."""

    code = "too-many-redirects"
    message = N_("{host} redirects more than {count} times.")
    remedy = N_("Give the address at which the document itself stands.")
    permanent = True


class UnsafeRedirectError(PeerError):
    """The answer points to where it could be changed on its way, or to nowhere."""

    code = "unsafe-redirect"
    message = N_("{host} redirects from https to http, or to an address that cannot be read.")
    remedy = N_("Give the address at which the document itself stands.")
    permanent = True


class OddAnswerError(PeerError):
    """What came back is not HTTP as it should be."""

    code = "odd-answer"
    message = N_("{host} gave an answer that breaks the rules of HTTP or broke off.")
    remedy = N_("Try again later, and tell the publisher when it stays so.")


class RefusedByServerError(PeerError):
    """The server answers, with something else than the document."""

    code = "refused-by-server"
    message = N_("{host} answered with status {status} and no document.")
    remedy = N_("Open the address in a browser; correct it where the document has moved.")


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered."""

    address: str
    """The address that answered, after redirects."""
    status: int
    content: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: str = ""
    moved_to: str = ""
    """Where the document now stands for good, as far as every redirect on the way said so."""

    @property
    def not_modified(self) -> bool:
        """Whether the document is the one whose validators were sent."""
        return self.status == 304

    def document(self) -> bytes:
        """The content of a full answer.

        Raises:
            RefusedByServerError: the server answered with something else.
        """
        if self.status != 200:
            raise RefusedByServerError(host=host_of(self.address), status=self.status)
        return self.content


def fetch(
    address: str,
    *,
    etag: str = "",
    last_modified: str = "",
    accept: str = "",
    limits: Limits = USUAL_LIMITS,
    policy: Policy = PUBLIC_WEB,
) -> Response:
    """The document at the address, whatever the status of the answer.

    With `etag` or `last_modified` of an earlier answer the server may say that nothing changed.

    Raises:
        OutboundOffError: the policy is to ask nobody.
        OddAddressError, PrivateAddressError: the address, or one it redirects to, is not taken.
        PeerError: the server did not do its part; the subclasses say how.
    """
    until = time.monotonic() + limits.total_seconds
    headers = [("User-Agent", policy.user_agent), ("Accept", accept or "*/*")]
    headers += [("Accept-Encoding", "gzip, deflate"), ("Connection", "close")]
    headers += [("If-None-Match", etag)] if etag else []
    headers += [("If-Modified-Since", last_modified)] if last_modified else []
    url, moved_to, for_good = checked_address(address, policy), "", True
    for _ in range(limits.redirects + 1):
        status, received, content = _exchange(url, headers, limits, policy, until)
        location = received.get("location", "")
        if status not in REDIRECTS or not location:
            return _response(url, status, received, content, moved_to)
        url = _following(url, location, policy)
        for_good = for_good and status in PERMANENT_REDIRECTS
        moved_to = str(url) if for_good else moved_to
    raise TooManyRedirectsError(host=host_of(address), count=limits.redirects)


def post(
    address: str,
    content: bytes,
    *,
    content_type: str,
    accept: str = "",
    limits: Limits = USUAL_LIMITS,
    policy: Policy = PUBLIC_WEB,
) -> Response:
    """The answer to a small body, whatever its status; no redirect is followed.

    Raises:
        OutboundOffError: the policy is to ask nobody.
        OddAddressError, PrivateAddressError: the address is not taken.
        PeerError: the server did not do its part; the subclasses say how.
    """
    until = time.monotonic() + limits.total_seconds
    headers = [("User-Agent", policy.user_agent), ("Accept", accept or "*/*")]
    headers += [("Content-Type", content_type), ("Content-Length", str(len(content)))]
    headers += [("Connection", "close")]
    url = checked_address(address, policy)
    status, received, answer = _exchange(url, headers, limits, policy, until, content)
    return _response(url, status, received, answer, "")


def _exchange(
    url: httpx2.URL,
    headers: list[tuple[str, str]],
    limits: Limits,
    policy: Policy,
    until: float,
    body: bytes | None = None,
) -> tuple[int, httpx2.Headers, bytes]:
    """Ask once, with a body where one is to be posted; a redirect's own is not read."""
    method = "GET" if body is None else "POST"
    silence = {name: limits.read_seconds for name in ("read", "write", "pool")}
    timeouts = {"timeout": silence | {"connect": limits.connect_seconds}}
    try:
        with (
            connections(policy, until) as pool,
            pool.stream(
                method, str(url), headers=headers, content=body, extensions=timeouts
            ) as answer,
        ):
            received = httpx2.Headers(answer.headers)
            if answer.status in REDIRECTS:
                return answer.status, received, b""
            return answer.status, received, _content(url, answer, limits.size)
    except httpcore2.TimeoutException as error:
        raise TooSlowError(host=url.host) from error
    except (httpcore2.NetworkError, httpcore2.ProxyError) as error:
        if any(isinstance(each, ssl.SSLCertVerificationError) for each in error.args):
            raise UntrustedServerError(host=url.host) from error
        raise UnreachableError(host=url.host) from error
    except (httpcore2.ProtocolError, httpx2.DecodingError) as error:
        raise OddAnswerError(host=url.host) from error


def _content(url: httpx2.URL, answer: httpcore2.Response, size: int) -> bytes:
    """The document, decompressed piece by piece, never more than `size` bytes of it."""
    received = httpx2.Headers(answer.headers)
    announced = received.get("content-length", "")
    too_large = TooLargeError(host=url.host, size=size)
    if announced.isdigit() and int(announced) > size:
        raise too_large

    def on_the_wire() -> Iterator[bytes]:
        taken = 0
        for piece in answer.iter_stream():
            taken += len(piece)
            if taken > size:
                raise too_large
            yield piece

    content = bytearray()
    decoded = httpx2.Response(answer.status, headers=answer.headers, content=on_the_wire())
    for piece in decoded.iter_bytes():
        content += piece
        if len(content) > size:
            raise too_large
    return bytes(content)


def _following(url: httpx2.URL, location: str, policy: Policy) -> httpx2.URL:
    try:
        following = url.join(location)
    except httpx2.InvalidURL as error:
        raise UnsafeRedirectError(host=url.host) from error
    if url.scheme == "https" and following.scheme == "http":
        raise UnsafeRedirectError(host=url.host)
    return checked_address(str(following), policy)


def _response(
    url: httpx2.URL, status: int, received: httpx2.Headers, content: bytes, moved_to: str
) -> Response:
    def kept(name: str) -> str:
        value: str = received.get(name, "")
        sound = len(value) <= LONGEST_HEADER and value.isascii() and value.isprintable()
        return value if sound else ""

    return Response(
        address=str(url),
        status=status,
        content=content,
        content_type=kept("content-type"),
        etag=kept("etag"),
        last_modified=kept("last-modified"),
        retry_after=kept("retry-after"),
        moved_to=moved_to,
    )
