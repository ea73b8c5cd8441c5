# SPDX-License-Identifier: Apache-2.0
"""Keeping, handing out and taking in 1 GiB, beside the plain cipher, digest and disk.

Each act is done by a process of its own, so that its memory is its own; the limit is the same
bytes sealed by the library in one call a segment, digested, written and synced by one thread,
with nothing else around it. Turns alternate and the best of each counts: the disk is shared.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.measurement import Figure, Measurement
from bench.repetition import most_memory
from comity.sealing.segments import SEGMENT_LENGTH, TAG_LENGTH
from comity.storage.local import LocalStore

MEBIBYTE = 1024 * 1024
SEGMENTS = 1024
TURNS = 3
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
ARRIVAL = "a part"


def run() -> Measurement:
    """Measure the rates and the memory of each act."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as name:
        folder = Path(name)
        seconds: dict[str, list[float]] = {}
        memory: dict[str, float] = {}
        for _ in range(TURNS):
            for act in ACTS:
                found = _measured(act, folder)
                seconds.setdefault(act, []).append(found["seconds"])
                memory[act] = max(memory.get(act, 0.0), found["mebibytes"])
    best = {act: min(found) for act, found in seconds.items()}
    limits = {"put": "limit", "take": "limit", "read": "digest", "sealed": "plain"}
    names = {
        "put": ("kept, durable", "AES-256-GCM, SHA-256, write and fsync, one after the other"),
        "take": ("taken in, verified, durable", "the same"),
        "read": ("opened and digested", "SHA-256 alone"),
        "sealed": ("handed out as it lies", "a file read from memory"),
    }
    figures = [
        Figure(said, SEGMENTS / best[act], "MiB/s", beside, SEGMENTS / best[limits[act]])
        for act, (said, beside) in names.items()
    ]
    figures += [
        Figure(f"memory of the process: {names[act][0]}", memory[act], "MiB", goal="< 100 MiB")
        for act in names
    ]
    return Measurement(
        "The store of content",
        f"{SEGMENTS} MiB; a process for each act, the best of {TURNS} turns.",
        tuple(figures),
    )


def _measured(act: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.storage_bench", act, str(folder)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


class Content:
    """As many bytes as are measured, from one segment in memory."""

    def __init__(self) -> None:
        self.segment, self.left = memoryview(os.urandom(SEGMENT_LENGTH)), SEGMENTS * SEGMENT_LENGTH

    def readinto(self, into: memoryview, /) -> int:
        """The next bytes."""
        length = min(len(into), self.left, SEGMENT_LENGTH)
        into[:length] = self.segment[:length]
        self.left -= length
        return length

    def read(self, size: int, /) -> bytes:
        """The next bytes, where a source is not read into a buffer."""
        into = memoryview(bytearray(size))
        return bytes(into[: self.readinto(into)])


def limit(folder: Path) -> float:
    """What any such store must do, and nothing more."""
    content, cipher, digest = Content(), AESGCM(KEY), hashlib.sha256()
    plain, sealed = bytearray(SEGMENT_LENGTH), bytearray(SEGMENT_LENGTH + TAG_LENGTH)
    path = folder / "limit"
    begun = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for number in range(SEGMENTS):
            content.readinto(memoryview(plain))
            digest.update(plain)
            cipher.encrypt_into(number.to_bytes(12, "big"), plain, b"", sealed)
            file.write(sealed)
        os.fsync(file.fileno())
    seconds = time.perf_counter() - begun
    path.unlink()
    return seconds


def put(folder: Path) -> float:
    """Keep the content in the store that the other acts read from."""
    store = LocalStore(folder / "northland", KEY)
    for name in list(store.names()):
        store.remove(name)
    return _seconds(lambda: store.put(Content()))


def take(folder: Path) -> float:
    """Take it into another store, and finish."""
    store, theirs = LocalStore(folder / "northland", KEY), LocalStore(folder / "south", OTHER_KEY)
    blob = store.blob(next(store.names()))
    theirs.begin(ARRIVAL, store.content_key(blob.name), blob.size)

    def take_and_finish() -> None:
        with store.sealed(blob.name) as sealed:
            theirs.take(ARRIVAL, 0, sealed)
        theirs.finish(ARRIVAL, blob.digest, blob.size)

    seconds = _seconds(take_and_finish)
    for name in list(theirs.names()):
        theirs.remove(name)
    return seconds


def read(folder: Path) -> float:
    """Open all of it and compare its digest."""
    store = LocalStore(folder / "northland", KEY)
    return _seconds(lambda: store.verify(next(store.names())))


def sealed(folder: Path) -> float:
    """Read the segments as they lie."""
    store = LocalStore(folder / "northland", KEY)
    with store.sealed(next(store.names())) as opened:
        return _seconds(lambda: _drain(opened.readinto))  # type: ignore[attr-defined]


def plain(folder: Path) -> float:
    """Read the same file without a store."""
    (path,) = (folder / "northland" / "content").glob("*/*")
    with path.open("rb", buffering=0) as opened:
        return _seconds(lambda: _drain(opened.readinto))


def digest(_folder: Path) -> float:
    """Digest as many bytes from memory."""
    made, segment = hashlib.sha256(), bytes(SEGMENT_LENGTH)
    return _seconds(lambda: [made.update(segment) for _ in range(SEGMENTS)])


def _drain(read_into: Callable[[bytearray], int | None]) -> None:
    buffer = bytearray(SEGMENT_LENGTH)
    while read_into(buffer):
        pass


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


ACTS: dict[str, Callable[[Path], float]] = {
    "limit": limit,
    "put": put,
    "take": take,
    "digest": digest,
    "read": read,
    "plain": plain,
    "sealed": sealed,
}


if __name__ == "__main__":
    took = ACTS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"seconds": took, "mebibytes": most_memory()}))
