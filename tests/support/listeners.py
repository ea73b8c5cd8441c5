# SPDX-License-Identifier: Apache-2.0
"""A node in memory behind a real port with real TLS, and the way to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from comity.exchange.door import Door, DoorLimits, House
from comity.exchange.partner import Partner
from comity.exchange.transports.https import Https, Signatures, SignedPeer
from comity.exchange.transports.listener import Listener, ListenerLimits, make_listener
from comity.exchange.transports.tls import (
    client_context,
    partner_of_certificate,
    pins,
    server_context,
)
from comity.outbound import Policy
from comity.outbound.peer import Identity, Peer, PeerLimits
from tests.support.memory_node import MemoryNode, now

HERE = Policy(private=True)
QUICK = PeerLimits(connect_seconds=3, silence_seconds=3, answer_seconds=10)


def house_of(node: MemoryNode) -> House:
    """The node behind a door."""

    def partner_of(digest: str, at: datetime) -> Partner | None:
        return partner_of_certificate([node.partner] if node.partner else [], digest, at=at)

    return House(
        reception=node,
        nonces=node,
        partner_of=partner_of,
        key=lambda _: node.keys.sign,
        clock=now,
        outgoing=node,
    )


@contextmanager
def listening(
    node: MemoryNode,
    *,
    house: House | None = None,
    door_limits: DoorLimits | None = None,
    limits: ListenerLimits | None = None,
) -> Iterator[Listener]:
    """The node's listener in a thread; its port is free for whoever knows it."""
    known = [node.partner] if node.partner else []
    listener = make_listener(
        Door(house or house_of(node), limits=door_limits),
        address="127.0.0.1",
        port=0,
        context=server_context(node.keys.tls, known, at=now()),
        limits=limits or ListenerLimits(handshake_seconds=2, silence_seconds=3),
    )
    with serving(listener):
        yield listener


@contextmanager
def serving(listener: Listener) -> Iterator[None]:
    """A listener in a thread."""
    listener.prepare()
    thread = threading.Thread(target=listener.serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.stop()
        thread.join(10)


@contextmanager
def peer_of(
    ours: MemoryNode, theirs: MemoryNode, port: int, *, limits: PeerLimits = QUICK
) -> Iterator[Peer]:
    """Our client for their port."""
    keys = theirs.keys.public()
    identity = Identity(client_context(ours.keys.tls, keys, at=now()), pins=pins(keys, at=now()))
    peer = Peer(f"https://127.0.0.1:{port}", identity, policy=HERE, limits=limits)
    try:
        yield peer
    finally:
        peer.close()


def signatures_of(ours: MemoryNode, theirs: MemoryNode) -> Signatures:
    """We sign, and theirs count."""
    return Signatures(key=lambda _: ours.keys.sign, theirs=theirs.keys.public(), clock=now)


def https_to(peer: Peer, ours: MemoryNode, theirs: MemoryNode, *, wire: int = 2) -> Https:
    """The native binding over this client."""
    return Https(peer, signatures_of(ours, theirs), wire=wire)


def signed_peer(peer: Peer, ours: MemoryNode, theirs: MemoryNode, *, wire: int = 2) -> SignedPeer:
    """The signed client for single requests."""
    return SignedPeer(peer, signatures_of(ours, theirs), wire=wire)
