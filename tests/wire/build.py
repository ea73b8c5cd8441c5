# SPDX-License-Identifier: Apache-2.0
"""Writes the golden messages beside this file: one of every kind, in every wire version.

    python -m tests.wire.build

A file that exists is left as it is, for partners' nodes may have written its like: what changes
gets a new version of the kind or of the wire. `SHA256SUMS` shows an edited one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from comity.exchange.envelope import Envelope, PartEntry
from comity.exchange.evidence import Evidence, EvidenceKind, Reason
from comity.exchange.note import Half, Note, body_of_test
from comity.exchange.partner_card import sign_card, sign_revocation
from comity.exchange.wire import WIRE_VERSIONS
from tests.vectors.exchange.build import (
    SIGNERS,
    the_card,
    the_envelope,
    the_receipt,
    the_refusal,
    the_revocation,
)

FOLDER = Path(__file__).parent
SUMS = FOLDER / "SHA256SUMS"
IDENTITY = SIGNERS["northland-identity"]
BODIES: dict[str, dict[str, object]] = {
    "exchange.note/1": Note("Seizure at the border", "Two lines.\nSee the file.", "en").body(),
    "exchange.test/1": body_of_test(Half.QUESTION),
    "exchange.card/1": {"card": json.loads(sign_card(the_card(), IDENTITY))},
    "exchange.revocation/1": {
        "card": json.loads(sign_card(the_card(), IDENTITY)),
        "revocation": json.loads(sign_revocation(the_revocation(), IDENTITY)),
    },
}
PART = PartEntry("seizure.pdf", "application/pdf", 4, hashlib.sha256(b"%PDF").hexdigest())
WITH_BASIS = frozenset({"exchange.note/1"})


def golden_envelope(kind: str, wire: int) -> Envelope:
    """A message of this kind as Northland writes it to Southland."""
    model = the_envelope(wire)
    header = replace(model.header, kind=kind, official="", further={})
    if kind not in WITH_BASIS:
        header = replace(header, basis=None, handling="", caveats=(), case="")
    parts = (PART,) if kind in WITH_BASIS else ()
    return replace(model, header=header, body=BODIES[kind], parts=parts)


def golden_evidence(kind: EvidenceKind, wire: int) -> Evidence:
    """An evidence of this kind about a message of Northland's."""
    model = the_receipt() if kind is EvidenceKind.RELAYED else the_refusal()
    reason = model.reason if kind is EvidenceKind.REFUSED else None
    if kind in (EvidenceKind.NOT_OPENED, EvidenceKind.RELAY_FAILED):
        reason = Reason("opening-out-of-time" if kind is EvidenceKind.NOT_OPENED else "given-up")
    statement = replace(model, kind=kind, reason=reason, wire=wire)
    if wire == 1:
        statement = replace(statement, log=None, witness="")
    return statement


def golden() -> dict[str, bytes]:
    """Every file's name and content: the payload that is signed."""
    files = {
        f"{kind.replace('/', '-')}.wire-{wire}.json": golden_envelope(kind, wire).payload()
        for kind in BODIES
        for wire in WIRE_VERSIONS
    }
    for evidence in EvidenceKind:
        for wire in WIRE_VERSIONS:
            name = f"evidence-{evidence}.wire-{wire}.json"
            files[name] = golden_evidence(evidence, wire).payload()
    return files


def main() -> None:
    """Write the files that are not there yet, and their sums."""
    for name, content in golden().items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(content)
            sum_of_it = hashlib.sha256(content).hexdigest()
            with SUMS.open("a") as sums:
                sums.write(f"{sum_of_it}  {name}\n")
            print(f"written: {name}")


if __name__ == "__main__":
    main()
