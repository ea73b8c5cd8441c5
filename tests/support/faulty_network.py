# SPDX-License-Identifier: Apache-2.0
"""A stretch of bad network between two ports of this machine: it cuts, stalls, delays, loses.

A fault is armed and strikes once, counted from then in the bytes that go up (towards the
server); `chaos` arms one after another by a seed. What a stranger on the way could do besides –
send what it recorded once more – is `replay`.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

PIECE = 16384


class Fault(StrEnum):
    """What strikes."""

    CUT = "cut"
    """Both sides see an end, after everything before it was delivered."""
    RESET = "reset"
    """Both sides see a reset; what was under way is lost."""
    STALL = "stall"
    """Nothing moves any more, and nothing ends."""
    DELAY = "delay"
    """Everything waits for a while."""
    LOSE_ANSWER = "lose-answer"
    """What comes down is lost, and the connection with it."""
    TRUNCATE_ANSWER = "truncate-answer"
    """The first bytes come down, then the connection ends."""
    CUT_ANSWER = "cut-answer"
    """So many bytes come down, then the connection ends."""
    REFUSE = "refuse"
    """New connections are ended at once."""


@dataclass
class Strike:
    """One armed fault."""

    fault: Fault
    after: int = 0
    """Bytes that still go up before it strikes; down, for what strikes an answer."""
    seconds: float = 0.0
    times: int = 1


@dataclass(eq=False)
class Link:
    """One connection through."""

    client: socket.socket
    server: socket.socket
    recorded: bytearray = field(default_factory=bytearray)
    stalled: threading.Event = field(default_factory=threading.Event)

    def end(self, *, reset: bool = False) -> None:
        """End both halves: after what was let through, or at once."""
        for half in (self.client, self.server):
            with suppress(OSError):
                if reset:
                    half.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                half.shutdown(socket.SHUT_RDWR)  # wakes the pump that reads from it
            half.close()


class FaultyNetwork:
    """Listens at a free port, unless told which, and connects to the given one."""

    def __init__(self, target: int, *, seed: int = 0, port: int = 0) -> None:
        self.target = target
        self.random = random.Random(seed)
        self.links: list[Link] = []
        self.struck: list[Fault] = []
        self.up = 0
        self._armed: Strike | None = None
        self._next: Callable[[], Strike | None] = lambda: None
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def __enter__(self) -> FaultyNetwork:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def arm(self, fault: Fault, *, after: int = 0, seconds: float = 0.0, times: int = 1) -> None:
        """Let this strike next, and more than once if need be."""
        with self._lock:
            self._armed = Strike(fault, after, seconds, times)

    def chaos(self, faults: dict[Fault, int], *, within: int, seconds: float = 0.05) -> None:
        """From now on let one fault follow another; the numbers are how likely each is."""

        def draw() -> Strike:
            fault = self.random.choices(list(faults), list(faults.values()))[0]
            after = self.random.randrange(within)  # and answers are short
            return Strike(fault, after // 50 if fault is Fault.CUT_ANSWER else after, seconds)

        with self._lock:
            self._next, self._armed = draw, draw()

    def calm(self) -> None:
        """No more faults."""
        with self._lock:
            self._next, self._armed = (lambda: None), None

    def end_connections(self) -> None:
        """End every connection that stands, quietly."""
        for link in list(self.links):
            link.end()

    def replay(self) -> bytes:
        """Send everything that ever went up on the first connection once more; what comes back."""
        with socket.create_connection(("127.0.0.1", self.target), timeout=5) as again:
            with suppress(OSError):
                again.sendall(bytes(self.links[0].recorded))
            answer = b""
            with suppress(OSError):
                while piece := again.recv(65536):
                    answer += piece
            return answer

    def close(self) -> None:
        """End everything."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for link in self.links:
            link.stalled.set()
            link.end(reset=True)
        self._accepting.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            if self._strikes(Fault.REFUSE, 0):
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for half in (client, server):  # it is bad, and not slow for no reason
                half.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(client, server)
            self.links.append(link)
            for pump in (self._pump_up, self._pump_down):
                threading.Thread(target=pump, args=(link,), daemon=True).start()

    def _pump_up(self, link: Link) -> None:
        with suppress(OSError):
            while piece := link.client.recv(PIECE):
                if len(link.recorded) < 65536:
                    link.recorded += piece
                strike, let = self._taken(len(piece))
                link.server.sendall(piece[:let])
                self.up += let
                if strike is not None and not self._struck(strike, link, piece[let:]):
                    return
        link.end()

    def _pump_down(self, link: Link) -> None:
        with suppress(OSError):
            while piece := link.server.recv(PIECE):
                if self._strikes(Fault.LOSE_ANSWER, 0):
                    break
                if self._strikes(Fault.TRUNCATE_ANSWER, 0):
                    link.client.sendall(piece[: len(piece) // 2])
                    break
                if self._strikes(Fault.CUT_ANSWER, len(piece)):
                    break
                if link.stalled.is_set():
                    return
                link.client.sendall(piece)
        link.end()

    def _taken(self, size: int) -> tuple[Strike | None, int]:
        """What strikes within these bytes, and how many of them are still let through."""
        with self._lock:
            armed = self._armed
            if armed is None or armed.fault in _STRIKE_ELSEWHERE:
                if armed is not None and armed.fault is not Fault.CUT_ANSWER:
                    armed.after = max(0, armed.after - size)
                return None, size
            if armed.after >= size:
                armed.after -= size
                return None, size
            self._spend(armed)
            return armed, armed.after

    def _strikes(self, fault: Fault, after: int) -> bool:
        with self._lock:
            armed = self._armed
            if armed is None or armed.fault is not fault:
                return False
            if armed.after > after:
                armed.after -= after
                return False
            self._spend(armed)
            return True

    def _spend(self, armed: Strike) -> None:
        self.struck.append(armed.fault)
        left = armed.times - 1
        self._armed = Strike(armed.fault, 0, armed.seconds, left) if left else self._next()

    def _struck(self, strike: Strike, link: Link, held: bytes) -> bool:
        """Whether the connection goes on."""
        if strike.fault is Fault.DELAY:
            time.sleep(strike.seconds)
            link.server.sendall(held)
            return True
        if strike.fault is Fault.STALL:
            link.stalled.set()
            time.sleep(strike.seconds)
        link.end(reset=strike.fault is Fault.RESET)
        return False


_STRIKE_ELSEWHERE = frozenset(
    {Fault.LOSE_ANSWER, Fault.TRUNCATE_ANSWER, Fault.CUT_ANSWER, Fault.REFUSE}
)
