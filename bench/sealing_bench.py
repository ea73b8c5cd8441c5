# SPDX-License-Identifier: Apache-2.0
"""Sealing and opening a long stream, beside the cipher alone over the same bytes."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.measurement import Figure, Measurement
from comity.sealing.encryption import decrypt_stream, encrypt_stream
from comity.sealing.keys import DecryptionKey
from comity.sealing.segments import SEGMENT_LENGTH

SEGMENTS = 128
MEBIBYTE = 1024 * 1024


class Stream:
    """A source of so many zero bytes, or a sink that counts what it is given."""

    def __init__(self, left: int = 0) -> None:
        self.left = left

    def read(self, size: int, /) -> bytes:
        """Zero bytes while there are any left."""
        given = min(size, self.left)
        self.left -= given
        return bytes(given)

    def write(self, content: bytes, /) -> None:
        """Count the bytes and forget them."""
        self.left += len(content)


def run() -> Measurement:
    """Measure the rate and the memory of sealing, and the rate of opening."""
    key = DecryptionKey.make()
    total = SEGMENTS * SEGMENT_LENGTH
    bare = total / MEBIBYTE / _seconds(_cipher_alone)
    sealing = (
        total / MEBIBYTE / _seconds(lambda: encrypt_stream(Stream(total), Stream(), key.public))
    )
    sealed = _Sealed(key, total)
    opening = total / MEBIBYTE / _seconds(lambda: decrypt_stream(sealed, Stream(), key))
    tracemalloc.start()
    encrypt_stream(Stream(total), Stream(), key.public)
    peak = tracemalloc.get_traced_memory()[1] / MEBIBYTE
    tracemalloc.stop()
    alone = "AES-256-GCM alone, by segments"
    return Measurement(
        "Sealing a stream",
        f"{total // MEBIBYTE} MiB from memory to nowhere, one core.",
        (
            Figure("sealed", sealing, "MiB/s", alone, bare, "≥ 60 MiB/s"),
            Figure("opened", opening, "MiB/s", alone, bare, "≥ 60 MiB/s"),
            Figure(
                "most memory held", peak, "MiB", "the whole stream", total / MEBIBYTE, "≤ 8 MiB"
            ),
        ),
    )


class _Sealed:
    """A sealed stream made beforehand, to be read once."""

    def __init__(self, key: DecryptionKey, total: int) -> None:
        self.content, self.at = bytearray(), 0
        encrypt_stream(Stream(total), self, key.public)

    def write(self, content: bytes, /) -> None:
        self.content += content

    def read(self, size: int, /) -> bytes:
        piece = bytes(memoryview(self.content)[self.at : self.at + size])
        self.at += len(piece)
        return piece


def _cipher_alone() -> None:
    cipher, segment = AESGCM(bytes(32)), bytes(SEGMENT_LENGTH)
    for number in range(SEGMENTS):
        cipher.encrypt(number.to_bytes(12, "big"), segment, b"")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
