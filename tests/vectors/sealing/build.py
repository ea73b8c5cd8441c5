# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors beside this file, once per format and never to make a test pass.

    python tests/vectors/sealing/build.py

A sealed stream holds fresh randomness, so running it again gives other bytes of the same
meaning; a file that exists is therefore left as it is. `verify_with_openssl.sh` and
`tests/sealing/test_vectors.py` hold the files against a second implementation.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

from comity.sealing.canonical_json import canonical
from comity.sealing.checkpoint import Checkpoint, NoteKey, sign_checkpoint
from comity.sealing.encryption import encrypt_stream
from comity.sealing.keys import DecryptionKey, SigningKey
from comity.sealing.merkle import (
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
)
from comity.sealing.signing import make_envelope

FOLDER = Path(__file__).parent
SIGNING = SigningKey.from_seed(bytes(range(32)))
RECIPIENT = DecryptionKey.from_seed(bytes(range(32, 64)))
ORIGIN = "northland.example/journal"
ENVELOPE_TYPE = "application/vnd.comity.example+json"
LEAVES = [f"act {number}".encode() for number in range(11)]
PLAIN = {
    "sealed-empty.bin": b"",
    "sealed-short.bin": b"Returned to Southland with the original seals.\n",
}


def tree_vector() -> dict[str, object]:
    """A tree of eleven leaves with each leaf's proof and each earlier size's."""
    tree = Tree(map(leaf_hash, LEAVES))
    size = len(LEAVES)
    return {
        "leaves": [leaf.decode() for leaf in LEAVES],
        "root": tree.root().hex(),
        "inclusion": {
            str(index): [step.hex() for step in inclusion_proof(index, size, tree.read)]
            for index in range(size)
        },
        "consistency": {
            str(first): [step.hex() for step in consistency_proof(first, size, tree.read)]
            for first in range(1, size + 1)
        },
    }


def vectors() -> dict[str, bytes]:
    """Every vector's file name and content."""
    tree = tree_vector()
    checkpoint = Checkpoint(ORIGIN, len(LEAVES), bytes.fromhex(str(tree["root"])))
    payload = canonical({"receipt": "REQ-NL-2026-00041", "at": "2026-03-01T12:00:00.000000Z"})
    envelope = make_envelope(payload, ENVELOPE_TYPE, [SIGNING])
    files = {
        "signing.pub": SIGNING.public.pem,
        "recipient.pub": RECIPIENT.public.pem,
        "verifier-key.txt": NoteKey(ORIGIN, SIGNING.public).text.encode() + b"\n",
        "checkpoint.txt": sign_checkpoint(checkpoint, SIGNING).encode(),
        "envelope.json": json.dumps(envelope.as_dict(), indent=2).encode() + b"\n",
        "tree.json": json.dumps(tree, indent=2).encode() + b"\n",
    }
    for name, content in PLAIN.items():
        sink = io.BytesIO()
        encrypt_stream(io.BytesIO(content), sink, RECIPIENT.public)
        files[name] = sink.getvalue()
    return files


def main() -> None:
    """Write the files that are not there yet, and the recipient's key for the tests."""
    for name, content in vectors().items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(content)
            print(f"written: {name}")


if __name__ == "__main__":
    main()
