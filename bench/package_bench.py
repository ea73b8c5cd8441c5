# SPDX-License-Identifier: Apache-2.0
"""A package of 1,000 items: certified, built and verified, beside the digest of the same bytes.

Building is all that an officer waits for: the door, the items' contents opened, the container
written and sealed, the package verified once before it is handed out, and what is recorded.
`verify.py` runs as anybody runs it: a process of its own, without Comity and without site-packages.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from bench.measurement import Figure, Measurement
from bench.node import node
from bench.repetition import memory

ITEMS = 1_000
SIZE = 100_000
"""Bytes of an item: 100 MB in all."""
VERIFIER = Path(__file__).parent.parent / "src" / "comity" / "evidence" / "verify.py"


def run() -> Measurement:
    """Measure certifying, building and verifying."""
    command = [sys.executable, "-m", "bench.package_bench", str(ITEMS)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    said = f"package of {ITEMS:,} items, {found['megabytes']:.0f} MB"
    digest = "SHA-256 of the same bytes"
    return Measurement(
        "Packages of evidence",
        f"{ITEMS:,} items of {SIZE:,} bytes with custody, in an embedded database, one turn. "
        "Built means verified, too, before it is handed out.",
        (
            Figure(
                f"{ITEMS:,} items certified in a statement",
                found["certified"],
                "s",
                "the same contents decrypted and digested alone",
                found["read"],
                "< 10 s",
            ),
            Figure(f"{said}, built", found["built"], "s", digest, found["digest"], "< 20 s"),
            Figure(
                "verified by verify.py", found["verified"], "s", digest, found["digest"], "< 10 s"
            ),
            Figure("memory of the process while it builds it", found["memory"], "MiB"),
        ),
    )


def measured(count: int) -> dict[str, float]:
    """Seconds for each act with so many items."""
    os.environ["COMITY_ADMINISTRATION"] = "XN"
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as name, node(Path(name)):
        from comity.evidence.queries.seals import public_anchors

        path = Path(name) / "package.asice"
        with path.open("w+b") as sink:
            found = _built(count, sink)
        anchors = Path(name) / "anchors.pem"
        anchors.write_text(public_anchors(), "utf-8")
        begun = time.perf_counter()
        command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), "--anchors", str(anchors)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found["verified"] = time.perf_counter() - begun
        begun = time.perf_counter()
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")
        found["digest"] = time.perf_counter() - begun
        found["megabytes"] = path.stat().st_size / 1e6
        return found


def _built(count: int, sink: BinaryIO) -> dict[str, float]:
    from comity import clock
    from comity.accounts.officer import Officer
    from comity.accounts.permissions import Role
    from comity.evidence.item import Channel, Description, ItemKind, Rank
    from comity.evidence.new_item import NewItem
    from comity.evidence.package import PackageKind
    from comity.evidence.packing import Choice, Wanted
    from comity.evidence.services import items, keeping, seals
    from comity.evidence.services.packing import pack
    from comity.evidence.services.stating import certify
    from comity.exchange.services.own_keys import make_own_keys
    from comity.handling.marking import NOTHING

    custodian = Officer("OFF-00011", "N. Custodian", frozenset({Role.EVIDENCE_CUSTODIAN}))
    at = clock.now()
    make_own_keys(at=at)
    seals.make_seal(at=at)
    ours = Channel(1, "", NOTHING)
    references = []
    for number in range(count):
        said = Description(f"Extract {number}")
        new = NewItem(ItemKind.DATA_EXTRACT, Rank.ORIGINAL, said, channel=ours)
        content = io.BytesIO(os.urandom(SIZE))
        references.append(items.add(new, content, by=custodian, at=at).reference)
    begun = time.perf_counter()
    for held in keeping.held_inside(references).values():
        with held.content() as content:
            hashlib.sha256(content.read())
    read = time.perf_counter()
    certify(references, by=custodian, at=at + timedelta(seconds=1))
    certified = time.perf_counter()
    wanted = Wanted(PackageKind.COURT, tuple(map(Choice, references)), "A court")
    most = memory(lambda: pack(wanted, sink, by=custodian, at=at + timedelta(seconds=2)))
    built = time.perf_counter()
    return {
        "read": read - begun,
        "certified": certified - read,
        "built": built - certified,
        "memory": most[0] if most else 0.0,
    }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
