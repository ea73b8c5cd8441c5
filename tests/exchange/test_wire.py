# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from comity.exchange import wire
from comity.exchange.wire import WireLimitError, WireVersionUnknownError, highest_common


@pytest.mark.parametrize(("theirs", "common"), [((2, 1), 2), ((1,), 1), ((3, 2), 2), ((9, 1), 1)])
def test_two_nodes_speak_the_highest_version_that_both_have(theirs, common):
    assert highest_common(theirs) == common


@pytest.mark.parametrize("theirs", [(), (3,), (0,)])
def test_two_nodes_without_a_common_version_do_not_speak(theirs):
    with pytest.raises(WireVersionUnknownError):
        highest_common(theirs)


def test_a_limit_may_be_reached_and_not_passed():
    wire.require_at_most(5, 5, document="frame", member="parts")
    with pytest.raises(WireLimitError) as caught:
        wire.require_at_most(6, 5, document="frame", member="parts")
    assert caught.value.fields == {"document": "frame", "member": "parts", "found": 6, "most": 5}


def test_the_largest_document_of_each_kind_fits_into_a_signed_one():
    largest = max(wire.PAYLOAD_BYTES, wire.EVIDENCE_BYTES, wire.CARD_BYTES)

    assert largest * 4 / 3 + wire.SIGNATURES * 200 < wire.DOCUMENT_BYTES
