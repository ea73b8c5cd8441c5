# SPDX-License-Identifier: Apache-2.0
"""What a partner hands over becomes a message exactly once, or is refused with an evidence."""

from __future__ import annotations

import pytest

from comity.exchange import models
from comity.exchange.evidence import EvidenceKind
from comity.exchange.outcome import Stated, Wanted
from comity.exchange.services.receiving import RECEPTION
from tests.support.exchange import NOON, File, PartnerNode, evidence_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def receive(node: PartnerNode, *frames: bytes, at=NOON):
    return RECEPTION.receive(frames, partner=node.code, at=at)


def test_a_message_is_kept_and_receipted(southland_node):
    envelope = southland_node.envelope()

    [outcome] = receive(southland_node, southland_node.frame(envelope))

    receipt = evidence_of(outcome)
    assert receipt.kind is EvidenceKind.RELAYED
    assert (receipt.message, receipt.envelope) == (envelope.header.id, envelope.digest)
    assert receipt.law.verdict == "permitted"
    row = models.Message.objects.get()
    assert (row.state, row.digest, row.differs) == ("received", envelope.digest, False)


def test_a_repeated_message_gets_the_same_bytes_and_has_no_second_effect(southland_node):
    envelope = southland_node.envelope()

    [first] = receive(southland_node, southland_node.frame(envelope))
    [again] = receive(southland_node, southland_node.frame(envelope))

    assert first == again
    assert models.Message.objects.count() == models.Evidence.objects.count() == 1


def test_parts_are_asked_for_and_the_last_one_brings_the_receipt(southland_node):
    files = [File(b"a" * 3_000_000), File(b"b")]
    envelope = southland_node.envelope(files=files)

    [wanted] = receive(southland_node, southland_node.frame(envelope, files=files))
    assert isinstance(wanted, Wanted)
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(0, 0), (1, 0)]

    def put(number, from_segment, sealed):
        return RECEPTION.take_part(
            envelope.header.id, number, from_segment, sealed, partner="XS", at=NOON
        )

    wanted = put(0, 0, files[0].sealed(0, 2))
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(0, 2), (1, 0)]
    wanted = put(0, 2, files[0].sealed(2))
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(1, 0)]
    stated = put(1, 0, files[1].sealed())

    assert isinstance(stated, Stated)
    assert evidence_of(stated).parts == tuple(file.entry.digest for file in files)
    assert RECEPTION.outcome_of(envelope.header.id, partner="XS") == stated
