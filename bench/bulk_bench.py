# SPDX-License-Identifier: Apache-2.0
"""A part of 1 GiB from one real node to another, beside the least that must be done for it.

Two nodes with a database and a worker each, on this machine. The time runs from the first byte
of the file that the sender keeps to the receipt in its ledger. The baseline stands in
`bulk_path`; turns alternate, and the best of each counts, for the disk is shared. Then the same
again over a network that is cut ten times.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.exchange_nodes import SOUTHLAND, ExchangeNode, Pair, exchanging_pair
from tests.support.faulty_network import Fault, FaultyNetwork
from tests.support.nodes import free_port

from bench.measurement import Figure, Measurement
from bench.repetition import most_memory
from comity.sealing.certificates import make_certificate
from comity.sealing.segments import SEALED_SEGMENT_LENGTH, sealed_size

MEBIBYTE = 1024 * 1024
SIZE = 1024 * MEBIBYTE
TURNS = 3
CUTS = 10
PATIENCE = 180.0
TLS_SHARE = 22 / 16384
"""What TLS 1.3 adds to each of its records."""


def run() -> Measurement:
    """Measure time, memory, and what cuts cost."""
    memory: dict[str, float] = {}
    ours: list[tuple[float, float, float]] = []
    limits: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as name, exchanging_pair() as pair:
        folder = Path(name)
        _make_certificate(folder)
        pair.start_workers()
        for turn in range(TURNS):
            limits.append(_baseline(folder))
            ours.append(_sent(pair, turn + 1, memory))
        again, cuts = _sent_over_cuts(pair)
    beside = "AES-256-GCM, SHA-256, TLS over loopback, fsync on both sides"
    keeping, sending, work = (min(each[part] for each in ours) for part in range(3))
    whole = min(keep + send for keep, send, _ in ours)
    least, least_work = (min(each[part] for each in limits) for part in range(2))
    figures = [
        Figure("1 GiB, from keeping it to its receipt", whole, "s", beside, least, "≤ 2 times"),
        Figure("processor time of all processes for it", work, "s", "the same", least_work),
        Figure("of which keeping it at the sender's", keeping, "s"),
        Figure("of which sending it, to the receipt", sending, "s"),
        *(
            Figure(f"most memory of {process}", most, "MiB", goal="< 200 MiB")
            for process, most in memory.items()
        ),
        Figure(f"sent again after each of {cuts} cuts", again, "segments", goal="≤ 1"),
    ]
    return Measurement(
        "A large part between two nodes",
        f"Two real nodes, databases and fsync, TLS over loopback; the best of {TURNS} turns, which "
        "alternate with those of the baseline. The cuts are made by a relay in between.",
        tuple(figures),
    )


def _sent(pair: Pair, seed: int, memory: dict[str, float]) -> tuple[float, float, float]:
    """The seconds of keeping the file, of sending it, and of the processors; notes the memory."""
    processes = {
        "the sender's worker": pair.northland.workers[0],
        "the recipient's worker": pair.southland.workers[0],
        "the process that keeps the file": pair.northland.actor,
    }
    for process in processes.values():
        Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # its highest mark begins anew
    before = sum(_work(process.pid) for process in processes.values())
    sent = pair.northland.ask("send_large", to=SOUTHLAND, size=SIZE, seed=seed)
    settled = _settled(pair.northland, sent["id"])
    for name, process in processes.items():
        memory[name] = max(memory.get(name, 0.0), most_memory(process.pid))
    work = sum(_work(process.pid) for process in processes.values()) - before
    return sent["kept"] - sent["begun"], settled - sent["kept"], work


def _sent_over_cuts(pair: Pair) -> tuple[float, int]:
    """How many segments are sent again after a cut, on the average; and how many cuts."""
    port = int(pair.southland.node.variables["COMITY_EXCHANGE_PORT"])
    pair.southland.stop_workers()
    elsewhere = free_port()
    pair.southland.start_worker(COMITY_EXCHANGE_PORT=str(elsewhere))
    with FaultyNetwork(elsewhere, seed=1, port=port) as network:
        network.chaos({Fault.CUT: 1}, within=SIZE // CUTS)
        sent = pair.northland.ask("send_large", to=SOUTHLAND, size=SIZE, seed=99)
        until = time.monotonic() + 3 * PATIENCE
        while not _settled_now(pair.northland, sent["id"]):
            if time.monotonic() > until:
                raise TimeoutError(f"no receipt after {3 * PATIENCE} seconds of cuts")
            if len(network.struck) >= CUTS:
                network.calm()
            pair.northland.ask("try_again", partner=SOUTHLAND)  # the pauses are not measured
            time.sleep(0.2)
        cuts, carried = len(network.struck), network.up
    pair.southland.stop_workers()
    pair.southland.start_worker()
    plain = sealed_size(SIZE)
    again = carried / (1 + TLS_SHARE) - plain
    return again / cuts / SEALED_SEGMENT_LENGTH, cuts


def _settled(node: ExchangeNode, message: str) -> float:
    """When the receipt of this message was kept."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if settled := _settled_now(node, message):
            return settled
        time.sleep(0.1)
    raise TimeoutError(f"no receipt after {PATIENCE} seconds")


def _settled_now(node: ExchangeNode, message: str) -> float | None:
    rows = [row for row in node.messages("out") if row["id"] == message]
    settled: float | None = rows[0]["settled"]
    if settled and rows[0]["state"] != "relayed":
        raise RuntimeError(f"the message is {rows[0]['state']}: {rows[0]['problem']}")
    return settled


def _work(process: int) -> float:
    """The seconds that the processors have worked for it (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _make_certificate(folder: Path) -> None:
    now = datetime.now(UTC)
    made = make_certificate(
        common_name="a baseline",
        names=("127.0.0.1",),
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )
    (folder / "certificate.pem").write_bytes(made.certificate.pem)
    (folder / "key.pem").write_bytes(made.private_pem)


def _baseline(folder: Path) -> tuple[float, float]:
    """The seconds of the least that must be done, and those of the processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program, size = [sys.executable, "-m", "bench.bulk_path"], str(SIZE // MEBIBYTE)
    receiver = subprocess.Popen(
        [*program, "receive", str(folder), size], stdout=subprocess.PIPE, text=True
    )
    with receiver:
        assert receiver.stdout is not None
        port = receiver.stdout.readline().strip()
        sender = [*program, "send", str(folder), size, port]
        done = subprocess.run(sender, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(done.stdout), work
