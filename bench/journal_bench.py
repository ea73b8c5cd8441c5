# SPDX-License-Identifier: Apache-2.0
"""Acts recorded each second with every commit on the disk, beside what the database can do.

The limit is the plainest durable write there is: one INSERT of a row of the same size into a
table without an index or trigger, and its COMMIT, by as many writers, on the same server in
the same run. Writers are processes; each act is one transaction of `journal.services.record`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measurement import Figure, Measurement

SECONDS = 3.0
WRITERS = (1, 4)
TURNS = 3
GOAL = "≥ 800/s"


def run() -> Measurement:
    """Measure recording, verification and proofs."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder, _server(Path(folder)):
        figures = [_recording(writers) for writers in WRITERS]
        figures.append(_disk(Path(folder), figures[0]))
        figures += _reading()
    return Measurement(
        "The journal",
        "Embedded PostgreSQL, fsync on, one transaction for each act, writers as processes.",
        tuple(figures),
    )


def _recording(writers: int) -> Figure:
    """Acts a second, beside plain inserts: the best of turns, so that noise meets both alike."""
    rates: dict[str, list[float]] = {"plain": [], "record": []}
    for _ in range(TURNS):
        for kind in rates:
            rates[kind].append(_together(kind, writers))
    plural = "writer" if writers == 1 else "writers"
    return Figure(
        f"acts recorded, {writers} {plural}",
        max(rates["record"]),
        "acts/s",
        f"plain INSERT and COMMIT, {writers} {plural}",
        max(rates["plain"]),
        GOAL,
    )


def _disk(folder: Path, recording: Figure) -> Figure:
    """The same acts beside the disk itself: one small write made durable after another."""
    done, end = 0, time.perf_counter() + 1.0
    with (folder / "disk").open("wb", buffering=0) as file:
        while time.perf_counter() < end:
            file.write(bytes(512))
            os.fdatasync(file.fileno())
            done += 1
    return Figure(
        recording.what, recording.value, "acts/s", "writes made durable by the disk alone", done
    )


def _reading() -> list[Figure]:
    """Verification and proofs over all that was recorded above."""
    from comity import clock
    from comity.journal import models, queries, services

    size = queries.head().size
    bare = _rate(lambda: sum(1 for _ in models.Entry.objects.values_list().iterator()), size)
    signing = _rate(lambda: services.checkpoint(at=clock.now()), size)
    report = queries.verify_all(queries.trusted_keys())
    report.require()
    verifying = _rate(lambda: queries.verify_all(queries.trusted_keys()), size)
    proofs = [_seconds(lambda at=at: queries.proof(at)) for at in range(1, size, size // 50)]
    return [
        Figure("entries verified", verifying, "entries/s", "rows merely read", bare),
        Figure("entries verified and signed", signing, "entries/s", "rows merely read", bare),
        Figure(
            f"one proof among {size:,} entries",
            statistics.median(proofs) * 1000,
            "ms",
            "the verification of all of them",
            size / verifying * 1000,
        ),
    ]


def _rate(work: Callable[[], object], count: int) -> float:
    return count / _seconds(work)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _together(kind: str, writers: int) -> float:
    """The writes of all writers in the same seconds, each second's count added up."""
    command = [sys.executable, "-m", "bench.journal_bench", kind]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(writers)
    ]
    for child in children:
        assert child.stdout is not None
        if child.stdout.readline() != "ready\n":  # connected and warm
            raise RuntimeError("a writer did not start; what it said stands above")
    total = 0.0
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        out, _ = child.communicate()
        total += json.loads(out)
    return total


def _write(kind: str) -> None:
    """A writer: as many acts as it can for some seconds; prints its rate."""
    import django

    django.setup()
    from django.db import connection, transaction

    from comity import clock
    from comity.journal import services
    from comity.journal.entry import Actor

    officer, now = Actor("OFF-NL-1", "treaty-custodian"), clock.now()
    facts = {"state": "in-force", "from": "2026-03-01"}

    def record() -> None:
        with transaction.atomic():
            services.record(
                "instrument-confirmed",
                "CNF-NL-2026-00041",
                by=officer,
                at=now,
                instrument="nl-sl-2020",
                article="12(3)",
                facts=facts,
            )

    row = "x" * 330  # as long as an entry with its digests

    def plain() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_plain VALUES (%s)", [row])

    act = {"record": record, "plain": plain}[kind]
    for _ in range(20):
        act()
    print("ready", flush=True)
    sys.stdin.readline()
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < SECONDS:
        act()
        done += 1
    print(done / (time.perf_counter() - begun))


@contextmanager
def _server(home: Path) -> Iterator[None]:
    """A server of its own with the journal in it, and this process set to use it."""
    import psycopg

    from comity.server import postgres, roles
    from comity.server.postgres_programs import find_programs

    home.chmod(0o711)
    postgres.make_database_folder(home)
    cluster = postgres.cluster_of(home, find_programs())
    postgres.make_cluster(cluster)
    child = postgres.start(cluster, settings={"fsync": "on", "synchronous_commit": "on"})
    try:
        at = {"host": str(cluster.socket)}
        with psycopg.connect(
            **at, user=postgres.SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            roles.make_roles(connection)
            roles.make_database(connection)
        sql = Path(__file__).parent.parent / "src/comity/journal/sql/0001_append_only_chain.sql"
        with psycopg.connect(**at, user=roles.OWNER, dbname=roles.DATABASE) as connection:
            connection.execute(sql.read_text("utf-8"))
            connection.execute("CREATE TABLE bench_plain (entry text)")
            roles.grant_application(connection)
        os.environ |= {"COMITY_HOME": str(home), "COMITY_DATABASE_POOL": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
        import django

        django.setup()
        yield
        from django.db import connections

        connections.close_all()
    finally:
        postgres.stop(cluster)
        child.wait()


if __name__ == "__main__":
    _write(sys.argv[1])
