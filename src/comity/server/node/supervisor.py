# SPDX-License-Identifier: Apache-2.0
"""Keeps a node's processes running: database, web server, worker; in this order, ended in
reverse.

One that dies is started again after a pause that grows. What an earlier supervisor left behind
when it was killed is ended first; a database recovers by itself what was committed. This
process imports no framework and stays small.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.server import ThreadingHTTPServer

from comity.catalogues import N_
from comity.errors import ComityError, PeerError
from comity.server import postgres
from comity.server.environment import Environment
from comity.server.node import processes
from comity.server.node.child import Child
from comity.server.node.home import Home, held, require_made, write_whole
from comity.server.node.local_service import Answer, json_answer, require_port, serve
from comity.server.node.preparing import child_variables, prepare
from comity.server.node.restarting import was_told_to_end
from comity.server.postgres_programs import find_programs

DATABASE, WEB, WORKER = "database", "web", "worker"
ACT = "comity node run"
PROBE_HEADER = "X-Comity-Probe"
PROBE_FILE = "probe"
READY_SECONDS = 90.0
TURN = 0.2
PROBE_EVERY = 2.0
PATIENCE: Mapping[str, float] = {WEB: 15.0, WORKER: 30.0}
"""Seconds that a process has to finish what it is doing."""

log = logging.getLogger("comity.node")


class NodeNotReadyError(PeerError):
    """The web server did not answer after the start."""

    code = "node-not-ready"
    message = N_("The node in {home} was not ready {seconds} seconds after its start.")
    remedy = N_("Read the log lines above, and run `comity node check`.")


class Supervisor:
    """The keeping of one node. `announce` is told when people can use it."""

    def __init__(self, environment: Environment, announce: Callable[[], None]) -> None:
        self.environment = environment
        self.home = Home.of(environment)
        self.announce = announce
        self.asked_to_stop = threading.Event()
        self.probe = secrets.token_hex(16)
        self.web_ready = False
        self.probed = 0.0
        self.turned = 0.0
        self.children: list[Child] = []

    def run(self) -> None:
        """Hold the home and keep the node running until a signal asks to stop."""
        require_made(self.home)
        with held(self.home, ACT):
            for means in (signal.SIGTERM, signal.SIGINT):
                signal.signal(means, lambda *_: self.asked_to_stop.set())
            self._clear_remains()
            require_port(self.environment.address, self.environment.port)
            self._require_exchange_port()
            local = self._serve_locally()
            try:
                self._begin()
                self._keep()
            finally:
                self._end()
                if local:
                    local.shutdown()

    # Beginning

    def _clear_remains(self) -> None:
        """End what a killed supervisor left running."""
        for left in processes.noted(self.home):
            if left.name != DATABASE and processes.end_all(left, patience=5.0):
                log.warning("ended a process left by an earlier run", extra=_facts(left))
        if self.environment.embedded:
            postgres.clear_remains(self._cluster())
        shutil.rmtree(self.home.metrics_folder, ignore_errors=True)
        self.home.metrics_folder.mkdir(mode=0o700)
        write_whole(self.home.path / PROBE_FILE, self.probe)

    def _require_exchange_port(self) -> None:
        port, address = self.environment.exchange_port, self.environment.exchange_address
        if port:
            require_port(address, port, variable="COMITY_EXCHANGE_PORT")

    def _cluster(self) -> postgres.Cluster:
        programs = find_programs(self.environment.pg_bindir)
        return postgres.cluster_of(self.home.path, programs)

    def _begin(self) -> None:
        if self.environment.embedded:
            cluster = self._cluster()
            postgres.refuse_other_release(cluster)
            self._add(DATABASE, lambda: postgres.start(cluster))
        prepare(self.environment)
        self._add(WEB, lambda: self._python("comity.server.node.web"))
        self._add(WORKER, lambda: self._python("comity.server.node.worker"))
        self._wait_until_ready()

    def _add(self, name: str, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        if self.asked_to_stop.is_set():
            return
        child = Child(name, begin)
        self.children.append(child)
        self._start(child)

    def _start(self, child: Child) -> None:
        child.running = child.begin()
        child.since = time.monotonic()
        child.identity = processes.process(child.name, child.running.pid)
        self._note()
        log.info("started", extra=_facts(child.identity))

    def _note(self) -> None:
        ours = processes.process("supervisor", os.getpid())
        known = [child.identity for child in self.children if child.identity]
        processes.note(self.home, [ours, *known])

    def _python(self, module: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", module]
        return subprocess.Popen(
            command,
            env=self._variables(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _variables(self) -> dict[str, str]:
        counted = {"PROMETHEUS_MULTIPROC_DIR": str(self.home.metrics_folder)}
        return child_variables(self.environment) | counted

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while not self.asked_to_stop.is_set():
            self._turn()
            if self.ready:
                self.announce()
                return
            if time.monotonic() > until:
                raise NodeNotReadyError(home=self.home.path, seconds=round(READY_SECONDS))
            self.asked_to_stop.wait(TURN)

    # Keeping

    def _keep(self) -> None:
        while not self.asked_to_stop.wait(TURN):
            self._turn()

    def _turn(self) -> None:
        """Look once at every process; start again what may be started again."""
        self.turned = time.monotonic()
        for child in self.children:
            if child.running and child.running.poll() is not None:
                self._mourn(child)
            if child.running is None and time.monotonic() >= child.not_before:
                self._restart(child)
        if time.monotonic() - self.probed >= (PROBE_EVERY if self.web_ready else TURN):
            self.web_ready = self._answers()
            self.probed = time.monotonic()

    def _mourn(self, child: Child) -> None:
        assert child.running is not None
        assert child.identity is not None
        lived, told = time.monotonic() - child.since, was_told_to_end(child.running.returncode)
        child.record = (child.record.after_end if told else child.record.after_death)(lived)
        child.not_before = time.monotonic() + child.record.pause
        facts = _facts(child.identity) | {
            "exit_code": child.running.returncode,
            "pause": child.record.pause,
        }
        log.error("ended by itself", extra=facts)
        if child.name != DATABASE:
            processes.end_all(child.identity, patience=1.0)
        child.running = None

    def _restart(self, child: Child) -> None:
        child.restarts += 1
        try:
            if child.name == DATABASE:
                postgres.clear_remains(self._cluster())
            self._start(child)
        except (ComityError, OSError) as error:
            child.record = child.record.after_death(0.0)
            child.not_before = time.monotonic() + child.record.pause
            log.error("not started: %s", error, extra={"child": child.name})

    def _answers(self) -> bool:
        """Whether the web server does its work, the database behind it included."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(
            self.environment.address, self.environment.address
        )
        connection = http.client.HTTPConnection(host, self.environment.port, timeout=5)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/health/ready", headers={PROBE_HEADER: self.probe})
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    # Ending

    def _end(self) -> None:
        """End in reverse order: no new work, then no work, then no database."""
        for child in reversed(self.children):
            try:
                self._end_one(child)
            except (OSError, ComityError) as error:  # the others must end all the same
                log.error("not stopped: %s", error, extra={"child": child.name})
        processes.note(self.home, [])

    def _end_one(self, child: Child) -> None:
        if child.running is None or child.identity is None:
            return
        if child.name == DATABASE:
            postgres.stop(self._cluster(), child.running)
        else:
            _finish(child.running, PATIENCE[child.name])
            processes.end_all(child.identity, patience=1.0)
        log.info("stopped", extra=_facts(child.identity))

    # What is asked on the local port

    @property
    def ready(self) -> bool:
        """Whether every process does its work."""
        return self.web_ready and all(child.alive for child in self.children)

    def _serve_locally(self) -> ThreadingHTTPServer | None:
        if not self.environment.local_port:
            return None
        answers: dict[str, Callable[[], Answer]] = {
            "/health": self._ready_answer,
            "/health/ready": self._ready_answer,
            "/health/live": self._live_answer,
            "/metrics": self._metrics_answer,
        }
        return serve(self.environment.local_port, answers)

    def _ready_answer(self) -> Answer:
        states: dict[str, object] = {
            child.name: "running" if child.alive else "restarting" for child in self.children
        }
        return json_answer(fine=self.ready, facts={"ready": self.ready, "processes": states})

    def _live_answer(self) -> Answer:
        live = time.monotonic() - self.turned < 30.0
        return json_answer(fine=live, facts={"live": live})

    def _metrics_answer(self) -> Answer:
        from comity.server.node.measures import metrics_text

        text = metrics_text(self.environment, self.home, self.children, ready=self.ready)
        return 200, "text/plain; version=0.0.4; charset=utf-8", text


def _finish(running: subprocess.Popen[bytes], patience: float) -> None:
    running.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(patience)
        return
    running.kill()
    running.wait()


def _facts(process: processes.Process) -> dict[str, object]:
    return {"child": process.name, "pid": process.pid}
