# SPDX-License-Identifier: Apache-2.0
"""Stops a node that runs, and what a killed one left running. No framework here."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from comity.catalogues import N_
from comity.errors import ConflictError
from comity.server import postgres
from comity.server.environment import Environment
from comity.server.node import processes
from comity.server.node.home import Home, NodeHeldError, held, holder, require_made
from comity.server.node.supervisor import ACT, DATABASE
from comity.server.postgres_programs import find_programs

LONGEST = 120.0


class NodeDoesNotStopError(ConflictError):
    """The node was asked to stop and still runs."""

    code = "node-does-not-stop"
    message = N_("The node in {home} still runs {seconds} seconds after it was asked to stop.")
    remedy = N_("Wait, or end process {pid}: the database recovers what was committed.")


def stop_node(environment: Environment) -> bool:
    """Stop the node and wait until it has; whether anything ran."""
    home = Home.of(environment)
    require_made(home)
    found = holder(home)
    if found is None:
        return _stop_remains(environment, home)
    pid, act = found
    if act != ACT:
        raise NodeHeldError(home=home.path, pid=pid, act=act)
    supervisor = processes.process("supervisor", pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        if holder(home) is None and not supervisor.alive:
            return True
        time.sleep(0.1)
    raise NodeDoesNotStopError(home=home.path, seconds=round(LONGEST), pid=pid)


def _stop_remains(environment: Environment, home: Home) -> bool:
    """Stop what a killed supervisor left running."""
    with held(home, "comity node stop"):
        left = [known for known in processes.noted(home) if known.name != DATABASE]
        ended = [processes.end_all(known) for known in left if known.name != "supervisor"]
        if environment.embedded:
            programs = find_programs(environment.pg_bindir)
            ended.append(postgres.stop(postgres.cluster_of(home.path, programs)))
        processes.note(home, [])
    return any(ended)
