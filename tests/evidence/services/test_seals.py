# SPDX-License-Identifier: Apache-2.0
"""Seals of files and documents, and what stands behind them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from comity.evidence.services import seals
from comity.sealing.timestamps import read_stamp, verify_stamp
from comity.sealing.xml_seals import parts_of

pytestmark = pytest.mark.db
AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def test_a_node_seals_files_at_once_and_says_that_it_is_a_pilot_seal(evidence_home):
    sealed = seals.seal_files({"package.json": b"{}"}, at=AT)
    parts = parts_of(sealed.content)
    assert parts.references == {"package.json": hashlib.sha256(b"{}").digest()}
    assert sealed.pilot_seal
    assert sealed.pilot_stamp
    assert not sealed.fell_back


def test_what_the_snapshot_trusts_verifies_the_stamp_of_a_seal(evidence_home):
    parts = parts_of(seals.seal_files({"package.json": b"{}"}, at=AT).content)
    snapshot = seals.trust_snapshot(at=AT)
    anchors = [root.certificate for root in snapshot.roots]
    digest = hashlib.sha256(parts.signature_value).digest()
    verify_stamp(read_stamp(parts.token), digest, anchors=anchors, others=snapshot.certificates)
