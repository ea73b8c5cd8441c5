# SPDX-License-Identifier: Apache-2.0
"""The exchange's own port: cheroot behind a TLS context that can be changed while it listens.

Nobody's request is read before the handshake has shown a certificate of a partner. Handshakes
happen in threads of their own, few and short, so that whoever stalls one stands in nobody's way;
header sizes and silences are bounded; what is left of a refused body is thrown away piece by
piece, never held.

    listener = make_listener(door, address="127.0.0.1", port=8443, context=server_context(…))
    listener.prepare(); listener.serve()        # in a thread; the port is bound after prepare()
    listener.renew(server_context(…))           # new partners, renewed certificates
    listener.stop()
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.server import HTTPConnection, HTTPRequest

from comity.exchange.transports.body import CERTIFICATE, DEADLINE, Deadline

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]  # any: WSGI


PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class ListenerLimits:
    """How much is waited for, and how many at once."""

    threads: int = 4
    """Requests that are answered at the same time."""
    queue: int = 64
    """Requests that may wait for a thread; more connections are closed at once."""
    handshakes: int = 32
    handshakes_of_one: int = 8
    """From one address at the same time: whoever stalls his own keeps nobody else out."""
    handshake_seconds: int = 5
    silence_seconds: int = 30
    """Longest time without a byte within a request, and between two of a kept connection."""
    request_seconds: int = 30
    """For a request's head; whoever reads its body allows more (`Deadline.allow`)."""
    header_bytes: int = 32 * 1024
    connections: int = 200
    thrown_away: int = 4 * 1024 * 1024
    """Bytes of a refused body that are still read, so that the answer reaches its sender."""


class _Request(HTTPRequest):
    """A request whose refused body is thrown away in pieces, or cut off."""

    def send_headers(self) -> None:
        if getattr(self.rfile, "remaining", 0) > self.server.limits.thrown_away:
            self.close_connection = True
            self.outheaders.append((b"Connection", b"close"))
        elif not self.close_connection:
            self._throw_away(0)
        super().send_headers()

    def respond(self) -> None:
        super().respond()
        if self.close_connection:
            self.conn.wfile.flush()
            self._throw_away(1)

    def _throw_away(self, seconds: float) -> None:
        """Read what is left; after the answer, for a moment only: a reset would overtake it."""
        until = time.monotonic() + seconds if seconds else float("inf")
        left = self.server.limits.thrown_away
        with suppress(OSError):
            while left > 0 and time.monotonic() < until:
                piece = self.rfile.read(min(65536, getattr(self.rfile, "remaining", 0)))
                if not piece:
                    break
                left -= len(piece)


class _Connection(HTTPConnection):
    """A connection that is greeted, by the handshake, before its first request is read."""

    RequestHandlerClass = _Request
    greeted = False

    def __init__(self, server: Any, sock: Any, makefile: Any = MakeFile) -> None:
        """Any: cheroot hands over what it made."""
        super().__init__(server, sock, makefile)
        self.deadline = Deadline()
        for file in (self.rfile, self.wfile):
            file._raw.close()  # what cheroot reads from and writes to knows no deadline
            file._raw = _Timed(sock, self.deadline)

    def communicate(self) -> bool:
        """Answer one request, whose head and small body must come within some seconds."""
        self.deadline.allow(self.server.limits.request_seconds)
        return bool(cast("Any", super()).communicate())

    def greet(self, seconds: float) -> bool:
        """Whether the handshake succeeded in time; the certificate's digest is kept."""
        try:
            self.socket.settimeout(seconds)
            self.socket.do_handshake()
            shown = self.socket.getpeercert(binary_form=True)
            self.socket.settimeout(self.server.timeout)
        except (OSError, ValueError):  # what OpenSSL says is an OSError too
            self._let_the_alert_arrive()
            return False
        if not shown:
            return False
        digest = hashlib.sha256(shown).hexdigest()
        self.ssl_env = {CERTIFICATE: digest, DEADLINE: self.deadline}
        self.greeted = True
        return True

    def _let_the_alert_arrive(self) -> None:
        """Read what is on its way, for a moment: a reset would overtake why we refuse."""
        with suppress(OSError), socket.socket(fileno=self.socket.detach()) as plain:
            plain.settimeout(1)
            plain.shutdown(socket.SHUT_WR)
            for _ in range(16):
                if not plain.recv(65536):
                    break


class _Timed(socket.SocketIO):
    """A connection's bytes until its deadline, however slowly the other side drips."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__(sock, "rwb")
        self._connection, self._deadline = sock, deadline

    def read(self, size: int = -1, /) -> bytes:
        """What has come; nothing at the end."""
        self._deadline.require()
        return self._connection.recv(PIECE if size < 0 else min(size, PIECE))

    def write(self, content: Any, /) -> int:
        """All of it. any: every kind of buffer."""
        left = memoryview(content)
        while left:
            self._deadline.require()
            left = left[self._connection.send(left) :]
        return len(content)


class _Tls:
    """What cheroot wraps new connections with: the present context, the handshake put off."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: Any) -> Any:
        return sock

    def wrap(self, sock: Any) -> tuple[ssl.SSLSocket, dict[str, str]]:
        wrapped = self.context.wrap_socket(
            sock, server_side=True, do_handshake_on_connect=False, suppress_ragged_eofs=False
        )
        return wrapped, {}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = -1) -> Any:
        """The connection as a file. any: cheroot's own kind of file."""
        return MakeFile(sock, mode, bufsize)


class Listener(wsgi.Server):
    """The listening server; made by `make_listener`."""

    ConnectionClass = _Connection
    expiration_interval = 1.0

    def __init__(
        self, door: Application, where: tuple[str, int], tls: ssl.SSLContext, limits: ListenerLimits
    ) -> None:
        super().__init__(
            where,
            door,
            numthreads=limits.threads,
            max=limits.threads,
            server_name="Comity",
            request_queue_size=64,
            timeout=limits.silence_seconds,
            accepted_queue_size=limits.queue,
            accepted_queue_timeout=1,
        )
        self.limits = limits
        self.keep_alive_conn_limit = limits.connections
        self.max_request_header_size = limits.header_bytes
        self.ssl_adapter = _Tls(tls)
        self._greeting: Counter[str] = Counter()
        self._counting = threading.Lock()

    def renew(self, context: ssl.SSLContext) -> None:
        """Greet with this context from now on; connections that exist go on."""
        self.ssl_adapter.context = context

    @property
    def port(self) -> int:
        """The port that is listened at, once prepared."""
        return int(self.bind_addr[1])

    @property
    def waiting(self) -> int:
        """Requests that wait for a thread."""
        return int(self.requests.qsize)

    def process_conn(self, conn: _Connection) -> None:
        """Greet a new connection; hand one that was greeted to the next free thread."""
        if conn.greeted:
            super().process_conn(conn)
        elif self._may_greet(conn.remote_addr or ""):
            threading.Thread(target=self._greet, args=(conn,), daemon=True).start()
        else:
            conn.close()

    def _may_greet(self, address: str) -> bool:
        with self._counting:
            all_of_them, of_one = self._greeting.total(), self._greeting[address]
            if all_of_them >= self.limits.handshakes or of_one >= self.limits.handshakes_of_one:
                return False
            self._greeting[address] += 1
            return True

    def stop(self) -> None:
        """Listen no more; what has begun comes to its end."""
        # It would look only when its time-out is over. any: cheroot hides it.
        cast("Any", self)._connections._stop_requested = True
        with suppress(OSError), socket.create_connection(self.bind_addr, timeout=1):
            pass
        super().stop()

    def _greet(self, conn: _Connection) -> None:
        try:
            greeted = conn.greet(self.limits.handshake_seconds)
        finally:
            with self._counting:
                self._greeting[conn.remote_addr or ""] -= 1
        if greeted and self.ready:
            super().process_conn(conn)
        else:
            with suppress(OSError):
                conn.close()

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: FBT001, FBT002 - cheroot's own signature
        """Nothing is written: cheroot's words hold addresses, and a broken connection is usual."""


def make_listener(
    door: Application,
    *,
    address: str,
    port: int,
    context: ssl.SSLContext,
    limits: ListenerLimits | None = None,
) -> Listener:
    """The listener, not yet listening; port 0 takes a free one."""
    return Listener(door, (address, port), context, limits or ListenerLimits())
