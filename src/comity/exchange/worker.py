# SPDX-License-Identifier: Apache-2.0
"""The exchange in the worker's process: the listener for partners' nodes, and the dispatcher.

Both begin beside the job queue and end with it. However suddenly they end, the ledger says what
is still to be done; nothing here remembers anything that matters.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from comity import clock
from comity.catalogues import N_
from comity.errors import ComityError, ConflictError, PeerError
from comity.exchange.courier import Courier
from comity.exchange.fault_points import Point, reach
from comity.exchange.queries.outbox import next_moment, partners_with_work
from comity.exchange.rounds import Name, Rounds
from comity.exchange.services import admitting, assembling, leasing
from comity.exchange.services.maintenance import current_maintenance
from comity.exchange.services.own_keys import make_own_keys
from comity.exchange.services.pulling import note_written
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.services.sending import LedgerOutbox
from comity.exchange.services.waking import CHANNEL, EVERYBODY
from comity.exchange.transports.listener import ListenerLimits, make_listener

log = logging.getLogger("comity.exchange")

SLOW_TIMER = 30.0
"""Seconds after which the dispatcher looks without having been woken."""
LONGEST_RETRY = 10.0
UNANSWERED = (OperationalError, InterfaceError, psycopg.OperationalError)
"""How it shows that the database is away."""
LETTERS, PARTS, FETCH = "letters", "parts", "fetch"
SWEEP_EVERY = 20.0
PATIENCE = 4.0
"""Seconds for what has begun; what does not end in them is done again after the next start."""


class ExchangePortTakenError(ConflictError):
    """Another program listens where the exchange would."""

    code = "exchange-port-taken"
    message = N_("Another program listens on port {port} of {address}.")
    remedy = N_("Stop it, or choose another port with COMITY_EXCHANGE_PORT.")


class WayUnusableError(PeerError):
    """What is known of a partner or of ourselves does not do to reach it."""

    code = "way-unusable"
    message = N_("The way to {partner} cannot be used: {problem}.")
    remedy = N_("Run `comity partner diagnose {partner}`: it names the cause.")


class Exchange:
    """What runs beside the job queue."""

    def __init__(self) -> None:
        self.holder = leasing.holder_name()
        self.listening: Listening | None = None
        self.dispatcher = Dispatcher(self.holder, self._listen)
        self.begun = False

    def begin(self) -> None:
        """Make the keys that are missing, listen where a port is set, and dispatch.

        A node that does not know whose it is has nobody to speak for, and does nothing.
        """
        environment = settings.ENVIRONMENT
        if not environment.administration:
            log.info("no administration is set, so nothing is exchanged")
            return
        make_own_keys(at=clock.now())
        leasing.take_over(holder=self.holder)
        self._listen()
        connection.close()
        self.dispatcher.begin()
        self.begun = True

    def end(self) -> None:
        """Take nothing more, finish what can be finished soon, and let others have the ways.

        Nothing that a partner, or a database that hangs, keeps waiting is waited for any longer.
        """
        if not self.begun:
            return
        until = time.monotonic() + PATIENCE
        ending = [threading.Thread(target=self.dispatcher.end, args=(PATIENCE,), daemon=True)]
        if self.listening:
            ending.append(threading.Thread(target=self.listening.server.stop, daemon=True))
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join(max(0.1, until - time.monotonic()))

    def _listen(self) -> None:
        """Listen, where a port is set, with the keys of now; what stands in the way is logged.

        The jobs beside it go on, and the next look tries again: a clock that is set right, a key
        that is renewed or a port that is left makes it good.
        """
        environment = settings.ENVIRONMENT
        if not environment.exchange_port:
            return
        try:
            if self.listening is not None:
                self.listening.renew()
                return
            listening = Listening(
                environment.exchange_address,
                environment.exchange_port,
                threads=environment.exchange_threads,
            )
            listening.begin()
            self.listening = listening
        except ComityError as error:
            log.error("the exchange does not listen: %s", error, extra={"code": error.code})


# Listening


class Listening:
    """The exchange's own port, and the TLS context that follows the keys."""

    def __init__(self, address: str, port: int, *, threads: int) -> None:
        self.address, self.port = address, port
        context = assembling.tls_context(at=clock.now())
        limits = ListenerLimits(threads=threads)
        self.context = context
        self.server = make_listener(
            assembling.door(), address=address, port=port, context=context, limits=limits
        )
        self.thread = threading.Thread(target=self._serve, daemon=True, name="exchange listener")
        self.prepared = threading.Event()
        self.failure: OSError | None = None

    def begin(self) -> None:
        """Listen; raises `ExchangePortTakenError` where that is not possible."""
        self.thread.start()
        self.prepared.wait()
        if self.failure:
            raise ExchangePortTakenError(port=self.port, address=self.address) from self.failure
        admitting.requests_waiting.append(lambda: self.server.waiting)
        log.info("the exchange listens", extra={"event": "exchange-listens"})

    def _serve(self) -> None:
        """In a daemon's thread, so that the threads it makes end with the process too."""
        try:
            self.server.prepare()
        except OSError as error:
            self.failure = error
            return
        finally:
            self.prepared.set()
        self.server.serve()

    def renew(self) -> None:
        """Greet with the keys of now."""
        context = assembling.tls_context(at=clock.now())
        if context is not self.context:
            self.context = context
            self.server.renew(context)


# Dispatching


class Dispatcher:
    """Wakes the rounds: when the database says so, when something put off is due, and slowly."""

    def __init__(self, holder: str, look: Callable[[], None]) -> None:
        """`look` is called whenever the dispatcher looks for work."""
        self.holder = holder
        self.look = look
        self.rounds = Rounds(self._work, self._leave)
        self.swept = 0.0
        self._lanes: Mapping[str, Callable[[str], None]] = {
            LETTERS: self._carry_letters,
            PARTS: self._carry_parts,
            FETCH: self._fetch,
        }
        self.outboxes: dict[str, LedgerOutbox] = {}
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True, name="exchange dispatcher")
        self.woken, self.waker = socket.socketpair()

    def begin(self) -> None:
        """Dispatch from now on."""
        self.thread.start()

    def end(self, seconds: float) -> None:
        """Begin nothing more; wait for what runs."""
        self.stopping.set()
        self.waker.send(b".")
        self.rounds.stop(max(0.1, seconds))
        with contextlib.suppress(*UNANSWERED):
            leasing.release_all(self.holder)
            connection.close()

    def _run(self) -> None:
        pause = 0.5
        while not self.stopping.is_set():
            try:
                self._listen()
                pause = 0.5
            except UNANSWERED as error:
                code = type(error).__name__
                log.warning("the database does not answer", extra={"code": code, "pause": pause})
                self.stopping.wait(pause)
                pause = min(LONGEST_RETRY, pause * 2)
            except Exception:  # the outermost edge of the dispatcher
                log.exception("the dispatcher failed")
                self.stopping.wait(pause)
            finally:
                connection.close()

    def _listen(self) -> None:
        """Look, then sleep until a word, a moment or the slow timer; no turn without a reason."""
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while not self.stopping.is_set():
            self.look()
            self._sweep()
            at = clock.now()
            for partner in partners_with_work(at):
                self._ask(partner, LETTERS, PARTS)
            due = next_moment(at)
            wait = SLOW_TIMER if due is None else (due - at).total_seconds()
            self._heed_words(until=time.monotonic() + min(SLOW_TIMER, max(0.02, wait)))

    def _heed_words(self, *, until: float) -> None:
        """Ask for the rounds of every partner that is named; return when everybody is meant."""
        listening = connection.connection
        assert listening is not None
        while not self.stopping.is_set():
            left = until - time.monotonic()
            if left <= 0:
                return
            ready, _, _ = select.select([listening, self.woken], [], [], left)
            if self.woken in ready and self.woken.recv(64):
                return
            words = {notice.payload for notice in listening.notifies(timeout=0)}
            for partner in words - {EVERYBODY}:
                self._ask(partner)
            if EVERYBODY in words:
                return

    def _sweep(self) -> None:
        """What nobody announces: files that were put there, messages that wait elsewhere."""
        if time.monotonic() - self.swept < SWEEP_EVERY:
            return
        self.swept = time.monotonic()
        for partner in assembling.fetches():
            self._ask(partner, FETCH)
        for partner in assembling.by_files():
            self._ask(partner, LETTERS)

    def _ask(self, partner: str, *lanes: str) -> None:
        for lane in lanes or (LETTERS,):
            self.rounds.ask((partner, lane))

    def _work(self, name: Name) -> None:
        """One round for one partner; what stands in its way puts the way off."""
        partner, lane = name
        try:
            self._lanes[lane](partner)
        except UNANSWERED:
            connection.close()  # the next round has a new one
            raise
        except ComityError as error:
            known = error if isinstance(error, PeerError) else None
            unusable = known or WayUnusableError(partner=partner, problem=error.code)
            self._outbox(partner).failed(unusable, [], at=clock.now())
        if self._outbox(partner).take_put_off():
            self.waker.send(b".")

    def _carry_letters(self, partner: str) -> None:
        if partner in assembling.by_files():
            self._exchange_files(partner)
            return
        courier = self._courier(partner, LETTERS)
        if courier and courier.carry_letters():
            self._ask(partner, PARTS)

    def _carry_parts(self, partner: str) -> None:
        courier = self._courier(partner, PARTS)
        if courier:
            courier.carry_parts()

    def _courier(self, partner: str, lane: str) -> Courier | None:
        transport = assembling.transport_to(partner, lane, at=clock.now())
        if transport is None:
            return None
        outbox = self._outbox(partner)
        return Courier(outbox, transport, clock.now, lambda: self.rounds.stopping)

    def _fetch(self, partner: str) -> None:
        """Fetch what the partner has for us, while no maintenance holds everything off."""
        pull = assembling.fetching_from(partner, at=clock.now())
        if pull and current_maintenance() is None:
            pull.fetch()

    def _exchange_files(self, partner: str) -> None:
        """Read the partner's files and write ours, where nobody else does at this moment."""
        files, at = assembling.files_of(partner), clock.now()
        if files is None or not self._outbox(partner).hold(at=at):
            return
        files.read(RECEPTION, assembling.outgoing(), at=at)
        written = files.write(assembling.outgoing(), at=clock.now())
        if written.messages:
            reach(Point.FILE_WRITTEN)
        note_written(partner, written.messages, at=clock.now())

    def _outbox(self, partner: str) -> LedgerOutbox:
        """One for as long as the process lasts: it remembers what the partner did not take."""
        if partner not in self.outboxes:
            self.outboxes[partner] = assembling.outbox_of(partner, holder=self.holder)
        return self.outboxes[partner]

    def _leave(self, name: Name, others: int) -> None:
        """The thread of a round ends: so does its connection, and the lease with the last one."""
        with contextlib.suppress(*UNANSWERED):
            if not others:
                leasing.release(name[0], holder=self.holder)
            connection.close()
