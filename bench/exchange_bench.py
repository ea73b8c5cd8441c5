# SPDX-License-Identifier: Apache-2.0
"""Messages from node to node, both on this machine, as durable as in real work.

Two nodes with their databases (fsync on) and their workers exchange signed and encrypted messages
of 10 kB over TLS. Each is assessed under the law by both sides, receipted and journalled on both.
The limit beside is what the same machine takes for the bare minimum of it, in the same run: as
many committed rows in two databases, and as many round trips over TLS. Last, a whole node idles.
"""

from __future__ import annotations

import socket
import ssl
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measurement import Figure, Measurement

if TYPE_CHECKING:
    from tests.support.exchange_nodes import ExchangeNode, Pair
    from tests.support.nodes import Node

SUBJECT = "The exchange: messages from node to node"
BODY = 10_000
GOAL = 60
"""Messages a second that must be sustained."""
POSTED_RATE = 75
"""Above the goal, so that what is measured is the exchange and not the poster."""
SUSTAINED_SECONDS = 25
LATENCY_SECONDS = 20
AS_FAST_AS_IT_GOES = 1500
IDLE_SECONDS = 20.0
COMMITS = 300


def run() -> Measurement:
    """Exchange, then idle."""
    return Measurement(
        SUBJECT,
        "Two nodes on this machine: 10 kB notes signed, sealed and sent over TLS in batches; "
        "each assessed, kept, receipted and journalled on both sides, fsync on. Latency is from "
        "the post to the verified receipt in the sender's ledger.",
        (*_exchanged(), *_idle()),
    )


def _exchanged() -> Iterator[Figure]:
    from tests.support.exchange_nodes import exchanging_pair

    with exchanging_pair() as pair:
        pair.start_workers(jobs=True)
        _settled(pair, pair.northland.ask("send", to="XS", count=50, body=BODY))
        limit = _limit(pair)
        yield from _sustained(pair)
        yield from _at_the_rate(pair, limit)
        yield from _at_most(pair, limit)


def _sustained(pair: Pair) -> Iterator[Figure]:
    """From the first post to the last receipt, with more posted than the goal asks for."""
    count = POSTED_RATE * SUSTAINED_SECONDS
    sent = pair.northland.ask("send", to="XS", count=count, body=BODY, rate=POSTED_RATE)
    waits = _settled(pair, sent)
    posted = [at for _, _, at in sent["sent"]]
    seconds = max(at + wait for at, wait in zip(posted, waits, strict=True)) - posted[0]
    what = f"posted at up to {POSTED_RATE} a second: exchanged over {seconds:.0f} s"
    yield Figure(what, count / seconds, "messages/s", goal=f"≥ {GOAL} messages/s")


def _at_the_rate(pair: Pair, limit: float) -> Iterator[Figure]:
    count = GOAL * LATENCY_SECONDS
    sent = pair.northland.ask("send", to="XS", count=count, body=BODY, rate=GOAL)
    waits = _settled(pair, sent)
    what = f"posted at {GOAL} a second for {LATENCY_SECONDS} s"
    bare = "one commit in each database and one TLS round trip"
    yield Figure(f"{what}: median latency", statistics.median(waits) * 1000, "ms", bare, limit)
    p99 = sorted(waits)[int(len(waits) * 0.99)] * 1000
    yield Figure(f"{what}: 99 % within", p99, "ms", bare, limit, "< 500 ms")


def _at_most(pair: Pair, limit: float) -> Iterator[Figure]:
    begun = time.monotonic()
    sent = pair.northland.ask("send", to="XS", count=AS_FAST_AS_IT_GOES, body=BODY)
    _settled(pair, sent)
    rate = AS_FAST_AS_IT_GOES / (time.monotonic() - begun)
    yield Figure(
        f"{AS_FAST_AS_IT_GOES:,} posted as fast as it goes: exchanged",
        rate,
        "messages/s",
        "the same number of bare commits and round trips, one after another",
        1000 / limit,
        f"≥ {GOAL} messages/s",
    )
    lost = pair.compare()
    yield Figure("lost, doubled or different between the ledgers", len(lost), "", goal="0")


def _settled(pair: Pair, sent: dict[str, Any]) -> list[float]:
    """Seconds from each post to its receipt, once all are there, in the order of the posts."""
    pair.wait_until_settled(120)
    settled = {row["id"]: row["settled"] for row in pair.northland.messages("out")}
    return [settled[identifier] - at for identifier, _, at in sent["sent"]]


# The limit


def _limit(pair: Pair) -> float:
    """Milliseconds of a commit in each database and one TLS round trip with 10 kB."""
    times = [_commit_milliseconds(each) for each in pair.both]
    return sum(times) + _round_trip_milliseconds()


def _commit_milliseconds(node: ExchangeNode) -> float:
    row = b"x" * BODY
    with node.node.database() as database:
        database.execute("CREATE TABLE IF NOT EXISTS bench_row (content bytea)")
        begun = time.perf_counter()
        for _ in range(COMMITS):
            database.execute("INSERT INTO bench_row VALUES (%s)", [row])
        taken = time.perf_counter() - begun
        database.execute("DROP TABLE bench_row")
    return taken / COMMITS * 1000


def _round_trip_milliseconds() -> float:
    from comity.sealing.certificates import make_certificate

    now = datetime.now(UTC)
    made = make_certificate(
        common_name="bench",
        names=("localhost",),
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(hours=1),
    )
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder, "crt"), Path(folder, "key")
        certificate.write_bytes(made.certificate.pem)
        key.write_bytes(made.private_pem)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(certificate, key)
        client = ssl.create_default_context(cafile=str(certificate))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_echo, args=(listening, server), daemon=True)
        thread.start()
        plain = socket.create_connection(listening.getsockname())
        with client.wrap_socket(plain, server_hostname="localhost") as secured:
            begun = time.perf_counter()
            for _ in range(COMMITS):
                secured.sendall(bytes(BODY))
                secured.recv(1)
            taken = time.perf_counter() - begun
        thread.join()
    return taken / COMMITS * 1000


def _echo(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Answer every 10 kB with one byte."""
    accepted, _ = listening.accept()
    with context.wrap_socket(accepted, server_side=True) as secured:
        there = 0
        while piece := secured.recv(65536):
            there += len(piece)
            while there >= BODY:
                there -= BODY
                secured.sendall(b".")


# Idling


def _idle() -> Iterator[Figure]:
    """A whole node under its supervisor that has nothing to do."""
    from tests.support.nodes import free_port, made_node, removed

    port = free_port()
    node = made_node(
        COMITY_ADMINISTRATION="XN",
        COMITY_TRAINING="true",
        COMITY_EXCHANGE_PORT=str(port),
        COMITY_EXCHANGE_URL=f"https://127.0.0.1:{port}",
    )
    with removed(node):
        node.begin()
        node.wait_until_ready()
        time.sleep(5)
        before = _processor_seconds(node)
        time.sleep(IDLE_SECONDS)
        used = _processor_seconds(node) - before
        memory = sum(_proportional_kilobytes(pid) for pid in _processes_of(node)) / 1024
    yield Figure("an idle node in memory (PSS)", memory, "MiB", goal="< 350 MiB")
    what = f"processor time of an idle node in {IDLE_SECONDS:.0f} s"
    yield Figure(what, used / IDLE_SECONDS * 100, "% of one core", goal="< 5 %")


def _processes_of(node: Node) -> list[int]:
    """Every process of the node: those noted, and the ones that they started."""
    from comity.server.node import processes

    found = {known.pid for known in processes.noted(node.home)}
    for known in processes.noted(node.home):
        found |= set(processes.members(known))
    for folder in Path("/proc").glob("[0-9]*"):  # what the database started has another session
        parent = _parent(folder)
        if parent in found:
            found.add(int(folder.name))
    return sorted(found)


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _proportional_kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _processor_seconds(node: Node) -> float:
    ticks = 0
    for pid in _processes_of(node):
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(words[11]) + int(words[12])
    return ticks / 100
