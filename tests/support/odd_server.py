# SPDX-License-Identifier: Apache-2.0
"""A partner's node whose answers are nonsense: bytes as they are given, behind its real TLS."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from comity.exchange.transports.tls import server_context
from tests.support.memory_node import MemoryNode, now

Answer = Callable[[socket.socket], None]


def says(*pieces: bytes, pause: float = 0.0) -> Answer:
    """These bytes, then the end."""

    def answer(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def says_without_end(beginning: bytes, piece: bytes, *, pause: float = 0.0) -> Answer:
    """The beginning, then the piece again and again, as long as it is taken."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def says_nothing(seconds: float) -> Answer:
    """Nothing, for a while."""

    def answer(_: socket.socket) -> None:
        time.sleep(seconds)

    return answer


@contextmanager
def answering(node: MemoryNode, answer: Answer) -> Iterator[int]:
    """The port at which the node's certificate is shown and every request gets this answer."""
    known = [node.partner] if node.partner else []
    context = server_context(node.keys.tls, known, at=now())
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(plain,), daemon=True).start()

    def talk(plain: socket.socket) -> None:
        with suppress(OSError):
            plain.settimeout(10)
            with context.wrap_socket(plain, server_side=True) as connection:
                connection.recv(65536)
                answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
