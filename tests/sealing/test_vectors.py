# SPDX-License-Identifier: Apache-2.0
"""The stored vectors, opened by our code and by a second implementation: openssl does every
Diffie-Hellman and every AES, the key schedule of RFC 9180 and GHASH are written out below.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import subprocess
from pathlib import Path

import pytest

from comity.sealing.checkpoint import read_note_key, verify_checkpoint
from comity.sealing.encryption import decrypt_stream
from comity.sealing.keys import EncryptionKey, VerificationKey
from comity.sealing.signing import open_envelope, read_envelope
from tests.sealing.test_merkle import definition
from tests.vectors.sealing.build import (
    ENVELOPE_TYPE,
    FOLDER,
    LEAVES,
    PLAIN,
    RECIPIENT,
    SIGNING,
    tree_vector,
)

X25519_SPKI = bytes.fromhex("302a300506032b656e032100")
KEM_SUITE = b"KEM" + bytes.fromhex("0020")  # DHKEM(X25519, HKDF-SHA256)
HPKE_SUITE = b"HPKE" + bytes.fromhex("002000010002")  # with HKDF-SHA256 and AES-256-GCM


@pytest.mark.parametrize("name", PLAIN)
def test_a_stream_sealed_long_ago_opens(name):
    sink = io.BytesIO()

    decrypt_stream(io.BytesIO((FOLDER / name).read_bytes()), sink, RECIPIENT)

    assert sink.getvalue() == PLAIN[name]


@pytest.mark.parametrize("name", ["sealed-empty.bin", "sealed-short.bin"])
def test_a_sealed_stream_opens_without_our_code(name, openssl, tmp_path):
    """Follows the format's description alone; see `comity.sealing.encryption`."""
    sealed = (FOLDER / name).read_bytes()
    start, wrapped, segment = sealed[:24], sealed[26:106], sealed[106:]
    assert (start[:16], sealed[24:26]) == (b"COMITY-SEALED/1\n", (80).to_bytes(2, "big"))
    RECIPIENT.save(tmp_path / "recipient.pem")
    recipient_raw = Aes(openssl).der(tmp_path / "recipient.pem")[-32:]
    aes = Aes(openssl)

    shared = aes.diffie_hellman(tmp_path, wrapped[:32])
    key, nonce = hpke_key(shared, wrapped[:32], recipient_raw, info=start)
    content_key = aes.open_gcm(key, nonce, wrapped[32:], b"")
    bound_to = hashlib.sha256(sealed[:106]).digest()
    plain = aes.open_gcm(content_key, bytes(11) + b"\x01", segment, bound_to)

    assert plain == PLAIN[name]


def test_openssl_verifies_the_stored_signatures(openssl):
    run = subprocess.run(
        [FOLDER / "verify_with_openssl.sh"], capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.split("\n")[:3] == [
        "verified: checkpoint.txt",
        "verified: key id",
        "verified: envelope.json",
    ]


def test_the_stored_checkpoint_and_envelope_verify():
    note_key = read_note_key((FOLDER / "verifier-key.txt").read_text())
    envelope = read_envelope(json.loads((FOLDER / "envelope.json").read_text()))
    key = VerificationKey.load(FOLDER / "signing.pub")

    assert verify_checkpoint((FOLDER / "checkpoint.txt").read_text("utf-8"), [note_key]).size == 11
    assert b"REQ-NL-2026-00041" in open_envelope(envelope, ENVELOPE_TYPE, [key])
    assert key.fingerprint == SIGNING.public.fingerprint
    assert EncryptionKey.load(FOLDER / "recipient.pub").key_id == RECIPIENT.public.key_id


def test_the_stored_tree_is_still_the_tree_of_its_leaves():
    stored = json.loads((FOLDER / "tree.json").read_text())

    assert stored == tree_vector()
    assert stored["root"] == definition(LEAVES).hex()


class Aes:
    """AES-256-GCM and X25519 by the openssl command, GHASH by the book (SP 800-38D)."""

    def __init__(self, openssl: str) -> None:
        self.openssl = openssl

    def run(self, *words: object, given: bytes = b"") -> bytes:
        command = [self.openssl, *map(str, words)]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    def der(self, private: Path) -> bytes:
        return self.run("pkey", "-in", private, "-pubout", "-outform", "DER")

    def diffie_hellman(self, folder: Path, peer_raw: bytes) -> bytes:
        (folder / "peer.der").write_bytes(X25519_SPKI + peer_raw)
        peer = ("-peerkey", folder / "peer.der", "-peerform", "DER")
        return self.run("pkeyutl", "-derive", "-inkey", folder / "recipient.pem", *peer)

    def open_gcm(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        content, tag = sealed[:-16], sealed[-16:]
        assert self._tag(key, nonce, content, bound_to) == tag
        return self._counter(key, nonce + (2).to_bytes(4, "big"), content)

    def _tag(self, key: bytes, nonce: bytes, content: bytes, bound_to: bytes) -> bytes:
        hash_key = int.from_bytes(self._counter(key, bytes(16), bytes(16)), "big")
        lengths = (len(bound_to) * 8).to_bytes(8, "big") + (len(content) * 8).to_bytes(8, "big")
        total = 0
        for piece in (bound_to, content, lengths):
            for at in range(0, len(piece), 16):
                block = int.from_bytes(piece[at : at + 16].ljust(16, b"\0"), "big")
                total = multiply(total ^ block, hash_key)
        mask = self._counter(key, nonce + (1).to_bytes(4, "big"), bytes(16))
        return (total ^ int.from_bytes(mask, "big")).to_bytes(16, "big")

    def _counter(self, key: bytes, counter: bytes, content: bytes) -> bytes:
        words = ("enc", "-aes-256-ctr", "-K", key.hex(), "-iv", counter.hex())
        return self.run(*words, given=content)


def multiply(left: int, right: int) -> int:
    """The product in GF(2^128) as GCM counts bits."""
    product = 0
    for bit in range(127, -1, -1):
        if left >> bit & 1:
            product ^= right
        right = (right >> 1) ^ (0xE1 << 120 if right & 1 else 0)
    return product


def extract(salt: bytes, suite: bytes, label: bytes, given: bytes) -> bytes:
    labelled = b"HPKE-v1" + suite + label + given
    return hmac.digest(salt or bytes(32), labelled, "sha256")


def expand(key: bytes, suite: bytes, label: bytes, given: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + given
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]  # at most 32 bytes


def hpke_key(
    shared: bytes, sender_raw: bytes, recipient_raw: bytes, *, info: bytes
) -> tuple[bytes, bytes]:
    """The AEAD's key and base nonce of RFC 9180, 4.1 and 5.1, base mode."""
    early = extract(b"", KEM_SUITE, b"eae_prk", shared)
    secret = expand(early, KEM_SUITE, b"shared_secret", sender_raw + recipient_raw, 32)
    context = b"\x00" + extract(b"", HPKE_SUITE, b"psk_id_hash", b"")
    context += extract(b"", HPKE_SUITE, b"info_hash", info)
    scheduled = extract(secret, HPKE_SUITE, b"secret", b"")
    key = expand(scheduled, HPKE_SUITE, b"key", context, 32)
    return key, expand(scheduled, HPKE_SUITE, b"base_nonce", context, 12)
