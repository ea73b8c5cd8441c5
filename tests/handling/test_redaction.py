# SPDX-License-Identifier: Apache-2.0
"""Redactions carry a reason of a closed list, each with its words."""

from __future__ import annotations

import pytest

from comity.handling.redaction import REASON_WORDS, RedactionReason, reason_of
from comity.reference.taxonomy import UnknownCodeError


def test_every_reason_has_words_and_another_one_is_refused() -> None:
    assert set(REASON_WORDS) == set(RedactionReason)
    assert reason_of("source") is RedactionReason.SOURCE
    with pytest.raises(UnknownCodeError):
        reason_of("because")
