# SPDX-License-Identifier: Apache-2.0
"""A running node: one per folder, put right when a process dies, nothing lost when all do."""

from __future__ import annotations

import http.client
import json
import socket

import psycopg
import pytest

from comity.server.node.processes import resident_kilobytes
from tests.support.nodes import Node, wait_for

pytestmark = [pytest.mark.node, pytest.mark.slow]


def asked(port: int, path: str) -> tuple[int, str]:
    """What a server on this machine answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def commit(node: Node, number: int) -> None:
    """Commit a row, so that it must be there whatever happens next."""
    with node.database() as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY)")
        database.execute("INSERT INTO kept VALUES (%s)", [number])


def kept(node: Node) -> list[int]:
    """The rows that were committed."""
    with node.database() as database:
        return [number for (number,) in database.execute("SELECT number FROM kept ORDER BY 1")]


def alive_again(node: Node, name: str, killed: int) -> bool:
    """Whether another process does the work of the killed one."""
    known = node.process(name)
    return known.pid != killed and known.alive


def test_a_node_serves_says_how_it_is_and_stops_when_asked(node: Node):
    node.begin()

    found = node.answer("node", "status")
    assert found["running"]
    assert found["ready"]
    assert {known["name"] for known in found["processes"]} == {
        "supervisor",
        "database",
        "web",
        "worker",
    }
    assert all(known["alive"] for known in found["processes"])
    assert found["database"]["version"].startswith("18.")
    assert found["database"]["schema"]["journal"].startswith("0001")
    memory = resident_kilobytes(node.process("supervisor").pid)
    assert memory < 40 * 1024, f"the supervisor holds {memory} KiB"

    assert node.refusal("node", "run") == "node-held"
    refused = node.command("node", "run")
    assert str(node.process("supervisor").pid) in refused.stderr

    public, local = node.environment.port, node.environment.local_port
    assert asked(local, "/health/live")[0] == 200
    status, said = asked(local, "/health/ready")
    assert (status, json.loads(said)["ready"]) == (200, True)
    assert asked(public, "/health/ready")[0] == 404
    assert asked(public, "/metrics")[0] == 404
    assert asked(public, "/account/sign-in/")[0] in (200, 302)
    measures = asked(local, "/metrics")[1]
    assert 'comity_process_up{process="worker"} 1.0' in measures
    assert "comity_requests_total{" in measures

    assert node.refusal("node", "upgrade") == "node-held"
    supervisor = node.process("supervisor")
    assert node.answer("node", "stop")["stopped"] is True
    assert not supervisor.alive
    assert node.answer("node", "stop")["stopped"] is False
    assert "database system is shut down" in (node.path / "postgres.log").read_text()


def test_what_dies_is_started_again_and_what_was_committed_is_there(node: Node):
    node.begin()
    commit(node, 1)

    for name in ("web", "worker"):
        killed = node.kill(name)
        wait_for(lambda name=name, killed=killed: alive_again(node, name, killed.pid))
    commit(node, 2)
    killed = node.kill("database")
    wait_for(lambda: alive_again(node, "database", killed.pid))
    wait_for(lambda: kept(node) == [1, 2])
    node.wait_until_ready()

    assert asked(node.environment.port, "/account/sign-in/")[0] in (200, 302)
    assert node.log.count("ended by itself") >= 3
    assert node.end() == 0


def test_a_node_whose_supervisor_was_killed_starts_again_with_everything(node: Node):
    node.begin()
    commit(node, 1)
    before = {name: node.process(name) for name in ("database", "web", "worker")}

    node.kill("supervisor")
    node.begin()

    assert kept(node) == [1]
    assert not any(known.alive for known in before.values())
    commit(node, 2)

    everything = [node.process(name) for name in ("supervisor", "web", "worker", "database")]
    for known in everything:
        node.kill(known.name)
    node.begin()

    assert kept(node) == [1, 2]
    assert node.end() == 0


def test_stop_ends_what_a_killed_supervisor_left(node: Node):
    node.begin()
    database = node.process("database")
    node.kill("supervisor")

    assert node.answer("node", "stop")["stopped"] is True

    assert not database.alive
    with pytest.raises(psycopg.OperationalError):
        node.database()


def test_a_port_in_use_is_named_before_anything_is_started(node: Node):
    with socket.socket() as other:
        other.bind(("127.0.0.1", node.environment.port))
        other.listen()

        refused = node.command("node", "run")
        logging = node.command("node", "run", "--log", f"{node.path}.log")

    for done in (refused, logging):
        assert done.returncode == 1
        assert f"port {node.environment.port}" in done.stderr
        assert "COMITY_PORT" in done.stderr
