# SPDX-License-Identifier: Apache-2.0
"""The client to a partner's node: why no connection came about, each cause by its own name."""

from __future__ import annotations

import io
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from comity.exchange.transports.tls import client_context, pins, server_context
from comity.outbound import Policy
from comity.outbound.addresses import OddAddressError, OutboundOffError, PrivateAddressError
from comity.outbound.peer import (
    Identity,
    OwnCertificateRefusedError,
    Peer,
    PeerCertificateExpiredError,
    PeerCertificateUnknownError,
    PeerEndpointError,
    PeerLimits,
    PeerNameUnknownError,
    PeerRefusesConnectionError,
    PeerTlsError,
    PeerTooSlowError,
    PeerUnreachableError,
)
from tests.support.listeners import HERE, QUICK
from tests.support.memory_node import MemoryNode, acquaint, make_keys, now
from tests.support.odd_server import answering, says, says_nothing

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: 1\r\nX-One: 2\r\n\r\nhello"
Nodes = tuple[MemoryNode, MemoryNode]


@pytest.fixture
def nodes(tmp_path: Path) -> Nodes:
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(northland, southland)
    return northland, southland


def identity(ours: MemoryNode, theirs: MemoryNode) -> Identity:
    keys = theirs.keys.public()
    return Identity(client_context(ours.keys.tls, keys, at=now()), pins(keys, at=now()))


@contextmanager
def peer(
    nodes: Nodes,
    endpoint: str,
    *,
    policy: Policy = HERE,
    limits: PeerLimits = QUICK,
    known: Identity | None = None,
) -> Iterator[Peer]:
    made = Peer(endpoint, known or identity(*nodes), policy=policy, limits=limits)
    try:
        yield made
    finally:
        made.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port: int = once.getsockname()[1]
        return port


def test_an_answer_comes_with_its_headers(nodes: Nodes):
    with (
        answering(nodes[1], says(HELLO)) as port,
        peer(nodes, f"https://127.0.0.1:{port}") as there,
    ):
        answer = there.request("GET", "/exchange/2/status", {})

    assert (answer.status, answer.content) == (200, b"hello")
    assert answer.header("X-One") == "1, 2"
    assert answer.header("absent") == ""


def test_paths_stand_below_the_endpoint_s_own(nodes: Nodes):
    with peer(nodes, "https://southland.example:8443/gate/") as there:
        assert there.address("/exchange/2/log?from=1") == (
            "https://southland.example:8443/gate/exchange/2/log?from=1"
        )
        assert there.host == "southland.example"


def test_a_name_that_nobody_knows(nodes: Nodes):
    with (
        peer(nodes, "https://southland.invalid:8443") as there,
        pytest.raises(PeerNameUnknownError),
    ):
        there.request("GET", "/", {})


def test_a_port_at_which_nobody_listens(nodes: Nodes):
    port = free_port()
    with (
        peer(nodes, f"https://127.0.0.1:{port}") as there,
        pytest.raises(PeerRefusesConnectionError) as refused,
    ):
        there.request("GET", "/", {})

    assert refused.value.fields["port"] == port


def test_an_address_from_which_nothing_comes_back(nodes: Nodes, monkeypatch: pytest.MonkeyPatch):
    def never(*_: object, **__: object) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", never)
    with (
        peer(nodes, "https://127.0.0.1:8443") as there,
        pytest.raises(PeerUnreachableError),
    ):
        there.request("GET", "/", {})


@pytest.mark.parametrize(
    "greeting", [b"220 mail.example ESMTP\r\n", b"", b"\x15\x03\x01\x00\x02\x02\x28"]
)
def test_a_port_that_speaks_something_else(nodes: Nodes, greeting: bytes):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            with suppress(OSError):
                plain, _ = listening.accept()
                with plain:
                    plain.sendall(greeting)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        with (
            peer(nodes, f"https://127.0.0.1:{port}") as there,
            pytest.raises(PeerTlsError),
        ):
            there.request("GET", "/", {})
        thread.join(5)


def test_a_server_of_an_older_tls(nodes: Nodes):
    context = server_context(nodes[1].keys.tls, [nodes[0].as_partner()], at=now())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            with suppress(OSError):
                plain, _ = listening.accept()
                context.wrap_socket(plain, server_side=True)

        threading.Thread(target=greet, daemon=True).start()
        port = listening.getsockname()[1]
        with (
            peer(nodes, f"https://127.0.0.1:{port}") as there,
            pytest.raises(PeerTlsError),
        ):
            there.request("GET", "/", {})


def test_a_certificate_that_is_not_on_the_card(nodes: Nodes, tmp_path: Path):
    known = identity(*nodes)
    nodes[1].keys = make_keys(tmp_path, "XS")
    with (
        answering(nodes[1], says(HELLO)) as port,
        peer(nodes, f"https://127.0.0.1:{port}", known=known) as there,
        pytest.raises(PeerCertificateUnknownError),
    ):
        there.request("GET", "/", {})


def test_a_certificate_that_is_trusted_and_not_pinned(nodes: Nodes):
    known = replace(identity(*nodes), pins=frozenset({"00" * 32}))
    with (
        answering(nodes[1], says(HELLO)) as port,
        peer(nodes, f"https://127.0.0.1:{port}", known=known) as there,
        pytest.raises(PeerCertificateUnknownError),
    ):
        there.request("GET", "/", {})


@pytest.mark.parametrize("days", [(-10, -1), (1, 10)])
def test_a_certificate_whose_time_is_over_or_has_not_come(tmp_path: Path, days: tuple[int, int]):
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    southland.keys = make_keys(tmp_path, "XS", days=days)
    acquaint(northland, southland)
    with (
        answering(southland, says(HELLO)) as port,
        peer((northland, southland), f"https://127.0.0.1:{port}") as there,
        pytest.raises(PeerCertificateExpiredError),
    ):
        there.request("GET", "/", {})


def test_our_certificate_is_not_taken(nodes: Nodes, tmp_path: Path):
    nodes[0].keys = make_keys(tmp_path, "XN")
    with (
        answering(nodes[1], says(HELLO)) as port,
        peer(nodes, f"https://127.0.0.1:{port}") as there,
        pytest.raises(OwnCertificateRefusedError),
    ):
        there.request("GET", "/", {})


def test_a_key_that_the_card_announces_for_later_is_not_pinned_yet(nodes: Nodes):
    keys = [replace(key, valid_from=now() + timedelta(days=1)) for key in nodes[1].keys.public()]

    assert pins(keys, at=now()) == frozenset()
    assert len(pins(keys, at=now() + timedelta(days=2))) == 1


def test_nobody_is_asked_where_outbound_is_off(nodes: Nodes):
    with (
        pytest.raises(OutboundOffError),
        peer(nodes, "https://southland.example", policy=Policy(on=False)),
    ):
        pass


@pytest.mark.parametrize("endpoint", ["https://127.0.0.1:8443", "https://10.0.0.1"])
def test_a_private_address_is_not_asked_unless_allowed(nodes: Nodes, endpoint: str):
    with pytest.raises(PrivateAddressError), peer(nodes, endpoint, policy=Policy()):
        pass


def test_a_name_that_stands_for_a_private_address_is_not_asked(nodes: Nodes):
    with (
        peer(nodes, "https://localhost:8443", policy=Policy()) as there,
        pytest.raises(PrivateAddressError),
    ):
        there.request("GET", "/", {})


@pytest.mark.parametrize("endpoint", ["http://southland.example", "southland.example:8443", ""])
def test_an_endpoint_is_a_secure_address(nodes: Nodes, endpoint: str):
    with pytest.raises((OddAddressError, PeerEndpointError)), peer(nodes, endpoint):
        pass


def test_a_partner_s_port_may_be_any(nodes: Nodes):
    with peer(nodes, "https://southland.example:9123", policy=Policy()) as there:
        assert there.address("/") == "https://southland.example:9123/"


@pytest.mark.slow
def test_a_body_streams_from_a_file_in_small_memory(nodes: Nodes, tmp_path: Path):
    import resource

    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    taken: list[int] = []

    def read_all(connection: socket.socket) -> None:
        left = 300 * 1024 * 1024
        buffer = bytearray(1024 * 1024)
        while left > 0:
            left -= connection.recv_into(buffer)
        taken.append(left)
        connection.sendall(HELLO)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (
        answering(nodes[1], read_all) as port,
        peer(nodes, f"https://127.0.0.1:{port}") as there,
        large.open("rb") as file,
    ):
        answer = there.send("PUT", "/", {}, file, os.fstat(file.fileno()).st_size)

    assert answer.content == b"hello"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


def test_a_body_that_nobody_takes_is_given_up(nodes: Nodes):
    limits = PeerLimits(silence_seconds=0.5, answer_seconds=2)
    with (
        answering(nodes[1], says_nothing(4)) as port,
        peer(nodes, f"https://127.0.0.1:{port}", limits=limits) as there,
        pytest.raises(PeerTooSlowError),
    ):
        there.send("PUT", "/", {}, io.BytesIO(bytes(64 * 1024 * 1024)), 64 * 1024 * 1024)


def test_an_answer_that_comes_before_the_body_is_through_is_read(nodes: Nodes):
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno."
    with (
        answering(nodes[1], says(refusal)) as port,
        peer(nodes, f"https://127.0.0.1:{port}") as there,
    ):
        answer = there.send("PUT", "/", {}, io.BytesIO(bytes(200_000)), 200_000)

    assert answer.status == 413
