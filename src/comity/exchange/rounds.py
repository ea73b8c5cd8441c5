# SPDX-License-Identifier: Apache-2.0
"""Which rounds run at once: one of each name, a few in all, none for long in vain.

A round that is asked for while it runs is done once more, so that no waking is lost. One that
found nothing to do waits a moment for more before it ends, unless others wait for its place.
Plain: what a round does is given; it must survive being cut anywhere.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

log = logging.getLogger("comity.exchange")

MOST_AT_ONCE = 6
LINGER_SECONDS = 5.0
AFTER_FAILURE_SECONDS = 1.0

Name = tuple[str, str]
"""What it is for, such as a partner, and which of its rounds."""


class Rounds:
    """The rounds of one process, each in a thread of its own while it has something to do."""

    def __init__(
        self,
        work: Callable[[Name], None],
        leave: Callable[[Name, int], None],
        *,
        most: int = MOST_AT_ONCE,
        linger: float = LINGER_SECONDS,
    ) -> None:
        """`work` does one round; `leave` is told in a thread that ends which round it was, and how
        many others of that partner still run.
        """
        self._work = work
        self._leave = leave
        self._most = most
        self._linger = linger
        self._changed = threading.Condition()
        self._running: dict[Name, bool] = {}
        """Whether the round was asked for again."""
        self._waiting: dict[Name, None] = {}
        self._stopping = False

    def ask(self, name: Name) -> None:
        """Let this round be done, now or as soon as there is room."""
        with self._changed:
            if self._stopping:
                return
            if name in self._running:
                self._running[name] = True
            else:
                self._waiting[name] = None
                self._start()
            self._changed.notify_all()

    def stop(self, seconds: float) -> bool:
        """Begin no more rounds and wait for those that run; whether all of them ended."""
        until = time.monotonic() + seconds
        with self._changed:
            self._stopping = True
            self._waiting.clear()
            self._changed.notify_all()
            while self._running:
                if not self._changed.wait(until - time.monotonic()):
                    return False
        return True

    @property
    def stopping(self) -> bool:
        """Whether every round is to come to its end."""
        return self._stopping

    @property
    def running(self) -> Iterable[Name]:
        """The rounds that have a thread now."""
        with self._changed:
            return tuple(self._running)

    def _start(self) -> None:
        """Give the places that are free to those who wait; the lock is held."""
        while self._waiting and len(self._running) < self._most:
            name = next(iter(self._waiting))
            del self._waiting[name]
            self._running[name] = False
            thread = threading.Thread(target=self._run, args=(name,), daemon=True)
            thread.name = "exchange " + " ".join(name)
            thread.start()

    def _run(self, name: Name) -> None:
        try:
            while True:
                failed = self._once(name)
                with self._changed:
                    if failed:
                        self._changed.wait_for(lambda: self._stopping, AFTER_FAILURE_SECONDS)
                    elif not self._running[name]:
                        self._changed.wait_for(lambda: self._wanted(name), self._linger)
                    again = self._running[name] and not self._stopping
                    self._running[name] = False
                    if not again:
                        break
        finally:
            self._leave(name, self._others(name))
            with self._changed:
                asked_late = self._running.pop(name) and not self._stopping
                if asked_late:
                    self._waiting[name] = None
                if not self._stopping:
                    self._start()
                self._changed.notify_all()

    def _once(self, name: Name) -> bool:
        try:
            self._work(name)
        except Exception:  # the outermost edge of a round: its error ends here, in the log
            log.exception("a round failed", extra={"event": name[1]})
            return True
        return False

    def _wanted(self, name: Name) -> bool:
        return self._running[name] or bool(self._waiting) or self._stopping

    def _others(self, name: Name) -> int:
        with self._changed:
            return sum(other[0] == name[0] for other in self._running if other != name)
