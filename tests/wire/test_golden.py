# SPDX-License-Identifier: Apache-2.0
"""Messages of every kind and wire version, as they were written once and must be read for ever."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from comity.evidence import hand_over_messages, lifetime, package_messages, recall, use_messages
from comity.exchange.envelope import read_envelope
from comity.exchange.evidence import EvidenceKind, read_evidence
from comity.exchange.note import read_half, read_note
from comity.exchange.partner_card import read_card, read_revocation
from comity.exchange.wire import WIRE_VERSIONS
from comity.sealing.canonical_json import canonical
from comity.server.wiring import MESSAGE_KINDS
from tests.wire.build import FOLDER, SUMS, golden, golden_envelope, golden_evidence

STORED = sorted(path.name for path in FOLDER.glob("*.wire-*.json"))
SUM_OF = dict(reversed(line.split()) for line in SUMS.read_text().splitlines())
ENVELOPES = [name for name in STORED if not name.startswith("evidence-")]
EVIDENCES = [name for name in STORED if name.startswith("evidence-")]

EVIDENCE_READERS = {
    package_messages.PACKAGE: package_messages.read_package_note,
    use_messages.NOTICE: use_messages.read_notice,
    use_messages.CONSENT_REQUEST: use_messages.read_consent_request,
    use_messages.CONSENT_ANSWER: use_messages.read_consent_answer,
    use_messages.RULING: use_messages.read_ruling,
    hand_over_messages.HAND_OVER: hand_over_messages.read_offer,
    hand_over_messages.RETURN: lambda body: hand_over_messages.read_offer(
        body, hand_over_messages.RETURN
    ),
    lifetime.CORRECTION: lifetime.read_correction,
    recall.RECALL: recall.read_recall,
    recall.RECALL_ANSWER: recall.read_recall_answer,
}


def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", STORED)
def test_a_golden_message_is_never_edited(name):
    assert hashlib.sha256(content(name)).hexdigest() == SUM_OF[name]


def test_none_was_removed():
    assert sorted(SUM_OF) == STORED


@pytest.mark.parametrize("wire", WIRE_VERSIONS)
@pytest.mark.parametrize("kind", sorted(MESSAGE_KINDS))
def test_every_kind_has_a_golden_message_in_every_version(kind, wire):
    assert f"{kind.replace('/', '-')}.wire-{wire}.json" in STORED


@pytest.mark.parametrize("wire", WIRE_VERSIONS)
@pytest.mark.parametrize("kind", EvidenceKind)
def test_every_kind_of_evidence_has_a_golden_message_in_every_version(kind, wire):
    assert f"evidence-{kind}.wire-{wire}.json" in STORED


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_golden_envelope_is_read_whole_and_written_back_alike(name):
    envelope = read_envelope(content(name))

    assert replace(envelope).payload() == content(name)
    assert not envelope.further
    assert not envelope.header.further
    assert f"wire-{envelope.wire}." in name


@pytest.mark.parametrize("name", EVIDENCES)
def test_a_golden_evidence_is_read_whole_and_written_back_alike(name):
    evidence = read_evidence(content(name))

    assert replace(evidence).payload() == content(name)
    assert not evidence.further
    assert name == f"evidence-{evidence.kind}.wire-{evidence.wire}.json"


@pytest.mark.parametrize("name", sorted(golden()))
def test_this_release_still_writes_what_it_wrote(name):
    assert golden()[name] == content(name)


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_body_is_one_that_its_kind_takes(name):
    envelope = read_envelope(content(name))
    body = envelope.body
    match envelope.header.kind:
        case "exchange.note/1":
            assert read_note(body).subject == "Seizure at the border"
        case "exchange.test/1":
            assert read_half(body) == "question"
        case "exchange.card/1":
            assert read_card(canonical(body["card"])).card.version == 3
        case "exchange.revocation/1":
            card = read_card(canonical(body["card"])).card
            revocation = canonical(body["revocation"])
            assert read_revocation(revocation, card.keys).reason == "compromised"
        case kind:
            assert EVIDENCE_READERS[kind](body).body() == body


def test_the_two_versions_differ_in_what_the_specification_says():
    for kind in ("exchange.note/1", "exchange.test/1"):
        current, previous = golden_envelope(kind, 2), golden_envelope(kind, 1)
        assert set(current.as_dict()) - set(previous.as_dict()) == {"log", "witness"}
    current = golden_evidence(EvidenceKind.RELAYED, 2).as_dict()
    previous = golden_evidence(EvidenceKind.RELAYED, 1).as_dict()
    assert set(current) - set(previous) == {"log", "witness"}
