# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidInputError
from comity.exchange import wire
from comity.exchange.envelope import LogStatement
from comity.exchange.evidence import NEGATIVE, EvidenceKind, LegalFinding, Reason, read_evidence
from comity.exchange.wire import WireFormError, WireLimitError, WireVersionUnknownError
from comity.sealing.canonical_json import canonical
from tests.support.wire import NOTE, a_receipt, evidences


@pytest.mark.slow
@given(evidences)
def test_an_evidence_reads_back_as_it_was_written(evidence):
    assert read_evidence(evidence.payload()) == evidence
    assert dataclasses.replace(read_evidence(evidence.payload())).payload() == evidence.payload()


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_the_reader_fail_but_in_its_own_words(content):
    with pytest.raises(InvalidInputError):
        read_evidence(content)


def test_what_this_release_does_not_know_survives_in_every_place():
    evidence = a_receipt(
        reason=Reason("x", {"since": "noon"}),
        law=LegalFinding("permitted", "XN-XS-2020", "", "5", ({"rule": "AGR-1"},)),
        log=LogStatement(NOTE),
    )
    document = json.loads(evidence.payload())
    for place in (document, document["reason"], document["law"], document["log"]):
        place["tone"] = ["new", None]
    payload = canonical(document)

    assert dataclasses.replace(read_evidence(payload)).payload() == payload


def test_the_previous_wire_version_has_neither_log_nor_witness():
    evidence = a_receipt(wire=1, log=LogStatement(NOTE), witness=NOTE)

    read = read_evidence(evidence.payload())

    assert (read.wire, read.log, read.witness) == (1, None, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "received"),
        ("kind", ""),
        ("id", "x"),
        ("message", ""),
        ("envelope", "0"),
        ("envelope", ""),
        ("by", ""),
        ("at", "now"),
        ("parts", ["x"]),
        ("parts", []),
        ("reason", {"code": "x", "facts": {"a": 1}}),
        ("reason", {"code": "x", "facts": {}}),
        ("law", {"verdict": 1}),
        ("law", {"verdict": "x", "findings": ["x"]}),
        ("witness", 1),
    ],
)
def test_an_evidence_of_another_form_is_refused(name, value):
    document = json.loads(a_receipt().payload()) | {name: value}

    with pytest.raises(WireFormError):
        read_evidence(canonical(document))


def test_limits_and_versions_are_kept():
    with pytest.raises(WireLimitError):
        read_evidence(a_receipt(parts=("ab" * 32,) * (wire.PARTS + 1)).payload())
    with pytest.raises(WireLimitError):
        read_evidence(a_receipt(witness="x" * (wire.NOTE + 1)).payload())
    with pytest.raises(WireLimitError):
        read_evidence(a_receipt(further={"x": "x" * wire.EVIDENCE_BYTES}).payload())
    with pytest.raises(WireVersionUnknownError):
        read_evidence(canonical(json.loads(a_receipt().payload()) | {"wire": 9}))


def test_a_receipt_is_no_negative_evidence():
    assert EvidenceKind.RELAYED not in NEGATIVE
    assert EvidenceKind.REFUSED in NEGATIVE
