# SPDX-License-Identifier: Apache-2.0
"""A partner that did not bring the proof of its journal's growth is asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from comity.exchange.alarm import AlarmKind
from comity.exchange.services import proving, witnessing
from comity.outbound.peer import PeerUnreachableError
from comity.sealing.checkpoint import read_checkpoint
from tests.exchange.services.test_witnessing import NOON, Southland, alarmed, see, southland

__all__ = ["southland"]

pytestmark = pytest.mark.db


@pytest.fixture
def grown(southland: Southland) -> Southland:
    """It grew from six acts to eight, and its message proved nothing."""
    southland.append("abcdef")
    see(southland)
    southland.append("gh")
    see(southland)
    return southland


def test_an_honest_answer_is_witnessed(grown):
    def ask(partner: str, first: int, second: int, at: datetime) -> tuple[str, ...]:
        assert (partner, first, second) == ("XS", 6, 8)
        return grown.proof(first, second)

    assert proving.ask_for_proofs(at=NOON, ask=ask) == 1
    assert read_checkpoint(witnessing.cosigned_for("XS")).size == 8
    assert witnessing.proofs_wanted() == ()


def test_an_answer_that_does_not_fit_is_a_fork(grown):
    assert proving.ask_for_proofs(at=NOON, ask=lambda *_: ("00" * 32,)) == 1
    assert alarmed() == [AlarmKind.LOG_FORKED]


def test_a_partner_that_cannot_be_reached_is_asked_again(grown):
    def ask(*_: object) -> tuple[str, ...]:
        raise PeerUnreachableError(host="localhost", port=1)

    assert proving.ask_for_proofs(at=NOON, ask=ask) == 0
    assert len(witnessing.proofs_wanted()) == 1
    assert alarmed() == []


def test_a_partner_that_cannot_be_asked_and_stays_silent_is_told(grown):
    later = NOON + timedelta(days=2)
    assert proving.ask_for_proofs(at=later, ask=lambda *_: None) == 0
    assert alarmed() == [AlarmKind.LOG_UNPROVED]
