# SPDX-License-Identifier: Apache-2.0
"""The exchange's port: who gets in, who does not, and who stands in nobody's way."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path

import pytest

from comity.exchange.door import DoorLimits, House
from comity.exchange.outcome import Outcome, Unknown
from comity.exchange.transports.https import RefusedByPartnerError, SignedPeer
from comity.exchange.transports.listener import Listener, ListenerLimits
from comity.exchange.transports.tls import client_context, server_context
from comity.outbound.peer import OwnCertificateRefusedError, PeerError
from tests.support.listeners import house_of, https_to, listening, peer_of, signed_peer
from tests.support.memory_node import MemoryNode, acquaint, make_keys, now

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def nodes(tmp_path: Path) -> tuple[MemoryNode, MemoryNode]:
    """Northland asks, Southland listens."""
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(northland, southland)
    return northland, southland


@pytest.fixture
def listener(nodes: tuple[MemoryNode, MemoryNode]) -> Iterator[Listener]:
    with listening(nodes[1]) as listener:
        yield listener


def ask(ours: MemoryNode, theirs: MemoryNode, port: int) -> Outcome:
    with peer_of(ours, theirs, port) as peer:
        return https_to(peer, ours, theirs).ask(NOBODY)


def bare(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def read_all(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except OSError:
        pass
    return received


def secured(node: MemoryNode, other: MemoryNode, port: int) -> ssl.SSLSocket:
    """A connection that got in, to misbehave on."""
    context = client_context(node.keys.tls, other.keys.public(), at=now())
    return context.wrap_socket(bare(port))


def test_a_partner_gets_in(nodes: tuple[MemoryNode, MemoryNode], listener: Listener):
    assert ask(*nodes, listener.port) == Unknown(NOBODY)


def test_a_stranger_s_certificate_is_refused_and_the_stranger_learns_that(
    nodes: tuple[MemoryNode, MemoryNode], listener: Listener, tmp_path: Path
):
    eastland = MemoryNode("XE", tmp_path)
    eastland.partner = nodes[1].as_partner()

    with pytest.raises(OwnCertificateRefusedError):
        ask(eastland, nodes[1], listener.port)


def test_an_expired_certificate_is_refused_though_it_is_on_the_card(tmp_path: Path):
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    northland.keys = make_keys(tmp_path, "XN", days=(-10, -1))
    acquaint(northland, southland)

    with listening(southland) as listener, pytest.raises(OwnCertificateRefusedError):
        ask(northland, southland, listener.port)


def test_nobody_gets_in_without_a_certificate(listener: Listener):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    with bare(listener.port) as plain, context.wrap_socket(plain) as connection:
        connection.sendall(b"GET /exchange/2/status HTTP/1.1\r\nHost: here\r\n\r\n")
        with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
            connection.recv(1)


def test_an_older_tls_is_not_spoken(nodes: tuple[MemoryNode, MemoryNode], listener: Listener):
    context = client_context(nodes[0].keys.tls, nodes[1].keys.public(), at=now())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with bare(listener.port) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain)


def test_plain_http_gets_no_answer_in_words(listener: Listener):
    with bare(listener.port) as plain:
        plain.sendall(b"GET /exchange/2/status HTTP/1.1\r\nHost: here\r\n\r\n")

        assert not read_all(plain).startswith(b"HTTP")


def test_whoever_stalls_the_handshake_keeps_no_partner_waiting(
    nodes: tuple[MemoryNode, MemoryNode],
):
    limits = ListenerLimits(handshake_seconds=2, handshakes_of_one=8)
    with listening(nodes[1], limits=limits) as listener:
        silent = [bare(listener.port) for _ in range(7)]
        begun = time.monotonic()

        answer = ask(*nodes, listener.port)

        assert answer == Unknown(NOBODY)
        assert time.monotonic() - begun < 1.5
        for each in silent:
            each.close()


def test_silent_connections_are_ended_and_more_than_enough_of_them_at_once(
    nodes: tuple[MemoryNode, MemoryNode],
):
    limits = ListenerLimits(handshake_seconds=1, handshakes_of_one=3)
    with listening(nodes[1], limits=limits) as listener:
        silent = [bare(listener.port) for _ in range(6)]

        assert [read_all(each) for each in silent] == [b""] * 6

        for each in silent:
            each.close()
        assert ask(*nodes, listener.port) == Unknown(NOBODY)


def test_a_header_of_a_gigabyte_is_refused_after_a_few_kilobytes(
    nodes: tuple[MemoryNode, MemoryNode], listener: Listener
):
    with secured(*nodes, listener.port) as connection:
        connection.sendall(b"GET /exchange/2/status HTTP/1.1\r\nHost: here\r\n")
        sent = 0
        try:
            while sent < 1024**3:
                sent += connection.send(b"X-Filling: " + b"a" * 16000 + b"\r\n")
        except OSError:
            pass

        assert sent < 32 * 1024**2


def test_a_refused_gigabyte_is_not_read(nodes: tuple[MemoryNode, MemoryNode], listener: Listener):
    with secured(*nodes, listener.port) as connection:
        connection.sendall(
            b"PUT /exchange/2/elsewhere HTTP/1.1\r\nHost: here\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Length: 1073741824\r\n\r\n"
        )

        assert connection.recv(65536).startswith(b"HTTP/1.1 404")
        sent = 0
        try:
            while sent < 1024**3:
                sent += connection.send(bytes(65536))
        except OSError:
            pass
        assert sent < 64 * 1024**2


def test_a_body_that_is_refused_leaves_the_connection_usable_when_it_is_small(
    nodes: tuple[MemoryNode, MemoryNode], listener: Listener
):
    request = (
        b"POST /exchange/2/elsewhere HTTP/1.1\r\nHost: here\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + bytes(100000)
    )
    with secured(*nodes, listener.port) as connection:
        for _ in range(3):
            connection.sendall(request)
            answer = HTTPResponse(connection)
            answer.begin()
            assert (answer.status, len(answer.read()) > 0) == (404, True)


HEAD = (
    b"POST /exchange/2/evidences HTTP/1.1\r\nHost: here\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("head", [b"", HEAD])
def test_a_request_that_drips_is_ended_though_it_is_never_silent(
    nodes: tuple[MemoryNode, MemoryNode], head: bytes
):
    limits = ListenerLimits(silence_seconds=5, request_seconds=1)
    door_limits = DoorLimits(seconds=1, slowest=1_000_000)
    with (
        listening(nodes[1], limits=limits, door_limits=door_limits) as listener,
        secured(*nodes, listener.port) as connection,
    ):
        connection.sendall(head)
        begun = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - begun < 8:
                connection.sendall(b"[")
                time.sleep(0.05)

        assert time.monotonic() - begun < 5


@pytest.mark.slow
def test_a_silent_request_is_ended(nodes: tuple[MemoryNode, MemoryNode]):
    limits = ListenerLimits(silence_seconds=1)
    with (
        listening(nodes[1], limits=limits) as listener,
        secured(*nodes, listener.port) as connection,
    ):
        connection.sendall(HEAD)
        begun = time.monotonic()
        read_all(connection)

        assert time.monotonic() - begun < 5


@pytest.mark.slow
def test_whoever_does_not_read_what_was_asked_for_is_not_waited_for(
    nodes: tuple[MemoryNode, MemoryNode],
):
    northland, southland = nodes
    message = southland.post(bytes(64 * 1024 * 1024))
    door_limits = DoorLimits(seconds=1, slowest=10**9, streams_of_one=1)
    with (
        listening(southland, door_limits=door_limits) as listener,
        peer_of(northland, southland, listener.port) as peer,
    ):
        node = signed_peer(peer, northland, southland)
        path = f"messages/{message}/parts/0?from=0"
        with node.fetch(path, 2**30) as pieces:
            next(pieces)
            time.sleep(2.5)
            with pytest.raises(PeerError):
                list(pieces)

        assert _begins_within(10, node, path), "there is room for another"


def _begins_within(seconds: float, node: SignedPeer, path: str) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(PeerError), node.fetch(path, 2**30) as pieces:
            return bool(next(pieces))
        time.sleep(0.1)
    return False


def test_a_new_partner_and_a_renewed_certificate_are_taken_up_without_a_restart(
    nodes: tuple[MemoryNode, MemoryNode], listener: Listener, tmp_path: Path
):
    northland, southland = nodes
    assert ask(northland, southland, listener.port) == Unknown(NOBODY)
    northland.keys = make_keys(tmp_path, "XN")
    southland.keys.tls, southland.keys.certificate = (
        (renewed := make_keys(tmp_path, "XS")).tls,
        renewed.certificate,
    )
    with pytest.raises(PeerError):
        ask(northland, southland, listener.port)

    acquaint(northland, southland)
    listener.renew(server_context(southland.keys.tls, [northland.as_partner()], at=now()))

    assert ask(northland, southland, listener.port) == Unknown(NOBODY)


def test_a_partner_that_is_no_longer_known_is_refused_on_a_connection_that_stands(
    nodes: tuple[MemoryNode, MemoryNode],
):
    southland = nodes[1]
    house: House = house_of(southland)
    with listening(southland, house=house) as listener, peer_of(*nodes, listener.port) as peer:
        transport = https_to(peer, *nodes)
        assert transport.ask(NOBODY) == Unknown(NOBODY)
        southland.partner = None

        with pytest.raises(RefusedByPartnerError) as refused:
            transport.ask(NOBODY)

        assert refused.value.fields["problem"] == "certificate-unknown"
        assert peer.connections_made == 1


def test_a_stopped_listener_ends_soon_and_gives_its_port_back(
    nodes: tuple[MemoryNode, MemoryNode],
):
    with listening(nodes[1]) as listener:
        port = listener.port
        begun = time.monotonic()

    assert time.monotonic() - begun < 3
    with socket.create_server(("127.0.0.1", port)):
        pass
