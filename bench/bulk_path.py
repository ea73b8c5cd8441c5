# SPDX-License-Identifier: Apache-2.0
"""The least that must be done to bring a large file to another node: a baseline in two processes.

Sender: SHA-256 and AES-256-GCM over every segment, written and synced; then read again and sent
over TLS 1.3. Receiver: every segment opened, digested, written as it came, and synced; then one
byte back. Nothing of Comity takes part, and nothing is ever resumed.

    python -m bench.bulk_path receive FOLDER MEBIBYTES      prints its port
    python -m bench.bulk_path send FOLDER MEBIBYTES PORT    prints its seconds
"""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEGMENT = 1024 * 1024
TAG = 16
KEY = bytes(range(32))


def send(folder: Path, mebibytes: int, port: int) -> float:
    """Seal, keep, send, and wait for the answer; the seconds that took."""
    content, sealed = bytearray(os.urandom(SEGMENT)), bytearray(SEGMENT + TAG)
    cipher, digest, path = AESGCM(KEY), hashlib.sha256(), folder / "sent"
    begun = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for number in range(mebibytes):
            digest.update(content)
            cipher.encrypt_into(number.to_bytes(12, "big"), content, b"", sealed)
            file.write(sealed)
        os.fsync(file.fileno())
    context = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    plain = socket.create_connection(("127.0.0.1", port))
    with context.wrap_socket(plain, server_hostname="127.0.0.1") as tls, path.open("rb") as file:
        while file.readinto(sealed):
            tls.sendall(sealed)
        if tls.recv(32) != digest.digest():
            raise RuntimeError("another content arrived")
    seconds = time.perf_counter() - begun
    path.unlink()
    return seconds


def receive(folder: Path, mebibytes: int) -> None:
    """Take one file, and answer with its digest."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    content, sealed = bytearray(SEGMENT), bytearray(SEGMENT + TAG)
    cipher, digest, path = AESGCM(KEY), hashlib.sha256(), folder / "received"
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        plain, _ = server.accept()
    with context.wrap_socket(plain, server_side=True) as tls, path.open("wb", 0) as file:
        for number in range(mebibytes):
            view = memoryview(sealed)
            while view:
                view = view[tls.recv_into(view) :]
            cipher.decrypt_into(number.to_bytes(12, "big"), sealed, b"", content)
            digest.update(content)
            file.write(sealed)
        os.fsync(file.fileno())
        tls.sendall(digest.digest())
    path.unlink()


if __name__ == "__main__":
    act, where, size, *rest = sys.argv[1:]
    if act == "send":
        print(send(Path(where), int(size), int(rest[0])))
    else:
        receive(Path(where), int(size))
