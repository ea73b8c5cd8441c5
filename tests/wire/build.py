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
from datetime import UTC, date, datetime
from pathlib import Path

from comity.agreements.question import Proceeding, Recipient
from comity.evidence.custody import CustodyWords
from comity.evidence.hand_over_messages import RETURN, Offer
from comity.evidence.lifetime import Correction
from comity.evidence.package_messages import PackageNote
from comity.evidence.recall import Copy, Demand, Ground, Outcome, RecallAnswer, RecallDemand
from comity.evidence.use_messages import (
    ConsentAnswer,
    ConsentOutcome,
    ConsentRequest,
    CourtRuling,
    Occasion,
    RulingOutcome,
    UseNotice,
)
from comity.exchange.envelope import Envelope, PartEntry
from comity.exchange.evidence import Evidence, EvidenceKind, Reason
from comity.exchange.note import Half, Note, body_of_test
from comity.exchange.partner_card import sign_card, sign_revocation
from comity.exchange.wire import WIRE_VERSIONS
from comity.handling.marking import Marking, marking_document
from comity.reference.taxonomy import Caveat, Purpose
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
ITEM = "3f0c1a52-6f3b-4b57-9a6b-2f6e0c9c1d01"
RECALLED = "8b2f63f4-93b7-4f0c-9f2f-0d6b3a9f1e11"
BODIES |= {
    "evidence.package/1": PackageNote("PKG-00007", "ab" * 32, "As asked on Friday.").body(),
    "evidence.use-notice/1": UseNotice(
        ITEM,
        Occasion.USE,
        Purpose.CRIMINAL_EVIDENCE,
        Proceeding.CRIMINAL,
        on=date(2026, 11, 20),
        instrument="xn-xs-2020",
        article="9(2)",
        text="The trial opens on Monday.",
    ).body(),
    "evidence.consent-request/1": ConsentRequest(
        ITEM,
        Occasion.DISCLOSURE,
        Purpose.THIRD_STATE,
        recipient=Recipient.THIRD_STATE,
        recipient_code="XE",
        until=date(2027, 5, 31),
        text="Eastland looks for the same container.",
    ).body(),
    "evidence.consent-answer/1": ConsentAnswer(
        ConsentOutcome.GIVEN, date(2027, 1, 31), "For the enquiry into the container alone."
    ).body(),
    "evidence.ruling/1": CourtRuling(
        ITEM, RulingOutcome.ADMITTED_IN_PART, date(2026, 11, 27), Proceeding.CRIMINAL, "Page 1."
    ).body(),
    "evidence.hand-over/1": Offer(
        ITEM,
        date(2026, 12, 1),
        "HOV-00008",
        what="seal",
        words=CustodyWords("Northport, quay 3", "For the laboratory.", marks=("XN-4711",)),
    ).body(),
    "evidence.return/1": Offer(
        ITEM,
        date(2026, 12, 1),
        "HOV-00007",
        words=CustodyWords(reason="By courier, under seal XN-4711."),
        kind=RETURN,
    ).body(),
    "evidence.correction/1": Correction(
        ITEM, date(2026, 12, 2), {"title": "List of thirty consignments"}, text="Ten were twice."
    ).body(),
    "evidence.recall/1": RecallDemand(
        RECALLED,
        ITEM,
        Demand.NARROW,
        Ground.SUPPLIED_IN_ERROR,
        "XN",
        date(2027, 1, 1),
        "It names a witness.",
        marking=marking_document(Marking(caveats=frozenset({Caveat.CUSTOMS_ONLY}))),
    ).body(),
    "evidence.recall-answer/1": RecallAnswer(
        RECALLED,
        2,
        Copy(
            "XN",
            Outcome.DELETED,
            datetime(2026, 12, 3, 9, tzinfo=UTC),
            holders=(Copy("XE", Outcome.HELD_FOR_LAW, until=date(2027, 6, 30)),),
        ),
    ).body(),
}
PART = PartEntry("seizure.pdf", "application/pdf", 4, hashlib.sha256(b"%PDF").hexdigest())
WITH_BASIS = frozenset({"exchange.note/1", "evidence.package/1"})


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
