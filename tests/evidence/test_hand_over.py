# SPDX-License-Identifier: Apache-2.0
"""A hand-over waits for its answer, for a week without anybody being asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from comity.evidence.hand_over import (
    ANSWER_WITHIN,
    DOUBTFUL,
    HAND_OVER_WORDS,
    REFUSAL_WORDS,
    HandOver,
    HandOverState,
    RefusalReason,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROPOSED = HandOver(
    "HOV-00001", "ITM-00001", HandOverState.PROPOSED, "OFF-00011", "OFF-00012", "", AT
)


def test_an_answer_is_late_after_a_week_and_never_once_it_is_there() -> None:
    late = AT + ANSWER_WITHIN + timedelta(seconds=1)

    assert PROPOSED.late(late)
    assert not PROPOSED.late(AT + ANSWER_WITHIN)
    assert not replace(PROPOSED, state=HandOverState.CONFIRMED).late(late)


def test_every_state_and_every_refusal_has_words() -> None:
    assert set(HAND_OVER_WORDS) == set(HandOverState)
    assert set(REFUSAL_WORDS) == set(RefusalReason)


def test_who_is_merely_not_competent_says_nothing_against_the_item() -> None:
    harmless = {RefusalReason.NOT_COMPETENT, RefusalReason.NOT_EXPECTED}

    assert set(RefusalReason) - DOUBTFUL == harmless
